import {
  ADA,
  call,
  connect,
  OFFICE,
  QUARANTINE,
  startDirectory,
  TWO_STEP,
  VPN,
} from '../../connectors/mimecast-subject.js';
import { readMimecast } from '../reader/mimecast.js';
import { INTRUDER, type Played, type RunningSystem } from './system.js';

const PREPARED = {
  twoStep: TWO_STEP,
  quarantine: QUARANTINE,
  ranges: { [OFFICE.ranges.join(' ')]: OFFICE.group, [VPN.ranges.join(' ')]: VPN.group },
};

export async function startMimecast(played: Played): Promise<RunningSystem> {
  const directory = await startDirectory(() => played.now(), { rateLimit: null });
  const connector = connect(directory.url, played);
  const found = await connector.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  let mailboxes = 0;
  const delegate = (): void => directory.delegate(ADA, `payroll-${++mailboxes}@example.com`);
  return {
    name: 'mimecast',
    connector,
    rival: connect(directory.url, played),
    account: found.value,
    faults: directory.faults,
    failEnvelope: (fault) => directory.faults.add(fault),
    hooks: directory.hooks,
    read: () => readMimecast(directory, ADA, PREPARED),
    calls: () => directory.calls().filter(({ path }) => path !== '/oauth/token'),
    // A write whose envelope says that it failed was none.
    effects: () => directory.effects().length,
    setLag: (ms) => directory.setLag(ms),
    expireTokens: () => directory.expireTokens(),
    intrude: () => directory.intrude(ADA, { ip: INTRUDER }),
    prepare(kind) {
      if (kind === 'disable_mail_rules') {
        delegate();
        delegate();
      } else if (kind === 'enable_account') directory.change(ADA, { accountDisabled: true, accountLocked: true });
      else directory.change(ADA, { accountDisabled: false, allowPop: true, allowSmtp: true });
    },
    hands: {
      reset_password: () => directory.resetByAttacker(ADA, 'mallory@evil.example', INTRUDER),
      disable_account: () => directory.change(ADA, { accountDisabled: false }),
      enable_account: () => directory.change(ADA, { accountDisabled: true }),
      block_mail_protocols: () => directory.change(ADA, { allowPop: true }),
      disable_mail_rules: delegate,
    },
    close: () => directory.close(),
  };
}
