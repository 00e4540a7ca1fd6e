import { requestWork } from '../outbox/outbox.js';
import type { ActionKind, AskedKind, OwnDeeds, ReportKind, SystemEvent } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { Within } from '../incidents/posts.js';
import type { Queryable } from '../ports/database.js';
import { isReportKind, keepReport, type ReportEvent } from './keep-report.js';
import { storable } from './storable.js';
import { dueAt, requestTelling } from './unanswered.js';

/** How old an event may be and still be worth a notice: older ones (a first poll, a long outage) are only stored. */
const WORTH_TELLING_MS = 7 * 24 * 60 * 60 * 1000;

type Asked = SystemEvent & { readonly kind: Exclude<AskedKind, ReportKind> };

/**
 * Stores what a system reported, in the caller's transaction (the cursor moves in the same one), and requests what
 * follows of it: a notice to the person, or a look at a report that was made there. An event that was seen before
 * changes nothing.
 * @returns how much was requested
 */
export async function ingestEvents(
  { core, tx }: Within,
  system: string,
  events: readonly SystemEvent[],
  correlationId: string,
): Promise<number> {
  let asked = 0;
  let reported = 0;
  for (const event of events.map(storable)) {
    const { kind } = event;
    if (isReportKind(kind)) {
      const report = { ...event, kind };
      const ours = await isAboutOurs({ core, tx }, system, report);
      if (await keepReport({ core, tx }, { system, event: report, ours }, correlationId)) reported += 1;
    } else if (await keepEvent({ core, tx }, system, { ...event, kind }, correlationId)) asked += 1;
  }
  if (asked > 0) await requestTelling({ core, tx }, correlationId);
  return asked + reported;
}

async function keepEvent(within: Within, system: string, event: Asked, correlationId: string): Promise<boolean> {
  const worth = event.kind === 'sign_in' ? await isNewPlace(within.core, within.tx, system, event) : true;
  if (event.kind === 'sign_in' && event.ip !== null) await saveSignIn(within, system, { ...event, ip: event.ip });
  return worth && (await saveNotice(within, system, event, correlationId));
}

async function saveSignIn({ core, tx }: Within, system: string, event: SystemEvent & { ip: string }): Promise<void> {
  await tx.query(
    `insert into sign_ins (workspace_id, system, event_id, login, ip, occurred_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [core.workspaceId, system, event.eventId, event.login.toLowerCase(), event.ip, event.occurredAt],
  );
}

/**
 * A sign-in is reported only when the address is new for this login and others are known: the very first is no news.
 */
async function isNewPlace(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  if (event.ip === null) return false;
  const { rows } = await tx.query<{ known: boolean; others: boolean }>(
    `select exists (select 1 from sign_ins where workspace_id = $1 and login = $3 and ip = $4) as known,
       exists (select 1 from sign_ins where workspace_id = $1 and system = $2 and login = $3) as others`,
    [core.workspaceId, system, event.login.toLowerCase(), event.ip],
  );
  return rows[0] !== undefined && rows[0].others && !rows[0].known;
}

async function saveNotice({ core, tx }: Within, system: string, event: Asked, correlationId: string): Promise<boolean> {
  const now = core.runtime.now();
  const id = core.runtime.newId('ntc');
  const ours = await isOurs(core, tx, system, event);
  const asked = !ours && now.getTime() - event.occurredAt.getTime() <= WORTH_TELLING_MS;
  const { rowCount } = await tx.query(
    `insert into notices (workspace_id, id, system, event_id, kind, login, actor, ip, occurred_at, noticed_at, is_ours,
       asked, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (workspace_id, system, event_id) do nothing`,
    [
      core.workspaceId,
      id,
      system,
      event.eventId,
      event.kind,
      event.login.toLowerCase(),
      event.actor,
      event.ip,
      event.occurredAt,
      now,
      ours,
      asked,
      asked ? dueAt(core, event.kind, now) : null,
    ],
  );
  if (rowCount === 0 || !asked) return false;
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'deliver_notice', ref: id, correlationId, now });
  return true;
}

const OWN_BEFORE_MS = 5_000;
const OWN_AFTER_MS = 120_000;

/**
 * Whether the event comes from a change that Notme itself sent: our own containment must frighten nobody. The connector
 * declares which commands a log reports. Where the log says whose credentials were used, that and a step being sent at
 * the time decide; elsewhere events are counted.
 */
async function isOurs(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  const deeds = core.connectors.get(system)?.events?.ownDeeds[event.kind];
  if (event.own === false || deeds === undefined) return false;
  return event.own === true
    ? wasSending(core, tx, { system, event, actions: allOf(deeds) })
    : isAccountedFor(core, tx, { system, event, actions: deeds.always });
}

const allOf = ({ always, sometimes = [] }: OwnDeeds): readonly ActionKind[] => [...always, ...sometimes];

/** Systems take their time to conclude something, also of what they were just told. */
const CONCLUDED_AFTER_MS = 3_600_000;

/**
 * Whether a report made elsewhere is about a change that Notme itself sent: our own containment opens no incident. A
 * step of ours must have been under way when what it is about happened.
 */
async function isAboutOurs({ core, tx }: Within, system: string, event: ReportEvent): Promise<boolean> {
  const { kind, about } = event;
  const deeds = core.connectors.get(system)?.reports.find(({ ownDeeds }) => ownDeeds[kind] !== undefined)?.ownDeeds[
    kind
  ];
  if (about === undefined || deeds === undefined) return false;
  const told = { system, event: { ...event, occurredAt: about }, actions: allOf(deeds) };
  return wasSending(core, tx, kind === 'at_risk' ? { ...told, afterMs: CONCLUDED_AFTER_MS } : told);
}

interface Told {
  readonly system: string;
  readonly event: SystemEvent;
  /** The commands that this event may come from. */
  readonly actions: readonly ActionKind[];
  /** How long after the command such an event may come. */
  readonly afterMs?: number;
}

const earliest = ({ occurredAt }: SystemEvent, afterMs = OWN_AFTER_MS): Date =>
  new Date(occurredAt.getTime() - afterMs);
const latest = ({ occurredAt }: SystemEvent): Date => new Date(occurredAt.getTime() + OWN_BEFORE_MS);

/** A step that has not ended is tried again for days; it explains no more than what came so soon after it was sent. */
const UNENDED_MS = 3_600_000;

/**
 * Use of our credentials by others is reported: a step of ours must have been under way. One step may cause many
 * events.
 */
async function wasSending(core: Core, tx: Queryable, { system, event, actions, afterMs }: Told): Promise<boolean> {
  const { rows } = await tx.query<{ sending: boolean }>(
    `select exists (
       select 1 from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
       where a.workspace_id = $1 and a.system = $2 and lower(a.login) = $3 and $6::jsonb ? s.action
         and s.first_sent_at <= $5
         and (s.finished_at >= $4 or (s.finished_at is null and coalesce(s.accepted_at, s.first_sent_at) >= $7))) as sending`,
    [
      core.workspaceId,
      system,
      event.login.toLowerCase(),
      earliest(event, afterMs),
      latest(event),
      JSON.stringify(actions),
      earliest(event, Math.max(UNENDED_MS, afterMs ?? 0)),
    ],
  );
  return rows[0]?.sending === true;
}

/**
 * Each step that the system accepted, or may have accepted, explains one event, or one for each item that it removed,
 * so that an attacker's change at the same time is still reported.
 */
async function isAccountedFor(core: Core, tx: Queryable, { system, event, actions }: Told): Promise<boolean> {
  const to = latest(event);
  const { rows } = await tx.query<{ sent: number; told: number }>(
    `select
       (select coalesce(sum(case when jsonb_typeof(s.items) = 'array' then jsonb_array_length(s.items) else 1 end), 0)::int
        from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
        where a.workspace_id = $1 and a.system = $2 and lower(a.login) = $3 and $7::jsonb ? s.action
          and s.first_sent_at between $4 and $5 and (s.accepted_at is not null or s.finished_at is null)) as sent,
       (select count(*)::int from notices where workspace_id = $1 and system = $2 and login = $3 and kind = $8 and is_ours
          and occurred_at between $4 and $6) as told`,
    [
      core.workspaceId,
      system,
      event.login.toLowerCase(),
      earliest(event),
      to,
      new Date(to.getTime() + OWN_AFTER_MS),
      JSON.stringify(actions),
      event.kind,
    ],
  );
  return rows[0] !== undefined && rows[0].sent > rows[0].told;
}
