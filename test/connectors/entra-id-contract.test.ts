import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import type { ActionKind } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { ADA, connect, ROOT, startDirectory } from './entra-id-subject.js';
import { deadUrl } from './free-port.js';

const ROLE = 'Helpdesk Administrator';

/** Gives the action something to do; what an earlier one left is tidied up first. */
function prepare(directory: EntraIdDirectory, kind: ActionKind): void {
  directory.setRole(ADA, ROLE, kind === 'remove_admin_roles');
  directory.setEligible(ADA, 'Exchange Administrator', kind === 'remove_admin_roles' ? {} : null);
  switch (kind) {
    case 'remove_factors':
      directory.addFactor(ADA, '203.0.113.10', {
        type: 'fido2AuthenticationMethod',
        fields: { displayName: 'Blue key' },
      });
      directory.addFactor(ADA, '203.0.113.10', {
        type: 'emailAuthenticationMethod',
        fields: { emailAddress: 'ada@home.example' },
      });
      return;
    case 'revoke_grants':
      directory.consent(ADA, '203.0.113.10', 'Calendar Helper', 'Calendars.Read');
      directory.assign(ADA, 'Expenses');
      return;
    case 'disable_mail_rules':
      directory.addRule(ADA, 'Out', { forwardTo: [{ emailAddress: { name: 'x', address: 'x@evil.example' } }] });
      directory.addRule(ADA, 'Hide', { delete: true });
      return;
    case 'block_devices':
      directory.addDevice(ADA, 'LAPTOP-1', 'Windows');
      directory.addDevice(ADA, 'PHONE-1', 'iOS');
      return;
    default:
  }
}

async function subject(more: Record<string, unknown> = {}): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now());
  directory.intrude(ADA, { ip: '198.51.100.66', country: 'DE' });
  const connector = connect(directory.url, runtime, more);
  const PASSWORDS = 'User-PasswordProfile.ReadWrite.All';
  const same = (): Promise<typeof connector> => Promise.resolve(connector);
  const faulty = (fault: Parameters<typeof directory.faults.add>[0]) => () => {
    directory.faults.add(fault);
    return same();
  };
  return {
    connector,
    now: () => runtime.now(),
    emails: {
      person: ADA,
      missing: 'nobody@contoso.example',
      ambiguous: 'shared@contoso.example',
      alias: 'ada.example@contoso.example',
      protected: ROOT,
    },
    employeeId: '4711',
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: 'zqzqzq' },
    prepare(kind) {
      prepare(directory, kind);
      return Promise.resolve();
    },
    report({ login }) {
      directory.reportSuspicious(login, '198.51.100.66');
      return Promise.resolve(['reported', 'at_risk']);
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(connect(directory.url, runtime, { ...more, client_secret: 'wrong' })),
      down: async () => {
        const url = await deadUrl();
        return connect(url, runtime, { ...more, login_url: url });
      },
      permission: () => {
        directory.permit(PASSWORDS, false);
        return same();
      },
      throttled: faulty({ type: 'throttle', times: 50, ms: 1234 }),
      nonsense: faulty({ type: 'nonsense', times: 50 }),
      lost_answer: faulty({ type: 'drop_after_effect', only: 'writes', times: 1 }),
      lost_request: faulty({ type: 'drop_before_effect', only: 'writes', times: 1 }),
    },
    calm() {
      directory.faults.clear();
      directory.permit(PASSWORDS, true);
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

describeConnectorContract('Entra ID, groups and location prepared', () => subject());
describeConnectorContract('Entra ID, login ranges as a rule of its own', () =>
  subject({ login_ranges: 'rule', login_range_groups: [] }),
);
describeConnectorContract('Entra ID, per-user multifactor, nothing prepared', () =>
  subject({
    two_step_group: null,
    per_user_mfa: true,
    quarantine_group: null,
    login_range_groups: [],
    blocked_location: null,
    force_change_with_mfa: true,
  }),
);
