import { beforeEach, describe, expect, it } from '@jest/globals';
import { savePersonWithoutSlack, type Person } from '../../src/incidents/people.js';
import { isHeard, noteHeard, noteHeardUntil, unheardSince } from '../../src/reports/heard.js';
import { asksForHelp, ownReport } from '../../src/reports/help.js';
import { addToReport, claimWasMe, type Report, reporterOf, reportNotMe } from '../../src/reports/report.js';
import { ADA, BEA, DAY_MS, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
const BLANK = { slackUserId: 'U0BLANK', email: null, name: 'Nobody' };
beforeEach(async () => {
  scene = await Scene.open({ people: [ADA, BEA, ELI, BLANK] });
}, 120_000);

const eli = async (): Promise<Person> => {
  const known = await reporterOf(scene.core, ELI.slackUserId);
  if (!known.ok) throw new Error('Eli is known');
  return known.value;
};
const report = (sourceKey: string, more: Partial<Report> = {}): Report => ({
  surface: 'dm',
  said: 'not me',
  noticeId: null,
  sourceKey,
  origin: ORIGIN,
  ...more,
});
const linesOf = async (incidentId: string): Promise<readonly string[]> =>
  (
    await scene.core.db.query<{ key: string }>(
      `select body->'phrase'->>'key' as key from posts where incident_id = $1 and body ? 'phrase' order by position`,
      [incidentId],
    )
  ).rows.map(({ key }) => key);

describe('who reports', () => {
  it.each([
    ['U0BLANK', 'report.unknown_person'],
    ['U0NOBODY', 'report.unknown_person'],
  ])('is refused without an address (%s)', async (id, key) => {
    expect(await reporterOf(scene.core, id)).toMatchObject({ ok: false, error: { phrase: { key } } });
  });

  it('is refused when it is an app', async () => {
    const bot = {
      slackUserId: 'B',
      email: 'b@x',
      name: 'b',
      title: null,
      manager: null,
      timeZone: 'UTC',
      standing: 'app' as const,
    };
    const core = { ...scene.core, people: { ...scene.core.people, bySlackId: () => Promise.resolve(bot) } };
    expect(await reporterOf(core, 'B')).toMatchObject({ ok: false, error: { phrase: { key: 'report.bot' } } });
  });
});

describe('what somebody reports', () => {
  it('opens an incident, then is added to it; the same once', async () => {
    const person = await eli();
    const first = await reportNotMe(scene.core, person, report('one'));
    const second = await reportNotMe(scene.core, person, report('two'));
    const again = await reportNotMe(scene.core, person, report('two'));
    expect([first, second, again].map(({ opened, repeated }) => [opened, repeated])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
    expect(await linesOf(first.incident.id)).toEqual(['timeline.opened', 'timeline.merged']);
  });

  it('keeps its time when it is heard late, and says so', async () => {
    const writtenAt = new Date(scene.runtime.now().getTime() - 10 * MINUTE_MS);
    const { incident } = await reportNotMe(scene.core, await eli(), report('late', { writtenAt }));
    expect(incident.opened_at).toEqual(writtenAt);
    expect(await linesOf(incident.id)).toContain('timeline.late');
  });

  it('is no late news when it is delivered again within moments', async () => {
    const writtenAt = new Date(scene.runtime.now().getTime() - MINUTE_MS);
    const { incident } = await reportNotMe(scene.core, await eli(), report('soon', { writtenAt }));
    expect(await linesOf(incident.id)).not.toContain('timeline.late');
  });

  it('without Slack is told by the name, and gets no message of its own', async () => {
    const person = await savePersonWithoutSlack(scene.core, scene.core.db, 'guest@meadow.example');
    const { incident } = await reportNotMe(scene.core, person, report('mail', { surface: 'mail' }));
    const { rows } = await scene.core.db.query(
      `select 1 from posts where incident_id = $1 and body->>'kind' = 'status'`,
      [incident.id],
    );
    expect(rows).toEqual([]);
  });

  it('is shown twenty times in an hour, then counted in one line', async () => {
    const person = await eli();
    const { incident } = await reportNotMe(scene.core, person, report('first'));
    for (let made = 0; made < 22; made += 1)
      await reportNotMe(scene.core, person, report(`more_${made}`, { said: 'x'.repeat(600) }));
    const lines = await linesOf(incident.id);
    expect(lines.filter((line) => line === 'timeline.more_reports')).toHaveLength(1);
    expect(lines.filter((line) => line === 'timeline.merged')).toHaveLength(19);
  });

  it('is added to an open report, and to none that others opened', async () => {
    const person = await eli();
    expect(await addToReport(scene.core, person, report('words'))).toBeNull();
    const { incident } = await incidentAbout(scene.core, ELI);
    expect(await addToReport(scene.core, person, report('words'))).toBeNull();
    await reportNotMe(scene.core, person, report('own'));
    expect(await addToReport(scene.core, person, report('words', { said: 'y'.repeat(2_500) }))).toMatchObject({
      incident: { id: incident.id },
      repeated: false,
    });
    expect(await linesOf(incident.id)).toContain('timeline.added');
  });
});

describe('"it was me"', () => {
  it('changes nothing but a line, every ten minutes', async () => {
    const person = await eli();
    expect(await claimWasMe(scene.core, person, ORIGIN)).toMatchObject({ reference: null });
    const { incident } = await reportNotMe(scene.core, person, report('one'));
    for (const wait of [0, 0, 10 * MINUTE_MS]) {
      scene.runtime.move(wait);
      expect(await claimWasMe(scene.core, person, ORIGIN)).toMatchObject({ reference: incident.reference });
    }
    expect((await linesOf(incident.id)).filter((line) => line === 'timeline.was_me')).toHaveLength(2);
    const { rows } = await scene.core.db.query('select status from incidents where id = $1', [incident.id]);
    expect(rows).toEqual([{ status: 'open' }]);
  });
});

describe('whether words only ask', () => {
  it.each([
    ['help', true],
    ['Help me!', true],
    ['?', true],
    ['', true],
    ['!!!', false],
    ['status', true],
    ['AIDE', true],
    ['help, my account was hacked', false],
  ])('%j: %s', (words, asks) => expect(asksForHelp(words)).toBe(asks));

  it('tells somebody of the own report alone', async () => {
    await incidentAbout(scene.core, ELI);
    expect(await ownReport(scene.core, ELI.slackUserId)).toBeNull();
    await reportNotMe(scene.core, await eli(), report('one'));
    expect(await ownReport(scene.core, ELI.slackUserId)).toMatchObject({ owner: null });
  });
});

describe('what was heard', () => {
  const place = { channel: 'D0ELI', ts: '1.0' };
  const since = async (): Promise<number> => scene.runtime.now().getTime() - (await unheardSince(scene.core)).getTime();

  it('is known again, until it is old', async () => {
    expect(await isHeard(scene.core, place)).toBe(false);
    await noteHeard(scene.core, place);
    await noteHeard(scene.core, place);
    expect(await isHeard(scene.core, place)).toBe(true);
    scene.runtime.move(60 * MINUTE_MS);
    await noteHeardUntil(scene.core, scene.runtime.now());
    expect(await isHeard(scene.core, place)).toBe(false);
  });

  it('is read for a day where nobody ever listened, and from the last report on where an earlier version did', async () => {
    expect(await since()).toBe(DAY_MS);
    await reportNotMe(scene.core, await eli(), report('one'));
    scene.runtime.move(5 * MINUTE_MS);
    expect(await since()).toBe(5 * MINUTE_MS);
  });

  it('is read again from ten minutes before the mark on', async () => {
    await noteHeardUntil(scene.core, scene.runtime.now());
    scene.runtime.move(MINUTE_MS);
    expect(await since()).toBe(11 * MINUTE_MS);
    await noteHeardUntil(scene.core, new Date(scene.runtime.now().getTime() - MINUTE_MS));
    expect(await since()).toBe(11 * MINUTE_MS);
  });

  it('is not told by a mark that is ahead of now', async () => {
    await reportNotMe(scene.core, await eli(), report('one'));
    await noteHeardUntil(scene.core, new Date(scene.runtime.now().getTime() + 60 * MINUTE_MS));
    expect(await since()).toBe(10 * MINUTE_MS);
    await noteHeardUntil(scene.core, scene.runtime.now());
    expect(await since()).toBe(10 * MINUTE_MS);
    expect(found((await scene.core.db.query('select heard_until from hearing')).rows[0])).toEqual({
      heard_until: scene.runtime.now(),
    });
  });
});
