import { afterEach, describe, expect, it } from '@jest/globals';
import type { KeycloakDirectory } from 'identity-sandbox/keycloak';
import type { OktaDirectory, OktaDirectoryOptions } from 'identity-sandbox/okta';
import type { AccountRef, Command, Connector, EvidenceItem, Facts } from '../../src/ports/connector.js';
import * as keycloak from './keycloak-subject.js';
import * as okta from './okta-subject.js';

const ALL: Command = { kind: 'unlink_identity_providers', items: 'all' };
const only = (...items: readonly string[]): Command => ({ kind: 'unlink_identity_providers', items });

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function itemsOf(connector: Connector, account: AccountRef): Promise<readonly EvidenceItem[]> {
  const { identity_providers: found } = await connector.evidence(account, okta.call());
  if ('unavailable' in found) throw new Error(found.unavailable.message);
  return found.items;
}

async function factsOf(connector: Connector, command: Command, account: AccountRef): Promise<Facts> {
  const facts = await connector.capture(command, account, okta.call());
  if (!facts.ok) throw new Error(facts.error.message);
  return facts.value;
}

/** Performs, and reads back at once. */
async function done(connector: Connector, command: Command, account: AccountRef, since: Date) {
  const sent = await connector.perform(command, account, okta.call());
  const read = await connector.readBack(command, account, since, okta.call());
  if (!read.ok) throw new Error(read.error.message);
  return { sent, read: read.value };
}

describe('Okta', () => {
  const runtime = okta.playedRuntime();

  async function start(more: Record<string, unknown> = {}, users?: OktaDirectoryOptions['users']) {
    const directory: OktaDirectory = await okta.startDirectory(() => runtime.now(), users ? { users } : {});
    open.push(() => directory.close());
    return { directory, connector: okta.connectApp(directory.url, runtime, more) };
  }

  it('shows each linked provider with the time of its link, unlinks the chosen one, and links it again', async () => {
    const { directory, connector } = await start();
    directory.link(okta.ADA, { name: 'Private Google', type: 'GOOGLE' });
    runtime.advance(60_000);
    directory.link(okta.ADA, { name: 'Partner', type: 'SAML2' });
    const account = await okta.refOf(connector, okta.ADA);
    const items = await itemsOf(connector, account);
    expect(items.map(({ title }) => title)).toEqual([
      'Sign-in through Partner (SAML2)',
      'Sign-in through Private Google (GOOGLE)',
    ]);
    expect(items[0]?.at).toEqual(runtime.now());
    const command = only(items[1]?.id ?? '');
    const before = directory.snapshot().users.find(({ id }) => id === account.accountId)?.links;
    const facts = await factsOf(connector, command, account);
    const { sent, read } = await done(connector, command, account, runtime.now());
    expect(sent).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(read).toMatchObject({ verdict: 'holds' });
    expect(directory.user(okta.ADA)?.identityProviders).toEqual(['Partner']);
    expect(await connector.restore(command, account, facts, okta.call())).toMatchObject({ ok: true });
    const names = (links: typeof before) => (links ?? []).map(({ externalId }) => externalId).toSorted();
    const after = directory.snapshot().users.find(({ id }) => id === account.accountId)?.links;
    expect(names(after)).toEqual(names(before));
  });

  it('leaves the provider at which a federated account proves itself, and says so beforehand', async () => {
    const { directory, connector } = await start();
    directory.link('federated@example.com', { name: 'Partner', type: 'SAML2' });
    directory.link('federated@example.com', { name: 'Private Google', type: 'GOOGLE' });
    const account = await okta.refOf(connector, 'federated@example.com');
    const items = await itemsOf(connector, account);
    expect(items.map(({ title }) => title).toSorted()).toEqual([
      "Sign-in through Partner (SAML2), the account's own sign-in: it is left",
      'Sign-in through Private Google (GOOGLE)',
    ]);
    const every = await done(connector, ALL, account, runtime.now());
    expect(every.sent).toMatchObject({ ok: true });
    expect(every.read).toMatchObject({ verdict: 'holds' });
    expect(every.read.observed).toContain('other than its own sign-in');
    expect(directory.user('federated@example.com')?.identityProviders).toEqual(['Partner']);
    const own = items.find(({ title }) => title.includes('own sign-in'))?.id ?? '';
    const chosen = await done(connector, only(own), account, runtime.now());
    expect(chosen.sent).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    expect(chosen.read.verdict).toBe('does_not_hold');
    expect(directory.user('federated@example.com')?.identityProviders).toEqual(['Partner']);
  });

  it('unlinks none when Okta does not tell which one a federated account proves itself at', async () => {
    const { directory, connector } = await start();
    for (const name of ['One', 'Other']) directory.link('federated@example.com', { name, type: 'OIDC' });
    const account = await okta.refOf(connector, 'federated@example.com');
    const { sent, read } = await done(connector, ALL, account, runtime.now());
    expect(sent).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    expect(read).toMatchObject({ verdict: 'cannot_tell', observed: expect.stringMatching(/One.*Other.*by hand/) });
    expect(directory.user('federated@example.com')?.identityProviders).toEqual(['One', 'Other']);
  });

  // An org has as many providers of one type as it likes; Okta names the source of such an account by the type alone.
  it('does not take two of the kind that a federated account names for its own, and unlinks another', async () => {
    const { directory, connector } = await start({}, [
      { email: 'social@example.com', name: 'Social Example', provider: { type: 'SOCIAL', name: 'GOOGLE' } },
    ]);
    const named = ['Company Google', "Mallory's Google"];
    for (const name of named) directory.link('social@example.com', { name, type: 'GOOGLE' });
    directory.link('social@example.com', { name: 'Partner', type: 'SAML2' });
    const account = await okta.refOf(connector, 'social@example.com');
    const { sent, read } = await done(connector, ALL, account, runtime.now());
    expect(sent).toMatchObject({ ok: true });
    expect(read).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringMatching(/Company Google.*by hand.*Mallory's Google.*by hand/),
    });
    expect(directory.user('social@example.com')?.identityProviders).toEqual(named);
  });

  it('names the scope that is missing, and works with what an older set-up granted', async () => {
    const { directory, connector } = await start();
    directory.permit('okta.idps.read', false);
    directory.permit('okta.idps.manage', false);
    const account = await okta.refOf(connector, okta.ADA);
    const { identity_providers: section, factors } = await connector.evidence(account, okta.call());
    expect(section).toMatchObject({ unavailable: { kind: 'permission', missing: 'okta.idps.read' } });
    expect(factors).toHaveProperty('items');
    const findings = await connector.examine(null, okta.call());
    expect(findings.find(({ subject }) => subject === 'unlink_identity_providers')).toMatchObject({
      verdict: 'missing_permission',
      missing: ['okta.idps.read', 'okta.idps.manage'],
    });
  });

  it('saves nothing of a link that Okta does not show, and says that it cannot be made again', async () => {
    const { directory, connector } = await start();
    directory.link(okta.ADA, { name: 'Private Google', type: 'GOOGLE' });
    const account = await okta.refOf(connector, okta.ADA);
    const [item] = await itemsOf(connector, account);
    const command = only(item?.id ?? '');
    directory.forgetLinks(okta.ADA);
    expect(await factsOf(connector, command, account)).toEqual({});
    await connector.perform(command, account, okta.call());
    expect(directory.user(okta.ADA)?.identityProviders).toEqual([]);
    const undone = await connector.restore(command, account, {}, okta.call());
    expect(undone).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });

  it('says what cannot be linked again by the API', async () => {
    const { directory, connector } = await start();
    directory.link(okta.ADA, { name: 'Partner', type: 'SAML2', keepsNameId: false });
    const account = await okta.refOf(connector, okta.ADA);
    const facts = await factsOf(connector, ALL, account);
    await connector.perform(ALL, account, okta.call());
    const undone = await connector.restore(ALL, account, facts, okta.call());
    expect(undone).toMatchObject({ ok: false, error: { kind: 'invalid_input' } });
  });
});

describe('Keycloak', () => {
  const runtime = keycloak.playedRuntime();

  async function start(more: Record<string, unknown> = {}) {
    const directory: KeycloakDirectory = await keycloak.startDirectory(() => runtime.now());
    open.push(() => directory.close());
    const connector = keycloak.connect(directory, runtime, more);
    const refOf = async (email: string): Promise<AccountRef> => {
      const found = await connector.find({ emails: [email], employeeId: null }, keycloak.call());
      if (!found.ok) throw new Error(found.error.message);
      return found.value;
    };
    const linked = (email: string) => directory.snapshot().users.find((user) => user.email === email)?.identities ?? [];
    return { directory, connector, refOf, linked };
  }

  it('shows when a provider was linked, unlinks the chosen one, and links it again as it was', async () => {
    const { directory, connector, refOf, linked } = await start();
    directory.link(keycloak.ADA, 'google', 'mallory@gmail.example');
    directory.link(keycloak.ADA, 'github', 'ada');
    const account = await refOf(keycloak.ADA);
    const items = await itemsOf(connector, account);
    expect(items.find(({ id }) => id === 'google')).toEqual({
      id: 'google',
      title: 'Sign-in through google as mallory@gmail.example',
      at: runtime.now(),
    });
    const before = linked(keycloak.ADA);
    const facts = await factsOf(connector, only('google'), account);
    const { sent, read } = await done(connector, only('google'), account, runtime.now());
    expect([sent.ok, read.verdict]).toEqual([true, 'holds']);
    expect(linked(keycloak.ADA).map(({ identityProvider }) => identityProvider)).toEqual(['github']);
    expect(await connector.restore(only('google'), account, facts, keycloak.call())).toMatchObject({ ok: true });
    expect(linked(keycloak.ADA)).toEqual(expect.arrayContaining([...before]));
  });

  it('saves no link whose user name is not shown, rather than one without it', async () => {
    const { directory, connector, refOf, linked } = await start();
    directory.link(keycloak.ADA, 'google', 'ada@gmail.example');
    const account = await refOf(keycloak.ADA);
    directory.hooks.rewrite = (body) =>
      Array.isArray(body) ? body.map((row: object) => ({ ...row, userName: undefined })) : body;
    expect(await factsOf(connector, only('google'), account)).toEqual({});
    await connector.perform(only('google'), account, keycloak.call());
    expect(linked(keycloak.ADA)).toEqual([]);
    const undone = await connector.restore(only('google'), account, {}, keycloak.call());
    expect(undone).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });

  it('saves all links or none, so that an undo never puts back a part', async () => {
    const { directory, connector, refOf } = await start();
    directory.link(keycloak.ADA, 'google', 'ada@gmail.example');
    directory.link(keycloak.ADA, 'github', 'ada');
    const account = await refOf(keycloak.ADA);
    expect(Object.keys(await factsOf(connector, ALL, account))).toHaveLength(2);
    directory.hooks.rewrite = (body) =>
      Array.isArray(body) ? body.map((row: object, index) => (index === 0 ? { ...row, userName: 7 } : row)) : body;
    expect(await factsOf(connector, ALL, account)).toEqual({});
  });

  it('does not take an account for federated whose password may be of an unknown type', async () => {
    const { directory, connector, refOf, linked } = await start({ upstream: {} });
    directory.link(keycloak.ADA, 'google', 'mallory@gmail.example');
    const account = await refOf(keycloak.ADA);
    directory.hooks.rewrite = (body) =>
      Array.isArray(body)
        ? body.map((row: object) => ('type' in row && row.type === 'password' ? { ...row, type: 'NEW' } : row))
        : body;
    const { sent, read } = await done(connector, ALL, account, runtime.now());
    expect(sent.ok).toBe(false);
    expect(read.verdict).not.toBe('holds');
    expect(linked(keycloak.ADA)).toHaveLength(1);
  });

  it("leaves the company's provider of an account without a password, whichever was linked first", async () => {
    const { directory, connector, refOf, linked } = await start();
    directory.link('broker@example.com', 'google', 'mallory@gmail.example');
    const account = await refOf('broker@example.com');
    const state = await connector.readState(account, keycloak.call());
    expect(state).toMatchObject({ value: { authority: { where: 'federated', from: 'entra' } } });
    const { sent, read } = await done(connector, ALL, account, runtime.now());
    expect([sent.ok, read.verdict]).toEqual([true, 'holds']);
    expect(linked('broker@example.com').map(({ identityProvider }) => identityProvider)).toEqual(['entra-oidc']);
    const chosen = await done(connector, only('entra-oidc'), account, runtime.now());
    expect(chosen.sent).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    expect(linked('broker@example.com')).toHaveLength(1);
  });

  it('unlinks none when nothing tells which of several the account signs in with', async () => {
    const { directory, connector, refOf, linked } = await start({ upstream: {} });
    directory.link('broker@example.com', 'google', 'mallory@gmail.example');
    const { sent, read } = await done(connector, ALL, await refOf('broker@example.com'), runtime.now());
    expect(sent).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    expect(read.verdict).toBe('cannot_tell');
    expect(linked('broker@example.com')).toHaveLength(2);
  });

  it('leaves what it does itself out of what a person does by hand: links, and recovery codes', async () => {
    const { connector, refOf } = await start();
    const account = await refOf(keycloak.ADA);
    const steps = connector.consoleSteps({ kind: 'clear_recovery_contacts' }, account);
    expect(JSON.stringify(steps)).not.toMatch(/unlink|recovery codes/i);
    expect(JSON.stringify(steps)).toContain('Forgot password');
  });
});
