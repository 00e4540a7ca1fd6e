import { beforeAll, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import type { HumanReason, StepOutcome } from '../../src/containment/outcome.js';
import { lineOf, type ThreadLine } from '../../src/containment/result-lines.js';
import type { Step } from '../../src/incidents/steps.js';
import type { ReadBack, ResidualAccess } from '../../src/ports/connector.js';
import { phrase, sayPhrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { ADA, BEA, Scene } from '../scene.js';
import { FAILURE_KINDS, FAILURES } from '../run-step/tries.js';

const { plain } = translatorOf(withOverrides({}));

let scene: Scene;
let step: Step;
beforeAll(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  await scene.decide('disable_account');
  step = await scene.lastStep();
}, 120_000);

const line = async (outcome: StepOutcome, more: Partial<Step> = {}): Promise<ThreadLine> => {
  const found = await lineOf(scene.core, { ...step, ...more }, outcome);
  if (found === null) throw new Error('nothing is told of it');
  return found;
};
const told = async (outcome: StepOutcome, more: Partial<Step> = {}): Promise<string> =>
  sayPhrase(plain, (await line(outcome, more)).phrase);

const readBack = (...residual: readonly ResidualAccess[]): ReadBack => ({
  verdict: 'holds',
  observed: 'the account is disabled',
  state: STATE,
  residual,
});
const STATE: ReadBack['state'] = {
  enabled: false,
  locked: null,
  mustChangePassword: null,
  passwordChangedAt: null,
  twoStepRequired: null,
  loginRanges: null,
  protectedBecause: null,
  authority: null,
  adminRoles: null,
  use: null,
  readAt: new Date('2026-03-10T09:00:00.000Z'),
};
const held = { readBack: readBack(), requestId: null, alreadyDone: false, left: null } as const;
const VERIFIED = { kind: 'verified', ...held } as const;
const ACCEPTED = { kind: 'accepted', ...held, effectiveBy: null, proven: false } as const;
const human = (why: HumanReason): StepOutcome => ({ kind: 'needs_human', why });

describe('the line of a result', () => {
  it('names the system, the account and what was read back', async () => {
    const said = await told(VERIFIED);
    for (const part of ['Okta', ADA.email, 'the account is disabled']) expect(said).toContain(part);
  });

  it('says when the system found it so already', async () => {
    expect(await told({ ...VERIFIED, alreadyDone: true })).not.toBe(await told(VERIFIED));
    expect((await line({ ...VERIFIED, alreadyDone: true })).phrase).toMatchObject({ key: 'timeline.verified' });
  });

  it.each([
    ['verified', VERIFIED],
    ['accepted', ACCEPTED],
  ] as const)('%s carries the undo when there is something to put back', async (_kind, outcome) => {
    expect((await line(outcome)).button).toBeNull();
    expect((await line({ ...outcome, left: { enabled: false } })).button).toBe('undo');
  });

  it('leaves what goes on working to the one list that follows when all has ended', async () => {
    const access = { what: 'access tokens', forSeconds: 3600, endedBy: [] };
    expect(await told({ ...VERIFIED, readBack: readBack(access) })).toBe(await told(VERIFIED));
  });

  it.each([
    ['later today', 900_000, /"key":"timeline\.accepted"/],
    ['tomorrow', 24 * 3_600_000, /"key":"timeline\.accepted"/],
    ['at a time that nobody knows', null, /"key":"timeline\.accepted_unproven"/],
  ] as const)('of what was accepted says that it holds %s', async (_when, inMs, wanted) => {
    const effectiveBy = inMs === null ? null : new Date(scene.runtime.now().getTime() + inMs);
    expect(JSON.stringify(await line({ ...ACCEPTED, effectiveBy }))).toMatch(wanted);
  });

  it('gives another day its date', async () => {
    const at = (inMs: number) => line({ ...ACCEPTED, effectiveBy: new Date(scene.runtime.now().getTime() + inMs) });
    const by = async (inMs: number) => JSON.stringify((await at(inMs)).phrase.values['by']);
    expect(Object.keys(JSON.parse(await by(24 * 3_600_000)) as object)).not.toEqual(
      Object.keys(JSON.parse(await by(900_000)) as object),
    );
  });

  it('says that it was accepted when it was, not when it was read', async () => {
    const earlier = { accepted_at: new Date('2026-03-10T08:00:00.000Z') };
    expect(JSON.stringify(await line(ACCEPTED, earlier))).not.toBe(JSON.stringify(await line(ACCEPTED)));
  });

  it('of an undo names what it takes back and what stands there now', async () => {
    const outcome = {
      kind: 'restored',
      facts: { groups: ['a', 'b'], note: null },
      state: STATE,
      requestId: null,
    } as const;
    const said = await told(outcome, { undo_of: 'stp_0' });
    expect(said).toContain('a, b');
    expect(said).toMatch(/undo/i);
  });

  it('of what a person does by hand lists each click, for whom, and who has it', async () => {
    const steps = [{ title: 'Suspend', clicks: ['Open the console', 'Press Suspend'] }];
    const { button } = await line({ kind: 'console', steps });
    const said = await told({ kind: 'console', steps });
    expect(button).toBe('tick');
    for (const part of ['Suspend', 'Open the console', 'Press Suspend', ADA.email]) expect(said).toContain(part);
  });

  it('names who has the incident, or that nobody has it', async () => {
    const owned = await told(human({ kind: 'stale' }));
    await scene.core.db.query('update incidents set owner = null');
    const unowned = await told(human({ kind: 'stale' }));
    await scene.core.db.query('update incidents set owner = $1', [BEA.slackUserId]);
    expect(owned).toContain(BEA.slackUserId);
    expect(unowned).not.toContain(BEA.slackUserId);
  });

  it('still names the system and the account by what is known when they are gone', async () => {
    const said = await told(VERIFIED, { system: 'mimecast', account_row: 'acc_gone' });
    expect(said).toContain('mimecast');
    expect(said).not.toContain(ADA.email);
  });
});

describe('why a human is needed', () => {
  it.each(FAILURE_KINDS)('%s is said with the system’s own words and a Retry', async (kind) => {
    const failure = { ...FAILURES[kind], message: 'the words of the system' };
    const outcome = human({ kind: 'failure', failure });
    expect(JSON.stringify((await line(outcome)).phrase)).toContain(`failure.${kind}`);
    expect(await told(outcome)).toContain('the words of the system');
    expect((await line(outcome)).button).toBe('retry');
  });

  it.each<[HumanReason, string, string]>([
    [{ kind: 'not_held', observed: 'still enabled' }, 'failure.not_held', 'result'],
    [{ kind: 'approver' }, 'failure.approver', 'result'],
    [{ kind: 'not_authentic', decidedBy: 'U0BEA' }, 'failure.not_authentic', 'not_authentic'],
    [{ kind: 'put_back' }, 'failure.put_back', 'put_back'],
    [{ kind: 'stale' }, 'failure.stale', 'result'],
    [{ kind: 'closed' }, 'failure.closed', 'result'],
    [{ kind: 'barred', phrase: phrase('problem.never_touch') }, 'problem.never_touch', 'result'],
    [
      { kind: 'changed', differences: [{ name: 'enabled', expected: false, found: undefined }] },
      'failure.changed.line',
      'result',
    ],
    [{ kind: 'not_restored', differences: [] }, 'failure.not_restored', 'result'],
  ])('%j is said by %s, once under the key %s', async (why, text, key) => {
    const found = await line(human(why));
    expect([JSON.stringify(found.phrase).includes(`"${text}"`), found.key]).toEqual([true, key]);
  });
});

describe('a further try', () => {
  const retry = { kind: 'retry', neverArrived: false, acceptedNow: false, uncounted: false } as const;
  it.each([
    [null, 60_000],
    [FAILURES.transient, 999],
  ] as const)('is not told (%j, %i ms)', async (failure, inMs) => {
    expect(await lineOf(scene.core, step, { ...retry, failure, inMs })).toBeNull();
  });

  it('is told with what went wrong when people would wait for it', async () => {
    const found = await line({ ...retry, failure: FAILURES.throttled, inMs: 1_000 });
    expect([found.key, found.phrase.key, found.button]).toEqual(['retrying', 'timeline.retrying', null]);
  });
});
