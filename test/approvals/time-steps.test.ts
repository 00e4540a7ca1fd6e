import { beforeEach, describe, expect, it } from '@jest/globals';
import { generateSync, ScureBase32Plugin } from 'otplib';
import { enrol } from '../../src/approvals/enrolment.js';
import { planBinding, verifyCode } from '../../src/approvals/step-up.js';
import { clockOff, matchingSteps, STEP_SECONDS, stepAt } from '../../src/approvals/time-steps.js';
import type { Core } from '../../src/ports/core.js';
import { coreOver } from '../core.js';
import { freshDatabase } from '../fresh-database.js';
import { type PlayedRuntime, playedRuntime } from '../played-runtime.js';

/** What the played runtime's bytes make of an enrolment. */
const SEED = new ScureBase32Plugin().encode(Buffer.alloc(20));
const codeOf = (step: number): string => generateSync({ secret: SEED, epoch: step * STEP_SECONDS });
const timeOf = (step: number): Date => new Date((step * STEP_SECONDS + 7) * 1000);

/** The first step of 2026 whose code is also that of the next one: such pairs are about one in a million. */
const TWIN = 59_839_529;

describe('the steps of a code', () => {
  const step = stepAt(new Date('2026-03-10T09:00:00Z'));
  it.each([
    [-2, []],
    [-1, [step - 1]],
    [0, [step]],
    [1, [step + 1]],
    [2, []],
  ])('%i steps off', (off, steps) => {
    expect(matchingSteps(SEED, codeOf(step + off), timeOf(step))).toEqual(steps);
  });

  it.each([
    [-21, null],
    [-20, -600],
    [-2, -60],
    [3, 90],
    [20, 600],
    [21, null],
  ])('a clock that is %i steps off is off by %s seconds', (off, seconds) => {
    expect(clockOff(SEED, codeOf(step + off), timeOf(step))).toBe(seconds);
  });
});

describe('a code at a given time', () => {
  let core: Core;
  let runtime: PlayedRuntime;
  const spend = (step: number) => ({ code: codeOf(step), at: step });
  const check = async ({ code, at }: { code: string; at: number }, window: string): Promise<string> => {
    runtime.move(timeOf(at).getTime() - runtime.now().getTime());
    const answer = await verifyCode({
      database: core.db,
      runtime,
      sealer: core.sealer,
      workspaceId: core.workspaceId,
      userId: 'U0BEA',
      code,
      binding: planBinding({ window }),
    });
    if (!answer.ok) return answer.error.kind;
    const { proof } = answer.value;
    return proof.kind === 'totp' ? String(proof.timeStep) : proof.kind;
  };
  beforeEach(async () => {
    runtime = playedRuntime();
    ({ core } = coreOver(await freshDatabase(), { approvers: ['U0BEA'], people: [], runtime }));
    const { db: tx, sealer, workspaceId } = core;
    await enrol({ tx, runtime, sealer, workspaceId, userId: 'U0BEA', label: 'bea@meadow.example' });
  }, 120_000);

  const usual = stepAt(new Date('2026-03-10T09:00:00Z'));
  const cases: readonly [string, readonly { readonly code: string; readonly at: number }[], readonly string[]][] = [
    [
      'an older one that is not spent counts after a newer one',
      [
        { code: codeOf(usual), at: usual },
        { code: codeOf(usual - 1), at: usual },
      ],
      [String(usual), String(usual - 1)],
    ],
    [
      'one that is spent does not count again in the next step',
      [
        { code: codeOf(usual), at: usual },
        { code: codeOf(usual), at: usual + 1 },
      ],
      [String(usual), 'replayed'],
    ],
    [
      'one of two steps ago is wrong, whether it was spent or not',
      [
        { code: codeOf(usual), at: usual },
        { code: codeOf(usual), at: usual + 2 },
        { code: codeOf(usual + 1), at: usual + 3 },
      ],
      [String(usual), 'wrong', 'wrong'],
    ],
    [
      'one of the next step counts, and is spent when its step comes',
      [
        { code: codeOf(usual + 1), at: usual },
        { code: codeOf(usual + 1), at: usual + 1 },
      ],
      [String(usual + 1), 'replayed'],
    ],
  ];
  it.each(cases)('%s', async (_what, tries, answers) => {
    const given: string[] = [];
    for (const [index, one] of tries.entries()) given.push(await check(one, String(index)));
    expect(given).toEqual(answers);
  });

  describe('that two neighbouring steps have', () => {
    const first = TWIN;

    it('is one code', () => {
      expect(codeOf(first)).toBe(codeOf(first + 1));
    });

    it('counts once for each of them, and then no more', async () => {
      expect(await check(spend(first), 'one')).toBe(String(first));
      expect(await check(spend(first + 1), 'two')).toBe(String(first + 1));
      expect(await check(spend(first + 1), 'three')).toBe('replayed');
    });

    it('counts once for one window, also when it comes twice', async () => {
      expect(await check(spend(first), 'one')).toBe(String(first));
      expect(await check(spend(first + 1), 'one')).toBe(String(first));
      expect(await check(spend(first + 1), 'two')).toBe(String(first + 1));
    });
  });
});
