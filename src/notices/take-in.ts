import { requestWork } from '../../jobs/outbox.js';
import type { ActionKind, SystemEvent } from '../connectors/port.js';
import type { Core } from '../core.js';
import type { Within } from '../incidents/posts.js';
import type { Queryable } from '../store/database.js';

/** How far back an event may lie and still be worth telling: older ones (a first poll, a long outage) are stored only. */
const WORTH_TELLING_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Stores what a system told, and requests a notice to the person, in the caller's transaction (the cursor moves in the
 * same one). An event that was seen before changes nothing.
 * @returns how many notices were requested
 */
export async function takeIn(
  { core, tx }: Within,
  system: string,
  events: readonly SystemEvent[],
  correlationId: string,
): Promise<number> {
  let requested = 0;
  for (const event of events) {
    const worth = event.kind === 'sign_in' ? await isNewPlace(core, tx, system, event) : true;
    if (event.kind === 'sign_in' && event.ip !== null)
      await saveSignIn({ core, tx }, system, { ...event, ip: event.ip });
    if (worth && (await saveNotice({ core, tx }, system, event, correlationId))) requested += 1;
  }
  return requested;
}

async function saveSignIn({ core, tx }: Within, system: string, event: SystemEvent & { ip: string }): Promise<void> {
  await tx.query(
    `insert into sign_ins (workspace_id, system, event_id, login, ip, occurred_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [core.workspaceId, system, event.eventId, event.login.toLowerCase(), event.ip, event.occurredAt],
  );
}

/** A sign-in is told only when the address was never seen for this login and others were: the first ever is no news. */
async function isNewPlace(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  if (event.ip === null) return false;
  const { rows } = await tx.query<{ known: boolean; others: boolean }>(
    `select exists (select 1 from sign_ins where workspace_id = $1 and login = $3 and ip = $4) as known,
       exists (select 1 from sign_ins where workspace_id = $1 and system = $2 and login = $3) as others`,
    [core.workspaceId, system, event.login.toLowerCase(), event.ip],
  );
  return rows[0] !== undefined && rows[0].others && !rows[0].known;
}

async function saveNotice(
  { core, tx }: Within,
  system: string,
  event: SystemEvent,
  correlationId: string,
): Promise<boolean> {
  const now = core.runtime.now();
  const id = core.runtime.newId('ntc');
  const ours = await isOurs(core, tx, system, event);
  const { rowCount } = await tx.query(
    `insert into notices (workspace_id, id, system, event_id, kind, login, actor, ip, occurred_at, noticed_at, is_ours)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (workspace_id, system, event_id) do nothing`,
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
    ],
  );
  if (rowCount === 0 || ours || now.getTime() - event.occurredAt.getTime() > WORTH_TELLING_MS) return false;
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'deliver_notice', ref: id, correlationId, now });
  return true;
}

const OWN_BEFORE_MS = 5_000;
const OWN_AFTER_MS = 120_000;

/** Which of our own actions a system tells of in this way. */
const CAUSES: Readonly<Record<SystemEvent['kind'], readonly ActionKind[]>> = {
  // Okta suspends no account with an expired password: there, disabling replaces the password.
  password_reset: ['reset_password', 'disable_account'],
  two_step_changed: ['remove_factors', 'invalidate_backup_codes', 'require_two_step'],
  sign_in: [],
};

/**
 * Whether the event is of a change that Notme itself sent: nobody is to be frightened by our own containment. Where the
 * system tells with whose credentials it was done, that and a step that was being sent decide; elsewhere it is counted.
 */
async function isOurs(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  if (event.own === false || CAUSES[event.kind].length === 0) return false;
  return event.own === true ? wasSending(core, tx, system, event) : isAccountedFor(core, tx, system, event);
}

const earliest = ({ occurredAt }: SystemEvent): Date => new Date(occurredAt.getTime() - OWN_AFTER_MS);
const latest = ({ occurredAt }: SystemEvent): Date => new Date(occurredAt.getTime() + OWN_BEFORE_MS);

/** Our credentials in another's hand are told: a step of ours must have been under way. One step may be many events. */
async function wasSending(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  const { rows } = await tx.query<{ sending: boolean }>(
    `select exists (
       select 1 from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
       where a.workspace_id = $1 and a.system = $2 and lower(a.login) = $3 and $6::jsonb ? s.action
         and s.first_sent_at <= $5 and (s.finished_at is null or s.finished_at >= $4)) as sending`,
    [
      core.workspaceId,
      system,
      event.login.toLowerCase(),
      earliest(event),
      latest(event),
      JSON.stringify(CAUSES[event.kind]),
    ],
  );
  return rows[0]?.sending === true;
}

/**
 * Each sent step explains one event, or one for each thing that it removed, so that an attacker's change at the same
 * time is still told.
 */
async function isAccountedFor(core: Core, tx: Queryable, system: string, event: SystemEvent): Promise<boolean> {
  const to = latest(event);
  const { rows } = await tx.query<{ sent: number; told: number }>(
    `select
       (select coalesce(sum(case when jsonb_typeof(s.items) = 'array' then jsonb_array_length(s.items) else 1 end), 0)::int
        from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
        where a.workspace_id = $1 and a.system = $2 and lower(a.login) = $3 and $7::jsonb ? s.action
          and s.first_sent_at between $4 and $5) as sent,
       (select count(*)::int from notices where workspace_id = $1 and system = $2 and login = $3 and kind = $8 and is_ours
          and occurred_at between $4 and $6) as told`,
    [
      core.workspaceId,
      system,
      event.login.toLowerCase(),
      earliest(event),
      to,
      new Date(to.getTime() + OWN_AFTER_MS),
      JSON.stringify(CAUSES[event.kind]),
      event.kind,
    ],
  );
  return rows[0] !== undefined && rows[0].sent > rows[0].told;
}
