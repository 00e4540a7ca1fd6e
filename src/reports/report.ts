import { at, phrase, type PhraseValue, text, user } from '../texts/phrase.js';
import type { Core, Origin } from '../ports/core.js';
import { type Incident, incidentById, openIncidentOf } from '../incidents/incident.js';
import { openIncident } from '../incidents/open.js';
import { type Person, savePerson } from '../incidents/people.js';
import { addLine, addPost, touchIncident, type Within } from '../incidents/posts.js';
import { type Use, use, withhold } from '../incidents/limits.js';
import { appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable, Transaction } from '../ports/database.js';

export const SURFACES = [
  'dm',
  'button',
  'command',
  'shortcut',
  'message_shortcut',
  'home',
  'mail',
  'mention',
  'elsewhere',
] as const;
export type Surface = (typeof SURFACES)[number];

export interface Report {
  readonly surface: Surface;
  /** The person's or the notice's words, as text. */
  readonly said: string;
  readonly noticeId: string | null;
  /** The same report delivered twice has the same key: a Slack event id, a view id, a notice id. */
  readonly sourceKey: string;
  readonly origin: Origin;
  /** When it was written, if known. */
  readonly writtenAt?: Date;
}

export interface Reported {
  readonly incident: Incident;
  /** `false`: merged into the person's open incident, or delivered before. */
  readonly opened: boolean;
  /** The same report was delivered before: nothing was done, and nothing more needs saying. */
  readonly repeated: boolean;
  /** Set when the person has written so often that this one was only counted. */
  readonly withheld?: Use;
}

const SAID_MAX = 500;
/** The addition may be a whole mail that somebody pastes; it gets a line of its own. */
const ADDED_MAX = 2000;
const shorten = (said: string, most = SAID_MAX): string => (said.length > most ? `${said.slice(0, most - 1)}…` : said);

/** Redelivery within moments is no news; beyond that the real time is kept and shown. */
const LATE_MS = 2 * 60 * 1000;

/** When a report that arrives late was written; `null` when it arrives at once. */
export function writtenEarlier(core: Core, { writtenAt }: Pick<Report, 'writtenAt'>): Date | null {
  if (writtenAt === undefined) return null;
  return core.runtime.now().getTime() - writtenAt.getTime() > LATE_MS ? writtenAt : null;
}

/** The person behind a Slack id, stored. Refuses apps and people whose e-mail address Slack does not give. */
export async function reporterOf(core: Core, slackUserId: string): Promise<Result<Person, Problem>> {
  const found = await core.people.bySlackId(slackUserId);
  if (found?.standing === 'app') return refuse('unknown_person', phrase('report.bot'));
  // A guest's account is worth as much to a thief as any other; somebody of another company has nothing here to contain.
  if (found?.standing === 'stranger' || found?.standing === 'elsewhere')
    return refuse('unknown_person', phrase('report.stranger'));
  if (!found?.email) return refuse('unknown_person', phrase('report.unknown_person'));
  return ok(await savePerson(core, { ...found, email: found.email }));
}

/** "I didn't do this": opens the person's incident, or merges into the open one. The same report twice counts once. */
export async function reportNotMe(core: Core, person: Person, report: Report): Promise<Reported> {
  const reported = await core.db.transaction((tx) => reportIn(core, tx, person, report));
  core.dispatch();
  return reported;
}

/** The same, inside a transaction that also changes something else (a notice's answer). */
export async function reportIn(core: Core, tx: Transaction, person: Person, report: Report): Promise<Reported> {
  // Its incident may be closed by now: a message from before then opens none.
  const heard = await incidentOfReport(core, tx, report);
  if (heard) return { incident: heard, opened: false, repeated: true };
  const actor = slackPerson(keyOf(person));
  const { incident, opened } = await openIncident(core, tx, {
    person,
    actor,
    origin: report.origin,
    openedAt: writtenEarlier(core, report),
  });
  return keepIn({ core, tx }, { incident, as: opened ? 'opened' : 'merged' }, person, report);
}

async function incidentOfReport(core: Core, tx: Queryable, { sourceKey }: Report): Promise<Incident | null> {
  const { rows } = await tx.query<{ incident_id: string }>(
    'select incident_id from reports where workspace_id = $1 and source_key = $2',
    [core.workspaceId, sourceKey],
  );
  return rows[0] ? incidentById(tx, core.workspaceId, rows[0].incident_id) : null;
}

/**
 * What somebody with an open report of their own writes belongs to it, whatever it says. `null` when none is open: an
 * incident that others opened about a person without a report is not revealed to them.
 */
export async function addToReport(core: Core, person: Person, words: Report): Promise<Reported | null> {
  const added = await core.db.transaction(async (tx) => {
    const incident = await openIncidentOf(tx, core.workspaceId, person.id);
    if (!incident || !(await hasReport(tx, core.workspaceId, incident.id))) return null;
    return keepIn({ core, tx }, { incident, as: 'added' }, person, words);
  });
  core.dispatch();
  return added;
}

async function hasReport(tx: Queryable, workspaceId: string, incidentId: string): Promise<boolean> {
  const { rows } = await tx.query('select 1 from reports where workspace_id = $1 and incident_id = $2 limit 1', [
    workspaceId,
    incidentId,
  ]);
  return rows.length > 0;
}

const DEEDS = { opened: 'report.received', merged: 'report.merged', added: 'report.added' } as const;

/** Adds a person's words to their incident: the report, the record's entry, the thread's line. */
async function keepIn(
  within: Within & { readonly tx: Transaction },
  { incident, as }: { incident: Incident; as: keyof typeof DEEDS },
  person: Person,
  report: Report,
): Promise<Reported> {
  const { core, tx } = within;
  const used = await use(within, keyOf(person), 'messages');
  // What opens an incident, or answers a notice, is always kept.
  if (as !== 'opened' && report.noticeId === null && used.is !== 'within') {
    await withholdIn(within, incident, person, report.origin);
    return { incident, opened: false, repeated: false, withheld: used };
  }
  if (!(await insertReport(within, incident, person, report))) return { incident, opened: false, repeated: true };
  const values = {
    who: whoSays(person),
    surface: text(`surface.${report.surface}`),
    said: shorten(report.said, as === 'added' ? ADDED_MAX : SAID_MAX),
  } as const;
  const now = core.runtime.now();
  const late = writtenEarlier(core, report);
  const shown = as === 'opened' || (await recentReports(within, incident.id, now)) <= MOST_SHOWN;
  const line = shown ? phrase(`timeline.${as}`, values) : phrase('timeline.more_reports', { who: whoSays(person) });
  const key = shown ? `report_${report.sourceKey}` : `more_reports_${Math.floor(now.getTime() / SHOWN_WITHIN_MS)}`;
  await Promise.all([
    appendAuditEvent(core, tx, incident.id, {
      actor: slackPerson(keyOf(person)),
      action: DEEDS[as],
      origin: report.origin,
      detail: { surface: report.surface, said: shorten(report.said), notice: report.noticeId },
    }),
    addLine(within, incident.id, key, line),
    late === null
      ? null
      : addLine(within, incident.id, `late_${report.sourceKey}`, phrase('timeline.late', { when: at(late) })),
    person.slack_user_id === null ? null : addPost(within, incident.id, 'status', { kind: 'status' }),
    touchIncident(core, tx, incident.id, report.origin.correlationId),
  ]);
  return { incident, opened: as === 'opened', repeated: false };
}

/**
 * What somebody told an identity system itself is a report of theirs too, and they are told what was opened in their
 * name. The thread's line is the caller's.
 */
export async function keepElsewhere(
  within: Within,
  incident: Incident,
  person: Person,
  report: Pick<Report, 'said' | 'noticeId' | 'sourceKey'>,
): Promise<void> {
  await insertReport(within, incident, person, { ...report, surface: 'elsewhere' });
  if (person.slack_user_id !== null) await addPost(within, incident.id, 'status', { kind: 'status' });
}

const keyOf = (person: Person): string => person.slack_user_id ?? person.email;

const withholdIn = (within: Within, incident: Incident, person: Person, { correlationId }: Origin): Promise<void> =>
  withhold(within, { incidentId: incident.id, actor: keyOf(person), what: 'messages', correlationId });

/** People report in many short messages; more than this in an hour is no longer a report. */
const MOST_SHOWN = 20;
const SHOWN_WITHIN_MS = 60 * 60 * 1000;

/**
 * An attacker with somebody's Slack account can report without end; the thread, where others work, must stay readable.
 */
async function recentReports({ core, tx }: Within, incidentId: string, now: Date): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'select count(*)::int as count from reports where workspace_id = $1 and incident_id = $2 and reported_at > $3',
    [core.workspaceId, incidentId, new Date(now.getTime() - SHOWN_WITHIN_MS)],
  );
  return rows[0]?.count ?? 0;
}

const whoSays = (person: Person): PhraseValue =>
  person.slack_user_id === null ? person.name : user(person.slack_user_id);

async function insertReport(
  { core, tx }: Within,
  incident: Incident,
  person: Person,
  report: Omit<Report, 'origin'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into reports (workspace_id, id, incident_id, notice_id, surface, reporter, said, source_key, reported_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (workspace_id, source_key) do nothing`,
    [
      core.workspaceId,
      core.runtime.newId('rep'),
      incident.id,
      report.noticeId,
      report.surface,
      keyOf(person),
      shorten(report.said),
      report.sourceKey,
      writtenEarlier(core, report) ?? core.runtime.now(),
    ],
  );
  return rowCount > 0;
}

export interface Claimed {
  /** Of the person's open incident; `null` when none is. */
  readonly reference: string | null;
  readonly used: Use;
}

const CLAIM_SHOWN_EVERY_MS = 10 * 60 * 1000;

/**
 * "It was me", in words. It has no effect on its own: an attacker with the person's Slack account could say it. An open
 * incident gets a line in its thread.
 */
export async function claimWasMe(core: Core, person: Person, origin: Origin): Promise<Claimed> {
  const claimed = await core.db.transaction(async (tx): Promise<Claimed> => {
    const incident = await openIncidentOf(tx, core.workspaceId, person.id);
    const used = await use({ core, tx }, keyOf(person), 'messages');
    if (!incident) return { reference: null, used };
    const { reference } = incident;
    if (used.is !== 'within') {
      await withholdIn({ core, tx }, incident, person, origin);
      return { reference, used };
    }
    await appendAuditEvent(core, tx, incident.id, {
      actor: slackPerson(keyOf(person)),
      action: 'report.was_me_claimed',
      origin,
    });
    await addLine(
      { core, tx },
      incident.id,
      // If repeated, it is shown every ten minutes.
      `was_me_${Math.floor(core.runtime.now().getTime() / CLAIM_SHOWN_EVERY_MS)}`,
      phrase('timeline.was_me', { who: whoSays(person) }),
    );
    await touchIncident(core, tx, incident.id, origin.correlationId);
    return { reference, used };
  });
  core.dispatch();
  return claimed;
}
