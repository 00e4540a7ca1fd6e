import { readOkta } from '../reader/okta.js';
import {
  ADA,
  BOB,
  connectApp,
  GROUPS,
  OFFICE,
  OWNER,
  QUARANTINE,
  refOf,
  startDirectory,
  TWO_STEP,
  VPN,
} from '../../connectors/okta-subject.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const PREPARED = {
  twoStep: TWO_STEP,
  quarantine: QUARANTINE,
  ranges: { [OFFICE.ranges.join(' ')]: OFFICE.group, [VPN.ranges.join(' ')]: VPN.group },
};

export async function startOkta(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), {
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-password', secondEmail: 'ada@home.example' },
      { email: BOB, name: 'Bob Example' },
      { email: OWNER, name: 'Notme Service', roles: ['SUPER_ADMIN'], userType: 'Service' },
    ],
  });
  directory.enrolEmail(ADA);
  const connector = connectApp(directory.url, played, GROUPS);
  const read = () => readOkta(directory, ADA, PREPARED);
  const intrude = (): void => directory.intrude(ADA, { ip: INTRUDER, country: 'Brazil' });
  const link = (): void => {
    directory.link(ADA, { name: 'Private Google', type: 'GOOGLE' });
    directory.link(ADA, { name: 'Partner', type: 'SAML2' });
  };
  return {
    name: 'okta',
    connector,
    rival: connectApp(directory.url, played, GROUPS),
    account: await refOf(connector, ADA),
    faults: directory.faults,
    hooks: directory.hooks,
    read,
    calls: () => directory.calls().filter(({ path }) => path !== '/oauth2/v1/token'),
    setLag: (ms) => directory.setLag(ms),
    expireTokens: () => directory.expireTokens(),
    intrude,
    prepare(kind, dice) {
      if (kind === 'remove_admin_roles') directory.promote(ADA, 'USER_ADMIN');
      else if (kind === 'enable_account') directory.setStatus(ADA, dice.pick(['SUSPENDED', 'LOCKED_OUT']));
      else if (kind === 'disable_account')
        directory.setStatus(ADA, dice.pick(['ACTIVE', 'LOCKED_OUT', 'PASSWORD_EXPIRED']));
      else if (kind === 'unlink_identity_providers') link();
      else {
        intrude();
        if (kind === 'remove_factors') directory.addAccessCode(ADA);
      }
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      disable_account: () => directory.setStatus(ADA, 'ACTIVE'),
      enable_account: () => directory.setStatus(ADA, 'SUSPENDED'),
      revoke_sessions: intrude,
      remove_factors: intrude,
      unlink_identity_providers: link,
      revoke_grants: intrude,
      block_devices: intrude,
      clear_recovery_contacts: intrude,
      remove_admin_roles: () => directory.promote(ADA, 'HELP_DESK_ADMIN'),
    },
    close: () => directory.close(),
  };
}
