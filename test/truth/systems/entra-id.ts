import { ADA, BLOCKED, call, connect, GROUPS, OFFICE, startDirectory, VPN } from '../../connectors/entra-id-subject.js';
import { readEntraId } from '../reader/entra-id.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const ROLE = 'Helpdesk Administrator';
const ELIGIBLE = 'User Administrator';
const PREPARED = {
  twoStep: GROUPS.twoStep,
  quarantine: GROUPS.quarantine,
  ranges: { [OFFICE.ranges.join(' ')]: OFFICE.group, [VPN.ranges.join(' ')]: VPN.group },
  blocked: BLOCKED,
};

export async function startEntraId(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), {
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-password' },
      { email: 'grace@contoso.example', name: 'Grace Example' },
    ],
  });
  directory.grantRole('Privileged Authentication Administrator', true);
  // In every other world Notme makes the rule for login ranges itself.
  const byRule = (played.randomBytes(1)[0] ?? 0) % 2 === 1;
  const settings = {
    app_assignments: true,
    ...(byRule ? { login_ranges: 'rule', login_range_groups: [] } : {}),
  };
  const connector = connect(directory.url, played, settings);
  const found = await connector.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const read = () => readEntraId(directory, ADA, PREPARED);
  const intrude = (): void => directory.intrude(ADA, { ip: INTRUDER, country: 'BR' });
  let planted = 0;
  return {
    name: 'entra_id',
    connector,
    rival: connect(directory.url, played, settings),
    account: found.value,
    faults: directory.faults,
    hooks: directory.hooks,
    read,
    calls: () => directory.calls().filter(({ path }) => !path.endsWith('/oauth2/v2.0/token')),
    setLag: (ms) => directory.setLag(ms),
    expireTokens: () => directory.expireTokens(),
    intrude,
    prepare(kind) {
      if (kind === 'remove_admin_roles') {
        directory.setRole(ADA, ROLE, true);
        directory.setEligible(ADA, ELIGIBLE, {});
      }
      if (kind === 'revoke_grants') {
        intrude();
        directory.assign(ADA, 'Expense Reports');
      } else if (kind !== 'remove_admin_roles') intrude();
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      revoke_sessions: () => directory.signIn(ADA, { ip: INTRUDER, country: 'BR' }),
      remove_factors: () =>
        directory.addFactor(ADA, INTRUDER, { type: 'fido2AuthenticationMethod', fields: { displayName: 'Black key' } }),
      revoke_grants: () => directory.consent(ADA, INTRUDER, `Mail Helper ${++planted}`, 'Mail.Read'),
      disable_mail_rules: () => directory.addRule(ADA, '...', { delete: true }),
      block_devices: () => directory.addDevice(ADA, 'LAPTOP-9', 'Linux'),
      remove_admin_roles: () => directory.setRole(ADA, 'Exchange Administrator', true),
    },
    tidy() {
      for (const role of [ROLE, 'Exchange Administrator']) directory.setRole(ADA, role, false);
      directory.setEligible(ADA, ELIGIBLE, null);
    },
    close: () => directory.close(),
  };
}
