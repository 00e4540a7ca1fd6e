import { randomBytes } from 'node:crypto';
import { createKeycloakDirectory, type KeycloakUserView } from 'identity-sandbox/keycloak';
import { CONTRACTOR, PEOPLE } from '../people.js';
import { type CompanySystem, OFFICE, savedAs, type SystemStart, type TrueAccount } from './system.js';

const CLIENT_ID = 'notme';
const REALM = 'meadow';
const QUARANTINE = '/containment/quarantine';

const accountOf = (user: KeycloakUserView): TrueAccount => ({
  email: user.email,
  enabled: user.enabled,
  mustChange: user.mustChange,
  passwordChangedAt: user.passwordChangedAt,
  sessions: user.sessions + user.offlineSessions,
  lists: {
    Factors: user.factors,
    Grants: user.grants,
    'Required at next sign-in': user.requiredActions,
    Groups: user.groups,
    Roles: user.adminRoles,
  },
});

export async function startKeycloak({ clock, saved }: SystemStart): Promise<CompanySystem> {
  const clientSecret = randomBytes(24).toString('hex');
  const people = [PEOPLE.ada, PEOPLE.cem, { email: CONTRACTOR.email, real_name: CONTRACTOR.name }];
  const directory = await createKeycloakDirectory({
    realm: REALM,
    clientId: CLIENT_ID,
    clientSecret,
    clock,
    users: people.map(({ email, real_name: name }) => ({ email, name, password: randomBytes(18).toString('base64') })),
    groups: [{ path: QUARANTINE }],
    ...savedAs('snapshot', saved),
  });
  return {
    id: 'keycloak',
    title: 'Keycloak',
    environment: {
      KEYCLOAK_BASE_URL: directory.url,
      KEYCLOAK_REALM: REALM,
      KEYCLOAK_CLIENT_ID: CLIENT_ID,
      KEYCLOAK_CLIENT_SECRET: clientSecret,
    },
    settings: { keycloak: { admin_client_uuid: directory.adminClientUuid(), quarantine_group: QUARANTINE } },
    faults: directory.faults,
    hooks: directory.hooks,
    rewritten: ['left_out'],
    setLag: (ms) => directory.setLag(ms),
    permissions: ['manage-users', 'view-events', 'view-realm'],
    permit: (permission, granted) => directory.permit(permission, granted),
    accounts: () => directory.state().users.flatMap((user) => (user.email === '' ? [] : [accountOf(user)])),
    intrude: (email, { ip }) => directory.intrude(email, { ip }),
    plays: [
      {
        id: 'lock_out',
        label: 'Have Keycloak lock it out',
        description: 'Too many wrong passwords: brute-force detection locks the account. The person is asked.',
        run: (email) => directory.lockOut(email, 'permanent', '203.0.113.66'),
      },
    ],
    signIn: (email) => directory.signIn(email, OFFICE.ip),
    snapshot: () => directory.snapshot(),
    onChange: (listener) => directory.onChange(listener),
    close: () => directory.close(),
  };
}
