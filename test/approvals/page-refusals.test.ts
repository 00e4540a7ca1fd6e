import { expect, it } from '@jest/globals';
import { recordPageRefusal } from '../../src/approvals/page-refusals.js';
import { BEA, ORIGIN, Scene } from '../scene.js';

it('a refused try on a page is recorded once for each link and reason, also when many come at once', async () => {
  const { core } = await Scene.open();
  const refuse = (link: string, why: string) =>
    recordPageRefusal(core, { hash: link.repeat(64), userId: BEA.slackUserId }, why, ORIGIN);
  await Promise.all(Array.from({ length: 20 }, () => refuse('a', 'nonce')));
  await refuse('a', 'expired');
  await refuse('b', 'nonce');
  const { rows } = await core.db.query(
    `select actor_id, detail->>'link' as link, detail->>'why' as why from record_entries
     where incident_id = 'workspace' and action = 'page.refused' order by seq`,
  );
  expect(rows).toEqual([
    { actor_id: BEA.slackUserId, link: 'a'.repeat(16), why: 'nonce' },
    { actor_id: BEA.slackUserId, link: 'a'.repeat(16), why: 'expired' },
    { actor_id: BEA.slackUserId, link: 'b'.repeat(16), why: 'nonce' },
  ]);
}, 120_000);
