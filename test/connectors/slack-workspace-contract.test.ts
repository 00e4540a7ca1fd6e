import { systemRuntime } from '../../src/platform/runtime.js';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, AT_HOME, connect, OLA, PIA, SCOPES, startSlack, TOKEN, type Plan } from './slack-workspace-subject.js';

const PATCH = 'scim PATCH Users';

async function subject(plan: Plan): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const slack = await startSlack(runtime, plan);
  const connector = connect(slack, runtime, { plan });
  const faulty = (fault: Parameters<typeof slack.faults.add>[0]) => {
    slack.faults.add(fault);
    return Promise.resolve(connector);
  };
  return {
    connector,
    now: () => runtime.now(),
    emails: { person: ADA.email, missing: 'nobody@harbour.test', ambiguous: null, protected: PIA.email },
    // Slack's own passwords cannot be set by its API.
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: null },
    prepare(kind) {
      if (kind === 'remove_admin_roles') slack.administer({ do: 'role', user: ADA.id, role: 'admin', by: OLA.id });
      if (kind === 'revoke_sessions') slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME });
      return Promise.resolve();
    },
    checkPassword: () => Promise.resolve(false),
    conditions: {
      auth: () => Promise.resolve(connect(slack, runtime, { plan, token: 'xoxp-wrong' })),
      down: async () => {
        const dead = await deadUrl();
        return connect({ apiUrl: dead, scimUrl: dead, auditUrl: dead }, runtime, { plan });
      },
      permission: () => {
        slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES.filter((scope) => scope !== 'admin') });
        return Promise.resolve(connector);
      },
      throttled: () => faulty({ target: 'api', type: 'rate_limited', retry_after_s: 3, times: 50 }),
      nonsense: () => faulty({ target: 'api', type: 'nonsense', times: 50 }),
      lost_answer: () => faulty({ target: 'api', method: PATCH, type: 'lost_answer' }),
      lost_request: () => faulty({ target: 'api', method: PATCH, type: 'lost_request' }),
    },
    calm() {
      slack.faults.clear();
      slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES });
      return Promise.resolve();
    },
    close: () => slack.close(),
  };
}

describeConnectorContract('Slack, Enterprise', () => subject('enterprise'));
describeConnectorContract('Slack, Business+', () => subject('business_plus'));
