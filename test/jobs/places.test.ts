import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { tellAnnouncement } from '../../jobs/handlers/announce.js';
import { deliverNotice } from '../../jobs/handlers/deliver-notice.js';
import { createDraw } from '../../jobs/handlers/draw.js';
import { syncIncident } from '../../jobs/handlers/sync-incident.js';
import { commands } from '../../src/approvals/commands/index.js';
import { askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { addLine, addPost, touchIncident } from '../../src/incidents/posts.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { Core } from '../../src/ports/core.js';
import { list, phrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { rolesOf } from '../roles.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, ORIGIN, Scene } from '../scene.js';

/** Where whoever can write rows would like to read along: a message of Notme's stands there, which can be redrawn. */
const THEIRS = { channel: `D${ELI.slackUserId}`, ts: '1' };
const SAID = '203.0.113.77';
const texts = withOverrides({});
let scene: Scene;
let core: Core;
let slack: MemoryMessenger;
const parts = () => ({ core, messenger: slack, translator: translatorOf(texts), mailer: null });

beforeEach(async () => {
  scene = await Scene.open({ people: [ADA, BEA, CEM, ELI], policy: { uncoded: [] } });
  const members = (slackUserId: string) => ({ users: [slackUserId], userGroups: [] });
  core = {
    ...scene.core,
    roles: rolesOf({ approver: members(BEA.slackUserId), administrator: members(CEM.slackUserId) }),
  };
  slack = new MemoryMessenger();
  await slack.post({ channel: THEIRS.channel, threadTs: null }, { text: 'Hello', blocks: [] }, 'hello');
}, 120_000);

const evidence = phrase('timeline.accounts', {
  found: list([phrase('timeline.account.found', { system: 'Okta', login: SAID })]),
});

async function sync(): Promise<void> {
  await touchIncident(core, core.db, scene.incident.id, 'cor_places');
  const draw = createDraw(core, translatorOf(texts));
  await runOnce(core, 'sync_incident', scene.incident.id, (run) => syncIncident({ core, messenger: slack, draw }, run));
}

/** In which channels this stands. */
const channelsWith = (text: string): readonly string[] => [
  ...new Set(slack.posted.filter(({ drawn }) => JSON.stringify(drawn).includes(text)).map(({ channel }) => channel)),
];

/** Of a reset of Ada's password. */
async function notice(): Promise<string> {
  const occurredAt = scene.runtime.now();
  const event = { kind: 'password_reset', login: ADA.email, actor: 'helpdesk', occurredAt, ip: null } as const;
  await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [{ ...event, eventId: 'evt' }], 'cor_poll'));
  return found((await waiting(core, 'deliver_notice')).at(-1));
}

describe('where a row says that a message stands is no address to send to', () => {
  it('the thread is posted in the configured channel alone', async () => {
    await addLine({ core, tx: core.db }, scene.incident.id, 'found', evidence);
    await core.db.query("update incidents set channel = 'C0GENERAL', card_ts = '9'");
    await sync();
    expect(channelsWith(SAID)).toEqual([core.policy.securityChannel]);
    expect(channelsWith(scene.incident.reference)).toEqual([core.policy.securityChannel]);
  });

  it('what stands elsewhere is posted anew where it belongs, and not redrawn there', async () => {
    await sync();
    const before = channelsWith(scene.incident.reference);
    await core.db.query(`update posts set channel = $1, ts = $2, drawn = null where status = 'posted'`, [
      THEIRS.channel,
      THEIRS.ts,
    ]);
    await sync();
    expect(slack.redrawn).toEqual([]);
    expect(channelsWith(scene.incident.reference)).toEqual(before);
  });

  it('a direct message goes to the one whom it is for', async () => {
    await addPost({ core, tx: core.db }, scene.incident.id, 'told', {
      kind: 'tell',
      user: BEA.slackUserId,
      phrase: evidence,
    });
    await core.db.query(`update posts set channel = $1 where post_key like '%told'`, [THEIRS.channel]);
    await sync();
    expect(channelsWith(SAID)).toEqual([`D${BEA.slackUserId}`]);
  });

  it("the link to an approver's page is redrawn in no other conversation", async () => {
    await enrolForCodes(core, CEM);
    await askEnrolment(core, { actor: BEA.slackUserId, origin: ORIGIN });
    const given = codeNow(scene.runtime);
    const approval = { enrolled: BEA.slackUserId, actor: CEM.slackUserId, given, requestKey: 'v', origin: ORIGIN };
    expect((await commands.approveEnrolment(core, approval)).ok).toBe(true);
    const tell = async (ref: string): Promise<void> => {
      await runOnce(core, 'announce', ref, (run) => tellAnnouncement(parts(), run));
    };
    for (const ref of await waiting(core, 'announce')) await tell(ref);
    expect(channelsWith('/enrol/')).toEqual([`D${BEA.slackUserId}`]);
    const { rows } = await core.db.query<{ id: string }>(
      `update announcements set channel = $1, ts = $2 where recipient = $3 returning id`,
      [THEIRS.channel, THEIRS.ts, BEA.slackUserId],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { id: ref } of rows) {
      const work = { workspaceId: core.workspaceId, name: 'announce', ref } as const;
      await requestWork(core.db, { ...work, correlationId: 'cor_again', now: core.runtime.now() });
      await tell(ref);
    }
    expect(channelsWith('/enrol/')).toEqual([`D${BEA.slackUserId}`]);
  });

  it('a notice is redrawn in the conversation with its own person alone', async () => {
    const id = await notice();
    await runOnce(core, 'deliver_notice', id, (run) => deliverNotice(parts(), run));
    const before = slack.posted.length;
    const redraw = async (): Promise<void> => {
      const work = { workspaceId: core.workspaceId, name: 'deliver_notice', ref: id } as const;
      await requestWork(core.db, { ...work, correlationId: 'cor_again', now: core.runtime.now() });
      await runOnce(core, 'deliver_notice', id, (run) => deliverNotice(parts(), run));
    };
    await redraw();
    expect(slack.redrawn).toHaveLength(1);
    await core.db.query('update notices set channel = $1, message_ts = $2', [THEIRS.channel, THEIRS.ts]);
    await redraw();
    expect(slack.redrawn).toHaveLength(1);
    expect(slack.posted).toHaveLength(before);
  });
});
