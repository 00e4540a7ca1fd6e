import { beforeEach, describe, expect, it } from '@jest/globals';
import { mindReview } from '../../jobs/handlers/mind-review.js';
import { mindWaiting } from '../../jobs/handlers/mind-waiting.js';
import { waitingCard } from '../../blocks/quorum.js';
import { translatorOf } from '../../blocks/parts.js';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { reviewOf } from '../../src/approvals/reviews.js';
import { decisionById } from '../../src/incidents/steps.js';
import { incidentView } from '../../src/incidents/view.js';
import { requestWork, type WorkName } from '../../src/outbox/outbox.js';
import { phrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const RITA = { slackUserId: 'U0RITA', email: 'rita@meadow.example', name: 'Rita Novak' };
const AUDITOR = { slackUserId: 'U0AUD', email: 'aud@meadow.example', name: 'Aud Holm' };
const WHY = 'nobody else is awake at this hour';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({
    roles: {
      // Ada is in a role, too: whoever it is about is told nothing.
      responder: [RITA.slackUserId],
      approver: [BEA.slackUserId, CEM.slackUserId],
      auditor: [AUDITOR.slackUserId, ADA.slackUserId],
    },
    people: [ADA, BEA, CEM, ELI, RITA, AUDITOR],
    policy: {
      uncoded: [],
      kinds: new Map([[ADA.email, 'vip']]),
      twoApprovers: { actions: [], targets: ['vip'], expireMs: 60 * MINUTE_MS, remindMs: 10 * MINUTE_MS },
    },
  });
  for (const one of [BEA, CEM, AUDITOR]) await enrolForCodes(scene.core, one);
}, 120_000);

const code = () => codeNow(scene.runtime);
const decide = async (breakGlass: string, given = code()): Promise<string> => {
  const decided = await scene.decide('disable_account', { given, breakGlass });
  return decided.ok ? 'done' : `${decided.error.code} ${decided.error.field ?? ''}`.trim();
};
const told = async (key: string): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ user: string }>(
    `select body->>'user' as user from posts where body->>'kind' = 'tell' and body->'phrase'->>'key' = $1 order by 1`,
    [key],
  );
  return rows.map(({ user }) => user);
};
const decision = async () => {
  const { rows } = await scene.core.db.query<{ id: string }>('select id from decisions');
  return found(await decisionById(scene.core.db, scene.core.workspaceId, found(rows[0]).id));
};
const again = (name: WorkName, ref: string) =>
  requestWork(scene.core.db, {
    workspaceId: scene.core.workspaceId,
    name,
    ref,
    correlationId: 'cor',
    now: scene.runtime.now(),
  });
async function mind(ref: string): Promise<unknown> {
  await again('mind_review', ref);
  return runOnce(scene.core, 'mind_review', ref, (run) => mindReview(scene.core, run));
}

describe('break-glass', () => {
  it('runs at once with one approver, and the thread and the record say so', async () => {
    expect(await decide(WHY)).toBe('done');
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
    expect(await scene.lines()).toEqual(expect.arrayContaining(['timeline.break_glass', 'timeline.review']));
    expect((await decision()).break_glass).toBe(WHY);
  });

  it.each([
    ['without a reason that says something', 'hurry', () => code(), 'invalid_input break_glass'],
    ['without a code', WHY, () => typedCode(''), 'code_refused code'],
  ])('is refused %s', async (_, why, given, expected) => {
    expect(await decide(why, given())).toBe(expected);
    expect((await scene.steps()).length).toBe(0);
  });

  it('is told at once to everybody in a role but whoever it is about, and asked for again each day', async () => {
    await decide(WHY);
    const { id } = await decision();
    expect(await mind(id)).toEqual({ againInMs: DAY_MS });
    expect(await told('tell.break_glass')).toEqual([AUDITOR, CEM, RITA].map(({ slackUserId }) => slackUserId).sort());
    await mind(id);
    expect(await told('tell.break_glass')).toHaveLength(3);
    scene.runtime.move(DAY_MS);
    await mind(id);
    expect(await told('tell.review_open')).toEqual([AUDITOR, CEM].map(({ slackUserId }) => slackUserId).sort());
    expect(await scene.record()).toEqual(expect.arrayContaining(['break_glass.told', 'review.reminded']));
  });
});

describe('the review of a break-glass', () => {
  const sign = async (actor: string, given = code()): Promise<string> => {
    const { id: decisionId } = await decision();
    const asked = { decisionId, actor, given, requestKey: `review_${actor}`, origin: ORIGIN };
    const signed = await commands.signReview(scene.core, asked);
    return signed.ok ? 'done' : signed.error.code;
  };
  beforeEach(async () => {
    await decide(WHY);
    scene.runtime.move(MINUTE_MS);
  });

  it.each([
    ['whoever broke the glass', BEA.slackUserId, 'not_a_second'],
    ['the person it is about', ADA.slackUserId, 'own_account'],
    ['a responder', RITA.slackUserId, 'not_in_role'],
    ['a stranger', ELI.slackUserId, 'not_in_role'],
  ])('is not signed by %s', async (_, actor, expected) => {
    expect(await sign(actor)).toBe(expected);
    expect(reviewOf(scene.core, await decision())).toBeNull();
  });

  it.each([
    ['another approver', CEM.slackUserId],
    ['an auditor', AUDITOR.slackUserId],
  ])('is signed by %s with a code, once, also after the closing, and is asked for no more', async (_, actor) => {
    expect(await sign(actor, typedCode('000000'))).toBe('code_refused');
    await scene.core.db.query(`update incidents set status = 'closed', outcome = 'benign', closed_at = now()`);
    expect(await sign(actor)).toBe('done');
    expect(reviewOf(scene.core, await decision())).toMatchObject({ by: actor, proof: { kind: 'totp' } });
    expect(await scene.record()).toContain('review.signed');
    scene.runtime.move(MINUTE_MS);
    expect(await sign(actor === CEM.slackUserId ? AUDITOR.slackUserId : CEM.slackUserId)).toBe('wrong_state');
    expect(await mind((await decision()).id)).toBe('completed');
  });

  it('is not signed by whoever writes to the database', async () => {
    const review = { by: CEM.slackUserId, at: scene.runtime.now().toISOString(), proof: { kind: 'totp', timeStep: 1 } };
    await scene.core.db.query('update decisions set review = $1', [JSON.stringify({ ...review, tag: 'v1.x.y' })]);
    expect(reviewOf(scene.core, await decision())).toBeNull();
  });
});

describe('a decision that waits', () => {
  let id = '';
  beforeEach(async () => {
    await decide('');
    id = found((await waiting(scene.core, 'mind_waiting'))[0]);
  });
  const tick = async (minutes: number): Promise<unknown> => {
    scene.runtime.move(minutes * MINUTE_MS);
    await again('mind_waiting', id);
    return runOnce(scene.core, 'mind_waiting', id, (run) => mindWaiting(scene.core, run));
  };
  const drawn = async (): Promise<string> => {
    const view = found(await incidentView(scene.core, scene.incident.id));
    const said = phrase('timeline.waiting_nobody');
    return JSON.stringify(waitingCard(translatorOf(withOverrides({})), view, { waiting: id, phrase: said }));
  };

  it('reminds those on call, then each approver who may sign, once, and ends when its time is over', async () => {
    expect(await drawn()).toContain('decision_countersign');
    expect(await tick(5)).toEqual({ againInMs: 5 * MINUTE_MS });
    expect(await tick(5)).toEqual({ againInMs: 10 * MINUTE_MS });
    expect(await scene.lines()).toContain('timeline.waiting_reminded');
    expect(await told('tell.waiting')).toEqual([]);
    await tick(10);
    expect(await told('tell.waiting')).toEqual([CEM.slackUserId]);
    await tick(10);
    expect(await told('tell.waiting')).toHaveLength(1);
    expect(await tick(30)).toBe('completed');
    expect(await scene.lines()).toContain('timeline.waiting_expired');
    expect(await scene.record()).toEqual(
      expect.arrayContaining(['decision.reminded', 'decision.escalated', 'decision.expired']),
    );
    expect(await drawn()).not.toContain('decision_countersign');
  });

  it('loses its button with the incident', async () => {
    await scene.core.db.query(`update incidents set status = 'closed', outcome = 'benign', closed_at = now()`);
    expect(await drawn()).not.toContain('decision_countersign');
    expect(await tick(10)).toBe('completed');
  });
});
