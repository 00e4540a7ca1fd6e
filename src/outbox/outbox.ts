import type { BoundStatement, Database, Queryable, QueryRows, Row, Transaction } from '../ports/database.js';

/** The kinds of work; each has one handler. `ref` is the row that the work is about. */
export const WORK_NAMES = [
  'run_step',
  'sync_incident',
  'deliver_notice',
  'take_report',
  'tell_unanswered',
  'redraw_unanswered',
  'tell_mail_trouble',
  'read_accounts',
  'show_lockdown',
  'collect_evidence',
  'watch_step',
  'examine_systems',
  'rescan',
  'call_again',
  'post_checkpoint',
  'announce',
  'mind_waiting',
  'mind_review',
  'remember_accounts',
  'tell_withheld',
  'check_channel',
] as const;
export type WorkName = (typeof WORK_NAMES)[number];

/** `wanted` grows with each request; a run that started before the last request is followed by another. */
export interface WorkRow extends Row<
  'work',
  'workspace_id' | 'id' | 'ref' | 'wanted' | 'attempt' | 'run_after' | 'correlation_id'
> {
  readonly name: WorkName;
}

/** A claim on a piece of work: results are written only while it is valid. */
export interface Lease {
  readonly workspaceId: string;
  readonly id: string;
  readonly token: string;
  readonly wanted: number;
}

export interface WorkRequest {
  readonly workspaceId: string;
  readonly name: WorkName;
  readonly ref: string;
  readonly correlationId: string;
  readonly now: Date;
  readonly delayMs?: number;
}

/** Another worker took over: this run's results must not be written. */
export class LeaseLostError extends Error {
  constructor(id: string) {
    super(`the claim on ${id} ran out and another worker took over; nothing was written`);
    this.name = 'LeaseLostError';
  }
}

/** Requests work in the caller's transaction. Requesting waiting work again changes only its time. */
export async function requestWork(tx: Queryable, request: WorkRequest): Promise<void> {
  const runAfter = new Date(request.now.getTime() + (request.delayMs ?? 0));
  await tx.query(
    `insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
     values ($1, $2, $3, $4, 'pending', $5, $6, $7)
     on conflict (workspace_id, id) do update set
       wanted = work.wanted + 1, attempt = 0,
       status = case when work.status = 'running' then 'running' else 'pending' end,
       run_after = excluded.run_after, correlation_id = excluded.correlation_id, changed_at = excluded.changed_at`,
    [
      request.workspaceId,
      `${request.name}_${request.ref}`,
      request.name,
      request.ref,
      runAfter,
      request.correlationId,
      request.now,
    ],
  );
}

/** Whether such work is requested and not done yet. */
export async function isWaiting(
  tx: Queryable,
  { workspaceId, name, ref }: Pick<WorkRequest, 'workspaceId' | 'name' | 'ref'>,
): Promise<boolean> {
  const { rows } = await tx.query(
    "select 1 as waiting from work where workspace_id = $1 and id = $2 and status <> 'done'",
    [workspaceId, `${name}_${ref}`],
  );
  return rows.length > 0;
}

/** BullMQ sometimes delivers delayed jobs a few milliseconds early. */
const EARLY_MS = 100;

/** Claims work by a state change; `null` when it is done, not due, or another worker holds it. */
export async function claimWork(
  tx: Queryable,
  work: { workspaceId: string; id: string },
  claim: { now: Date; token: string; leaseMs: number },
): Promise<WorkRow | null> {
  const { rows } = await tx.query<WorkRow>(
    `update work set status = 'running', lease_token = $3, lease_until = $4, attempt = attempt + 1, changed_at = $5
     where workspace_id = $1 and id = $2 and run_after <= $6
       and (status in ('pending', 'enqueued') or (status = 'running' and lease_until < $5))
     returning workspace_id, id, name, ref, wanted, attempt, run_after, correlation_id`,
    [
      work.workspaceId,
      work.id,
      claim.token,
      new Date(claim.now.getTime() + claim.leaseMs),
      claim.now,
      new Date(claim.now.getTime() + EARLY_MS),
    ],
  );
  return rows[0] ?? null;
}

/** Extends the claim; `false` when it was lost. */
export async function extendLease(tx: Queryable, lease: Lease, until: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update work set lease_until = $4 where workspace_id = $1 and id = $2 and lease_token = $3',
    [lease.workspaceId, lease.id, lease.token, until],
  );
  return rowCount > 0;
}

/** Locks the claim until the transaction ends. @throws LeaseLostError when another worker took over */
export async function holdLease(tx: Queryable, lease: Lease): Promise<void> {
  const { rows } = await tx.query(
    'select 1 as held from work where workspace_id = $1 and id = $2 and lease_token = $3 for update',
    [lease.workspaceId, lease.id, lease.token],
  );
  if (rows.length === 0) throw new LeaseLostError(lease.id);
}

/** Writes what a run found. @throws LeaseLostError when another worker took over: then nothing of it is stored */
export type Commit = <T>(change: (tx: Transaction) => Promise<T>) => Promise<T>;

/** One transaction, valid only while the claim is. */
export const commitWith =
  (db: Database, lease: Lease): Commit =>
  (change) =>
    db.transaction(async (tx) => {
      await holdLease(tx, lease);
      return change(tx);
    });

/** Ends the run: done, or once more when it was requested again meanwhile. */
export async function finishWork(tx: Queryable, lease: Lease, now: Date): Promise<'done' | 'pending' | 'lost'> {
  const { sql, values } = finishStatement(lease, now);
  return finishedAs(await tx.query(sql, values));
}

/** `finishWork` as a statement, to be sent with others; `finishedAs` reads its answer. */
export const finishStatement = (lease: Lease, now: Date): BoundStatement => ({
  sql: `update work set status = case when wanted > $4 then 'pending' else 'done' end,
       run_after = $5, lease_token = null, lease_until = null, changed_at = $5
     where workspace_id = $1 and id = $2 and lease_token = $3 returning status = 'pending' as again`,
  values: [lease.workspaceId, lease.id, lease.token, lease.wanted, now],
});

export function finishedAs(answer: QueryRows<object> | undefined): 'done' | 'pending' | 'lost' {
  const [row] = answer?.rows ?? [];
  if (!row) return 'lost';
  return 'again' in row && row.again === true ? 'pending' : 'done';
}

/** Ends the run and requests another one for later. A request that came meanwhile brings it forward. */
export async function repeatWork(tx: Queryable, lease: Lease, now: Date, delayMs: number): Promise<void> {
  await tx.query(
    `update work set status = 'pending', lease_token = null, lease_until = null, changed_at = $4,
       run_after = case when wanted > $5 then $4 else $6::timestamptz end
     where workspace_id = $1 and id = $2 and lease_token = $3`,
    [lease.workspaceId, lease.id, lease.token, now, lease.wanted, new Date(now.getTime() + delayMs)],
  );
}
