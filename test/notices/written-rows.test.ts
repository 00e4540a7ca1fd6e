import { beforeEach, describe, expect, it } from '@jest/globals';
import { noticeCard } from '../../blocks/notice-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { unansweredCard } from '../../blocks/unanswered.js';
import { createDraw } from '../../jobs/handlers/draw.js';
import { syncIncident } from '../../jobs/handlers/sync-incident.js';
import { savePerson } from '../../src/incidents/people.js';
import { touchIncident } from '../../src/incidents/posts.js';
import { answerNotice } from '../../src/notices/answer.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { claims } from '../../src/notices/prove-claim.js';
import { provenWith } from '../../src/notices/proven.js';
import { noticesOfPost } from '../../src/notices/unanswered.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));
let scene: Scene;
let slack: MemoryMessenger;
beforeEach(async () => {
  scene = await Scene.open({ people: [ADA, BEA, CEM, ELI], policy: { uncoded: [] } });
  slack = new MemoryMessenger();
}, 120_000);

async function sync(): Promise<void> {
  const { core } = scene;
  await touchIncident(core, core.db, scene.incident.id, 'cor_attack');
  const draw = createDraw(core, translator);
  await runOnce(core, 'sync_incident', scene.incident.id, (run) => syncIncident({ core, messenger: slack, draw }, run));
}

async function claimedByEli(): Promise<string> {
  const { core } = scene;
  const eli = await savePerson(core, { ...ELI, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
  const occurredAt = core.runtime.now();
  const event = {
    kind: 'password_reset',
    login: ELI.email,
    actor: ELI.email,
    occurredAt,
    ip: null,
    eventId: 'e1',
  } as const;
  await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [event], 'cor'));
  const { rows } = await core.db.query<{ id: string }>(
    `update notices set person_id = $1, asked_at = $2, told_in = 'unp_1', tells = true returning id`,
    [eli.id, occurredAt],
  );
  const { id } = found(rows[0]);
  expect((await answerNotice(core, eli, { noticeId: id, answer: 'me', said: '', origin: ORIGIN })).ok).toBe(true);
  return id;
}

describe('whoever writes rows and has no key', () => {
  it('does not have Notme say of a claim that it was proven', async () => {
    const id = await claimedByEli();
    await scene.core.db.query(`update notices set proven_with = 'passkey' where id = $1`, [id]);
    const notices = await noticesOfPost(scene.core, 'unp_1');
    const said = JSON.stringify(unansweredCard(translator, notices, { title: () => 'Okta', onCall: [] }).blocks);
    expect(said).not.toContain('confirmed it with');
    const own = found((await noticeById(scene.core.db, scene.core.workspaceId, id)) ?? undefined);
    expect(
      JSON.stringify(noticeCard(translator, { ...own, proven_with: provenWith(scene.core, own) }, 'Okta')),
    ).not.toContain('proved it with');
  });

  it('does not have a person prove another event than the one that the window showed', async () => {
    await enrolForCodes(scene.core, ELI);
    const id = await claimedByEli();
    const click = { noticeId: id, actor: ELI.slackUserId, origin: ORIGIN };
    const shown = await claims.provable(scene.core, click);
    expect(shown.ok && shown.value.doneBy).toBe(ELI.email);
    await scene.core.db.query(
      `update notices set kind = 'two_step_disabled', actor = 'mallory@evil.example' where id = $1`,
      [id],
    );
    const proven = await claims.prove(scene.core, {
      ...click,
      shown: shown.ok ? shown.value.shown : '',
      given: codeNow(scene.runtime),
    });
    expect(proven.ok ? 'proven' : proven.error.code).not.toBe('proven');
  });

  it('does not keep the card of an incident from being posted, by one row', async () => {
    const { core } = scene;
    const nests = 700;
    const body = `{"kind":"line","phrase":${'{"key":"quorum.changed","values":{"lines":{"join":"","phrases":['.repeat(nests)}${']}}}'.repeat(nests)}}`;
    await core.db.query(
      `insert into posts (workspace_id, id, incident_id, post_key, position, body, status, created_at)
       values ($1, 'post_deep', $2, 'deep', 99, $3::jsonb, 'pending', now())`,
      [core.workspaceId, scene.incident.id, body],
    );
    await sync();
    expect(slack.posted.length).toBeGreaterThan(0);
  });
});
