import type { ActionKind } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, connect, startDirectory } from './keycloak-subject.js';

/** `readState` reads the user, the lock, the credentials and the roles side by side. */
const READS_OF_A_STATE = 4;

async function subject(more: Record<string, unknown> = {}): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now());
  const connector = connect(directory, runtime, more);
  const same = (): Promise<typeof connector> => Promise.resolve(connector);
  const prepare: Partial<Record<ActionKind, () => void>> = {
    remove_factors() {
      directory.addFactor(ADA, 'otp', 'Phone');
      directory.addFactor(ADA, 'webauthn', 'Key');
    },
    unlink_identity_providers() {
      directory.link(ADA, 'google', 'ada@gmail.example');
      directory.link(ADA, 'github', 'ada-example');
    },
    invalidate_backup_codes: () => directory.addFactor(ADA, 'recovery-authn-codes', 'Codes'),
    revoke_sessions: () => directory.intrude(ADA, { ip: '198.51.100.66' }),
    revoke_grants: () => directory.intrude(ADA, { ip: '198.51.100.66' }),
    remove_admin_roles: () => directory.grantAdminRole(ADA, 'view-users'),
  };
  return {
    connector,
    now: () => runtime.now(),
    emails: {
      person: ADA,
      missing: 'nobody@example.com',
      ambiguous: 'twin@example.com',
      alias: 'ada.example@example.org',
      protected: 'root@example.com',
    },
    employeeId: '4711',
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: 'zqzqzq' },
    report({ login }) {
      directory.lockOut(login, 'temporary', '198.51.100.66');
      directory.lockOut(login, 'permanent', '198.51.100.66');
      return Promise.resolve(['at_risk', 'at_risk']);
    },
    prepare(kind) {
      prepare[kind]?.();
      return Promise.resolve();
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(connect(directory, runtime, { ...more, client_secret: 'wrong' })),
      down: async () => {
        const url = await deadUrl();
        return connect({ ...directory, url }, runtime, more);
      },
      permission: () => {
        directory.permit('manage-users', false);
        return same();
      },
      throttled: () => {
        directory.faults.add({ type: 'throttle', times: 50, ms: 1234 });
        return same();
      },
      nonsense: () => {
        // A command reads the account first: its reads go well, so that the write itself meets the nonsense.
        directory.faults.add({ type: 'nonsense', only: 'reads', times: READS_OF_A_STATE });
        directory.faults.add({ type: 'nonsense', only: 'writes', times: 50 });
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
      directory.permit('manage-users', true);
      // Reading asks for a new token once a minute at most.
      directory.expireTokens();
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

describeConnectorContract('Keycloak, everything prepared', () => subject());
describeConnectorContract('Keycloak, least configured', () =>
  subject({ quarantine_group: null, upstream: {}, poll_sign_ins: false }),
);
