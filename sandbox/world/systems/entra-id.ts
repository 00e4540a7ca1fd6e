import { randomBytes } from 'node:crypto';
import { createEntraIdDirectory, type EntraIdUserView } from 'identity-sandbox/entra-id';
import { DOMAIN, PEOPLE, RANGES } from '../people.js';
import { type CompanySystem, OFFICE, savedAs, type SystemStart, type TrueAccount } from './system.js';

const CLIENT_ID = '6d65adb0-0000-4000-8000-000000000001';
const id = (digit: string): string => `6d65adb0-0000-4000-8000-00000000000${digit}`;
const GROUPS = { twoStep: id('2'), quarantine: id('3'), office: id('4') };
const BLOCKED = id('5');
const PLACE = id('6');

const accountOf = (user: EntraIdUserView): TrueAccount => ({
  email: user.email,
  enabled: user.enabled,
  mustChange: user.mustChange,
  passwordChangedAt: user.passwordChangedAt,
  sessions: user.sessions,
  lists: {
    Factors: user.factors,
    Grants: user.grants,
    'Inbox rules': user.rules.filter(({ enabled }) => enabled).map(({ name }) => `"${name}"`),
    Devices: user.devices.filter(({ enabled }) => enabled).map(({ name }) => name),
    Groups: user.groups,
    Roles: user.roles,
    Risk: [user.risk],
  },
});

export async function startEntraId({ clock, saved }: SystemStart): Promise<CompanySystem> {
  const clientSecret = randomBytes(24).toString('hex');
  const directory = await createEntraIdDirectory({
    tenantId: DOMAIN,
    clientId: CLIENT_ID,
    clientSecret,
    apiActor: 'Notme',
    clock,
    users: [PEOPLE.ada, PEOPLE.bea, PEOPLE.cem, PEOPLE.dia].map(({ email, real_name: name }) => ({ email, name })),
    groups: [
      { id: GROUPS.twoStep, name: 'containment-mfa', policy: { control: 'mfa' } },
      { id: GROUPS.quarantine, name: 'containment-quarantine' },
      { id: GROUPS.office, name: 'containment-office', policy: { permits: [PLACE] } },
    ],
    locations: [
      { id: BLOCKED, name: 'Blocked by Notme', ranges: ['192.0.2.1/32'] },
      { id: PLACE, name: 'Office', ranges: RANGES, policy: false },
    ],
    ...savedAs('snapshot', saved),
  });
  return {
    id: 'entra_id',
    title: 'Entra ID',
    environment: {
      ENTRA_ID_TENANT_ID: DOMAIN,
      ENTRA_ID_CLIENT_ID: CLIENT_ID,
      ENTRA_ID_CLIENT_SECRET: clientSecret,
      ENTRA_ID_LOGIN_URL: directory.url,
      ENTRA_ID_GRAPH_URL: directory.url,
    },
    settings: {
      entra_id: {
        two_step_group: GROUPS.twoStep,
        quarantine_group: GROUPS.quarantine,
        login_range_groups: [{ group: GROUPS.office, ranges: [...RANGES] }],
        blocked_location: BLOCKED,
      },
    },
    faults: directory.faults,
    hooks: directory.hooks,
    rewritten: ['left_out', 'report_only', 'guests', 'many_policies'],
    setLag: (ms) => directory.setLag(ms),
    permissions: directory.everyPermission,
    permit: (permission, granted) => directory.permit(permission, granted),
    accounts: () => directory.state().users.map(accountOf),
    intrude: (email, { ip }) => directory.intrude(email, { ip, country: 'BR' }),
    plays: [
      {
        id: 'report',
        label: 'Report it at Microsoft',
        description: 'The person presses "No, it\'s not me" in the Authenticator app. Notme looks every half minute.',
        run: (email) => directory.reportSuspicious(email, '203.0.113.66'),
      },
      {
        id: 'at_risk',
        label: 'Hold at risk: high',
        description: "Identity Protection's own verdict. Notme looks every half minute.",
        run: (email) => directory.holdAtRisk(email, 'high'),
      },
    ],
    signIn: (email) =>
      directory.signIn(email, { ...OFFICE, browser: 'Safari 18.1', operatingSystem: 'MacOs', at: clock() }),
    snapshot: () => directory.snapshot(),
    onChange: (listener) => directory.onChange(listener),
    close: () => directory.close(),
  };
}
