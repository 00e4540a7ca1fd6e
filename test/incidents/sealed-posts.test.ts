import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPosts } from '../../jobs/handlers/deliver-post.js';
import type { PostBody } from '../../src/incidents/post-body.js';
import { addLine, addPost } from '../../src/incidents/posts.js';
import { sealOldPosts } from '../../src/incidents/sealed-posts.js';
import { reporterOf, reportNotMe } from '../../src/reports/report.js';
import { list, phrase } from '../../src/texts/phrase.js';
import { ELI, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
}, 120_000);

const FOUND = ['collector@evil.example', 'curl/8.5.0 (evil)', '203.0.113.77'];
const evidence = phrase('timeline.accounts', {
  found: list(FOUND.map((text) => phrase('timeline.account.found', { system: 'Okta', login: text }))),
});
const raw = async (): Promise<string> =>
  JSON.stringify((await scene.core.db.query('select to_jsonb(p) as row from posts p')).rows);
const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const shown = async () => (await openPosts(scene.core, scene.incident.id)).map(({ body }) => body);

describe('a line of the thread', () => {
  it('is nowhere in the table as it was said, and is shown as it was', async () => {
    await addLine({ core: scene.core, tx: scene.core.db }, scene.incident.id, 'found', evidence);
    const stored = await raw();
    for (const text of FOUND) expect(stored).not.toContain(text);
    expect(stored).toContain('timeline.accounts');
    expect(await shown()).toContainEqual({ kind: 'line', phrase: evidence });
  });

  it('holds no word of a report, whatever it was added to', async () => {
    const eli = await reporterOf(scene.core, ELI.slackUserId);
    if (!eli.ok) throw new Error('Eli is known');
    const report = { surface: 'dm', noticeId: null, origin: ORIGIN } as const;
    await reportNotMe(scene.core, eli.value, { ...report, said: 'my boss Quentin did it', sourceKey: 'one' });
    await reportNotMe(scene.core, eli.value, { ...report, said: 'really, Quentin', sourceKey: 'two' });
    expect(await raw()).not.toContain('Quentin');
    expect(JSON.stringify(await scene.said())).toMatch(/my boss Quentin did it.*really, Quentin/);
  });

  it('that a version before stored in the open is sealed at the start, once', async () => {
    const { core, incident } = scene;
    const offer: PostBody = { kind: 'offer', phrase: evidence, actions: ['lockdown'] };
    await addPost({ core, tx: core.db }, incident.id, 'offered', offer);
    await addLine({ core, tx: core.db }, incident.id, 'found', evidence);
    await set("update posts set body = $1 where post_key like '%_offered'", JSON.stringify(offer));
    const before = await shown();
    expect(await raw()).toContain(FOUND[0]);
    expect(await sealOldPosts(core)).toBe(1);
    expect(await raw()).not.toContain(FOUND[0]);
    expect(await shown()).toEqual(before);
    expect(await sealOldPosts(core)).toBe(0);
  });

  it('of an earlier version is sealed also beside a row that is no post', async () => {
    const { core, incident } = scene;
    await addLine({ core, tx: core.db }, incident.id, 'found', evidence);
    await set(
      `insert into posts (workspace_id, id, incident_id, post_key, body, created_at, position, status)
       select workspace_id, 'a_broken', incident_id, 'broken', '{"kind":"line","phrase":{"key":7,"values":{}}}', created_at, 0, status
       from posts limit 1`,
    );
    await set('update posts set body = $1 where post_key like $2', { kind: 'line', phrase: evidence }, '%_found');
    expect(await sealOldPosts(core)).toBe(1);
    expect(await raw()).not.toContain(FOUND[0]);
  });

  it('is opened for nobody to whom it was not said', async () => {
    const { core, incident } = scene;
    await addLine({ core, tx: core.db }, incident.id, 'found', evidence);
    await set(
      "update posts set body = body || $1::jsonb where post_key like '%_found'",
      JSON.stringify({ kind: 'tell', user: ELI.slackUserId }),
    );
    expect(JSON.stringify(await shown())).not.toContain(FOUND[0]);
  });

  it('does not open in another place, and costs the others nothing', async () => {
    const { core, incident } = scene;
    await addLine({ core, tx: core.db }, incident.id, 'one', evidence);
    await addLine({ core, tx: core.db }, incident.id, 'two', phrase('timeline.approvers_called'));
    const known = await shown();
    await set(
      `update posts set body = (select body from posts where post_key like '%_one') where post_key like '%_two'`,
    );
    expect(await shown()).toEqual(
      known.filter((body) => !('phrase' in body && body.phrase?.key === 'timeline.approvers_called')),
    );
  });
});
