import { ADA, call, connect, OFFICE, startDirectory, VPN } from '../../connectors/scim-subject.js';
import { readScim } from '../reader/scim.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const ADMINS = 'grp-admins';
const PREPARED = {
  twoStep: 'grp-2fa',
  quarantine: 'grp-quarantine',
  admins: ADMINS,
  ranges: { [OFFICE.ranges.join(' ')]: OFFICE.group_id, [VPN.ranges.join(' ')]: VPN.group_id },
};

export async function startScim(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), {
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-secret' },
      { email: 'bob@example.com', name: 'Bob Example' },
    ],
  });
  const connector = connect(directory.url, played);
  const found = await connector.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const out = (group: string) => (): void => directory.setMember(group, ADA, false);
  return {
    name: 'scim',
    connector,
    rival: connect(directory.url, played),
    account: found.value,
    faults: directory.faults,
    hooks: directory.hooks,
    read: () => readScim(directory, ADA, PREPARED),
    calls: () => directory.calls(),
    setLag: (ms) => directory.setLag(ms),
    intrude: () => directory.intrude(ADA, { ip: INTRUDER }),
    prepare(kind) {
      if (kind === 'remove_admin_roles') directory.setMember(ADMINS, ADA, true);
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      remove_admin_roles: () => directory.setMember(ADMINS, ADA, true),
      require_two_step: out('grp-2fa'),
      quarantine: out('grp-quarantine'),
      limit_login_ips: out(OFFICE.group_id),
    },
    close: () => directory.close(),
  };
}
