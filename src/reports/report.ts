import { phrase, type PhraseValue, text, user } from '../../blocks/texts/phrase.js';
import type { Core, Origin } from '../core.js';
import type { Incident } from '../incidents/incident.js';
import { openIncidentOf } from '../incidents/incident.js';
import { openIncident } from '../incidents/open.js';
import { type Person, savePerson } from '../incidents/people.js';
import { addLine, addPost, touchIncident, type Within } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Transaction } from '../store/database.js';

export const SURFACES = ['dm', 'button', 'command', 'shortcut', 'message_shortcut', 'home', 'mail'] as const;
export type Surface = (typeof SURFACES)[number];

export interface Report {
  readonly surface: Surface;
  /** What the person said or the notice said, as text. */
  readonly said: string;
  readonly noticeId: string | null;
  /** The same report delivered twice has the same key: a Slack event id, a view id, a notice id. */
  readonly sourceKey: string;
  readonly origin: Origin;
}

export interface Reported {
  readonly incident: Incident;
  /** `false`: merged into the person's open incident, or delivered before. */
  readonly opened: boolean;
  /** The same report was delivered before: nothing was done, and nothing more need be said. */
  readonly repeated: boolean;
}

const SAID_MAX = 500;
const shorten = (said: string): string => (said.length > SAID_MAX ? `${said.slice(0, SAID_MAX - 1)}…` : said);

/** The person behind a Slack id, stored. Refuses apps and people whose e-mail address Slack does not give. */
export async function reporterOf(core: Core, slackUserId: string): Promise<Result<Person, Problem>> {
  const found = await core.people.bySlackId(slackUserId);
  if (found?.isBot) return refuse(phrase('report.bot'));
  if (!found?.email) return refuse(phrase('report.unknown_person'));
  return ok(await savePerson(core, core.db, { ...found, email: found.email }));
}

/** "I didn't do this": opens the person's incident, or merges into the open one. The same report twice counts once. */
export async function reportNotMe(core: Core, person: Person, report: Report): Promise<Reported> {
  const reported = await core.db.transaction((tx) => reportIn(core, tx, person, report));
  core.dispatch();
  return reported;
}

/** The same, inside a transaction that also changes something else (a notice's answer). */
export async function reportIn(core: Core, tx: Transaction, person: Person, report: Report): Promise<Reported> {
  const actor = slackPerson(person.slack_user_id ?? person.email);
  const { incident, opened } = await openIncident(core, tx, { person, actor, origin: report.origin });
  if (!(await insertReport({ core, tx }, incident, person, report))) return { incident, opened: false, repeated: true };
  const values = {
    who: whoSays(person),
    surface: text(`surface.${report.surface}`),
    said: shorten(report.said),
  } as const;
  const now = core.runtime.now();
  const shown = opened || (await recentReports({ core, tx }, incident.id, now)) <= MOST_SHOWN;
  const line = shown
    ? phrase(opened ? 'timeline.opened' : 'timeline.merged', values)
    : phrase('timeline.more_reports', { who: whoSays(person) });
  const key = shown ? `report_${report.sourceKey}` : `more_reports_${Math.floor(now.getTime() / SHOWN_WITHIN_MS)}`;
  await Promise.all([
    recordDeed(core, tx, incident.id, {
      actor,
      action: opened ? 'report.received' : 'report.merged',
      origin: report.origin,
      detail: { surface: report.surface, said: shorten(report.said), notice: report.noticeId },
    }),
    addLine({ core, tx }, incident.id, key, line),
    person.slack_user_id === null ? null : addPost({ core, tx }, incident.id, 'status', { kind: 'status' }),
    touchIncident(core, tx, incident.id, report.origin.correlationId),
  ]);
  return { incident, opened, repeated: false };
}

const MOST_SHOWN = 12;
const SHOWN_WITHIN_MS = 60 * 60 * 1000;

/** Who holds somebody's Slack can report without end; the thread, where others work, must stay readable. */
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
  report: Report,
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
      person.slack_user_id ?? person.email,
      shorten(report.said),
      report.sourceKey,
      core.runtime.now(),
    ],
  );
  return rowCount > 0;
}

const CLAIM_SHOWN_EVERY_MS = 10 * 60 * 1000;

/**
 * "It was me", in words. It has no power: whoever holds the person's Slack could say it. An open incident gets a line
 * in its thread; the answer is the incident's reference, or `null` when none is open.
 */
export async function claimWasMe(core: Core, person: Person, origin: Origin): Promise<string | null> {
  const reference = await core.db.transaction(async (tx) => {
    const incident = await openIncidentOf(tx, core.workspaceId, person.id);
    if (!incident) return null;
    await recordDeed(core, tx, incident.id, {
      actor: slackPerson(person.slack_user_id ?? person.email),
      action: 'report.was_me_claimed',
      origin,
    });
    await addLine(
      { core, tx },
      incident.id,
      // Said again and again, it is shown every ten minutes.
      `was_me_${Math.floor(core.runtime.now().getTime() / CLAIM_SHOWN_EVERY_MS)}`,
      phrase('timeline.was_me', { who: whoSays(person) }),
    );
    await touchIncident(core, tx, incident.id, origin.correlationId);
    return incident.reference;
  });
  core.dispatch();
  return reference;
}
