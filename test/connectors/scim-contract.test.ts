import { systemRuntime } from '../../src/platform/runtime.js';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, connect, startDirectory } from './scim-subject.js';

async function subject(more: Record<string, unknown> = {}): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now());
  const connector = connect(directory.url, runtime, more);
  const same = (): Promise<typeof connector> => Promise.resolve(connector);
  return {
    connector,
    now: () => runtime.now(),
    emails: {
      person: ADA,
      missing: 'nobody@example.com',
      ambiguous: 'twin@example.com',
      alias: 'ada.example@example.org',
    },
    employeeId: '4711',
    passwords: {
      good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'],
      weak: more['set_password'] === false ? null : 'zqzqzq',
    },
    resetProof: 'cannot_tell',
    prepare(kind) {
      if (kind === 'remove_admin_roles') directory.setMember('grp-admins', ADA, true);
      return Promise.resolve();
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(connect(directory.url, runtime, { ...more, token: 'wrong-token' })),
      down: async () => connect(await deadUrl(), runtime, more),
      permission: () => {
        directory.permit('write', false);
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
      directory.permit('write', true);
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

describeConnectorContract('SCIM against scimmy, groups prepared', () => subject());
describeConnectorContract('SCIM against scimmy, attributes inside the value', () =>
  subject({ patch_style: 'no_path' }),
);
describeConnectorContract('SCIM against scimmy, nothing prepared', () =>
  subject({
    set_password: false,
    two_step_group_id: null,
    quarantine_group_id: null,
    login_range_groups: [],
    admin_groups: [],
  }),
);
