import type { Faults } from 'identity-sandbox/http';
import type { DeedInput, SlackSandbox } from 'slack-sandbox';
import { PEOPLE } from '../people.js';
import { type Conditions, createConditions } from './conditions.js';
import { type Attacker, type CompanySystem, OFFICE, type TrueAccount } from './system.js';

/** What an administrator's token may, as the connector asks for it. */
const SCOPES = [
  'admin',
  'admin.users:read',
  'admin.users:write',
  'auditlogs:read',
  'team:read',
  'users:read',
  'users:read.email',
];

/** Whose token it is: the workspace's owner. */
const OWNER = PEOPLE.cem;

/** For `userTokens` of the simulator. */
export const ownersToken = (token: string) => ({ [token]: { user: OWNER.id, scopes: SCOPES } });

/** Calls that only an administrator's token makes: the app's own messages are left alone. */
const READS = [
  'scim GET Users',
  'audit GET logs',
  'admin.users.session.list',
  'team.accessLogs',
  'team.integrationLogs',
];
const WRITES = ['scim PATCH Users', 'admin.users.session.reset', 'admin.users.setRegular'];
/** The most that Slack's simulator takes. */
const MOST = 10_000;

/** The faults of directories, as the administrators' side of Slack has them. */
function faultsOf({ faults }: SlackSandbox): Faults {
  return {
    add({ type, times, ms = 1000 }) {
      const often = Math.min(times, MOST);
      if (type === 'http_500')
        for (const method of [...READS, ...WRITES]) faults.add({ target: 'api', method, type, times: often });
      else if (type === 'throttle') {
        const seconds = Math.ceil(ms / 1000);
        for (const method of WRITES)
          faults.add({ target: 'api', method, type: 'rate_limited', retry_after_s: seconds, times: often });
      } else throw new Error(`Slack's administration has no fault ${type} here; use http_500 or throttle.`);
    },
    clear: () => faults.clear(),
  };
}

const conditionsOf = (faults: Faults, grant: (scope: string, granted: boolean) => void): Conditions =>
  createConditions({
    normal() {
      faults.clear();
      grant('admin.users:write', true);
    },
    right_missing: () => grant('admin.users:write', false),
    down: () => faults.add({ type: 'http_500', times: MOST }),
    throttling: () => faults.add({ type: 'throttle', times: 2, ms: 3000 }),
  });

const AT_THE_OFFICE = {
  ip: OFFICE.ip,
  country: OFFICE.country,
  region: OFFICE.city,
  os: 'macOS',
  device_hardware: 'MacBook',
};

function accountsOf(slack: SlackSandbox): readonly TrueAccount[] {
  const { users, office } = slack.state();
  return users.flatMap((user) => {
    const { email } = user.profile;
    if (user.is_bot || email === undefined) return [];
    const roles = [...(user.is_owner ? ['owner'] : []), ...(user.is_admin && !user.is_owner ? ['admin'] : [])];
    return [
      {
        email,
        enabled: !user.deleted,
        mustChange: false,
        passwordChangedAt: null,
        sessions: office.sessions.filter((session) => session.user_id === user.id).length,
        lists: { Roles: roles },
      },
    ];
  });
}

/** Slack itself: the accounts that people read their direct messages with. Its workspace gets the plan and the owner for it. */
export function slackSystem(slack: SlackSandbox, token: string): CompanySystem {
  slack.administer({ do: 'plan', plan: 'enterprise' });
  slack.administer({ do: 'role', user: OWNER.id, role: 'owner', by: OWNER.id });
  const faults = faultsOf(slack);
  const granted = new Set(SCOPES);
  const idOf = (email: string): string => {
    const found = slack.state().users.find(({ profile }) => profile.email === email);
    if (!found) throw new Error(`Slack has nobody with the address ${email}; choose one of the seeded people.`);
    return found.id;
  };
  const intrude = (email: string, { ip }: Attacker): void => {
    const user = idOf(email);
    const from = { ip, country: 'BR', region: 'Recife', user_agent: 'python-requests/2.31', os: 'Linux' };
    const deeds: DeedInput[] = [
      { do: 'fail_sign_in', user, from },
      { do: 'sign_in', user, from },
      { do: 'add_app', user, name: 'Export helper', scopes: ['channels:history', 'files:read'] },
    ];
    for (const deed of deeds) slack.administer(deed);
  };
  const permit = (permission: string, isGranted: boolean): void => {
    if (isGranted) granted.add(permission);
    else granted.delete(permission);
    slack.administer({ do: 'scopes', token, scopes: [...granted] });
  };
  return {
    id: 'slack',
    title: 'Slack',
    environment: {
      SLACK_WORKSPACE_TOKEN: token,
      SLACK_WORKSPACE_PLAN: 'enterprise',
      SLACK_WORKSPACE_API_BASE_URL: slack.apiUrl.replace(/\/$/, ''),
      SLACK_WORKSPACE_SCIM_BASE_URL: slack.scimUrl,
      SLACK_WORKSPACE_AUDIT_BASE_URL: slack.auditUrl,
    },
    settings: {},
    faults,
    setLag() {
      throw new Error('Slack shows every change at once: it cannot be late here.');
    },
    conditions: conditionsOf(faults, permit),
    accounts: () => accountsOf(slack),
    permissions: SCOPES,
    permit,
    intrude,
    signIn: (email) => slack.administer({ do: 'sign_in', user: idOf(email), from: AT_THE_OFFICE }),
    snapshot: () => null,
    onChange: (listener) =>
      slack.onChange(({ kind }) => {
        if (kind === 'user') listener();
      }),
    close: () => Promise.resolve(),
  };
}
