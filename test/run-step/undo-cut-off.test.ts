import { afterEach, describe, expect, it } from '@jest/globals';
import { attemptUndo } from '../../jobs/run-step/undo.js';
import type { Try } from '../../jobs/run-step/attempt.js';
import * as keycloak from '../connectors/keycloak-subject.js';
import { play, SENT } from './tries.js';
import { standBetween } from '../connectors/between.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('an undo of two links that was cut off after the first', () => {
  it('goes on with the second: what is there already is our own doing', async () => {
    const runtime = keycloak.playedRuntime();
    const directory = await keycloak.startDirectory(() => runtime.now());
    open.push(directory);
    directory.link(keycloak.ADA, 'google', 'ada@gmail.example');
    directory.link(keycloak.ADA, 'github', 'ada');
    let posts = 0;
    let cut = true;
    const between = await standBetween(directory.url, {
      before({ method, path }) {
        if (method !== 'POST' || !path.includes('/federated-identity/')) return;
        posts += 1;
        if (cut && posts === 2) throw new Error('the line is cut here');
      },
    });
    open.unshift(between);
    const connector = keycloak.connect(
      { url: between.url, adminClientUuid: () => directory.adminClientUuid() },
      runtime,
    );
    const ada = await connector.find({ emails: [keycloak.ADA], employeeId: null }, keycloak.call());
    if (!ada.ok) throw new Error(ada.error.message);
    const command = { kind: 'unlink_identity_providers', items: ['google', 'github'] } as const;
    const before = await connector.capture(command, ada.value, keycloak.call());
    expect(await connector.perform(command, ada.value, keycloak.call())).toMatchObject({ ok: true });
    const left = await connector.capture(command, ada.value, keycloak.call());
    if (!before.ok || !left.ok) throw new Error('not captured');
    const saved = { before: before.value, left: left.value };
    const { attempt } = play({ undo_of: 'stp_0', action: command.kind });
    const account = { ...attempt.account, system: 'keycloak', accountId: ada.value.accountId };
    const first: Try = { ...attempt, connector, ref: ada.value, command, account, call: keycloak.call() };
    expect((await attemptUndo(first, saved)).kind).toBe('retry');
    cut = false;
    const again = await attemptUndo({ ...first, step: { ...first.step, first_sent_at: SENT, attempts: 1 } }, saved);
    const links = directory.snapshot().users.find(({ email }) => email === keycloak.ADA)?.identities ?? [];
    expect({ outcome: again.kind, links: links.length }).toEqual({ outcome: 'restored', links: 2 });
  });
});
