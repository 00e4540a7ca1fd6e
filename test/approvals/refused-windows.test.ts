import { beforeEach, describe, expect, it } from '@jest/globals';
import { confirmable } from '../../src/approvals/confirm.js';
import { previewDecision } from '../../src/approvals/preview.js';
import type { StoredRequest } from '../../src/approvals/stored-request.js';
import { previewUndo } from '../../src/approvals/undo-preview.js';
import { savePerson } from '../../src/incidents/people.js';
import { claims } from '../../src/notices/prove-claim.js';
import { type KnownPerson } from '../core.js';
import { ADA, BEA, CEM, ELI, ORIGIN, Scene } from '../scene.js';

const GUS = { slackUserId: 'U0GUS', email: 'gus@meadow.example', name: 'Gus Moreno' };

let scene: Scene;
let stepId = '';
const neverTouch: string[] = [];
beforeEach(async () => {
  neverTouch.length = 0;
  scene = await Scene.open({
    approvers: [BEA, CEM, GUS, ADA].map((one) => one.slackUserId),
    people: [ADA, BEA, CEM, ELI, GUS],
    standingOf: (id) => Promise.resolve(id === GUS.slackUserId ? 'guest' : 'member'),
    policy: { neverTouch },
  });
  await scene.decide('disable_account');
  stepId = (await scene.lastStep()).id;
  await scene.run(stepId);
}, 120_000);

/** The account that was found for Ada is this approver's own, too. */
async function sharedWith(who: KnownPerson & { readonly email: string }): Promise<void> {
  const person = await savePerson(scene.core, {
    ...who,
    title: null,
    manager: null,
    timeZone: 'UTC',
    standing: 'member',
  });
  const account = await scene.account();
  await scene.link({ system: account.system, accountId: account.accountId ?? '', login: account.login ?? '' }, person);
}

const CASES: readonly (readonly [string, string, string, () => unknown])[] = [
  ['somebody in no role', ELI.slackUserId, 'not_an_approver', () => null],
  ['an approver who is a guest by now', GUS.slackUserId, 'not_a_member', () => null],
  ['the approver whom it is about', ADA.slackUserId, 'own_account', () => null],
  ['an approver whose own account it is', CEM.slackUserId, 'own_account', () => sharedWith(CEM)],
  ['an approver, of a protected account', BEA.slackUserId, 'never_touch', () => neverTouch.push(ADA.email)],
  [
    'an approver, of a closed incident',
    BEA.slackUserId,
    'incident_closed',
    () => scene.core.db.query(`update incidents set status = 'closed', closed_at = now(), outcome = 'benign'`),
  ],
];

async function refusals(): Promise<readonly unknown[]> {
  const { rows } = await scene.core.db.query<{ said: unknown }>(
    `select jsonb_build_array(actor_id, detail->>'action', detail->>'problem') as said
     from record_entries where incident_id = $1 and action = 'decision.refused' order by seq`,
    [scene.incident.id],
  );
  return rows.map(({ said }) => said);
}

describe('a window that is not opened', () => {
  const origin = { ...ORIGIN, correlationId: 'cor_opening' };

  it.each(CASES)('for %s stands once in the record: who, what, and why', async (_who, actor, problem, prepare) => {
    await prepare();
    const opened = await previewDecision(
      scene.core,
      { incidentId: scene.incident.id, actor, origin },
      'enable_account',
    );
    expect(opened).toMatchObject({ ok: false, error: { code: problem } });
    expect(await refusals()).toEqual([[actor, 'enable_account', problem]]);
    const undo = await previewUndo(scene.core, { stepId, actor, origin });
    expect(undo).toMatchObject({ ok: false, error: { code: problem } });
    expect((await refusals()).slice(1)).toEqual([[actor, 'undo', problem]]);
  });

  it('is not entered again each time that its page is read', async () => {
    const actor = BEA.slackUserId;
    const request = await scene.request('enable_account', { actor });
    neverTouch.push(ADA.email);
    const asked: StoredRequest = { command: 'decide', ...request, ranges: [], chosen: [] };
    for (let looks = 0; looks < 3; looks += 1)
      expect(await confirmable(scene.core, asked, claims)).toMatchObject({
        ok: false,
        error: { code: 'never_touch' },
      });
    expect(await refusals()).toEqual([[actor, 'enable_account', 'never_touch']]);
  });
});
