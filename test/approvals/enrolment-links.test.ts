import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { tellAnnouncement } from '../../jobs/handlers/announce.js';
import { commands } from '../../src/approvals/commands/index.js';
import { askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { enrolSelf } from '../../src/approvals/self-enrolment.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { Core } from '../../src/ports/core.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { rolesOf } from '../roles.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, Scene } from '../scene.js';

const texts = withOverrides({});
const origin = (n: number) => ({ surface: 'button', correlationId: `cor_${n}` });
let scene: Scene;
let core: Core;
let administrators: readonly string[];
let slack: MemoryMessenger;
beforeEach(async () => {
  scene = await Scene.open({ people: [ADA, BEA, CEM, ELI], policy: { uncoded: [] } });
  administrators = [CEM.slackUserId];
  const roles = () =>
    rolesOf({
      approver: { users: [BEA.slackUserId], userGroups: [] },
      administrator: { users: administrators, userGroups: [] },
    });
  core = {
    ...scene.core,
    get roles() {
      return roles();
    },
  };
  await enrolForCodes(core, CEM);
  slack = new MemoryMessenger();
}, 120_000);
const parts = () => ({ core, messenger: slack, translator: translatorOf(texts) });
async function tell(): Promise<void> {
  for (const ref of await waiting(core, 'announce'))
    await runOnce(core, 'announce', ref, (run) => tellAnnouncement(parts(), run));
}
const LINK = /http:\/\/[^|"<>]+\/enrol\/([\w-]{43})/;
async function approved(): Promise<void> {
  await askEnrolment(core, { actor: BEA.slackUserId, origin: origin(1) });
  await commands.approveEnrolment(core, {
    enrolled: BEA.slackUserId,
    actor: CEM.slackUserId,
    given: codeNow(scene.runtime),
    requestKey: 'v',
    origin: origin(2),
  });
}

/** Two statements of a writer of the database, and what was sent to Bea is sent again, to Eli. */
async function sendToEli(): Promise<void> {
  await core.db.query(
    `update announcements set recipient = $1, status = 'pending', channel = null, ts = null where id like '%\\_link'`,
    [ELI.slackUserId],
  );
  const { rows } = await core.db.query<{ id: string }>(`select id from announcements where id like '%\\_link'`);
  await requestWork(core.db, {
    workspaceId: core.workspaceId,
    name: 'announce',
    ref: found(rows[0]).id,
    correlationId: 'x',
    now: core.runtime.now(),
  });
  await tell();
}

describe("the link to one's own enrolment", () => {
  it('a writer of the database does not have the link to the page of an approver sent to himself', async () => {
    await approved();
    await tell();
    const before = slack.posted.length;
    await sendToEli();
    const sent = slack.posted.slice(before);
    expect(sent.length).toBeGreaterThan(0);
    const token = LINK.exec(JSON.stringify(sent))?.[1];
    let secret: string | undefined;
    if (token) {
      const link = await pageRequestOf(core, core.db, hashPageToken(token));
      if (link.state === 'open') {
        const made = await enrolSelf(core, link, origin(3));
        if (made.ok) secret = made.value.uri.reveal();
      }
    }
    expect({ channel: sent[0]?.channel, secret }).toEqual({ channel: sent[0]?.channel, secret: undefined });
  });

  it('the approval of somebody who is no administrator any more makes no secret', async () => {
    await approved();
    await tell();
    administrators = ['U0OTHER'];
    scene.runtime.move(MINUTE_MS);
    const token = found(LINK.exec(JSON.stringify(slack.posted))?.[1]);
    const link = await pageRequestOf(core, core.db, hashPageToken(token));
    if (link.state !== 'open') throw new Error('closed');
    expect((await enrolSelf(core, link, origin(4))).ok).toBe(false);
  });

  it('a link that was used does not work again, also not for a writer of the database', async () => {
    await approved();
    await tell();
    const token = found(LINK.exec(JSON.stringify(slack.posted))?.[1]);
    const link = await pageRequestOf(core, core.db, hashPageToken(token));
    if (link.state !== 'open') throw new Error('closed');
    expect((await enrolSelf(core, link, origin(3))).ok).toBe(true);
    const seedOf = async () =>
      (await core.db.query("select 1 from record_entries where action = 'approver.enrolled'")).rows.length;
    const before = await seedOf();
    // In the same minute: the row says that it was never used, the record knows better.
    await core.db.query('update page_requests set used_at = null');
    expect((await enrolSelf(core, link, origin(4))).ok).toBe(false);
    // Five hours later: Bea is long enrolled.
    scene.runtime.move(300 * MINUTE_MS);
    await core.db.query(`update page_requests set used_at = null, expires_at = expires_at + interval '1 day'`);
    expect((await pageRequestOf(core, core.db, link.hash)).state).toBe('expired');
    await sendToEli();
    const stolen = LINK.exec(JSON.stringify(slack.posted.filter(({ channel }) => channel === 'DU0ELI')))?.[1];
    const again = stolen ? await pageRequestOf(core, core.db, hashPageToken(stolen)) : null;
    if (again?.state === 'open') await enrolSelf(core, again, origin(5));
    expect(await seedOf()).toBe(before);
  });
});
