import { beforeEach, describe, expect, it } from '@jest/globals';
import { residualCard } from '../../blocks/residual.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { saveRescan } from '../../src/evidence/rescan.js';
import { residualView } from '../../src/containment/residual.js';
import type { Step } from '../../src/incidents/steps.js';
import { type IncidentView, incidentView } from '../../src/incidents/view.js';
import { withOverrides } from '../../src/texts/say.js';
import { BEA, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
}, 120_000);

describe('what comes back', () => {
  it('names what a thief put back after it was taken away, as a newer look shows it', async () => {
    const { core, runtime } = scene;
    scene.okta.items.grants = [{ id: 'g1', title: 'Mail Backup', at: runtime.now() }];
    const { id: accountRow } = await scene.account();
    const look = async () => ({ incidentId: scene.incident.id, accountRow, evidence: await scene.okta.evidence() });
    await saveEvidence(core, core.db, await look());
    await scene.decide('lockdown');
    await core.db.query(`update steps set status = 'verified', accepted_at = $1, finished_at = $1, result = '{}'`, [
      runtime.now(),
    ]);
    const grants = (await scene.steps()).find(({ action }) => action === 'revoke_grants');
    expect(grants?.items ?? null).not.toBeNull();
    runtime.move(30 * MINUTE_MS);
    // An hour later the same app has its consent again, given through a session that still worked.
    scene.okta.items.grants = [{ id: 'g1', title: 'Mail Backup', at: runtime.now() }];
    await saveRescan(core, core.db, await look());
    const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
    const shown = await previewDecision(core, clicked, 'enable_account');
    if (!shown.ok) throw new Error(shown.error.code);
    expect(shown.value.comesBack.flatMap(({ what }) => what)).toContain('Mail Backup');
  });
});

describe('what comes back', () => {
  it.each(['recovery', 'roles'] as const)('names a way back of a thief among %s', async (section) => {
    const { core, runtime } = scene;
    scene.okta.items[section] = [{ id: 'x1', title: 'mallory@evil.example', at: runtime.now() }];
    scene.okta.items.grants = [{ id: 'g1', title: 'Mail Backup', at: runtime.now() }];
    const { id: accountRow } = await scene.account();
    const evidence = await scene.okta.evidence();
    await saveEvidence(core, core.db, { incidentId: scene.incident.id, accountRow, evidence });
    const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
    const shown = await previewDecision(core, clicked, 'enable_account');
    if (!shown.ok) throw new Error(shown.error.code);
    const what = shown.value.comesBack.flatMap((one) => one.what);
    expect(what).toContain('Mail Backup');
    expect(what).toContain('mallory@evil.example');
  });
});

describe('what still works', () => {
  const survives = [{ what: 'open sessions', forSeconds: null, endedBy: ['revoke_sessions' as const] }];
  let base: IncidentView;
  let first: Step;
  beforeEach(async () => {
    await scene.decide('disable_account');
    base = found(await incidentView(scene.core, scene.incident.id));
    const [step] = base.steps;
    const at = base.now;
    first = { ...found(step), status: 'verified', accepted_at: at, finished_at: at, result: { survives } };
  });
  const said = (view: IncidentView): string =>
    residualCard(translatorOf(withOverrides({})), view, found(residualView(view, first.decision_id))).text;

  it('is told as long as it works, also while the same is tried once more', () => {
    expect(said({ ...base, steps: [first] })).toContain('open sessions');
    const again: Step = {
      ...first,
      ...{ id: 'stp_again', position: 9, decision_id: 'dec_again', status: 'retrying', result: null },
      ...{ accepted_at: null, finished_at: null },
    };
    expect(said({ ...base, steps: [first, again] })).toContain('open sessions');
  });

  it('is not ended by a responder who ticks a step off, without a code and without a look', () => {
    const ticked: Step = {
      ...first,
      id: 'stp_tick',
      position: 9,
      action: 'revoke_sessions',
      status: 'console_done',
      result: null,
    };
    expect(said({ ...base, steps: [first, ticked] })).toContain('open sessions');
  });

  it('is not "nothing" once the account was replaced by a correction', () => {
    expect(said({ ...base, steps: [first], accounts: [] })).not.toContain('tell of nothing that keeps working');
  });

  it('is not "nothing" once the disable was taken back', () => {
    const undo: Step = {
      ...first,
      id: 'stp_undo',
      position: 9,
      decision_id: 'dec_undo',
      undo_of: first.id,
      result: {},
    };
    expect(said({ ...base, steps: [first, undo] })).not.toContain('tell of nothing that keeps working');
  });
});
