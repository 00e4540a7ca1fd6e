import { expect, it } from '@jest/globals';
import { countersignModal } from '../../blocks/modals/countersign.js';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));

it('both approvers of a lockdown see what is removed by name; the second one also order, manual steps and why two', async () => {
  const scene = await Scene.open({
    systems: { okta: { title: 'Okta', capabilities: { reset_password: { route: 'console' } } } },
    policy: {
      uncoded: [],
      twoApprovers: { actions: [], targets: ['vip'], expireMs: 60 * MINUTE_MS, remindMs: 10 * MINUTE_MS },
      kinds: new Map([[ADA.email, 'vip' as const]]),
    },
  });
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
  const at = new Date(scene.incident.opened_at.getTime() - MINUTE_MS);
  scene.okta.items.factors = [{ id: 'factor-9', title: 'Phone of mallory', at }];
  const { id: accountRow } = await scene.account();
  const evidence = await scene.okta.evidence();
  await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
  const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
  const first = await previewDecision(scene.core, clicked, 'lockdown');
  if (!first.ok) throw new Error(first.error.code);
  const drawn = JSON.stringify(decideModal(translator, first.value));
  expect(drawn).toMatch(/Remove sign-in methods\*.*Phone of mallory/);
  expect(drawn).not.toContain('that you choose');
  expect(drawn).toContain('"submit":{"type":"plain_text","text":"Sign"}');

  const signed = await scene.decide('lockdown', { given: codeNow(scene.runtime) });
  expect(signed.ok ? 'waits' : signed.error.code).toBe('waits');
  const { rows } = await scene.core.db.query<{ id: string }>('select id from waiting_decisions');
  const second = await previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found(rows[0]).id);
  if (!second.ok) throw new Error(second.error.code);
  const shown = JSON.stringify(countersignModal(translator, second.value).blocks);
  expect(shown).toContain('Why it takes two:* decisions about a VIP take two approvers');
  expect(shown).toContain('1. Reset password (manual step)');
  expect(shown).toMatch(/\d\. Disable \(after [\d, ]+\)/);
  expect(shown).toContain('Phone of mallory');
}, 120_000);
