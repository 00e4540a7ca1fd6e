import { beforeEach, describe, expect, it } from '@jest/globals';
import { tellWithheld } from '../../jobs/handlers/tell-withheld.js';
import { recordRefusal } from '../../src/approvals/refusals.js';
import { use } from '../../src/incidents/limits.js';
import type { Person } from '../../src/incidents/people.js';
import {
  addToReport,
  claimWasMe,
  type Report,
  type Reported,
  reporterOf,
  reportNotMe,
} from '../../src/reports/report.js';
import { refuse } from '../../src/texts/problem.js';
import { phrase } from '../../src/texts/phrase.js';
import { coreOver } from '../core.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const LIMITS = { messages: 3, home: 3, refusals: 2, lookups: 3, doctor: 3, lockdowns: 3, elsewhere: 5 };

let scene: Scene;
let eli: Person;
beforeEach(async () => {
  scene = await Scene.open({ people: [ADA, BEA, CEM, ELI], policy: { limits: LIMITS } });
  const known = await reporterOf(scene.core, ELI.slackUserId);
  if (!known.ok) throw new Error('Eli is known');
  eli = known.value;
}, 120_000);

const report = (sourceKey: string, more: Partial<Report> = {}): Report => ({
  surface: 'dm',
  said: `not me ${sourceKey}`,
  noticeId: null,
  sourceKey,
  origin: ORIGIN,
  ...more,
});
const says = (key: string, more?: Partial<Report>): Promise<Reported> =>
  reportNotMe(scene.core, eli, report(key, more));
const count = async (sql: string): Promise<number> =>
  found((await scene.core.db.query<{ count: number }>(`select count(*)::int as count from ${sql}`)).rows[0]).count;
const recorded = async (action: string): Promise<readonly unknown[]> =>
  (
    await scene.core.db.query<{ detail: unknown }>('select detail from record_entries where action = $1 order by seq', [
      action,
    ])
  ).rows.map(({ detail }) => detail);
const told = async (key: string) => (await scene.said()).filter((body) => 'phrase' in body && body.phrase?.key === key);
/** The hour is over; what waits is done. */
async function afterTheHour(): Promise<void> {
  scene.runtime.move(62 * MINUTE_MS);
  for (const ref of await waiting(scene.core, 'tell_withheld'))
    await runOnce(scene.core, 'tell_withheld', ref, (run) => tellWithheld(scene.core, run));
}

describe('somebody who writes very often', () => {
  it('loses no report: the first opens, and what is beyond the limit is counted and told once', async () => {
    const first = await says('one');
    expect(first.opened).toBe(true);
    await says('two');
    await says('three');
    const beyond = [await says('four'), await says('five'), await says('six')];
    expect(beyond.map(({ incident, withheld }) => [incident.id, withheld?.is])).toEqual([
      [first.incident.id, 'first_over'],
      [first.incident.id, 'over'],
      [first.incident.id, 'over'],
    ]);
    expect(await count('reports')).toBe(3);
    expect(await recorded('report.merged')).toHaveLength(2);
    expect(await told('timeline.withheld.messages')).toEqual([]);
    await afterTheHour();
    expect(await told('timeline.withheld.messages')).toMatchObject([
      { phrase: { values: { count: 3, who: { user: ELI.slackUserId }, since: { at: '2026-03-10T09:00:00.000Z' } } } },
    ]);
    expect(await recorded('messages.withheld')).toEqual([
      { by: ELI.slackUserId, count: 3, from: '2026-03-10T09:00:00.000Z' },
    ]);
    await afterTheHour();
    expect(await told('timeline.withheld.messages')).toHaveLength(1);
    expect(await says('seven')).not.toHaveProperty('withheld');
  });

  it('is counted with everything that is said in one incident: additions and claims too', async () => {
    await says('one');
    expect(await addToReport(scene.core, eli, report('two'))).not.toHaveProperty('withheld');
    expect((await claimWasMe(scene.core, eli, ORIGIN)).used.is).toBe('within');
    expect((await claimWasMe(scene.core, eli, ORIGIN)).used.is).toBe('first_over');
    expect(await addToReport(scene.core, eli, report('three'))).toMatchObject({ withheld: { is: 'over' } });
    expect(await recorded('report.was_me_claimed')).toHaveLength(1);
    await afterTheHour();
    expect(await recorded('messages.withheld')).toMatchObject([{ count: 2 }]);
  });

  it('opens an incident whenever none is open, and answers each notice, however often they wrote', async () => {
    for (const key of ['one', 'two', 'three', 'four']) await says(key);
    await scene.core.db.query(`update incidents set status = 'closed' where person_id = $1`, [eli.id]);
    expect(await says('again')).toMatchObject({ opened: true });
    expect(await says('notice', { noticeId: 'ntc_1' })).not.toHaveProperty('withheld');
  });

  it('is not spared by what somebody else does', async () => {
    for (const key of ['one', 'two', 'three', 'four']) await says(key);
    const ada = await reporterOf(scene.core, ADA.slackUserId);
    if (!ada.ok) throw new Error('Ada is known');
    expect(await reportNotMe(scene.core, ada.value, report('hers'))).not.toHaveProperty('withheld');
  });
});

describe('the count', () => {
  const doctor = (core = scene.core) => use({ core, tx: core.db }, BEA.slackUserId, 'doctor');

  it('is exact for many at once, over two processes', async () => {
    const other = coreOver(scene.core.db, { runtime: scene.runtime, policy: { limits: LIMITS } }).core;
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) => doctor(index % 2 === 0 ? scene.core : other)),
    );
    const of = (is: string): number => all.filter((one) => one.is === is).length;
    expect([of('within'), of('first_over'), of('over')]).toEqual([3, 1, 6]);
  });

  it('begins anew with the hour, and is forgotten after a week', async () => {
    for (let used = 0; used < 4; used += 1) await doctor();
    expect((await doctor()).until).toEqual(new Date('2026-03-10T10:00:00.000Z'));
    scene.runtime.move(60 * MINUTE_MS);
    expect((await doctor()).is).toBe('within');
    scene.runtime.move(8 * DAY_MS);
    await doctor();
    expect(await count('used_limits')).toBe(1);
  });
});

describe('refused tries', () => {
  const problem = refuse('not_an_approver', phrase('problem.old_card')).error;
  const tries = (incidentId: string | null) =>
    recordRefusal(scene.core, { incidentId, actor: ELI.slackUserId, action: 'lockdown', origin: ORIGIN }, problem);

  it('stand in the record one by one up to the limit, and then as their number', async () => {
    for (let tried = 0; tried < 5; tried += 1) await tries(scene.incident.id);
    expect(await recorded('decision.refused')).toHaveLength(2);
    await afterTheHour();
    expect(await recorded('refusals.withheld')).toMatchObject([{ by: ELI.slackUserId, count: 3 }]);
    expect(await told('timeline.withheld.refusals')).toHaveLength(1);
  });

  it('that belong to no incident are told in the channel', async () => {
    for (let tried = 0; tried < 4; tried += 1) await tries(null);
    expect(await recorded('attempt.refused')).toHaveLength(2);
    await afterTheHour();
    expect(await recorded('refusals.withheld')).toMatchObject([{ count: 2 }]);
    const { rows } = await scene.core.db.query('select recipient, phrase from announcements');
    expect(rows).toMatchObject([{ recipient: null, phrase: { key: 'timeline.withheld.refusals' } }]);
  });
});
