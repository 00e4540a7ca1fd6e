import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../jobs/worker.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { acknowledgeNotices } from '../../src/notices/see-to.js';
import { takeReport } from '../../src/notices/take-report.js';
import type { ReportKind, SystemEvent } from '../../src/ports/connector.js';
import { BEA, DAY_MS, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';
import { runOnce, waiting } from '../runs.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { takesReports: true } } });
}, 120_000);

let made = 0;
const said = (kind: ReportKind, agoMs: number, more: Partial<SystemEvent> = {}): SystemEvent => ({
  eventId: `listed${(made += 1)}`,
  kind,
  login: ELI.email,
  actor: null,
  ip: '198.51.100.7',
  occurredAt: new Date(scene.runtime.now().getTime() - agoMs),
  ...more,
});
const take = async ({ work: { ref }, commit }: Run): Promise<void> => {
  const { core } = scene;
  const person = await personBehind(core, found(await noticeById(core.db, core.workspaceId, ref)));
  await commit((tx) => takeReport({ core, tx }, ref, person, { surface: 'elsewhere', correlationId: 'cor' }));
};
const hear = async (...events: readonly SystemEvent[]): Promise<void> => {
  await scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'okta', events, 'cor'));
  for (const ref of await waiting(scene.core, 'take_report')) await runOnce(scene.core, 'take_report', ref, take);
};
const whose = async (): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ email: string }>(
    'select p.email from incidents i join people p on p.id = i.person_id where i.id <> $1',
    [scene.incident.id],
  );
  return rows.map(({ email }) => email);
};

// 0035.4: "A person's own word is never counted", 0035.2: what a person tells an identity system opens their incident.
describe('after an old report was only listed', () => {
  it("the person's own report of this very minute opens their incident", async () => {
    await hear(said('reported', 2 * DAY_MS));
    expect(await whose()).toEqual([]);
    scene.runtime.move(MINUTE_MS);
    await hear(said('reported', 1_000));
    expect(await whose()).toEqual([ELI.email]);
  });

  it('three requests that are rejected now open an incident', async () => {
    await hear(said('push_denied', 2 * DAY_MS));
    scene.runtime.move(MINUTE_MS);
    for (let often = 0; often < 3; often += 1) await hear(said('push_denied', 1_000));
    expect(await whose()).toEqual([ELI.email]);
  });
});

const first = async (): Promise<string> => {
  const { rows } = await scene.core.db.query<{ id: string }>('select id from notices order by noticed_at limit 1');
  return found(rows[0]).id;
};
const nothingWrong = async (): Promise<void> => {
  const settled = await acknowledgeNotices(scene.core, await first(), { actor: BEA.slackUserId, origin: ORIGIN });
  expect(settled.ok).toBe(true);
};

describe('after an approver said that nothing is wrong', () => {
  it('a rejected request is asked about anew, and a third opens an incident', async () => {
    await hear(said('push_denied', 1_000), said('push_denied', 1_000));
    await nothingWrong();
    scene.runtime.move(MINUTE_MS);
    await hear(said('push_denied', 1_000), said('push_denied', 1_000));
    const { rows } = await scene.core.db.query('select taken, settled_at is null as waits from notices where asked');
    expect(rows).toContainEqual({ taken: 'asked', waits: true });
    expect(await whose()).toEqual([]);
    await hear(said('push_denied', 1_000));
    expect(await whose()).toEqual([ELI.email]);
  });

  it('what happened before that is still counted with what was seen to', async () => {
    await hear(said('push_denied', 1_000), said('push_denied', 1_000));
    scene.runtime.move(MINUTE_MS);
    await nothingWrong();
    await hear(said('push_denied', MINUTE_MS));
    const { rows } = await scene.core.db.query('select 1 from notices where counted_with = id');
    expect(rows).toHaveLength(1);
  });
});

describe('after the hourly limit', () => {
  const HIGH = { level: 'high' } as const;
  const others = () =>
    Array.from({ length: 5 }, (_, at) => said('at_risk', 1_000, { ...HIGH, login: `p${at}@a.example` }));
  const listed = async (): Promise<number> => {
    const { rows } = await scene.core.db.query(`select 1 from notices where taken = 'listed'`);
    return rows.length;
  };

  it('what was listed opens an incident when it is heard again in the next hour', async () => {
    scene.runtime.move(50 * MINUTE_MS);
    await hear(...others());
    await hear(said('at_risk', 1_000, HIGH));
    await hear(said('at_risk', 1_000, HIGH));
    expect([await listed(), (await whose()).length]).toEqual([1, 5]);
    scene.runtime.move(15 * MINUTE_MS);
    await hear(said('at_risk', 1_000, HIGH));
    expect(await whose()).toContain(ELI.email);
  });

  it("the person's own word opens it at once", async () => {
    await hear(...others());
    await hear(said('at_risk', 1_000, HIGH), said('reported', 1_000));
    expect(await whose()).toContain(ELI.email);
  });
});
