import type { ActionKind, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import type { OktaDirectory, OktaDirectoryOptions } from 'identity-sandbox/okta';
import { describeConnectorContract, type ContractSubject } from './contract.js';
import { deadUrl } from './free-port.js';
import { ADA, connectApp, connectToken, DPOP_APP, GROUPS, OWNER, startDirectory } from './okta-subject.js';

type Connect = (url: string, runtime: Runtime, more?: Record<string, unknown>) => Connector;

interface Way {
  readonly connect: Connect;
  readonly settings: Record<string, unknown>;
  readonly wrong: Record<string, unknown>;
  readonly withhold: (directory: OktaDirectory) => void;
  readonly giveBack: (directory: OktaDirectory) => void;
  readonly more?: Partial<ContractSubject['emails']>;
  readonly org?: Partial<OktaDirectoryOptions>;
}

/** Something to do for each action: what an intruder leaves, a role, an account that is active. */
function prepare(directory: OktaDirectory, kind: ActionKind): void {
  const left: readonly ActionKind[] = ['remove_factors', 'revoke_grants', 'block_devices', 'clear_recovery_contacts'];
  if (left.includes(kind)) directory.intrude(ADA, { ip: '198.51.100.66', country: 'Brazil' });
  if (kind === 'unlink_identity_providers') {
    directory.link(ADA, { name: 'Private Google', type: 'GOOGLE' });
    directory.link(ADA, { name: 'Partner', type: 'SAML2' });
  }
  if (kind === 'remove_admin_roles') directory.promote(ADA, 'USER_ADMIN');
}

async function subject(way: Way): Promise<ContractSubject> {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now(), way.org);
  const connector = way.connect(directory.url, runtime, way.settings);
  const under = (arrange: () => void) => (): Promise<Connector> => {
    arrange();
    return Promise.resolve(connector);
  };
  return {
    connector,
    now: () => runtime.now(),
    emails: {
      person: ADA,
      missing: 'nobody@example.com',
      ambiguous: 'twins@example.com',
      alias: 'ada.example@mail.example.com',
      ...way.more,
    },
    employeeId: 'E-1001',
    passwords: { good: ['First-Passw0rd-zq', 'Second-Passw0rd-zq', 'Third-Passw0rd-zq'], weak: 'zqzqzq' },
    prepare(kind) {
      prepare(directory, kind);
      return Promise.resolve();
    },
    report({ login }) {
      const from = { ip: '198.51.100.66', country: 'Brazil' };
      directory.reportSuspicious(login, from);
      directory.rejectPush(login, from);
      directory.rejectPush(login, from, 'classic');
      return Promise.resolve(['reported', 'push_denied', 'push_denied']);
    },
    checkPassword: (email, password) => Promise.resolve(directory.checkPassword(email, password)),
    conditions: {
      auth: () => Promise.resolve(way.connect(directory.url, runtime, { ...way.settings, ...way.wrong })),
      down: async () => way.connect(await deadUrl(), runtime, way.settings),
      permission: under(() => way.withhold(directory)),
      throttled: under(() => directory.faults.add({ type: 'throttle', times: 50, ms: 1234 })),
      nonsense: under(() => directory.faults.add({ type: 'nonsense', times: 50 })),
      lost_answer: under(() => directory.faults.add({ type: 'drop_after_effect', only: 'writes', times: 1 })),
      lost_request: under(() => directory.faults.add({ type: 'drop_before_effect', only: 'writes', times: 1 })),
    },
    calm() {
      directory.faults.clear();
      way.giveBack(directory);
      return Promise.resolve();
    },
    close: () => directory.close(),
  };
}

const byScope = {
  wrong: { client_id: '0oaSomebodyElse00001' },
  withhold: (directory: OktaDirectory) => directory.permit('okta.users.manage', false),
  giveBack: (directory: OktaDirectory) => directory.permit('okta.users.manage', true),
};

describeConnectorContract('Okta, a service app, groups prepared', () =>
  subject({ connect: connectApp, settings: GROUPS, ...byScope }),
);
describeConnectorContract('Okta, a service app, nothing prepared', () =>
  subject({ connect: connectApp, settings: { block_zone: null }, ...byScope }),
);
describeConnectorContract('Okta, a service app that demands DPoP', () =>
  subject({ connect: connectApp, settings: GROUPS, ...byScope, org: { app: DPOP_APP } }),
);
describeConnectorContract('Okta, an API token', () =>
  subject({
    connect: connectToken,
    settings: GROUPS,
    wrong: { api_token: '00wrong' },
    withhold: (directory) => directory.setAdminRole('READ_ONLY_ADMIN'),
    giveBack: (directory) => directory.setAdminRole('SUPER_ADMIN'),
    more: { protected: OWNER },
  }),
);
