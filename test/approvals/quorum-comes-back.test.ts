import { beforeEach, describe, expect, it } from '@jest/globals';
import { countersignModal } from '../../blocks/modals/countersign.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const DIA = { slackUserId: 'U0DIA', email: 'dia@meadow.example', name: 'Dia Rahman' };
let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    approvers: [BEA.slackUserId, CEM.slackUserId, DIA.slackUserId],
    people: [ADA, BEA, CEM, DIA, ELI],
    policy: {
      uncoded: [],
      twoApprovers: {
        actions: ['enable_account'],
        targets: ['vip'],
        expireMs: 60 * MINUTE_MS,
        remindMs: 10 * MINUTE_MS,
      },
      kinds: new Map([[ADA.email, 'vip' as const]]),
    },
  });
  for (const one of [BEA, CEM, DIA]) await enrolForCodes(scene.core, one);
}, 120_000);

describe('a bad first approver', () => {
  it('does not have a colleague let somebody in who is not told what comes back', async () => {
    expect(
      (
        await scene.decide('disable_account', {
          given: codeNow(scene.runtime),
          breakGlass: 'nobody else is awake at this hour',
        })
      ).ok,
    ).toBe(true);
    await scene.core.db.query(`update steps set status = 'verified', accepted_at = $2, finished_at = $2, result = $1`, [
      JSON.stringify({ survives: [{ what: 'open sessions', forSeconds: null, endedBy: ['revoke_sessions'] }] }),
      scene.runtime.now(),
    ]);
    scene.runtime.move(MINUTE_MS);
    const first = await scene.decide('enable_account', {
      override: 'she stands beside me',
      given: codeNow(scene.runtime),
    });
    expect(first.ok ? 'waits' : first.error.code).toBe('waits');
    const { rows } = await scene.core.db.query<{ id: string }>('select id from waiting_decisions');
    const shown = await previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found(rows[0]).id);
    if (!shown.ok) throw new Error(shown.error.code);
    expect(JSON.stringify(countersignModal(translatorOf(withOverrides({})), shown.value))).toContain('open sessions');
  });
});
