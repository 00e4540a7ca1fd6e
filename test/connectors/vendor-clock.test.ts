import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createVendorClock } from '../../src/connectors/http/vendor-clock.js';
import type { AccountRef, Command, Connector } from '../../src/ports/connector.js';
import type { Runtime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import * as entra from './entra-id-subject.js';
import * as google from './google-workspace-subject.js';
import * as keycloak from './keycloak-subject.js';
import * as mimecast from './mimecast-subject.js';
import * as okta from './okta-subject.js';
import * as scim from './scim-subject.js';
import { selfSigned } from './self-signed.js';
import * as slack from './slack-workspace-subject.js';

const START = '2026-03-02T09:00:00.700Z';
const AHEAD = [-600, -300, -60, -5, -1, 0, 1, 3, 5, 60, 300, 600].map((seconds) => [seconds * 1000] as const);
const FAR = [-600, -300, -60, 0, 60, 300, 600].map((seconds) => [seconds * 1000] as const);
const reset: Command = { kind: 'reset_password', password: new Secret('Chosen-Passw0rd-zq') };
const revoke: Command = { kind: 'revoke_sessions' };

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const vendor of started.splice(0)) await vendor.close();
});
function kept<Vendor extends { close(): Promise<void> }>(vendor: Vendor): Vendor {
  started.push(vendor);
  return vendor;
}

interface Vendor {
  readonly connect: () => Connector;
  readonly email: string;
  readonly intrude: () => void;
}
type Start = (runtime: Runtime, clock: () => Date) => Promise<Vendor>;

const none = (): void => undefined;
const startKeycloak: Start = async (runtime, clock) => {
  const realm = kept(await keycloak.startDirectory(clock));
  const intrude = () => realm.intrude(keycloak.ADA, { ip: '198.51.100.66' });
  return { connect: () => keycloak.connect(realm, runtime), email: keycloak.ADA, intrude };
};
const startSlack: Start = async (runtime, clock) => {
  const workspace = kept(await slack.startSlack({ ...runtime, now: clock }, 'enterprise'));
  const intrude = () => slack.intrude(workspace, slack.ADA.id);
  return { connect: () => slack.connect(workspace, runtime), email: slack.ADA.email, intrude };
};
const signedIn: readonly (readonly [string, Start])[] = [
  [
    'entra_id, by certificate',
    async (runtime, clock) => {
      const { certificate, privateKey } = selfSigned();
      const { url } = kept(await entra.startDirectory(clock, { certificate }));
      const by = { client_secret: null, certificate, private_key: privateKey };
      return { connect: () => entra.connect(url, runtime, by), email: entra.ADA, intrude: none };
    },
  ],
  [
    'mimecast, API 1.0',
    async (runtime, clock) => {
      const { url } = kept(await mimecast.startDirectory(clock));
      return { connect: () => mimecast.connect(url, runtime, mimecast.API1), email: mimecast.ADA, intrude: none };
    },
  ],
];
const startScim: Start = async (runtime, clock) => {
  const { url } = kept(await scim.startDirectory(clock));
  return { connect: () => scim.connect(url, runtime), email: scim.ADA, intrude: none };
};

/** Those that log what was done, and which commands their log can prove. */
const LOGGED: readonly (readonly [string, Start, readonly Command[]])[] = [
  [
    'okta',
    async (runtime, clock) => {
      const { url } = kept(await okta.startDirectory(clock));
      return { connect: () => okta.connectApp(url, runtime), email: okta.ADA, intrude: none };
    },
    [reset, revoke],
  ],
  [
    'entra_id',
    async (runtime, clock) => {
      const { url } = kept(await entra.startDirectory(clock));
      return { connect: () => entra.connect(url, runtime), email: entra.ADA, intrude: none };
    },
    [reset, revoke],
  ],
  [
    'google_workspace',
    async (runtime, clock) => {
      const { url } = kept(await google.startDirectory(clock));
      return { connect: () => google.connect(url, runtime), email: google.ADA, intrude: none };
    },
    [reset, revoke],
  ],
  [
    'mimecast',
    async (runtime, clock) => {
      const { url } = kept(await mimecast.startDirectory(clock));
      return { connect: () => mimecast.connect(url, runtime), email: mimecast.ADA, intrude: none };
    },
    [reset],
  ],
  ['keycloak', startKeycloak, [reset]],
];

interface Tenant {
  /** A process that has just begun, and so knows nothing of the vendor's clock. */
  readonly connect: () => Connector;
  readonly intrude: () => void;
  readonly account: AccountRef;
  readonly now: () => Date;
  readonly wait: (ms: number) => void;
}

/** A connector whose own clock is ahead of its vendor's by so many ms. */
async function tenantOf(start: Start, aheadMs: number): Promise<Tenant> {
  const runtime = okta.playedRuntime(START);
  const { connect, email, intrude } = await start(runtime, () => new Date(runtime.now().getTime() - aheadMs));
  const account = await connect().find({ emails: [email], employeeId: null }, okta.call());
  if (!account.ok) throw new Error(account.error.message);
  const { value } = account;
  return { connect, intrude, account: value, now: () => runtime.now(), wait: (ms) => runtime.advance(ms) };
}

describe.each(LOGGED)('a clock that differs from the one of %s', (_system, start, commands) => {
  it.each(AHEAD)('by %i ms: what was done is seen', async (ahead) => {
    const { connect, account, now, wait } = await tenantOf(start, ahead);
    for (const command of commands) {
      const since = now();
      expect(await connect().perform(command, account, okta.call())).toMatchObject({ ok: true });
      wait(1_000);
      const read = await connect().readBack(command, account, since, okta.call());
      expect(read).toMatchObject({ ok: true, value: { verdict: 'holds' } });
      wait(5_000);
    }
  });

  it.each(AHEAD)('by %i ms: what was done a while before the command proves nothing', async (ahead) => {
    const { connect, account, now, wait } = await tenantOf(start, ahead);
    for (const command of commands) {
      expect(await connect().perform(command, account, okta.call())).toMatchObject({ ok: true });
      wait(5_000);
      const read = await connect().readBack(command, account, now(), okta.call());
      expect(read).toMatchObject({ ok: true });
      expect(read).not.toMatchObject({ value: { verdict: 'holds' } });
    }
  });
});

describe.each(LOGGED)('what the log of %s tells of our own reset', (_system, start) => {
  it.each(FAR)('is dated by our clock, which is ahead by %i ms', async (ahead) => {
    const { connect, account, now, wait } = await tenantOf(start, ahead);
    const connector = connect();
    const since = now();
    expect(await connector.perform(reset, account, okta.call())).toMatchObject({ ok: true });
    wait(20_000);
    const polled = await connector.events?.poll(null, okta.call());
    if (polled?.ok !== true) throw new Error('no events');
    const after = polled.value.events.map(({ occurredAt }) => occurredAt.getTime() - since.getTime());
    expect(after.length).toBeGreaterThan(0);
    for (const ms of after) {
      expect(ms).toBeGreaterThan(-5_000);
      expect(ms).toBeLessThan(5_000);
    }
  });
});

/** What the doctor says of the clock, found without any account. */
async function clockBy(start: Start, aheadMs: number) {
  const runtime = okta.playedRuntime(START);
  const { connect } = await start(runtime, () => new Date(runtime.now().getTime() - aheadMs));
  const findings = await connect().examine(null, okta.call());
  return findings.find(({ subject }) => subject === 'clock');
}

describe.each([
  ...LOGGED.map(([system, start]) => [system, start] as const),
  ['slack', startSlack] as const,
  ['scim', startScim] as const,
  ...signedIn,
])('the doctor, about the clock of %s', (_system, start) => {
  it.each([
    [-1_200_000, 'misconfigured', /(19 min 5\d s|20 min [01] s) behind that of /],
    [-300_000, 'misconfigured', /(4 min 5\d s|5 min [01] s) behind that of /],
    [-20_000, 'ok', /(19|20|21) s behind that of .*, which is taken into account/],
    [0, 'ok', /agrees with /],
    [20_000, 'ok', /(19|20|21) s ahead of that of .*, which is taken into account/],
    [300_000, 'misconfigured', /(4 min 5\d s|5 min [01] s) ahead of that of /],
    [1_200_000, 'misconfigured', /(19 min 5\d s|20 min [01] s) ahead of that of /],
  ] as const)('by %i ms: %s', async (ahead, verdict, told) => {
    const found = await clockBy(start, ahead);
    expect(found).toMatchObject({ verdict });
    expect(found?.detail).toMatch(told);
  });
});

describe.each(signedIn)('who signs in to %s with a wrong clock', (_system, start) => {
  it.each([-1_200_000, -300_000, 300_000, 1_200_000])('by %i ms is let in', async (ahead) => {
    const { account } = await tenantOf(start, ahead);
    expect(account.accountId).not.toBe('');
  });
});

describe('what an intruder left in Keycloak before the command', () => {
  it.each(FAR)('is taken for nothing newer by a clock of ours that is ahead by %i ms', async (ahead) => {
    const { connect, intrude, account, now, wait } = await tenantOf(startKeycloak, ahead);
    intrude();
    wait(20_000);
    const commands: readonly Command[] = [
      revoke,
      { kind: 'remove_factors', items: 'all' },
      { kind: 'revoke_grants', items: 'all' },
      { kind: 'require_two_step' },
    ];
    for (const command of commands)
      expect(await connect().readBack(command, account, now(), okta.call())).toMatchObject({
        value: { verdict: 'does_not_hold' },
      });
  });
});

describe('sessions in Slack', () => {
  it.each(FAR)('that began after the reset are new, with a clock of ours ahead by %i ms', async (ahead) => {
    const { connect, intrude, account, now, wait } = await tenantOf(startSlack, ahead);
    const since = now();
    await connect().perform(revoke, account, okta.call());
    wait(5_000);
    intrude();
    expect(await connect().readBack(revoke, account, since, okta.call())).toMatchObject({
      value: { verdict: 'holds' },
    });
  });

  it.each(FAR)('that began before the command are not ended by an older reset, ahead by %i ms', async (ahead) => {
    const { connect, intrude, account, now, wait } = await tenantOf(startSlack, ahead);
    await connect().perform(revoke, account, okta.call());
    wait(5_000);
    intrude();
    wait(5_000);
    expect(await connect().readBack(revoke, account, now(), okta.call())).toMatchObject({
      value: { verdict: 'does_not_hold' },
    });
  });
});

it.each(FAR)('a SCIM server that modified the account is not told to have left it, ahead by %i ms', async (ahead) => {
  const start: Start = async (runtime, clock) => {
    const { url } = kept(await scim.startDirectory(clock));
    return { connect: () => scim.connect(url, runtime), email: scim.ADA, intrude: none };
  };
  const { connect, account, now } = await tenantOf(start, ahead);
  const since = now();
  expect(await connect().perform(reset, account, okta.call())).toMatchObject({ ok: true });
  expect(await connect().readBack(reset, account, since, okta.call())).toMatchObject({
    value: { verdict: 'cannot_tell' },
  });
});

describe("the vendor's clock", () => {
  const at = (ms: number): Date => new Date(Date.parse('2026-03-02T09:00:00.000Z') + ms);
  const dated = (date: Date): Headers => new Headers({ date: date.toUTCString() });

  it('is known to a second and what an answer took, and better with each answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3_000_000, max: 3_000_000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (ahead, trips) => {
          const clock = createVendorClock();
          let own = 0;
          for (const [there, back] of trips) {
            const sentAt = at(own);
            clock.learn(dated(at(own + there - ahead)), { sentAt, answeredAt: at(own + there + back) });
            own += 1_000;
          }
          const quickest = Math.min(...trips.map(([, back]) => back));
          const told = clock.timeOf(at(own)).getTime() - at(own - ahead).getTime();
          expect(told).toBeLessThanOrEqual(1_000 + Math.max(...trips.map(([there]) => there)));
          expect(told).toBeGreaterThanOrEqual(-1_000 - quickest);
        },
      ),
    );
  });

  it.each([
    ['no date', new Headers()],
    ['a date that is none', new Headers({ date: 'soon' })],
    ['a date of long ago', dated(new Date(0))],
    ['an answer that was kept on the way', new Headers({ date: at(-60_000).toUTCString(), age: '60' })],
  ])('stays ours after %s', (_title, headers) => {
    const clock = createVendorClock();
    clock.learn(headers, { sentAt: at(0), answeredAt: at(10) });
    expect(clock.timeOf(at(0))).toEqual(at(0));
  });

  it('begins anew when a clock was set', () => {
    const clock = createVendorClock();
    clock.learn(dated(at(-60_000)), { sentAt: at(0), answeredAt: at(10) });
    clock.learn(dated(at(1_000)), { sentAt: at(1_000), answeredAt: at(1_010) });
    expect(clock.timeOf(at(2_000))).toEqual(at(2_000));
  });
});
