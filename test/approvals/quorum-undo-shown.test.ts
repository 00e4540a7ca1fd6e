import { expect, it } from '@jest/globals';
import { countersignModal } from '../../blocks/modals/countersign.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { choiceKey } from '../../src/evidence/rescan.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

it('a second approver who lets a rule of a thief work again is told that it is an undo, and of which rule', async () => {
  const scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    people: [ADA, BEA, CEM, ELI],
    policy: {
      uncoded: [],
      twoApprovers: { actions: [], targets: ['vip'], expireMs: 60 * MINUTE_MS, remindMs: 10 * MINUTE_MS },
      kinds: new Map([[ADA.email, 'vip' as const]]),
    },
  });
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
  scene.okta.items.mail_rules = [{ id: 'rule-7f3a', title: 'Forward all to mallory', at: null }];
  const { id: accountRow } = await scene.account();
  const evidence = await scene.okta.evidence();
  await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
  const contained = await scene.decide('disable_mail_rules', {
    chosen: new Map([[accountRow, [choiceKey({ id: 'rule-7f3a' })]]]),
    breakGlass: 'nobody else is awake at this hour',
    given: codeNow(scene.runtime),
  });
  expect(contained.ok ? 'done' : contained.error.code).toBe('done');
  const { id: stepId } = await scene.lastStep();
  expect((await scene.run(stepId)).status).toBe('verified');
  scene.runtime.move(MINUTE_MS);
  const undone = await scene.undo(stepId, { given: codeNow(scene.runtime) });
  expect(undone.ok ? 'waits' : undone.error.code).toBe('waits');
  const { rows } = await scene.core.db.query<{ id: string }>(
    `select id from waiting_decisions where status = 'waiting'`,
  );
  const shown = await previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found(rows[0]).id);
  if (!shown.ok) throw new Error(shown.error.code);
  const { blocks } = countersignModal(translatorOf(withOverrides({})), shown.value);
  const drawn = JSON.stringify(blocks);
  expect(drawn).toContain('undo of');
  expect(drawn).toContain('Forward all to mallory');
}, 120_000);
