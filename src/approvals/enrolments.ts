import { notme } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Sealer } from '../platform/seal.js';
import type { Secret } from '../platform/secret.js';
import type { Origin } from '../ports/core.js';
import type { Queryable, Row, Transaction } from '../ports/database.js';
import { phrase, user } from '../texts/phrase.js';
import { announce, type Told } from './announce.js';
import { type Enrolment, enrol, isEnrolled } from './enrolment.js';
import { issueRecoveryCodes } from './recovery-codes.js';
import { lockNow } from './throttle.js';

/** Who is enrolled. */
export interface Enrollee {
  readonly userId: string;
  /** What the authenticator app shows beside the code. */
  readonly label: string;
  readonly email: string | null;
}

/** What the person gets: shown once, and never in Slack. */
export interface Enrolled extends Enrolment {
  readonly recoveryCodes: readonly Secret[];
}

type Host = Told & { readonly sealer: Sealer };

/**
 * Enrols somebody on the host of Notme: a seed and ten recovery codes, in the record and told to the person and the
 * channel. Whoever has the host can do this without anybody's approval, so nobody may miss it.
 */
export async function enrolOnHost(
  host: Host,
  tx: Transaction,
  { userId, label, email }: Enrollee,
  origin: Origin,
): Promise<Enrolled> {
  const again = await isEnrolled(tx, host.workspaceId, userId);
  const holder = { tx, runtime: host.runtime, sealer: host.sealer, workspaceId: host.workspaceId, userId };
  const enrolment = await enrol({ ...holder, label, email });
  const recoveryCodes = await issueRecoveryCodes(holder);
  const detail = { user: userId, again };
  await appendWorkspaceEvent(host, tx, { actor: notme('host'), action: 'approver.enrolled', origin, detail });
  await tellEnrolled(host, tx, again ? 'enrolled_again' : 'enrolled', { userId, origin });
  return { ...enrolment, recoveryCodes };
}

/** Takes back everything by which somebody decides. @returns `false` when they had nothing */
export async function removeOnHost(host: Told, tx: Transaction, userId: string, origin: Origin): Promise<boolean> {
  const { workspaceId } = host;
  const enrolled = await isEnrolled(tx, workspaceId, userId);
  const place = [workspaceId, userId];
  await tx.query('delete from totp_enrolments where workspace_id = $1 and user_id = $2', place);
  await tx.query('delete from totp_attempts where workspace_id = $1 and user_id = $2', place);
  await tx.query('delete from recovery_codes where workspace_id = $1 and user_id = $2', place);
  await tx.query('delete from page_requests where workspace_id = $1 and user_id = $2', place);
  const passkeys = await tx.query('delete from passkeys where workspace_id = $1 and user_id = $2', place);
  if (!enrolled && passkeys.rowCount === 0) return false;
  const detail = { user: userId };
  await appendWorkspaceEvent(host, tx, { actor: notme('host'), action: 'approver.removed', origin, detail });
  await tellEnrolled(host, tx, 'removed', { userId, origin });
  return true;
}

/** The person and the channel. */
export async function tellEnrolled(
  host: Told,
  tx: Queryable,
  what: 'enrolled' | 'enrolled_again' | 'self_enrolled' | 'self_enrolled_again' | 'removed',
  { userId, origin: { correlationId } }: { readonly userId: string; readonly origin: Origin },
): Promise<void> {
  const key = `${what}_${userId}_${correlationId}`;
  const channel = phrase(`announce.${what}`, { who: user(userId) });
  await announce(host, tx, { key, to: null, phrase: channel }, correlationId);
  await announce(host, tx, { key: `${key}_person`, to: userId, phrase: phrase(`announce.${what}.you`) }, correlationId);
}

/** One who is enrolled, for the list. */
export interface Standing extends Row<'totp_enrolments', 'user_id'> {
  /** `null`: passkeys alone. */
  readonly enrolled_at: Date | null;
  readonly name: string | null;
  readonly recoveryCodes: number;
  readonly passkeys: number;
  readonly lastUsed: Date | null;
  readonly lock: ReturnType<typeof lockNow>;
  /** Seconds, from the last wrong code; `null` when nothing is known of it. */
  readonly clockOff: number | null;
}

interface StandingRow {
  /** `null` as far as Postgres knows: it comes from either of two tables. */
  readonly user_id: string | null;
  readonly enrolled_at: Date | null;
  readonly name: string | null;
  readonly recovery_codes: number | null;
  readonly passkeys: number | null;
  readonly last_used: Date | null;
  readonly failed: number | null;
  readonly locked_until: Date | null;
  readonly clock_off: number | null;
}

/** Everybody who can prove a decision, by codes or by passkeys alone, the earliest first. */
export async function enrolledPeople(host: Told, tx: Queryable): Promise<readonly Standing[]> {
  const { rows } = await tx.query<StandingRow>(
    `select e.user_id, e.enrolled_at, p.name, a.failed, a.locked_until, a.clock_off,
       (select count(*)::integer from recovery_codes r
         where r.workspace_id = e.workspace_id and r.user_id = e.user_id and r.used_for is null) as recovery_codes,
       (select count(*)::integer from passkeys k where k.workspace_id = e.workspace_id and k.user_id = e.user_id) as passkeys,
       greatest(
         (select max(u.used_at) from totp_used_steps u where u.workspace_id = e.workspace_id and u.user_id = e.user_id),
         (select max(r.used_at) from recovery_codes r where r.workspace_id = e.workspace_id and r.user_id = e.user_id),
         (select max(k.used_at) from passkeys k where k.workspace_id = e.workspace_id and k.user_id = e.user_id)
       ) as last_used
     from (select workspace_id, user_id, max(enrolled_at) as enrolled_at, min(since) as since from (
         select workspace_id, user_id, enrolled_at, enrolled_at as since from totp_enrolments
         union all select workspace_id, user_id, null, registered_at from passkeys) known
       group by workspace_id, user_id) e
     left join totp_attempts a on a.workspace_id = e.workspace_id and a.user_id = e.user_id
     left join people p on p.workspace_id = e.workspace_id and p.slack_user_id = e.user_id
     where e.workspace_id = $1 order by e.since, e.user_id`,
    [host.workspaceId],
  );
  const known = rows.flatMap(({ user_id: id, ...row }) => (id === null ? [] : [{ ...row, user_id: id }]));
  return known.map(({ recovery_codes: recoveryCodes, last_used: lastUsed, clock_off: clockOff, ...row }) => ({
    ...row,
    recoveryCodes: recoveryCodes ?? 0,
    passkeys: row.passkeys ?? 0,
    lastUsed,
    clockOff,
    lock: lockNow({ failed: row.failed ?? 0, lockedUntil: row.locked_until }, host.runtime.now()),
  }));
}
