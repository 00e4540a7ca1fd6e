import {
  ADA,
  BOB,
  call,
  connect,
  OFFICE,
  QUARANTINE,
  startDirectory,
  SUPER,
  TWO_STEP,
  VPN,
} from '../../connectors/google-workspace-subject.js';
import { readGoogleWorkspace } from '../reader/google-workspace.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const PREPARED = {
  twoStep: TWO_STEP,
  quarantine: QUARANTINE,
  ranges: { [OFFICE.ranges.join(' ')]: OFFICE.group, [VPN.ranges.join(' ')]: VPN.group },
};

export async function startGoogleWorkspace(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), {
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-password' },
      { email: BOB, name: 'Bob Example' },
      { email: SUPER, name: 'Root', admin: 'super' },
    ],
  });
  const connector = connect(directory.url, played);
  const found = await connector.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const read = () => readGoogleWorkspace(directory, ADA, PREPARED);
  /** Google assigns a role once. */
  const assign = (role: string): void => {
    if (read().ownRoles.length === 0) directory.assignRole(ADA, role);
  };
  const intrude = (): void => {
    directory.intrude(ADA, { ip: INTRUDER, country: 'RO', forwardTo: BOB });
    directory.sendAs(ADA, { sendAsEmail: 'billing@evil.example', replyTo: 'collector@evil.example' });
  };
  return {
    name: 'google_workspace',
    connector,
    rival: connect(directory.url, played),
    account: found.value,
    faults: directory.faults,
    hooks: directory.hooks,
    read,
    calls: () => directory.calls().filter(({ path }) => path !== '/token'),
    leftOutWhenEmpty: ['items', 'filter', 'delegates', 'forwardingAddresses', 'mobiledevices'],
    setLag: (ms) => directory.setLag(ms),
    expireTokens: () => directory.expireTokens(),
    intrude,
    prepare(kind) {
      if (kind === 'remove_admin_roles') assign('Groups Admin');
      else intrude();
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      revoke_sessions: () => directory.signIn(ADA, { ip: INTRUDER, country: 'RO' }),
      remove_factors: intrude,
      invalidate_backup_codes: intrude,
      clear_recovery_contacts: intrude,
      delete_app_passwords: intrude,
      revoke_grants: intrude,
      disable_mail_rules: intrude,
      block_mail_protocols: intrude,
      block_devices: intrude,
      remove_admin_roles: () => assign('Help Desk'),
    },
    close: () => directory.close(),
  };
}
