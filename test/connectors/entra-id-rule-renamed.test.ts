import { afterEach, describe, expect, it } from '@jest/globals';
import { attemptUndo } from '../../jobs/run-step/undo.js';
import { ADA, call, connect, OFFICE, playedRuntime, startDirectory } from './entra-id-subject.js';
import { play } from '../run-step/tries.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

// Companies have naming rules for Conditional Access, and somebody applies them to what they find there.
describe('a login-range rule that an administrator has renamed', () => {
  it('is not told as put back while it is enforced', async () => {
    const runtime = playedRuntime();
    const first = await startDirectory(() => runtime.now());
    open.push(first);
    const settings = { login_ranges: 'rule', login_range_groups: [] };
    const command = { kind: 'limit_login_ips', ranges: OFFICE.ranges } as const;
    const entra = connect(first.url, runtime, settings);
    const ada = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!ada.ok) throw new Error(ada.error.message);
    const before = await entra.capture(command, ada.value, call());
    expect(await entra.perform(command, ada.value, call())).toMatchObject({ ok: true });
    const left = await entra.capture(command, ada.value, call());
    if (!before.ok || !left.ok) throw new Error('not captured');

    const snapshot = first.snapshot();
    for (const one of [...snapshot.policies, ...snapshot.locations])
      if (one.displayName.startsWith('Notme: ')) one.displayName = `CA301-Block-${one.displayName.slice(7, 20)}`;
    const renamed = await startDirectory(() => runtime.now(), { snapshot });
    open.push(renamed);
    const there = connect(renamed.url, runtime, settings);
    const { attempt } = play({ undo_of: 'stp_0', action: 'limit_login_ips' });
    const account = { ...attempt.account, system: 'entra_id', accountId: ada.value.accountId };
    const outcome = await attemptUndo(
      { ...attempt, connector: there, ref: ada.value, command, account, call: call() },
      { before: before.value, left: left.value },
    );
    const enforced = renamed
      .snapshot()
      .policies.some(({ includeUsers, state }) => includeUsers?.[0] === ada.value.accountId && state === 'enabled');
    expect({ enforced, outcome: outcome.kind }).not.toEqual({ enforced: true, outcome: 'restored' });
  });
});
