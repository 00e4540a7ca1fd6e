import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, ALIAS, API1, connect, playedRuntime, startDirectory } from './mimecast-subject.js';

/** Settings whose secret is wrong. */
const wrongly = (more: Record<string, unknown>) =>
  more['auth'] === 'api1' ? { ...more, app_key: 'wrong' } : { ...more, client_secret: 'wrong' };

async function subject(more: Record<string, unknown> = {}): Promise<ContractSubject> {
  // Stands still: the audit log keeps whole seconds, and a repeat in the next one would be a second change to it.
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const connector = connect(directory.url, runtime, more);
  const EDIT = 'Directories | Internal | Edit';
  const same = (): Promise<typeof connector> => Promise.resolve(connector);
  return {
    connector,
    now: () => runtime.now(),
    emails: { person: ADA, missing: 'nobody@example.com', ambiguous: null, alias: ALIAS },
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: 'zqzqzq' },
    prepare(kind) {
      if (kind === 'disable_mail_rules')
        for (const mailbox of ['payroll@example.com', 'bob@example.com']) directory.delegate(ADA, mailbox);
      return Promise.resolve();
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(connect(directory.url, runtime, wrongly(more))),
      down: async () => connect(await deadUrl(), runtime, more),
      permission: () => {
        directory.permit(EDIT, false);
        return same();
      },
      throttled: () => {
        directory.faults.add({ type: 'throttle', times: 50, ms: 1234 });
        return same();
      },
      nonsense: () => {
        directory.faults.add({ type: 'nonsense', times: 50 });
        return same();
      },
      lost_answer: () => {
        directory.faults.add({ type: 'drop_after_effect', only: 'writes', times: 1 });
        return same();
      },
      lost_request: () => {
        directory.faults.add({ type: 'drop_before_effect', only: 'writes', times: 1 });
        return same();
      },
    },
    calm() {
      directory.faults.clear();
      directory.permit(EDIT, true);
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

describeConnectorContract('Mimecast, groups prepared', () => subject());
describeConnectorContract('Mimecast, no group prepared', () =>
  subject({ two_step_group: null, quarantine_group: null, login_range_groups: [] }),
);
describeConnectorContract('Mimecast API 1.0', () => subject(API1));
