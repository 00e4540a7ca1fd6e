import { createSlackWorkspaceConnector } from '../../src/connectors/slack-workspace/connector.js';
import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import { slackWorkspaceSettings } from '../../src/connectors/slack-workspace/settings.js';
import type { AccountRef, CallContext, Connector, ConnectorFailure } from '../../src/ports/connector.js';
import type { Result } from '../../src/platform/result.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { createSlackSandbox, type DeedInput, derivedId, type SlackSandbox } from 'slack-sandbox';

export const TOKEN = 'xoxp-token-of-an-owner-5f1b2c';
export const SCOPES = [
  'admin',
  'admin.users:read',
  'admin.users:write',
  'auditlogs:read',
  'team:read',
  'users:read',
  'users:read.email',
];
export const ADA = { id: derivedId('U', 'ada'), email: 'ada@harbour.test' };
/** Whose token it is: an owner. */
export const OLA = { id: derivedId('U', 'ola'), email: 'ola@harbour.test' };
export const PIA = { id: derivedId('U', 'pia'), email: 'pia@harbour.test' };

export type Plan = 'enterprise' | 'business_plus';

const MANIFEST = JSON.stringify({
  display_information: { name: 'Demo' },
  oauth_config: { scopes: { bot: ['users:read'] } },
  settings: { event_subscriptions: { bot_events: ['user_change'] } },
});

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export const AT_HOME = {
  ip: '203.0.113.7',
  country: 'AT',
  region: 'Vienna',
  isp: 'Example Net',
  user_agent: 'Mozilla/5.0 (Macintosh)',
  device_hardware: 'MacBook',
  os: 'macOS',
  os_version: '15.2',
};

export async function startSlack(
  runtime: Runtime,
  plan: Plan,
  rateLimits: 'off' | 'tiers' = 'off',
): Promise<SlackSandbox> {
  const slack = await createSlackSandbox({
    manifest: MANIFEST,
    seed: {
      team: { name: 'Harbour', domain: 'harbour', plan },
      users: [
        { name: 'ada', real_name: 'Ada Byron', email: ADA.email },
        { name: 'ben', real_name: 'Ben Cole', email: 'ben@harbour.test' },
        { name: 'ola', real_name: 'Ola Nord', email: OLA.email, is_admin: true, is_owner: true, has_2fa: true },
        {
          name: 'pia',
          real_name: 'Pia First',
          email: PIA.email,
          is_admin: true,
          is_owner: true,
          is_primary_owner: true,
        },
      ],
      usergroups: [{ handle: 'crew', name: 'Crew', users: ['ada'] }],
    },
    page: false,
    clock: () => runtime.now(),
    rateLimits,
    userTokens: { [TOKEN]: { user: OLA.id, scopes: SCOPES } },
  });
  slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME, days_ago: 90 });
  slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME, days_ago: 1 });
  return slack;
}

export function connect(
  slack: Pick<SlackSandbox, 'apiUrl' | 'scimUrl' | 'auditUrl'>,
  runtime: Runtime,
  more: Record<string, unknown> = {},
  log: ConnectorLog = {},
): Connector {
  const settings = slackWorkspaceSettings.parse({
    token: TOKEN,
    plan: 'enterprise',
    api_base_url: slack.apiUrl,
    scim_base_url: slack.scimUrl,
    audit_base_url: slack.auditUrl,
    deadline_ms: 2000,
    ...more,
  });
  return createSlackWorkspaceConnector(settings, runtime, log);
}

/** What an attacker who holds the account leaves behind. */
export function intrude(slack: SlackSandbox, user: string): void {
  const from = {
    ip: '198.51.100.23',
    country: 'NG',
    region: 'Lagos',
    user_agent: 'python-requests/2.31',
    device_hardware: 'Server',
    os: 'Linux',
  };
  const deeds: DeedInput[] = [
    { do: 'fail_sign_in', user, from },
    { do: 'sign_in', user, from },
    { do: 'add_app', user, name: 'Export helper', scopes: ['channels:history', 'files:read'] },
  ];
  for (const deed of deeds) slack.administer(deed);
}

export function valueOf<T>(result: Result<T, ConnectorFailure>): T {
  if (result.ok) return result.value;
  throw new Error(`expected a value, got ${result.error.kind}: ${result.error.message}`);
}

export function failureOf(result: Result<unknown, ConnectorFailure>): ConnectorFailure {
  if (result.ok) throw new Error('expected a failure, got a value');
  return result.error;
}

export const find = async (connector: Connector, email: string): Promise<AccountRef> =>
  valueOf(await connector.find({ emails: [email], employeeId: null }, call()));
