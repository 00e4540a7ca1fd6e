import { beforeEach, describe, expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { undoModal } from '../../blocks/modals/undo.js';
import { translatorOf } from '../../blocks/parts.js';
import { type Preview, previewDecision } from '../../src/approvals/preview.js';
import { previewUndo } from '../../src/approvals/undo-preview.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { choiceKey } from '../../src/evidence/rescan.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { withOverrides } from '../../src/texts/say.js';
import { BEA, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  const at = scene.runtime.now();
  scene.okta.items.grants = [{ id: 'g1', title: 'Mail Backup', at }];
  scene.okta.items.factors = [{ id: 'f1', title: 'Phone of a stranger', at }];
  const { id: accountRow } = await scene.account();
  const evidence = await scene.okta.evidence();
  await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
}, 120_000);

async function preview(decision: DecisionKind): Promise<Preview> {
  const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
  const shown = await previewDecision(scene.core, clicked, decision);
  if (!shown.ok) throw new Error(shown.error.code);
  return shown.value;
}
/** What a step that has ended left, as its connector said. */
const ended = (action: string, result: object, items: readonly string[] | null = null): Promise<unknown> =>
  scene.core.db.query(
    `update steps set status = 'verified', accepted_at = now(), finished_at = now(), result = $2, items = $3
     where id = (select id from steps where action = $1 order by position desc limit 1)`,
    [action, JSON.stringify(result), items === null ? null : JSON.stringify(items)],
  );

describe('what comes back with an account', () => {
  it('is shown before it is enabled: what no step has ended, and what looks like an attacker’s, with what ends it', async () => {
    await scene.decide('disable_account');
    await ended('disable_account', {
      survives: [{ what: 'open sessions', forSeconds: null, endedBy: ['revoke_sessions'] }],
    });
    const shown = await preview('enable_account');
    expect(shown.comesBack).toEqual([
      {
        title: 'Okta',
        login: 'ada@meadow.example',
        what: ['open sessions', 'Phone of a stranger', 'Mail Backup'],
        endBy: ['revoke_sessions', 'remove_factors', 'revoke_grants'],
      },
    ]);
    const drawn = JSON.stringify(decideModal(translatorOf(withOverrides({})), shown).blocks);
    for (const part of [
      'What comes back with it',
      'Phone of a stranger',
      '*Revoke sessions*, *Remove sign-in methods*',
    ])
      expect(drawn).toContain(part);
  });

  it('is not what was ended or taken away meanwhile', async () => {
    const { id } = await scene.account();
    await scene.decide('remove_factors', { chosen: new Map([[id, [choiceKey({ id: 'f1' })]]]) });
    await ended('remove_factors', {}, ['f1']);
    await scene.decide('disable_account');
    await ended('disable_account', {
      survives: [{ what: 'open sessions', forSeconds: null, endedBy: ['revoke_sessions'] }],
    });
    await scene.decide('revoke_sessions');
    await ended('revoke_sessions', {});
    expect((await preview('enable_account')).comesBack.flatMap(({ what }) => what)).toEqual(['Mail Backup']);
  });

  it('is shown before a disable is undone, too', async () => {
    await scene.decide('disable_account');
    const { id: stepId } = await scene.lastStep();
    await scene.run(stepId);
    const shown = await previewUndo(scene.core, { stepId, actor: BEA.slackUserId, origin: ORIGIN });
    if (!shown.ok) throw new Error(shown.error.code);
    expect(shown.value.comesBack.map(({ what }) => what)).toEqual([['Phone of a stranger', 'Mail Backup']]);
    expect(JSON.stringify(undoModal(translatorOf(withOverrides({})), shown.value).blocks)).toContain('Mail Backup');
  });

  it('is nothing that concerns a decision that lets nobody in', async () => {
    expect((await preview('disable_account')).comesBack).toEqual([]);
  });
});
