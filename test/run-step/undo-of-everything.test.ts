import { afterEach, describe, expect, it } from '@jest/globals';
import { attemptUndo } from '../../jobs/run-step/undo.js';
import type { Try } from '../../jobs/run-step/attempt.js';
import { ADA, call, connect, playedRuntime, startDirectory } from '../connectors/entra-id-subject.js';
import * as keycloak from '../connectors/keycloak-subject.js';
import { play } from './tries.js';
import type { Command, Connector, AccountRef } from '../../src/ports/connector.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** The command runs, and its undo afterwards, on what it found and left. */
async function undone(connector: Connector, ref: AccountRef, command: Command) {
  const before = await connector.capture(command, ref, call());
  const done = await connector.perform(command, ref, call());
  const left = await connector.capture(command, ref, call());
  if (!before.ok || !done.ok || !left.ok) throw new Error('the step itself failed');
  expect(Object.keys(before.value)).not.toEqual([]);
  const { attempt } = play({ undo_of: 'stp_0', action: command.kind });
  const account = { ...attempt.account, system: ref.system, accountId: ref.accountId, login: ref.login };
  const tried: Try = { ...attempt, connector, ref, command, account, call: call() };
  return attemptUndo(tried, { before: before.value, left: left.value });
}

// A step that took all of something leaves nothing that could be shown: that is as it was left, and is put back.
describe('the undo of a step that left nothing', () => {
  it('gives the administrator roles of Entra ID back', async () => {
    const runtime = playedRuntime();
    const directory = await startDirectory(() => runtime.now());
    open.push(directory);
    directory.setRole(ADA, 'Helpdesk Administrator', true);
    const entra = connect(directory.url, runtime);
    const ada = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!ada.ok) throw new Error(ada.error.message);
    expect(await undone(entra, ada.value, { kind: 'remove_admin_roles' })).toMatchObject({ kind: 'restored' });
    const held = directory.snapshot().roleAssignments.filter(({ principalId }) => principalId === ada.value.accountId);
    expect(held).toHaveLength(1);
  });

  it('links all providers of a Keycloak account again', async () => {
    const runtime = keycloak.playedRuntime();
    const directory = await keycloak.startDirectory(() => runtime.now());
    open.push(directory);
    directory.link(keycloak.ADA, 'google', 'ada@gmail.example');
    const connector = keycloak.connect(directory, runtime);
    const ada = await connector.find({ emails: [keycloak.ADA], employeeId: null }, call());
    if (!ada.ok) throw new Error(ada.error.message);
    const outcome = await undone(connector, ada.value, { kind: 'unlink_identity_providers', items: 'all' });
    expect(outcome).toMatchObject({ kind: 'restored' });
  });
});
