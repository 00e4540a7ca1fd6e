import { describe, expect, it } from '@jest/globals';
import { attemptUndo } from '../../jobs/run-step/undo.js';
import { FAILURE_KINDS, FAILURES, inShort, play, type PlayedStep, SENT } from './tries.js';

const SAVED = { before: { disable_account: false }, left: { disable_account: true } };
const UNDO = { undo_of: 'stp_0' } as const;

/** An account as the step left it, and the undo of that step. */
const played = (step: PlayedStep = {}, options: Parameters<typeof play>[1] = {}) => {
  const made = play({ ...UNDO, ...step }, options);
  made.system.setEnabled(made.account.accountId, false);
  return {
    ...made,
    undo: () => attemptUndo(made.attempt, SAVED),
    isEnabled: () => made.system.isEnabled(made.account.accountId),
  };
};

describe('an undo', () => {
  it('puts back what was there, and reads that it is', async () => {
    const { undo, isEnabled, marked, system } = played();
    expect(await undo()).toMatchObject({ kind: 'restored', facts: SAVED.before, requestId: 'req_restore' });
    expect([isEnabled(), marked]).toEqual([true, [null]]);
    expect(system.asked).toEqual([
      'capture disable_account',
      'readState ada@meadow.example',
      'restore disable_account',
      'capture disable_account',
      'readState ada@meadow.example',
    ]);
  });

  it('sends nothing when it is so already', async () => {
    const { undo, system, account, marked } = played();
    system.setEnabled(account.accountId, true);
    expect(await undo()).toMatchObject({ kind: 'restored', requestId: null });
    expect(marked).toEqual([]);
  });

  it('shows what somebody else changed instead of overwriting it', async () => {
    const { attempt, system, marked } = played();
    const outcome = await attemptUndo(attempt, {
      before: { disable_account: false, x: 1 },
      left: { disable_account: true, x: 2 },
    });
    expect(outcome).toMatchObject({
      kind: 'needs_human',
      why: { kind: 'changed', differences: [{ name: 'x', expected: 2 }] },
    });
    expect([marked, system.asked]).toEqual([[], ['capture disable_account']]);
  });

  it.each([
    ['before it is sent, again until a person looks', {}, 'human: transient'],
    ['after it was sent', { first_sent_at: SENT }, 'human: transient'],
  ] as const)('blames nobody where nothing is shown: %s', async (_when, step, atLast) => {
    const { attempt, system, marked } = played(step);
    system.factsHidden = 'now';
    const first = await attemptUndo(attempt, SAVED);
    expect(first).toMatchObject({ kind: 'retry', failure: { kind: 'transient' } });
    const tired = { ...attempt, step: { ...attempt.step, attempts: 8, reads: 8 } };
    expect(inShort(await attemptUndo(tired, SAVED))).toBe(atLast);
    expect(marked).toEqual([]);
  });

  it('does not say that somebody else has it otherwise when nothing is shown after it was put back', async () => {
    const { attempt, system } = played();
    system.factsHidden = 'once_restored';
    expect(await attemptUndo({ ...attempt, step: { ...attempt.step, reads: 5 } }, SAVED)).toMatchObject({
      kind: 'retry',
      acceptedNow: true,
      failure: { kind: 'transient' },
    });
  });

  it('has nothing to put back, and so nothing that is back, where nothing was kept', async () => {
    const { attempt, marked } = played();
    expect(inShort(await attemptUndo(attempt, { before: {}, left: {} }))).toBe('human: unsupported');
    expect(marked).toEqual([]);
  });

  it('does not say that nothing was overwritten once it was sent, and shows what was there before', async () => {
    const { attempt, marked } = played({ first_sent_at: SENT });
    const outcome = await attemptUndo(attempt, {
      before: { disable_account: false, x: 1 },
      left: { disable_account: true, x: 2 },
    });
    const differences = [
      { name: 'disable_account', expected: false, found: true },
      { name: 'x', expected: 1 },
    ];
    expect(outcome).toMatchObject({ kind: 'needs_human', why: { kind: 'not_restored', differences } });
    expect(marked).toEqual([]);
  });

  it.each([
    ['at first', {}],
    ['after a lost answer', { first_sent_at: SENT }],
  ] as const)('of an account that is protected by now is left to a person, %s', async (_when, step) => {
    const { undo, system, account, marked, isEnabled } = played(step);
    system.protect(account.accountId, 'it is an administrator now');
    expect(await undo()).toMatchObject({
      kind: 'needs_human',
      why: { kind: 'failure', failure: { kind: 'protected_account', message: 'it is an administrator now' } },
    });
    expect([isEnabled(), marked]).toEqual([false, []]);
    expect(system.asked).not.toContain('restore disable_account');
  });

  it.each(FAILURE_KINDS)('is not sent while %s hides whether the account is protected', async (kind) => {
    const { undo, system, marked } = played();
    system.fail('readState', FAILURES[kind]);
    expect(inShort(await undo())).toMatch(/^(again in \d+ ms, uncounted|human: \w+)$/);
    expect(marked).toEqual([]);
  });

  it('says that there is nothing to put back where nothing can be read', async () => {
    const { undo } = played({}, { capabilities: { disable_account: { undo: null } } });
    expect(inShort(await undo())).toBe('human: unsupported');
  });

  it('asks what stands against it before it reads, and again before it sends', async () => {
    const stopped = { kind: 'needs_human', why: { kind: 'closed' } } as const;
    const first = played({}, { stopped });
    expect(await first.undo()).toBe(stopped);
    expect(first.system.asked).toEqual([]);
    const again = played({ first_sent_at: SENT }, { stopped });
    expect(await again.undo()).toBe(stopped);
    expect([again.system.asked, again.marked]).toEqual([['capture disable_account'], []]);
  });

  it.each([
    [0, 'again in 1000 ms'],
    [4, 'again in 16000 ms'],
    [5, 'restored'],
  ])('that was accepted and does not show is read again, and sent again after %i reads: %s', async (reads, wanted) => {
    expect(inShort(await played({ first_sent_at: SENT, accepted_at: SENT, reads }).undo())).toBe(wanted);
  });
});

describe('a failure of an undo', () => {
  const RETRIED: readonly string[] = ['transient', 'throttled', 'unknown_outcome'];

  it.each(FAILURE_KINDS)('%s while it compares: nothing is sent', async (kind) => {
    for (const step of [{}, { first_sent_at: SENT }]) {
      const { undo, system, marked } = played(step);
      system.fail('capture', FAILURES[kind]);
      const pause = kind === 'throttled' ? 7_000 : 500;
      expect(inShort(await undo())).toBe(RETRIED.includes(kind) ? `again in ${pause} ms, uncounted` : `human: ${kind}`);
      expect([marked, system.asked]).toEqual([[], ['capture disable_account']]);
    }
  });

  it.each([
    ['transient', 'again in 500 ms, neverArrived'],
    ['throttled', 'again in 7000 ms, neverArrived'],
    ['unknown_outcome', 'again in 1000 ms'],
    ['unsupported', 'console'],
    ['permission', 'human: permission'],
    ['conflict', 'human: conflict'],
  ] as const)('%s of the call: %s', async (kind, wanted) => {
    const { undo, system } = played();
    system.fail('restore', FAILURES[kind]);
    expect(inShort(await undo())).toBe(wanted);
  });

  it('to read afterwards asks to read again', async () => {
    const { attempt, system } = played();
    const markSent = (): Promise<void> => {
      system.fail('capture', FAILURES.transient);
      return Promise.resolve();
    };
    expect(inShort(await attemptUndo({ ...attempt, markSent }, SAVED))).toBe('again in 500 ms, acceptedNow');
  });

  it.each(FAILURE_KINDS)(
    '%s while the restored account is read: it is read again, or left to a person',
    async (kind) => {
      const { undo, system, account } = played();
      system.setEnabled(account.accountId, true);
      system.fail('readState', FAILURES[kind]);
      const pause = kind === 'throttled' ? 7_000 : 500;
      expect(inShort(await undo())).toBe(RETRIED.includes(kind) ? `again in ${pause} ms, uncounted` : `human: ${kind}`);
    },
  );

  it.each([
    [0, 'again in 1000 ms, acceptedNow'],
    [4, 'again in 16000 ms, acceptedNow'],
    [5, 'human: not_restored'],
  ])('the system took it and nothing changes: after %i reads %s', async (reads, wanted) => {
    const { undo, system } = played({ reads });
    system.deaf = true;
    expect(inShort(await undo())).toBe(wanted);
  });
});
