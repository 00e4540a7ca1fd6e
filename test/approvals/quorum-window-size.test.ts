import { expect, it } from '@jest/globals';
import { countersignModal } from '../../blocks/modals/countersign.js';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

it('the window of the second approver opens, whatever a thief called the rules of the mailbox', async () => {
  const scene = await Scene.open({
    systems: { google: { title: 'Google' }, entra: { title: 'Entra ID' } },
    people: [ADA, BEA, CEM, ELI],
    policy: {
      uncoded: [],
      twoApprovers: { actions: [], targets: ['vip'], expireMs: 60 * MINUTE_MS, remindMs: 10 * MINUTE_MS },
      kinds: new Map([[ADA.email, 'vip' as const]]),
    },
  });
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
  // As much as a look keeps: a hundred of a kind, names of at most 300 (a Gmail filter) or 256 (an application).
  const many = (kind: string, length: number, more: object) =>
    Array.from({ length: 100 }, (_, index) => ({
      ...{ id: `${kind}-${index}`, title: `Delete: subject ${index} ${'&'.repeat(300)}`.slice(0, length), at: null },
      ...more,
    }));
  const accounts = await accountsOf(scene.core.db, scene.core.workspaceId, scene.person.id);
  for (const connector of scene.systems) {
    connector.items.mail_rules = many('rule', 300, { hidesMail: true });
    const accountRow = found(accounts.find(({ system }) => system === connector.system)).id;
    const evidence = await connector.evidence();
    await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
  }
  const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
  const first = await previewDecision(scene.core, clicked, 'lockdown');
  if (!first.ok) throw new Error(first.error.code);
  const translator = translatorOf(withOverrides({}));
  expect(decideModal(translator, first.value).blocks.length).toBeLessThanOrEqual(100);
  const signed = await scene.decide('lockdown', { given: codeNow(scene.runtime) });
  expect(signed.ok ? 'waits' : signed.error.code).toBe('waits');
  const { rows } = await scene.core.db.query<{ id: string }>('select id from waiting_decisions');
  const shown = await previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found(rows[0]).id);
  if (!shown.ok) throw new Error(shown.error.code);
  // Slack's limit: 100 blocks in a view.
  const { blocks } = countersignModal(translator, shown.value);
  expect(blocks.length).toBeLessThanOrEqual(100);
}, 120_000);
