import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../jobs/worker.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { takeReport } from '../../src/notices/take-report.js';
import { found, Scene } from '../scene.js';
import { runOnce, waiting } from '../runs.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { takesReports: true } } });
}, 120_000);

const LOGIN = 'a.lovelace@corp.example';

// A connector finds an account by an alias, a second address or the employee number, too: its login is then another one.
describe("a report about an account that is linked in somebody's open incident under a login of its own", () => {
  it('joins that incident, and opens no second one about nobody', async () => {
    const { core } = scene;
    await core.db.query(
      `update accounts set login = $1 where system = 'okta' and person_id = (select person_id from incidents where id = $2)`,
      [LOGIN, scene.incident.id],
    );
    const { rows: linked } = await core.db.query('select 1 from accounts where login = $1', [LOGIN]);
    expect(linked).toHaveLength(1);
    const event = {
      eventId: 'linked-1',
      kind: 'reported' as const,
      login: LOGIN,
      actor: LOGIN,
      ip: '198.51.100.7',
      occurredAt: scene.runtime.now(),
    };
    await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [event], 'cor'));
    const take = async ({ work: { ref }, commit }: Run): Promise<void> => {
      const person = await personBehind(core, found(await noticeById(core.db, core.workspaceId, ref)));
      await commit((tx) => takeReport({ core, tx }, ref, person, { surface: 'elsewhere', correlationId: 'cor' }));
    };
    for (const ref of await waiting(core, 'take_report')) await runOnce(core, 'take_report', ref, take);
    const { rows } = await core.db.query('select id from incidents');
    expect(rows).toEqual([{ id: scene.incident.id }]);
  });
});
