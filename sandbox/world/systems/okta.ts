import { generateKeyPairSync } from 'node:crypto';
import { createOktaDirectory, type OktaUserView, SCOPES } from 'identity-sandbox/okta';
import { PEOPLE, RANGES } from '../people.js';
import { type CompanySystem, OFFICE, savedAs, type SystemStart, type TrueAccount } from './system.js';

const CLIENT_ID = '0oaNotmeSandboxApp01';
/** Where the attacker sits. */
const ATTACK = { ip: '203.0.113.66', country: 'Brazil' };
const GROUPS = { two_step: 'containment-2fa', quarantine: 'containment-quarantine', office: 'containment-office' };

const accountOf = (user: OktaUserView): TrueAccount => ({
  email: user.email,
  enabled: user.enabled,
  mustChange: user.mustChange,
  passwordChangedAt: user.passwordChangedAt,
  sessions: user.sessions,
  lists: {
    Factors: user.factors,
    Grants: user.grants,
    Devices: user.devices,
    Recovery: user.secondEmail === null ? [] : [user.secondEmail],
    Groups: user.groups,
    Roles: user.roles,
    Risk: [user.risk],
  },
});

export async function startOkta({ clock, saved }: SystemStart): Promise<CompanySystem> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const directory = await createOktaDirectory({
    clock,
    app: { id: CLIENT_ID, name: 'Notme', publicKeyPem },
    users: [PEOPLE.ada, PEOPLE.bea, PEOPLE.cem, PEOPLE.dia].map(({ email, real_name: name }) => ({
      email,
      name,
      userType: 'Employee',
    })),
    groups: Object.values(GROUPS).map((name) => ({ name })),
    zones: [{ name: 'Office', ranges: RANGES }],
    policies: [
      { name: 'Quarantine', group: GROUPS.quarantine, access: 'DENY' },
      { name: 'Office only', group: GROUPS.office, access: 'DENY', outside: 'Office' },
      { name: 'Second factor', group: GROUPS.two_step, access: 'ALLOW', requireFactor: true },
    ],
    ...savedAs('restore', saved),
  });
  return {
    id: 'okta',
    title: 'Okta',
    environment: {
      OKTA_BASE_URL: directory.url,
      OKTA_CLIENT_ID: CLIENT_ID,
      OKTA_PRIVATE_KEY: JSON.stringify(privateKey.export({ format: 'jwk' })),
    },
    settings: {
      okta: {
        two_step_group: GROUPS.two_step,
        quarantine_group: GROUPS.quarantine,
        login_range_groups: [{ group: GROUPS.office, ranges: [...RANGES] }],
      },
    },
    faults: directory.faults,
    hooks: directory.hooks,
    rewritten: ['left_out', 'report_only'],
    setLag: (ms) => directory.setLag(ms),
    permissions: [...SCOPES],
    permit: (permission, granted) => directory.permit(permission, granted),
    accounts: () => directory.state().users.map(accountOf),
    intrude: (email, { ip }) => directory.intrude(email, { ip, country: 'Brazil' }),
    plays: [
      {
        id: 'report',
        label: 'Report it at Okta',
        description:
          'The person presses "Report suspicious activity" in a mail of Okta\'s about a new device. Notme reads it in the system log.',
        run: (email) => directory.reportSuspicious(email, ATTACK),
      },
      {
        id: 'reject',
        label: 'Reject a sign-in request',
        description:
          'Somebody with the password asks to sign in; the person rejects it on the phone. The third opens an incident.',
        run: (email) => directory.rejectPush(email, ATTACK),
      },
    ],
    signIn: (email) =>
      directory.signIn(email, { ip: OFFICE.ip, country: 'Austria', userAgent: 'Mozilla/5.0 (Macintosh)' }),
    snapshot: () => directory.snapshot(),
    onChange: (listener) => directory.onChange(listener),
    close: () => directory.close(),
  };
}
