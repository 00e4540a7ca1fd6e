import { systemRuntime } from '../../src/platform/runtime.js';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, ALIAS, BOB, connect, HELPDESK, STRANGER, startDirectory, SUPER } from './google-workspace-subject.js';

async function subject(more: Record<string, unknown> = {}): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now());
  const connector = connect(directory.url, runtime, more);
  const WRITE = 'admin.directory.user';
  const same = (): Promise<typeof connector> => Promise.resolve(connector);
  return {
    connector,
    now: () => runtime.now(),
    emails: { person: ADA, missing: 'nobody@example.com', ambiguous: null, alias: ALIAS, protected: SUPER },
    employeeId: "E-10'07",
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: 'zqzqzq' },
    wholeOnly: ['remove_factors'],
    prepare(kind) {
      if (kind === 'remove_admin_roles') directory.assignRole(ADA, 'Groups Admin');
      // Gmail forwards within the company without asking the addressee, so that the undo is whole.
      else directory.intrude(ADA, { ip: '198.51.100.66', country: 'RO', forwardTo: BOB });
      return Promise.resolve();
    },
    report({ login }) {
      directory.warn(login, 'hijacked', '198.51.100.66');
      return Promise.resolve(['at_risk', 'at_risk']);
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(connect(directory.url, runtime, { ...more, service_account_key: STRANGER.keyFile })),
      down: async () => connect(await deadUrl(), runtime, more),
      permission: () => {
        directory.permit(WRITE, false);
        return same();
      },
      throttled: () => {
        directory.faults.add({ type: 'throttle', times: 50 });
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
      directory.permit(WRITE, true);
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

describeConnectorContract('Google Workspace, in the name of a super administrator', () => subject());
describeConnectorContract('Google Workspace, in the name of a delegated administrator, by organizational units', () =>
  subject({
    admin_email: HELPDESK,
    super_admin: false,
    two_step_group: null,
    two_step_org_unit: '/Contained/With 2SV',
    login_range_groups: [],
  }),
);
describeConnectorContract('Google Workspace, nothing prepared', () =>
  subject({
    two_step_group: null,
    quarantine_group: null,
    quarantine_org_unit: '/Contained/Quarantine',
    login_range_groups: [],
  }),
);
