import { ADA, call, connect, QUARANTINE, startDirectory } from '../../connectors/keycloak-subject.js';
import { readKeycloak } from '../reader/keycloak.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const PREPARED = { twoStepAction: 'CONFIGURE_TOTP', quarantine: QUARANTINE };

export async function startKeycloak(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), {
    users: [{ email: ADA, name: 'Ada Example', password: 'The-0ld-secret', groups: ['/engineering'] }],
    permissions: ['realm-admin', 'manage-users', 'view-events', 'view-realm', 'view-users', 'query-users'],
  });
  const connector = connect(directory, played);
  const found = await connector.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const intrude = (): void => directory.intrude(ADA, { ip: INTRUDER });
  const link = (): void => {
    const linked = readKeycloak(directory, ADA, PREPARED).identity_providers;
    for (const alias of ['google', 'partner'])
      if (!linked.has(alias)) directory.link(ADA, alias, `mallory@${alias}.example`);
  };
  return {
    name: 'keycloak',
    connector,
    rival: connect(directory, played),
    account: found.value,
    faults: directory.faults,
    hooks: directory.hooks,
    read: () => readKeycloak(directory, ADA, PREPARED),
    calls: () => directory.calls().filter(({ path }) => !path.endsWith('/token')),
    setLag: (ms) => directory.setLag(ms),
    expireTokens: () => directory.expireTokens(),
    intrude,
    prepare(kind) {
      if (kind === 'remove_admin_roles') directory.grantAdminRole(ADA, 'view-users');
      else if (kind === 'invalidate_backup_codes') directory.addFactor(ADA, 'recovery-authn-codes', 'Codes');
      else if (kind === 'unlink_identity_providers') link();
      else intrude();
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      revoke_sessions: () => directory.signIn(ADA, INTRUDER),
      remove_factors: () => directory.addFactor(ADA, 'webauthn', 'Black key'),
      invalidate_backup_codes: () => directory.addFactor(ADA, 'recovery-authn-codes', 'More codes'),
      unlink_identity_providers: link,
      revoke_grants: intrude,
      remove_admin_roles: () => directory.grantAdminRole(ADA, 'query-users'),
    },
    close: () => directory.close(),
  };
}
