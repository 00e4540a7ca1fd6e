import { afterEach, expect, it } from '@jest/globals';
import type { KeycloakDirectory } from 'identity-sandbox/keycloak';
import type { Command } from '../../src/ports/connector.js';
import * as keycloak from './keycloak-subject.js';

const ALL: Command = { kind: 'unlink_identity_providers', items: 'all' };
const runtime = keycloak.playedRuntime();

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

type Snapshot = ReturnType<KeycloakDirectory['snapshot']>;
type User = Snapshot['users'][number];

/** The realm with somebody's `google` linked to the account, and the account changed besides. */
async function start(email: string, change: (user: User, all: Snapshot['users']) => void, more = {}) {
  const first = await keycloak.startDirectory(() => runtime.now());
  open.push(() => first.close());
  first.link(email, 'google', 'mallory@gmail.example');
  const snapshot = first.snapshot();
  const user = snapshot.users.find((one) => one.email === email);
  if (user === undefined) throw new Error('no such person');
  change(user, snapshot.users);
  const directory: KeycloakDirectory = await keycloak.startDirectory(() => runtime.now(), { snapshot });
  open.push(() => directory.close());
  const connector = keycloak.connect(directory, runtime, more);
  const found = await connector.find({ emails: [email], employeeId: null }, keycloak.call());
  if (!found.ok) throw new Error(found.error.message);
  const account = found.value;
  const linked = (): readonly string[] =>
    (directory.snapshot().users.find((one) => one.email === email)?.identities ?? []).map(
      ({ identityProvider }) => identityProvider,
    );
  return { connector, account, linked };
}

function passkeyOnly(user: User): void {
  user.password = null;
  user.credentials.push({
    id: '7f0c1c62-5a14-4e1f-8b0e-000000000001',
    type: 'webauthn-passwordless',
    createdDate: runtime.now().getTime() - 90 * 24 * 3_600_000,
    userLabel: 'YubiKey',
  });
}

// Somebody who signs in with a passkey alone has no password either. The attacker's link is then the only one.
it.each([{}, { upstream: {} }])(
  'does not take the only link of an account with a passkey for its own sign-in (%j)',
  async (more) => {
    const { connector, account, linked } = await start(keycloak.ADA, passkeyOnly, more);
    const sent = await connector.perform(ALL, account, keycloak.call());
    expect(sent).toMatchObject({
      ok: false,
      error: { kind: 'unsupported', message: expect.stringMatching(/google as mallory.*by hand/) },
    });
    expect(linked()).toEqual(['google']);
    expect(await connector.readBack(ALL, account, runtime.now(), keycloak.call())).toMatchObject({
      value: { verdict: 'cannot_tell', observed: expect.stringMatching(/google as mallory.*by hand/) },
    });
  },
);

// Keycloak's account console lets somebody who came through a broker set a password of their own: so can who holds the session.
it('does not cut off the provider of the company because the account was given a password', async () => {
  const { connector, account, linked } = await start('broker@example.com', (user, all) => {
    user.password = all.find(({ email }) => email === keycloak.ADA)?.password ?? null;
  });
  expect(linked().toSorted()).toEqual(['entra-oidc', 'google']);
  expect(await connector.perform(ALL, account, keycloak.call())).toMatchObject({ ok: true });
  expect(linked()).toEqual(['entra-oidc']);
  expect(await connector.readBack(ALL, account, runtime.now(), keycloak.call())).toMatchObject({
    value: { verdict: 'holds', observed: expect.stringContaining('other than its own sign-in') },
  });
});
