import { beforeEach, describe, expect, it } from '@jest/globals';
import { residualCard } from '../../blocks/residual.js';
import { translatorOf } from '../../blocks/parts.js';
import { residualView } from '../../src/containment/residual.js';
import { SELF_HOLD } from '../../src/incidents/step-standing.js';
import type { Step, StepStatus } from '../../src/incidents/steps.js';
import { type IncidentView, incidentView } from '../../src/incidents/view.js';
import type { ActionKind, Chosen, ResidualAccess } from '../../src/ports/connector.js';
import { withOverrides } from '../../src/texts/say.js';
import { found, MINUTE_MS, Scene } from '../scene.js';

const TOKENS = { what: 'access tokens', forSeconds: 3600, endedBy: [] } satisfies ResidualAccess;
const SESSIONS = { what: 'open sessions', forSeconds: null, endedBy: ['revoke_sessions'] } satisfies ResidualAccess;
const GRANTS = { what: 'grants', forSeconds: null, endedBy: ['revoke_grants'] } satisfies ResidualAccess;

interface Ended {
  readonly action: ActionKind;
  readonly status?: StepStatus;
  /** Minutes after the decision. */
  readonly at?: number;
  readonly survives?: readonly ResidualAccess[];
  readonly items?: Chosen | null;
  readonly decision?: string;
  readonly undoes?: number;
}

let scene: Scene;
let base: IncidentView;
let step: Step;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  await scene.decide('disable_account');
  base = found(await incidentView(scene.core, scene.incident.id));
  step = found(base.steps[0]);
}, 120_000);

/** The view with these steps in place of the one that was decided. */
function viewOf(ended: readonly Ended[], minutesLater = 10): IncidentView {
  const start = base.now.getTime();
  const steps = ended.map((one, index): Step => {
    const at = new Date(start + (one.at ?? index) * MINUTE_MS);
    const { action, status = 'verified', survives = [], items = null, decision = step.decision_id, undoes } = one;
    const undoOf = undoes === undefined ? null : `stp_${undoes}`;
    const when = { accepted_at: status === 'needs_human' ? null : at, finished_at: at };
    return {
      ...step,
      ...{ id: `stp_${index}`, position: index, action, status, items, decision_id: decision, undo_of: undoOf },
      ...when,
      result: { survives },
    };
  });
  return { ...base, steps, now: new Date(start + minutesLater * MINUTE_MS) };
}
const left = (ended: readonly Ended[], minutesLater?: number) => {
  const view = residualView(viewOf(ended, minutesLater), step.decision_id);
  return view && view.accounts.flatMap(({ works, undone }) => [...works.map(({ what }) => what), ...undone]);
};

describe('what keeps working after a decision', () => {
  it.each<[string, readonly Ended[], readonly string[] | null]>([
    ['nothing that its steps do not leave', [{ action: 'disable_account' }], []],
    ['what one of them leaves', [{ action: 'reset_password', survives: [SESSIONS] }], ['open sessions']],
    [
      'not what another step of it ended',
      [{ action: 'reset_password', survives: [SESSIONS, TOKENS] }, { action: 'revoke_sessions' }],
      ['access tokens'],
    ],
    [
      'what was ended before it was left',
      [
        { action: 'reset_password', at: 5, survives: [SESSIONS] },
        { action: 'revoke_sessions', at: 1 },
      ],
      ['open sessions'],
    ],
    [
      'what another step should have ended and did not',
      [
        { action: 'reset_password', survives: [SESSIONS] },
        { action: 'revoke_sessions', status: 'needs_human' },
      ],
      ['open sessions', 'revoke_sessions'],
    ],
    [
      'what another step was only accepted to end, and nothing shows',
      [
        { action: 'reset_password', survives: [SESSIONS] },
        { action: 'revoke_sessions', status: 'accepted' },
      ],
      ['open sessions'],
    ],
    [
      'what is left when only some of it was chosen',
      [
        { action: 'reset_password', survives: [GRANTS] },
        { action: 'revoke_grants', items: ['g1'] },
      ],
      ['grants'],
    ],
    [
      'not what was taken whole',
      [
        { action: 'reset_password', survives: [GRANTS] },
        { action: 'revoke_grants', items: 'all' },
      ],
      [],
    ],
    [
      'not what another decision ended later',
      [
        { action: 'reset_password', survives: [SESSIONS] },
        { action: 'revoke_sessions', decision: 'dec_other' },
      ],
      [],
    ],
    ['what a person has to do by hand', [{ action: 'revoke_sessions', status: 'console' }], ['revoke_sessions']],
    [
      'each thing once',
      [
        { action: 'reset_password', survives: [TOKENS] },
        { action: 'disable_account', survives: [TOKENS] },
      ],
      ['access tokens'],
    ],
    [
      'nothing is said before all of it has ended',
      [
        { action: 'reset_password', survives: [SESSIONS] },
        { action: 'revoke_sessions', status: 'running' },
      ],
      null,
    ],
    [
      'nothing of a step that was taken back',
      [
        { action: 'disable_account', survives: [SESSIONS] },
        { action: 'disable_account', undoes: 0, decision: 'dec_undo' },
      ],
      [],
    ],
  ])('is %s', (_what, ended, wanted) => {
    expect(left(ended)).toEqual(wanted);
  });

  it('is told until the latest moment, and no longer than that', () => {
    const ended: readonly Ended[] = [
      { action: 'reset_password', at: 0, survives: [TOKENS] },
      { action: 'disable_account', at: 30, survives: [TOKENS] },
    ];
    const until = (minutesLater: number) =>
      residualView(viewOf(ended, minutesLater), step.decision_id)?.accounts[0]?.works[0]?.until;
    expect(until(40)).toEqual(new Date(base.now.getTime() + 90 * MINUTE_MS));
    expect(until(91)).toBeUndefined();
  });

  it('is one list with the system and the login, or says that nothing is known', () => {
    const draw = (ended: readonly Ended[]): string => {
      const view = viewOf(ended);
      return residualCard(translatorOf(withOverrides({})), view, found(residualView(view, step.decision_id))).text;
    };
    const said = draw([
      { action: 'disable_account', survives: [TOKENS, GRANTS] },
      { action: 'revoke_sessions', status: 'needs_human' },
    ]);
    expect(said.split('\n').slice(1)).toEqual([
      '*Okta* ada@meadow.example',
      expect.stringMatching(/^• access tokens, until .* at the latest\.$/),
      '• grants.',
      '• Revoke sessions is not done: see its line above.',
    ]);
    expect(draw([{ action: 'disable_account' }])).toContain('tell of nothing that keeps working');
  });
});

describe('an account that a self-hold did not reach', () => {
  type Done = readonly [action: ActionKind, status?: StepStatus, undoes?: string];
  it.each<[string, readonly Done[], boolean]>([
    ['is told as open', [], true],
    ['also after a later step that locks nobody out', [['delete_app_passwords']], true],
    ['also after one that was to lock it and failed', [['disable_account', 'needs_human']], true],
    ['not after it was disabled', [['disable_account']], false],
    ['not after its password was reset', [['reset_password']], false],
    ['again after it was disabled and enabled', [['disable_account'], ['enable_account']], true],
    ['again after that was taken back', [['disable_account'], ['disable_account', 'verified', 'stp_0']], true],
  ])('%s', async (_how, later, isOpen) => {
    scene = await Scene.open({ systems: { okta: { title: 'Okta' }, mimecast: { title: 'Mimecast' } } });
    await scene.decide('disable_account');
    base = found(await incidentView(scene.core, scene.incident.id));
    const [own, other] = ['okta', 'mimecast'].map((system) =>
      found(base.accounts.find((account) => account.system === system)),
    );
    const as = (id: string, account: typeof own, minutes: number, more: Partial<Step>): Step => {
      const at = new Date(base.now.getTime() + minutes * MINUTE_MS);
      const { id: row, system } = found(account);
      const when = { accepted_at: at, finished_at: at };
      return { ...found(base.steps[0]), ...when, account_row: row, system, result: { survives: [] }, ...more, id };
    };
    const steps = [
      as('stp_hold', own, 0, { action: 'quarantine', status: 'verified' }),
      ...later.map(([action, status = 'verified', undoes = null], index) =>
        as(`stp_${index}`, other, index + 1, { action, status, undo_of: undoes, decision_id: 'dec_later' }),
      ),
    ];
    const decision = found(base.decisions[0]);
    const view = { ...base, decisions: [{ ...decision, action: SELF_HOLD as typeof decision.action }], steps };
    const open = found(residualView(view, decision.id)).accounts.map((account) => [account.system, account.open]);
    expect(open).toEqual(isOpen ? [['mimecast', 'untouched']] : []);
  });
});
