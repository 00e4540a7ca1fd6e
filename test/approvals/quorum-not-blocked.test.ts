import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { checkRight } from '../../src/approvals/policy.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

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

describe('whoever holds one approver’s Slack and no code', () => {
  // What `/lockdown @cem` and `/lockdown @dia` do before any code is asked for.
  const open = async () => {
    for (const one of [CEM, DIA]) await incidentAbout(scene.core, one);
    // By the rule of suspect-approver.ts neither of them is silenced: both may sign.
    for (const one of [CEM, DIA]) expect((await checkRight(scene.core, one.slackUserId, 'countersign')).ok).toBe(true);
  };

  it('does not block the lockdown of a VIP by merely opening incidents about the other approvers', async () => {
    await open();
    const decided = await scene.decide('lockdown', { given: codeNow(scene.runtime) });
    expect(decided.ok ? 'waits' : decided.error.code).toBe('waits');
  });

  it('nor the correction to an account of somebody else, for which there is no break-glass', async () => {
    const { person: eli } = await incidentAbout(scene.core, ELI);
    await scene.link({ system: 'okta', accountId: 'okta/eli', login: ELI.email }, eli);
    await open();
    const { seen: shown } = found(await previewLinks(scene.core, scene.incident.id, BEA.slackUserId));
    const corrected = await commands.correctAccounts(scene.core, {
      incidentId: scene.incident.id,
      actor: BEA.slackUserId,
      shown,
      origin: { ...ORIGIN, correlationId: 'cor_links' },
      typed: new Map([['okta', ELI.email]]),
      confirms: false,
      requestKey: 'view_links',
      given: codeNow(scene.runtime),
    });
    expect(corrected.ok ? 'waits' : corrected.error.code).toBe('waits');
  });
});
