import { afterEach, describe, expect, it } from '@jest/globals';
import type { Faults } from 'identity-sandbox/http';
import type { Command, Connector } from '../../src/ports/connector.js';
import type { Runtime } from '../../src/platform/runtime.js';
import * as entra from './entra-id-subject.js';
import * as google from './google-workspace-subject.js';
import * as keycloak from './keycloak-subject.js';
import * as mimecast from './mimecast-subject.js';
import * as okta from './okta-subject.js';
import * as scim from './scim-subject.js';

const disable: Command = { kind: 'disable_account' };

interface Directory {
  readonly url: string;
  readonly faults: Faults;
  close(): Promise<void>;
}
interface Granting extends Directory {
  permit(right: string, granted: boolean): void;
  expireTokens(): void;
}
interface Vendor<D = Directory> {
  readonly directory: D;
  readonly connector: Connector;
  readonly email: string;
}
type Start<D = Directory> = (runtime: Runtime) => Promise<Vendor<D>>;

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});
const vendor = <D extends Directory>(directory: D, connector: Connector, email: string): Vendor<D> => {
  started.push(directory);
  return { directory, connector, email };
};

/** Those with a token that says what it may do, and the right to disable an account. */
const HOLDING: readonly (readonly [string, string, Start<Granting>])[] = [
  [
    'okta',
    'okta.users.manage',
    async (runtime) => {
      const directory = await okta.startDirectory(() => runtime.now());
      return vendor(directory, okta.connectApp(directory.url, runtime), okta.ADA);
    },
  ],
  [
    'entra_id',
    'User.EnableDisableAccount.All',
    async (runtime) => {
      const directory = await entra.startDirectory(() => runtime.now());
      directory.permit('User.ReadWrite.All', false);
      directory.permit('Directory.ReadWrite.All', false);
      return vendor(directory, entra.connect(directory.url, runtime), entra.ADA);
    },
  ],
  [
    'google_workspace',
    'admin.directory.user',
    async (runtime) => {
      const directory = await google.startDirectory(() => runtime.now());
      return vendor(directory, google.connect(directory.url, runtime), google.ADA);
    },
  ],
  [
    'keycloak',
    'manage-users',
    async (runtime) => {
      const directory = await keycloak.startDirectory(() => runtime.now(), {
        permissions: ['manage-users', 'view-users', 'view-events'],
      });
      return vendor(directory, keycloak.connect(directory, runtime), keycloak.ADA);
    },
  ],
  [
    'mimecast',
    'Directories | Internal | Edit',
    async (runtime) => {
      const directory = await mimecast.startDirectory(() => runtime.now());
      return vendor(directory, mimecast.connect(directory.url, runtime), mimecast.ADA);
    },
  ],
];

const ALL: readonly (readonly [string, Start])[] = [
  ...HOLDING.map(([system, , start]) => [system, start] as const),
  [
    'scim',
    async (runtime) => {
      const directory = await scim.startDirectory(() => runtime.now());
      const connector = scim.connect(directory.url, runtime);
      return vendor(directory, connector, scim.ADA);
    },
  ],
];

async function ready<D>(start: Start<D>) {
  const runtime = okta.playedRuntime('2026-03-02T09:00:00.000Z');
  const { directory, connector, email } = await start(runtime);
  const found = await connector.find({ emails: [email], employeeId: null }, okta.call());
  if (!found.ok) throw new Error(found.error.message);
  const account = found.value;
  return {
    ...{ directory, connector, account, runtime },
    find: () => connector.find({ emails: [email], employeeId: null }, okta.call()),
    perform: () => connector.perform(disable, account, okta.call()),
  };
}

describe.each(HOLDING)('a right of %s that was granted a minute ago (%s)', (_system, right, start) => {
  it('is used at once, by the very next call', async () => {
    const { directory, perform } = await ready(start);
    directory.permit(right, false);
    // The next token is given without it.
    directory.expireTokens();
    expect(await perform()).toMatchObject({ error: { kind: 'permission' } });
    directory.permit(right, true);
    expect(await perform()).toMatchObject({ ok: true });
  });
});

describe.each(ALL)('what %s refuses for now', (_system, start) => {
  it('is repeated when a lock or an outage is over, after the wait that it names', async () => {
    const { directory, perform } = await ready(start);
    directory.faults.add({ type: 'locked', only: 'writes', times: 1, ms: 7_000 });
    expect(await perform()).toMatchObject({ error: { kind: 'transient', retryAfterMs: 7_000 } });
    directory.faults.add({ type: 'unavailable', only: 'writes', times: 1, ms: 9_000 });
    expect(await perform()).toMatchObject({ error: { kind: 'unknown_outcome', retryAfterMs: 9_000 } });
    expect(await perform()).toMatchObject({ ok: true });
  });

  it('is told as the firewall in between where that wrote the answer, not as a missing right', async () => {
    const { directory, perform } = await ready(start);
    directory.faults.add({ type: 'walled', only: 'writes', times: 1 });
    const refused = await perform();
    expect(refused).toMatchObject({ error: { kind: 'unsupported' } });
    expect(refused.ok ? '' : refused.error.message).toMatch(/firewall/);
    expect(refused.ok ? '' : refused.error.message).not.toMatch(/grant|role|scope/i);
  });

  it.each(['misled', 'unrouted'] as const)('is no missing account where a proxy answered 404: %s', async (type) => {
    const { directory, perform, find } = await ready(start);
    directory.faults.add({ type, only: 'writes', times: 1 });
    const refused = await perform();
    expect(refused).toMatchObject({ error: { kind: 'unsupported', message: expect.stringContaining('base URL') } });
    directory.faults.add({ type, only: 'reads', times: 1 });
    expect(await find()).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });
});
