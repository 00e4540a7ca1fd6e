import { describe, expect, it } from '@jest/globals';
import type { StepOutcome } from '../../src/containment/outcome.js';
import { commandFor } from '../../src/ports/command.js';
import type { ActionKind, Command } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { UNTOLD } from '../../src/connectors/kit/action.js';
import { carryOut } from './attempts.js';
import { campaign, kindsIn } from './campaign.js';
import { type Claim, isFalse } from './claims.js';
import { diceOf } from './dice.js';
import { GIVEN_BACK } from './expectations.js';
import { judgeStep, judgeUndo, type Witnessed } from './judge.js';
import { NOTHING, things, type Truth } from './reader/truth.js';
import { compareResidual, TOLD, WAYS } from './residual.js';
import { START } from './systems/index.js';
import { playedBy, RANGE_SETS, SYSTEM_NAMES, type RunningSystem } from './systems/system.js';

const readBack = (observed = '') => ({
  verdict: 'holds' as const,
  observed,
  state: { ...UNTOLD, readAt: new Date(0) },
  residual: [],
});
const verified = (more: Partial<Extract<StepOutcome, { kind: 'verified' }>> = {}) =>
  ({ kind: 'verified', readBack: readBack(), requestId: null, alreadyDone: false, left: null, ...more }) as const;
const unproven = { ...verified(), kind: 'accepted', effectiveBy: null, proven: false } as const;
const restored = { kind: 'restored', facts: {}, state: readBack().state, requestId: null } as const;
const human = (why: Extract<StepOutcome, { kind: 'needs_human' }>['why']) => ({ kind: 'needs_human', why }) as const;

const commandOf = (kind: ActionKind): Command =>
  commandFor(kind, {
    ranges: kind === 'block_address' ? ['192.0.2.9/32'] : [...RANGE_SETS[0]],
    items: 'all',
    password: new Secret('Kq7-a-Password-zqX'),
  });

const wrongIn = (claims: readonly Claim[]): readonly boolean[] => claims.map(({ wrong }) => wrong !== null);

describe('a sample of the campaign', () => {
  it('finds no false claim in a dozen runs', async () => {
    const { tally, made } = await campaign({ seed: 'sample', from: 0, runs: 12, steps: 2 });
    expect(made.filter(isFalse)).toEqual([]);
    expect(tally).toMatchObject({ runs: 12, claims: made.length, false_claims: 0 });
    for (const system of SYSTEM_NAMES) expect(tally.by_system[system].claims).toBeGreaterThan(10);
  }, 240_000);

  it('makes the same claims for the same seed', async () => {
    const lines = async () => {
      const { made } = await campaign({ seed: 'again', from: 3, runs: 1, systems: ['keycloak'], steps: 3 });
      return made.map(({ line, action, fault, detail }) => [line, action, fault, detail]);
    };
    const first = await lines();
    expect(first.length).toBeGreaterThan(2);
    expect(await lines()).toEqual(first);
  });
});

/** A system with the account in a state in which the action has something to do. */
async function ready(system: RunningSystem, kind: ActionKind, dice = diceOf(kind)): Promise<void> {
  const call = { signal: new AbortController().signal, correlationId: 'test' };
  const opposite = kind === 'enable_account' ? 'disable_account' : 'enable_account';
  await system.rival.perform({ kind: opposite }, system.account, call);
  system.prepare(kind, dice);
}

describe.each(SYSTEM_NAMES)('the reader of %s', (name) => {
  it('finds the lie about each action, and confirms what is true', async () => {
    const dice = diceOf(name);
    const played = playedBy(dice);
    const system = await START[name](played);
    for (const kind of kindsIn(system)) {
      await ready(system, kind);
      played.advance(60_000);
      const command = commandOf(kind);
      const before = system.read();
      const on = { system: name, command, before, effects: 0, lags: false, handed: false };
      const result = (claims: readonly Claim[]) => [kind, ...wrongIn(claims.filter(({ line }) => line !== 'residual'))];
      expect(result(judgeStep({ ...on, now: before }, verified()))).toEqual([kind, true]);
      expect(result(judgeStep({ ...on, now: before }, unproven))).toEqual([kind, true]);
      const { outcome, before: saved } = await carryOut(system, played, command);
      const now = system.read();
      expect(result(judgeStep({ ...on, now, effects: 1 }, outcome))).toEqual([kind, false]);
      expect(result(judgeStep({ ...on, now }, human({ kind: 'not_held', observed: 'no' })))).toEqual([kind, true]);
      expect(result(judgeStep({ ...on, now }, verified({ alreadyDone: true })))).toEqual([kind, false, true]);
      const left = 'left' in outcome ? outcome.left : null;
      if (left !== null && saved !== null) {
        expect(result(judgeUndo({ ...on, now, left: now }, restored))).toEqual([kind, true]);
        const undone = await carryOut(system, played, command, { before: saved, left });
        const after = system.read();
        expect(result(judgeUndo({ ...on, now: after, left: now }, undone.outcome))).toEqual([kind, false]);
      }
      system.tidy?.();
    }
    await system.close();
  });
});

const truth = (more: Partial<Truth> = {}): Truth => ({ ...NOTHING, canSignIn: true, opens: () => false, ...more });

describe('a line that warns', () => {
  const on: Witnessed & { left: Truth } = {
    system: 'okta',
    command: commandOf('disable_account'),
    before: truth(),
    left: truth({ canSignIn: false }),
    now: truth({ canSignIn: false }),
    effects: 0,
    lags: false,
    handed: false,
  };
  const changed = human({ kind: 'changed', differences: [] });
  const notRestored = human({ kind: 'not_restored', differences: [] });

  it.each([
    ['nobody changed it', on, changed, true],
    ['something was overwritten', { ...on, effects: 1, handed: true }, changed, true],
    ['somebody changed it', { ...on, handed: true }, changed, false],
    ['it is as before', { ...on, now: truth() }, notRestored, true],
    ['it is not as before', on, notRestored, false],
    ['it is as before, and shown late', { ...on, now: truth(), lags: true }, notRestored, false],
  ] as const)('%s', (_what, witnessed, outcome, wrong) => {
    expect(wrongIn(judgeUndo(witnessed, outcome))).toEqual([wrong]);
  });

  it('that the change is not shown yet is true while the system is late', () => {
    const outcome = human({ kind: 'not_held', observed: 'still enabled' });
    expect(wrongIn(judgeStep(on, outcome))).toEqual([true]);
    expect(wrongIn(judgeStep({ ...on, lags: true }, outcome))).toEqual([false]);
  });
});

it('knows what an undo gives back of every action that any system can undo', async () => {
  for (const name of SYSTEM_NAMES) {
    const system = await START[name](playedBy(diceOf(name)));
    const undone = kindsIn(system).filter((kind) => system.connector.capabilities[kind].undo === 'restore');
    expect([name, undone.filter((kind) => !(kind in GIVEN_BACK) && kind !== 'block_address')]).toEqual([name, []]);
    await system.close();
  }
});

describe('what still works', () => {
  /** An account with one of everything. */
  const rich = truth({
    sessions: ['s'],
    tokens: { 'refresh token': 1, 'API token': 1, 'app password': 1, grant: 1, app: 1 },
    factors: things(['sms'], (said) => ({ id: said, said })),
    grants: things(['g'], (id) => ({ id })),
    groupRoles: ['r'],
  });

  it.each(TOLD.map(({ system, line }) => [system, line.source] as const))(
    '%s: /%s/ is wrong when the action has ended it',
    (system, source) => {
      const [line] = [
        source
          .replace(/^\^/, '')
          .replace(/\(([^|]*)\|.*/, '$1 now')
          .replace(/\\/g, ''),
      ];
      const on = { system, action: 'confirm_compromised', lines: [line], before: rich } as const;
      expect(compareResidual({ ...on, now: truth() }).every(({ wrong }) => wrong !== null)).toBe(true);
      expect(compareResidual({ ...on, now: truth() })).not.toEqual([]);
      expect(compareResidual({ ...on, now: rich }).map(({ wrong }) => wrong !== null)).not.toContain(true);
    },
  );

  it.each(WAYS.flatMap(({ system, after, what }) => after.map((action) => [system, action, what] as const)))(
    '%s after %s: %s that no line names are found',
    (system, action, what) => {
      const wrong = compareResidual({ system, action, lines: [], before: rich, now: rich }).map((one) => one.wrong);
      expect(wrong).toContain(`${what} still work, and no line names them`);
    },
  );
});
