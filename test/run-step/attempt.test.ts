import { describe, expect, it } from '@jest/globals';
import { attemptStep } from '../../jobs/run-step/attempt.js';
import type { ConnectorFailure } from '../../src/ports/connector.js';
import { FAILURE_KINDS, FAILURES, inShort, play, type PlayedStep, SENT } from './tries.js';

const FIRST = { first_sent_at: null } as const;
const BEFORE = { first_sent_at: SENT } as const;
/** Tries in the store before this one: the first, the last but one and the last of eight, and the last of forty. */
const TRIES = [0, 6, 7, 38, 39] as const;

const run = async (
  method: 'readBack' | 'readState' | 'capture' | 'perform',
  kind: ConnectorFailure['kind'],
  step: PlayedStep,
) => {
  const played = play(step);
  played.system.fail(method, FAILURES[kind]);
  return { ...played, said: inShort(await attemptStep(played.attempt)) };
};

/** For each failure what becomes of the step after 0, 6, 7, 38 and 39 tries. `h`: a human. */
type Row = readonly [string, string, string, string, string];
const h = (kind: ConnectorFailure['kind']): string => `human: ${kind}`;
const always = (kind: ConnectorFailure['kind']): Row => [h(kind), h(kind), h(kind), h(kind), h(kind)];

function rowsOf(
  retried: Readonly<Record<'transient' | 'throttled' | 'unknown_outcome', Row>>,
): readonly (readonly [ConnectorFailure['kind'], number, string])[] {
  return FAILURE_KINDS.flatMap((kind) => {
    const row =
      kind === 'transient' || kind === 'throttled' || kind === 'unknown_outcome' ? retried[kind] : always(kind);
    return TRIES.map((tries, index) => [kind, tries, row[index] ?? ''] as const);
  });
}

const [T, U] = [h('transient'), h('unknown_outcome')];

describe('a failure before anything was sent', () => {
  const expected = rowsOf({
    transient: ['again in 500 ms, uncounted', 'again in 30000 ms, uncounted', T, T, T],
    throttled: [
      ...(['again in 7000 ms, uncounted', 'again in 7000 ms, uncounted'] as const),
      'again in 7000 ms, uncounted',
      'again in 7000 ms, uncounted',
      h('throttled'),
    ],
    unknown_outcome: ['again in 500 ms, uncounted', 'again in 30000 ms, uncounted', U, U, U],
  });

  it.each(expected)('%s while the account is read, after %i tries: %s', async (kind, attempts, wanted) => {
    const { said, system, marked } = await run('readState', kind, { ...FIRST, attempts });
    expect(said).toBe(wanted);
    expect([marked, system.asked.filter((call) => call.startsWith('perform'))]).toEqual([[], []]);
  });

  it.each(expected)('%s while what would change is read, after %i tries: %s', async (kind, attempts, wanted) => {
    const { said, marked } = await run('capture', kind, { ...FIRST, attempts });
    expect([said, marked]).toEqual([wanted, []]);
  });
});

describe('a failure of the call itself', () => {
  const sendFailures = (never: string): ReturnType<typeof rowsOf> =>
    rowsOf({
      transient: [`again in 500 ms${never}`, `again in 30000 ms${never}`, T, T, T],
      throttled: [
        `again in 7000 ms${never}`,
        `again in 7000 ms${never}`,
        `again in 7000 ms${never}`,
        `again in 7000 ms${never}`,
        h('throttled'),
      ],
      unknown_outcome: ['again in 1000 ms', 'again in 1000 ms', U, U, U],
    }).filter(([kind]) => kind !== 'unsupported');

  it.each(sendFailures(', neverArrived'))(
    '%s of the first call, after %i tries: %s',
    async (kind, attempts, wanted) => {
      const { said, marked, system } = await run('perform', kind, { ...FIRST, attempts });
      expect([said, marked]).toEqual([wanted, [{ disable_account: false }]]);
      expect(system.isEnabled('okta/ada@meadow.example')).toBe(true);
    },
  );

  it.each(sendFailures(''))(
    '%s of a repeated call, after %i tries: %s (an earlier one may have arrived)',
    async (kind, attempts, wanted) => {
      const { said, marked, system } = await run('perform', kind, { ...BEFORE, attempts });
      expect([said, marked]).toEqual([wanted, [null]]);
      expect(system.asked).toEqual([
        'readBack disable_account',
        'readState ada@meadow.example',
        'perform disable_account',
      ]);
    },
  );

  it.each([
    [{ kind: 'unknown_outcome', message: 'no', retryAfterMs: 9_000 }, 'again in 9000 ms'],
    [{ kind: 'transient', message: 'no', retryAfterMs: 9_000 }, 'again in 9000 ms, neverArrived'],
  ] as const)('waits as long as the system asks after %j', async (failure, wanted) => {
    const played = play(FIRST);
    played.system.fail('perform', failure);
    expect(inShort(await attemptStep(played.attempt))).toBe(wanted);
  });

  it('goes to the console when the system says that it has no such call', async () => {
    expect((await run('perform', 'unsupported', FIRST)).said).toBe('console');
  });
});

describe('a failure of the read-back after an interruption', () => {
  const most = 'again in 7000 ms, uncounted';
  const soon = 'again in 500 ms, uncounted';
  const later = 'again in 30000 ms, uncounted';
  it.each(
    rowsOf({
      transient: [soon, later, later, T, T],
      throttled: [most, most, most, most, most],
      unknown_outcome: [soon, later, later, U, U],
    }),
  )('%s, after %i tries: %s, and nothing is sent', async (kind, attempts, wanted) => {
    const { said, marked, system } = await run('readBack', kind, { ...BEFORE, attempts });
    expect([said, marked, system.asked]).toEqual([wanted, [], ['readBack disable_account']]);
  });

  it.each([
    ['transient', 8, 7, later],
    ['transient', 8, 8, T],
    ['throttled', 40, 39, most],
    ['throttled', 40, 40, h('throttled')],
  ] as const)('%s: tries (%i) and reads (%i) count together: %s', async (kind, attempts, reads, wanted) => {
    expect((await run('readBack', kind, { ...BEFORE, attempts, reads })).said).toBe(wanted);
  });

  it.each(FAILURE_KINDS)('%s after an accepted call only asks to read again', async (kind) => {
    const played = play(FIRST);
    played.system.fail('readBack', FAILURES[kind]);
    expect(inShort(await attemptStep(played.attempt))).toBe('again in 500 ms, acceptedNow');
  });

  it.each(FAILURE_KINDS)('%s while the account of a repeated call is read: nothing is sent', async (kind) => {
    const { marked, system } = await run('readState', kind, BEFORE);
    expect([marked, system.asked.at(-1)]).toEqual([[], 'readState ada@meadow.example']);
  });
});

describe('the way of a step that nothing disturbs', () => {
  it('captures, marks, sends, reads back and captures what it left', async () => {
    const { attempt, system, marked } = play();
    expect(await attemptStep(attempt)).toMatchObject({
      kind: 'verified',
      requestId: 'req_1',
      alreadyDone: false,
      left: { disable_account: true },
    });
    expect(marked).toEqual([{ disable_account: false }]);
    expect(system.asked).toEqual([
      'readState ada@meadow.example',
      'capture disable_account',
      'perform disable_account',
      'readBack disable_account',
      'capture disable_account',
    ]);
  });

  it('tells the moments before and after the call', async () => {
    const { attempt, runtime } = play();
    await attemptStep(attempt);
    expect(runtime.moments).toEqual([
      ['connector.before_call', 'stp_1'],
      ['connector.after_call', 'stp_1'],
    ]);
  });

  it('says by when it holds where that takes its time', async () => {
    const { attempt } = play({}, { capabilities: { disable_account: { effectiveWithinSeconds: 900 } } });
    expect(await attemptStep(attempt)).toMatchObject({
      kind: 'accepted',
      proven: true,
      effectiveBy: new Date('2026-03-10T09:15:00.000Z'),
    });
  });

  it.each([FIRST, BEFORE, { ...BEFORE, accepted_at: SENT }])(
    'is accepted and not proven where only its effect is not shown, is read once, and can be undone: %j',
    async (step) => {
      const { attempt, system } = play(step, { capabilities: { disable_account: { effectiveWithinSeconds: 900 } } });
      if (step !== FIRST) system.setEnabled('okta/ada@meadow.example', false);
      system.effectUnseen = true;
      expect(await attemptStep(attempt)).toMatchObject({
        kind: 'accepted',
        proven: false,
        effectiveBy: null,
        readBack: { observed: 'it is in place' },
        left: { disable_account: true },
      });
      expect(system.asked.filter((asked) => asked.startsWith('readBack'))).toHaveLength(1);
    },
  );

  it('keeps nothing to put back of what cannot be undone', async () => {
    const { attempt, marked } = play({}, { capabilities: { disable_account: { undo: null } } });
    expect(await attemptStep(attempt)).toMatchObject({ kind: 'verified', left: null });
    expect(marked).toEqual([null]);
  });

  it('is verified also when what it left cannot be read: only its undo is not offered', async () => {
    const { attempt, system } = play(BEFORE);
    system.setEnabled('okta/ada@meadow.example', false);
    system.fail('capture', FAILURES.transient);
    expect(await attemptStep(attempt)).toMatchObject({ kind: 'verified', left: null });
  });

  it.each([
    [FIRST, true],
    [BEFORE, false],
  ])('already done counts as found so only when nothing was sent before: %j', async (step, alreadyDone) => {
    const { attempt, system } = play(step);
    system.setEnabled('okta/ada@meadow.example', false);
    system.verdicts.push(...(step.first_sent_at === null ? [] : (['does_not_hold'] as const)));
    expect(await attemptStep(attempt)).toMatchObject({ kind: 'verified', alreadyDone });
  });

  it.each(['console', 'effect_of_reset'] as const)('sends nothing by the route %s', async (route) => {
    const { attempt, system } = play({}, { capabilities: { disable_account: { route } } });
    expect(await attemptStep(attempt)).toMatchObject({
      kind: 'console',
      steps: [{ title: 'Do disable_account by hand' }],
    });
    expect(system.asked).toEqual([]);
  });
});

describe('what stands against sending', () => {
  const stopped = { kind: 'needs_human', why: { kind: 'closed' } } as const;

  it.each([FIRST, BEFORE])('is asked before each call, also a repeated one: %j', async (step) => {
    const { attempt, system, marked } = play(step, { stopped });
    expect(await attemptStep(attempt)).toBe(stopped);
    expect([marked, system.asked.filter((call) => call.startsWith('perform'))]).toEqual([[], []]);
  });

  it('is asked before a person is sent to the console', async () => {
    const { attempt } = play({}, { stopped, capabilities: { disable_account: { route: 'console' } } });
    expect(await attemptStep(attempt)).toBe(stopped);
  });

  it('leaves a protected account to a person', async () => {
    const { attempt, system, marked, account } = play();
    system.protect(account.accountId, 'an administrator');
    expect(await attemptStep(attempt)).toEqual({
      kind: 'needs_human',
      why: { kind: 'failure', failure: { kind: 'protected_account', message: 'an administrator' } },
    });
    expect(marked).toEqual([]);
  });
});

describe('what was sent before and never answered', () => {
  it('is read back, and not sent again when it holds', async () => {
    const { attempt, system, marked } = play(BEFORE);
    system.setEnabled('okta/ada@meadow.example', false);
    expect(await attemptStep(attempt)).toMatchObject({ kind: 'verified', requestId: null, alreadyDone: false });
    expect([marked, system.asked]).toEqual([[], ['readBack disable_account', 'capture disable_account']]);
  });

  it('is sent again when it does not hold, and what was there before is not captured twice', async () => {
    const { attempt, marked } = play(BEFORE);
    expect(inShort(await attemptStep(attempt))).toBe('verified');
    expect(marked).toEqual([null]);
  });

  it.each([
    [0, 'again in 1000 ms', 0],
    [1, 'again in 2000 ms', 0],
    [2, 'again in 4000 ms', 0],
    [3, 'verified', 1],
  ])('that the system does not show: after %i reads %s', async (reads, wanted, sent) => {
    const { attempt, system, marked } = play({ ...BEFORE, reads });
    system.verdicts.push('cannot_tell');
    expect([inShort(await attemptStep(attempt)), marked.length]).toEqual([wanted, sent]);
  });
});

describe('what was accepted and does not show yet', () => {
  const ACCEPTED = { ...BEFORE, accepted_at: SENT } as const;

  it.each([
    [0, 'does_not_hold', 'again in 1000 ms, acceptedNow'],
    [4, 'does_not_hold', 'again in 16000 ms, acceptedNow'],
    [5, 'does_not_hold', 'human: not_held'],
    [0, 'cannot_tell', 'again in 1000 ms, acceptedNow'],
    [5, 'cannot_tell', 'accepted'],
    [5, 'holds', 'verified'],
  ] as const)('after %i reads, %s: %s, and nothing is sent again', async (reads, verdict, wanted) => {
    const { attempt, system, marked } = play({ ...ACCEPTED, reads });
    system.verdicts.push(verdict);
    const outcome = await attemptStep(attempt);
    expect([inShort(outcome), marked]).toEqual([wanted, []]);
    if (outcome.kind === 'accepted')
      expect([outcome.proven, outcome.effectiveBy, outcome.left]).toEqual([false, null, null]);
  });

  it('is read again also when the first read-back comes too early', async () => {
    const { attempt, system } = play();
    system.verdicts.push('does_not_hold');
    expect(inShort(await attemptStep(attempt))).toBe('again in 1000 ms, acceptedNow');
  });
});
