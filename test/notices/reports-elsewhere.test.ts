import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../jobs/worker.js';
import { pollEvents, pollingsOf } from '../../jobs/handlers/poll-events.js';
import { type Deed, deedFor, type Heard } from '../../src/notices/decide-report.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { takeReport } from '../../src/notices/take-report.js';
import { unansweredNotices } from '../../src/notices/unanswered.js';
import { err } from '../../src/platform/result.js';
import type { ReportKind, RiskLevel, SystemEvent } from '../../src/ports/connector.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, MINUTE_MS, Scene } from '../scene.js';
import { claim, runOnce, waiting } from '../runs.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { takesReports: true } } });
}, 120_000);

let made = 0;
const said = (kind: ReportKind, more: Partial<SystemEvent> & { readonly agoMs?: number } = {}): SystemEvent => {
  made += 1;
  const { agoMs = 1_000, ...facts } = more;
  const occurredAt = new Date(scene.runtime.now().getTime() - agoMs);
  return { eventId: `r${made}`, kind, login: ELI.email, actor: null, ip: '198.51.100.7', occurredAt, ...facts };
};
const tell = (...events: readonly SystemEvent[]): Promise<number> =>
  scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'okta', events, 'cor'));
const take = async ({ work: { ref }, commit }: Run): Promise<void> => {
  const { core } = scene;
  const person = await personBehind(core, found(await noticeById(core.db, core.workspaceId, ref)));
  await commit((tx) => takeReport({ core, tx }, ref, person, { surface: 'elsewhere', correlationId: 'cor' }));
};
/** Looks at everything that waits to be looked at. */
const look = async (): Promise<void> => {
  for (const ref of await waiting(scene.core, 'take_report')) await runOnce(scene.core, 'take_report', ref, take);
};
const hear = async (...events: readonly SystemEvent[]): Promise<void> => {
  await tell(...events);
  await look();
};
const many = (count: number, kind: ReportKind, more: Partial<SystemEvent> = {}): readonly SystemEvent[] =>
  Array.from({ length: count }, () => said(kind, more));

interface Opened {
  readonly reference: string;
  readonly email: string;
  readonly status: string;
}
/** Incidents beside Ada's own. */
const opened = async (): Promise<readonly Opened[]> => {
  const { rows } = await scene.core.db.query<Opened>(
    `select i.reference, p.email, i.status from incidents i join people p on p.id = i.person_id
     where i.id <> $1 order by i.opened_at, i.reference`,
    [scene.incident.id],
  );
  return rows;
};
const whose = async (): Promise<readonly string[]> => (await opened()).map(({ email }) => email);
/** The incidents' lines of reports made elsewhere. */
const lines = async (): Promise<number> => (await scene.said()).filter(({ kind }) => kind === 'elsewhere').length;
const taken = async (): Promise<readonly (string | null)[]> => {
  const { rows } = await scene.core.db.query<{ taken: string | null }>(
    'select taken from notices where counted_with = id order by noticed_at, event_id',
  );
  return rows.map((row) => row.taken);
};
const close = (): Promise<unknown> =>
  scene.core.db.query(`update incidents set status = 'closed', outcome = 'benign', closed_at = $1`, [
    scene.runtime.now(),
  ]);

describe('what becomes of a report made elsewhere', () => {
  const policy = { person: 'open', deniedRequests: 3, verdictOpens: 'high', verdictAsks: 'medium' } as const;
  const heard = (more: Partial<Heard>): Heard => ({
    ...{ kind: 'at_risk', count: 1, level: 'high', ours: false, ageMs: 0 },
    ...more,
  });
  it.each<[string, Partial<Heard>, boolean, Deed]>([
    ["somebody's own word", { kind: 'reported', level: null }, false, 'open'],
    ["somebody's own word, while an incident is open", { kind: 'reported' }, true, 'join'],
    ['one rejected request', { kind: 'push_denied', level: null }, false, 'ask'],
    ['two of them', { kind: 'push_denied', count: 2 }, false, 'ask'],
    ['three of them', { kind: 'push_denied', count: 3 }, false, 'open'],
    ['a verdict of high', {}, false, 'open'],
    ['a verdict of medium', { level: 'medium' }, false, 'ask'],
    ['a verdict of low', { level: 'low' }, false, 'keep'],
    ['a verdict without a level', { level: null }, false, 'keep'],
    ['a verdict of low, while an incident is open', { level: 'low' }, true, 'join'],
    ['what is about our own doing', { kind: 'reported', ours: true }, false, 'keep'],
    ['what is a day old', { kind: 'reported', ageMs: DAY_MS }, false, 'open'],
    ['what is older', { kind: 'reported', ageMs: DAY_MS + 1 }, false, 'list'],
    ['a verdict of low that is older', { level: 'low', ageMs: DAY_MS + 1 }, false, 'keep'],
    ['what is older than a week', { kind: 'reported', ageMs: 7 * DAY_MS + 1 }, false, 'keep'],
  ])('%s', (_what, more, isOpen, wanted) => {
    expect(deedFor(heard(more), isOpen, policy)).toBe(wanted);
  });

  it.each<[Partial<typeof policy> | object, Partial<Heard>, Deed]>([
    [{ person: 'list' }, { kind: 'reported' }, 'list'],
    [{ deniedRequests: 1 }, { kind: 'push_denied' }, 'open'],
    [{ verdictOpens: 'never' }, {}, 'ask'],
    [{ verdictOpens: 'never', verdictAsks: 'never' }, {}, 'keep'],
    [{ verdictOpens: 'low' }, { level: 'low' }, 'open'],
  ])('configured as %j', (configured, more, wanted) => {
    expect(deedFor(heard(more), false, { ...policy, ...configured })).toBe(wanted);
  });
});

describe("somebody's own report at an identity system", () => {
  it('opens an incident in their name, once, and the record says who said what', async () => {
    const one = said('reported', { actor: ELI.email, word: 'a new device', level: 'high' });
    await hear(one);
    await hear(one, one);
    expect(await whose()).toEqual([ELI.email]);
    expect(await lines()).toBe(1);
    const { rows: reports } = await scene.core.db.query('select surface, reporter, said from reports');
    expect(reports).toEqual([{ surface: 'elsewhere', reporter: ELI.slackUserId, said: 'okta: a new device' }]);
    expect((await scene.said()).filter(({ kind }) => kind === 'status')).toHaveLength(1);
    const { rows } = await scene.core.db.query<{ entry: { actor: unknown; detail: object } }>(
      `select jsonb_build_object('actor', actor_id, 'detail', detail) as entry from record_entries where action = 'report.elsewhere'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.entry).toMatchObject({
      actor: 'notme.reports',
      detail: { system: 'okta', kind: 'reported', said_by: 'person', login: ELI.email, event: one.eventId },
    });
    expect(rows[0]?.entry.detail).toMatchObject({ ip: '198.51.100.7', level: 'high', word: 'a new device', count: 1 });
  });

  it('joins the incident that is open', async () => {
    await hear(said('reported', { login: ADA.email }));
    expect(await whose()).toEqual([]);
    expect(await lines()).toBe(1);
    expect(await scene.record()).toEqual(['incident.opened', 'report.elsewhere']);
  });

  it('is counted in one line however often it is made, and the record is told as it doubles', async () => {
    for (let often = 0; often < 9; often += 1) await hear(said('reported', { login: ADA.email }));
    expect(await lines()).toBe(1);
    expect(await scene.record()).toEqual(['incident.opened', ...Array.from({ length: 4 }, () => 'report.elsewhere')]);
  });

  it('from before its incident was closed opens no other; from after that it does', async () => {
    await hear(said('reported'));
    scene.runtime.move(5 * MINUTE_MS);
    await close();
    scene.runtime.move(MINUTE_MS);
    await hear(said('reported', { agoMs: 2 * MINUTE_MS }));
    expect(await whose()).toEqual([ELI.email]);
    await hear(said('reported'));
    expect((await opened()).map(({ status }) => status)).toEqual(['closed', 'open']);
  });

  it('opens one about an address that Slack does not know', async () => {
    await hear(said('reported', { login: 'Nobody@Meadow.Example' }));
    expect(await whose()).toEqual(['nobody@meadow.example']);
    expect((await scene.said()).filter(({ kind }) => kind === 'status')).toEqual([]);
  });

  it('that is about a step of ours opens nothing, and joins what is open', async () => {
    await scene.decide('reset_password');
    const { id } = await scene.lastStep();
    const sentAt = scene.runtime.now();
    await scene.core.db.query('update steps set first_sent_at = $2, finished_at = $2 where id = $1', [id, sentAt]);
    await hear(said('reported', { login: ADA.email, about: sentAt }));
    expect(await lines()).toBe(1);
    expect((await scene.core.db.query('select 1 from reports')).rows).toEqual([]);
    await close();
    scene.runtime.move(MINUTE_MS);
    await hear(said('reported', { login: ADA.email, about: sentAt }));
    expect((await scene.core.db.query(`select 1 from incidents where status = 'open'`)).rows).toEqual([]);
    await hear(said('reported', { login: ADA.email }));
    expect((await scene.core.db.query(`select 1 from incidents where status = 'open'`)).rows).toHaveLength(1);
  });

  it('opens one incident when two workers look at two of them at once', async () => {
    await tell(said('reported'));
    await scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'scim', [said('reported')], 'cor'));
    await Promise.all(
      (await waiting(scene.core, 'take_report')).map(async (ref) => {
        await take(await claim(scene.core, 'take_report', ref));
      }),
    );
    expect(await whose()).toEqual([ELI.email]);
    expect(await lines()).toBe(2);
  });
});

describe('a rejected sign-in request', () => {
  it('asks the person, once in an hour; the third opens an incident', async () => {
    await hear(said('push_denied'));
    await hear(said('push_denied'));
    expect([await whose(), await taken()]).toEqual([[], ['asked']]);
    expect(await waiting(scene.core, 'deliver_notice')).toHaveLength(1);
    await hear(said('push_denied'));
    expect([await whose(), await taken(), await lines()]).toEqual([[ELI.email], ['opened'], 1]);
    // Nobody is told twice that an answer is missing.
    expect(await unansweredNotices(scene.core)).toEqual([]);
    expect((await scene.core.db.query('select 1 from reports')).rows).toEqual([]);
  });

  it('that an attacker provokes fifty times at once makes one incident, one line and one question', async () => {
    await hear(...many(50, 'push_denied'));
    await hear(...many(50, 'push_denied'));
    expect([await whose(), await taken(), await lines()]).toEqual([[ELI.email], ['opened'], 1]);
    expect(await waiting(scene.core, 'deliver_notice')).toHaveLength(1);
  });
});

describe("a system's own verdict", () => {
  it.each<[RiskLevel | undefined, string]>([
    ['high', 'opened'],
    ['medium', 'asked'],
    ['low', 'kept'],
    [undefined, 'kept'],
  ])('of %s is %s', async (level, wanted) => {
    await hear(said('at_risk', level === undefined ? {} : { level }));
    expect(await taken()).toEqual([wanted]);
    expect(await whose()).toEqual(wanted === 'opened' ? [ELI.email] : []);
    expect(await waiting(scene.core, 'deliver_notice')).toHaveLength(wanted === 'asked' ? 1 : 0);
  });

  it('that rises within the hour is heard anew', async () => {
    for (const level of ['low', 'medium', 'high', 'low'] as const) await hear(said('at_risk', { level }));
    expect([await whose(), await taken(), await lines()]).toEqual([[ELI.email], ['opened'], 1]);
  });

  it('is no report of the person, who is told nothing: somebody else may read their Slack', async () => {
    await hear(said('at_risk', { level: 'high' }));
    expect((await scene.core.db.query('select 1 from reports')).rows).toEqual([]);
    expect((await scene.said()).filter(({ kind }) => kind === 'status' || kind === 'tell')).toEqual([]);
  });

  it('that follows from our own word opens nothing and is no line, an hour long', async () => {
    await scene.decide('confirm_compromised');
    const { id } = await scene.lastStep();
    const sentAt = scene.runtime.now();
    await scene.core.db.query('update steps set first_sent_at = $2, finished_at = $2 where id = $1', [id, sentAt]);
    scene.runtime.move(50 * MINUTE_MS);
    const echo = { login: ADA.email, level: 'high' } as const;
    await hear(said('at_risk', { ...echo, about: scene.runtime.now() }));
    expect([await lines(), await taken()]).toEqual([0, [null]]);
    await close();
    scene.runtime.move(MINUTE_MS);
    await hear(said('at_risk', { ...echo, about: scene.runtime.now() }));
    expect(await lines()).toBe(0);
    scene.runtime.move(20 * MINUTE_MS);
    await hear(said('at_risk', { ...echo, about: scene.runtime.now() }));
    expect(await lines()).toBe(1);
  });

  it('of two hundred people at once opens five incidents; the others are listed in one post', async () => {
    await hear(
      ...Array.from({ length: 200 }, (_, at) => said('at_risk', { level: 'high', login: `p${at}@meadow.example` })),
    );
    expect(await whose()).toHaveLength(5);
    const listed = await unansweredNotices(scene.core);
    expect(listed).toHaveLength(195);
    expect(new Set(listed.map(({ taken: how }) => how))).toEqual(new Set(['listed']));
    expect(await waiting(scene.core, 'tell_unanswered')).toHaveLength(1);
    expect(await waiting(scene.core, 'deliver_notice')).toEqual([]);
  });

  it('never costs a report of a person', async () => {
    await hear(
      ...Array.from({ length: 10 }, (_, at) => said('at_risk', { level: 'high', login: `p${at}@meadow.example` })),
    );
    await hear(said('reported', { login: CEM.email }), said('reported', { login: BEA.email }));
    expect(new Set((await whose()).slice(5))).toEqual(new Set([CEM.email, BEA.email]));
  });
});

describe('a report from long ago', () => {
  it('opens nothing: it is listed for a week, then only kept', async () => {
    await hear(said('reported', { agoMs: 2 * DAY_MS }));
    await hear(said('reported', { agoMs: 8 * DAY_MS, login: CEM.email }));
    expect([await whose(), await taken()]).toEqual([[], ['listed', null]]);
  });

  it('joins what is open', async () => {
    await hear(said('reported', { agoMs: 2 * DAY_MS, login: ADA.email }));
    expect(await lines()).toBe(1);
  });
});

describe('a source of reports', () => {
  const polling = () => found(pollingsOf(scene.okta)[1]);
  const poll = () => pollEvents(scene.core, polling(), new AbortController().signal, 0);

  it('keeps a place of its own, and tells nothing twice', async () => {
    const one = said('reported');
    scene.okta.reported.push(one);
    expect(await poll()).toEqual({ notices: 1 });
    scene.okta.reported.push(one);
    expect(await poll()).toEqual({ notices: 0 });
    const { rows } = await scene.core.db.query('select system, cursor from event_cursors');
    expect(rows).toEqual([{ system: 'okta/log', cursor: '++' }]);
  });

  it.each(['permission', 'licence', 'unsupported'] as const)(
    'that may not be read (%s) is tried again in a quarter of an hour, and the other logs are read on',
    async (kind) => {
      const source = { ...polling().source, poll: () => Promise.resolve(err({ kind, message: 'no' })) };
      const refused = await pollEvents(scene.core, { ...polling(), source }, new AbortController().signal, 0);
      expect(refused).toEqual({ failed: 'no', againInMs: 15 * MINUTE_MS });
      scene.okta.news.push({ ...said('reported'), kind: 'password_reset' });
      const events = found(pollingsOf(scene.okta)[0]);
      expect(await pollEvents(scene.core, events, new AbortController().signal, 0)).toEqual({ notices: 1 });
    },
  );
});
