import { expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { enrolSelf } from '../../src/approvals/self-enrolment.js';
import { hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { tellAnnouncement } from '../../jobs/handlers/announce.js';
import { translatorOf } from '../../blocks/parts.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { rolesOf } from '../roles.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, Scene } from '../scene.js';

const origin = (n: number) => ({ surface: 'button', correlationId: `cor_${n}` });

it('whoever approved an enrolment is not the first of two with the one they enrolled, minutes later', async () => {
  const scene = await Scene.open({
    people: [ADA, BEA, CEM, ELI],
    policy: {
      uncoded: [],
      twoApprovers: { actions: ['enable_account'], targets: [], expireMs: 60 * MINUTE_MS, remindMs: 10 * MINUTE_MS },
    },
  });
  // Cem is approver and administrator; his second Slack user (Eli) has just been put into the user group of approvers.
  const core = {
    ...scene.core,
    roles: rolesOf({
      approver: { users: [BEA.slackUserId, CEM.slackUserId, ELI.slackUserId], userGroups: [] },
      administrator: { users: [CEM.slackUserId], userGroups: [] },
    }),
  };
  await enrolForCodes(core, CEM);
  await askEnrolment(core, { actor: ELI.slackUserId, origin: origin(1) });
  await commands.approveEnrolment(core, {
    enrolled: ELI.slackUserId,
    actor: CEM.slackUserId,
    given: codeNow(scene.runtime),
    requestKey: 'v',
    origin: origin(2),
  });
  const slack = new MemoryMessenger();
  for (const ref of await waiting(core, 'announce'))
    await runOnce(core, 'announce', ref, (run) =>
      tellAnnouncement({ core, messenger: slack, translator: translatorOf(withOverrides({})) }, run),
    );
  const token = found(/\/enrol\/([\w-]{43})/.exec(JSON.stringify(slack.posted))?.[1]);
  const link = await pageRequestOf(core, core.db, hashPageToken(token));
  if (link.state !== 'open') throw new Error('closed');
  const made = await enrolSelf(core, link, origin(3));
  if (!made.ok) throw new Error(made.error.code);
  const secret = found(new URL(made.value.uri.reveal()).searchParams.get('secret'));
  scene.runtime.move(MINUTE_MS);
  const clicked = { incidentId: scene.incident.id, actor: CEM.slackUserId, origin: origin(4) };
  const preview = await previewDecision(core, clicked, 'enable_account');
  if (!preview.ok) throw new Error(preview.error.code);
  const first = await commands.decide(core, {
    ...clicked,
    action: 'enable_account',
    reason: 'it is fine',
    ranges: [],
    chosen: new Map(),
    outsideAccepted: false,
    override: 'it is fine',
    breakGlass: '',
    given: codeNow(scene.runtime),
    seen: preview.value.seen,
    shown: preview.value.digest,
    requestKey: 'v1',
  });
  expect(first.ok).toBe(true);
  const { rows } = await core.db.query<{ id: string }>('select id from waiting_decisions');
  const waitingId = found(rows[0]).id;
  const second = await previewCountersign(core, { actor: ELI.slackUserId, origin: origin(5) }, waitingId);
  if (second.ok)
    await commands.countersign(core, {
      waitingId,
      actor: ELI.slackUserId,
      shown: second.value.shown,
      given: typedCode(generateSync({ secret, epoch: scene.runtime.now().getTime() / 1000 })),
      requestKey: 'v2',
      origin: origin(6),
    });
  expect((await core.db.query('select 1 from decisions')).rows).toEqual([]);
}, 120_000);
