import { afterEach, describe, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import type { AccountRef, Command, Connector, EvidenceItem } from '../../src/ports/connector.js';
import { standBetween } from './between.js';
import { startStub, type StubVendor } from './stub-vendor.js';
import { ADA, call, connectApp, connectToken, playedRuntime, refOf, startDirectory } from './okta-subject.js';

const ALL: Command = { kind: 'remove_factors', items: 'all' };
const runtime = playedRuntime();
let directory: OktaDirectory | undefined;
let stub: StubVendor | undefined;
afterEach(async () => {
  await directory?.close();
  directory = undefined;
  stub?.close();
  stub = undefined;
});

async function start() {
  const started: OktaDirectory = await startDirectory(() => runtime.now());
  directory = started;
  const okta = connectApp(started.url, runtime);
  const sentTo = (method: string): readonly string[] =>
    started.calls().flatMap((one) => (one.method === method && one.path.includes('/users/') ? [one.path] : []));
  return { okta, directory: started, sentTo, ada: await refOf(okta, ADA) };
}

async function methodsOf(okta: Connector, account: AccountRef) {
  const { factors } = await okta.evidence(account, call());
  if ('unavailable' in factors) throw new Error(factors.unavailable.message);
  return factors;
}
const titled = (items: readonly EvidenceItem[], word: string): string =>
  items.find(({ title }) => title.includes(word))?.id ?? '';

async function done(okta: Connector, command: Command, account: AccountRef) {
  const sent = await okta.perform(command, account, call());
  const read = await okta.readBack(command, account, runtime.now(), call());
  if (!read.ok) throw new Error(read.error.message);
  return { sent, read: read.value };
}

it("takes all factors the vendor's way, phones before it, and temporary access codes after it", async () => {
  const { okta, directory, ada, sentTo } = await start();
  directory.intrude(ADA, { ip: '198.51.100.66', country: 'Brazil' });
  directory.addAccessCode(ADA);
  const { items } = await methodsOf(okta, ada);
  expect(items.map(({ title }) => title)).toContain('Temporary Access Code');
  const { sent, read } = await done(okta, ALL, ada);
  expect(sent).toMatchObject({ ok: true });
  expect(read.verdict).toBe('holds');
  expect(sentTo('POST')).toEqual([`/api/v1/users/${ada.accountId}/lifecycle/reset_factors`]);
  expect(sentTo('DELETE').map((path) => path.split('/')[5])).toEqual(['factors', 'authenticator-enrollments']);
  const user = directory.snapshot().users.find(({ id }) => id === ada.accountId);
  expect([user?.factors, user?.accessCodes]).toEqual([[], []]);
});

it('tells the e-mail factor of the primary address as what comes back, never as a failure', async () => {
  const { okta, directory, ada } = await start();
  directory.enrolEmail(ADA);
  const { items } = await methodsOf(okta, ada);
  const email = titled(items, 'enrols it again by itself');
  expect(email).not.toBe('');
  const every = await done(okta, ALL, ada);
  expect(every.read).toMatchObject({
    verdict: 'holds',
    observed: expect.stringMatching(/other than E-mail ada.example@mail.example.com: .*primary address/),
  });
  expect(directory.user(ADA)?.factors).toHaveLength(1);
  expect(every.read.residual.map(({ what }) => what).join()).toContain('e-mail factor of the primary address');
});

// A person may change the primary address in the own settings: so may whoever holds the session.
it('tells nothing as left to the person at a primary address that the account is not known by', async () => {
  const { directory, ada } = await start();
  directory.enrolEmail(ADA);
  const between = await standBetween(directory.url, {
    change: ({ method }, body) =>
      method === 'GET' ? body.replaceAll('ada.example@mail.example.com', 'mallory@mail.example') : body,
  });
  try {
    const okta = connectToken(between.url, runtime);
    expect(titled((await methodsOf(okta, ada)).items, 'mallory@mail.example (primary address')).not.toBe('');
    const { sent, read } = await done(okta, ALL, ada);
    expect(sent).toMatchObject({ ok: true });
    expect(read).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringMatching(/E-mail mallory@mail.example: .*not known by that address/),
    });
  } finally {
    await between.close();
  }
});

it('removes one that comes back when it is chosen', async () => {
  const { okta, directory, ada } = await start();
  directory.enrolEmail(ADA);
  const { items } = await methodsOf(okta, ada);
  const email = titled(items, 'E-mail');
  const push = titled(items, 'push');
  const { sent, read } = await done(okta, { kind: 'remove_factors', items: [push] }, ada);
  expect([sent.ok, read.verdict]).toEqual([true, 'holds']);
  const again = await done(okta, { kind: 'remove_factors', items: [email] }, ada);
  expect(again.sent).toMatchObject({ ok: true, value: { alreadyDone: false } });
  expect(again.read.verdict).not.toBe('does_not_hold');
});

it('says nothing of temporary access codes where the org has none', async () => {
  const { okta, directory, ada } = await start();
  directory.license('authenticator_enrollments', false);
  expect((await methodsOf(okta, ada)).complete).toBe(true);
  expect((await done(okta, ALL, ada)).read.verdict).toBe('holds');
});

it('removes a code that is chosen by itself', async () => {
  const { okta, directory, ada } = await start();
  directory.addAccessCode(ADA);
  const code = titled((await methodsOf(okta, ada)).items, 'Temporary');
  const { sent, read } = await done(okta, { kind: 'remove_factors', items: [code] }, ada);
  expect([sent.ok, read.verdict]).toEqual([true, 'holds']);
  expect(directory.user(ADA)?.factors).toHaveLength(1);
});

it('names Universal Logout as what is left to a person', async () => {
  const { okta, ada } = await start();
  const { read } = await done(okta, { kind: 'revoke_sessions' }, ada);
  expect(read.residual.map(({ what }) => what).join()).toContain('Universal Logout');
});

describe('an org that keeps the id of an e-mail factor, and shows no enrollments', () => {
  const ACCOUNT = { system: 'okta', accountId: '00uX', login: 'ada@example.com' };
  const USER = { id: '00uX', status: 'ACTIVE', profile: { login: 'ada@example.com', email: 'ada@example.com' } };
  const EMAIL = { id: 'emf1', factorType: 'email', provider: 'OKTA', status: 'ACTIVE', profile: USER.profile };
  const FORBIDDEN = { status: 403, body: { errorCode: 'E0000006', errorSummary: 'You do not have permission' } };

  async function connected(): Promise<Connector> {
    stub = await startStub((asked) => {
      if (asked === 'GET /api/v1/users/me') return { body: { ...USER, id: '00uM' } };
      if (asked === 'GET /api/v1/users/00uX') return { body: USER };
      if (asked.startsWith('GET /api/v1/users/00uX/factors')) return { body: [EMAIL] };
      if (asked.endsWith('/authenticator-enrollments')) return FORBIDDEN;
      if (asked.startsWith('GET')) return { body: [] };
      return { status: asked.startsWith('DELETE') ? 204 : 200, body: null };
    });
    return connectToken(stub.url, runtime);
  }

  it('is told that the factor is there again, without a verdict on it', async () => {
    const { read } = await done(await connected(), { kind: 'remove_factors', items: ['emf1'] }, ACCOUNT);
    expect(read).toMatchObject({ verdict: 'cannot_tell', observed: expect.stringContaining('enrols again by itself') });
  });

  it('is told that the codes were not read', async () => {
    const okta = await connected();
    expect((await methodsOf(okta, ACCOUNT)).complete).toBe(false);
    const { sent, read } = await done(okta, ALL, ACCOUNT);
    expect(sent).toMatchObject({ ok: true });
    expect(read).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringContaining('authenticator-enrollments'),
    });
  });
});
