import type { Proof } from '../incidents/proof.js';
import { canonicalHash, type JsonValue } from '../platform/canonical.js';
import { err, ok, type Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import type { Sealer } from '../platform/seal.js';
import type { Database, Queryable, Row } from '../ports/database.js';
import { seedContext } from './enrolment.js';
import { type Holder, readRecoveryCode, spendRecoveryCode } from './recovery-codes.js';
import { type Lock, lockAfter, lockNow, triesLeft } from './throttle.js';
import { clockOff, matchingSteps } from './time-steps.js';

export interface CodeCheck {
  /**
   * The database itself, never an open transaction: a try is counted in its own short transaction, so that it stays
   * counted when the decision behind it is rolled back.
   */
  readonly database: Database;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly workspaceId: string;
  readonly userId: string;
  /** As typed: six digits, or a recovery code; white space and hyphens are ignored. */
  readonly code: string;
  /** From {@link planBinding}: what this code covers; kept with the spent time-step. */
  readonly binding: string;
}

export type CodeRefusal =
  | { readonly kind: 'not_enrolled' }
  /** The seed exists but does not open (the key changed): `detail` is the sealer's sentence. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Neither six digits nor a recovery code: no guess, so not counted. */
  | { readonly kind: 'malformed' }
  /** `clockSlow`: it was right some minutes ago. */
  | { readonly kind: 'wrong'; readonly triesLeft: number; readonly clockSlow: boolean }
  /** The right code, but its time-step was already spent for something else: wait for the next one. Not counted. */
  | { readonly kind: 'replayed' }
  /** A recovery code that was used before. Not counted. */
  | { readonly kind: 'used' }
  /** `justLocked` is true once, for the try that locked: then the channel is alerted. */
  | { readonly kind: 'locked'; readonly until: Date; readonly justLocked: boolean }
  /** Too many wrong ones in a row: only a new enrolment helps. */
  | { readonly kind: 'ended'; readonly justLocked: boolean };

/** A code that was right, and is spent. */
export interface SpentCode {
  readonly proof: Proof;
  /** How many recovery codes are left after this one was spent just now; `null` for any other. */
  readonly recoveryLeft: number | null;
}

/** SHA-256 hex over the RFC 8785 form of the plan and its arguments. */
export function planBinding(plan: JsonValue): string {
  return canonicalHash(plan);
}

/**
 * Checks a code and spends it, once even when two tries run at once: of the authenticator app (one time-step to each
 * side), or a recovery code.
 */
export async function verifyCode(check: CodeCheck): Promise<Result<SpentCode, CodeRefusal>> {
  return check.database.transaction((tx) => verifyIn(tx, check));
}

async function verifyIn(tx: Queryable, check: CodeCheck): Promise<Result<SpentCode, CodeRefusal>> {
  const seed = await readSeed(tx, check);
  if (!seed.ok) return seed;
  const { failed, lockedUntil } = await lockAttempts(tx, check);
  const lock = lockNow({ failed, lockedUntil }, check.runtime.now());
  // Not even looked at: otherwise the lock would not slow a guess down.
  if (lock !== null) return err(refused(lock, false));
  const typed = check.code.replace(/[\s-]/g, '');
  const recovery = readRecoveryCode(typed);
  if (recovery !== null) return spendRecovery(tx, check, { recovery, failed });
  if (!/^[0-9]{6}$/.test(typed)) return err({ kind: 'malformed' });
  return spendTimeStep(tx, check, { seed: seed.value, code: typed, failed });
}

const refused = (lock: NonNullable<Lock>, justLocked: boolean): CodeRefusal =>
  lock === 'ended' ? { kind: 'ended', justLocked } : { kind: 'locked', until: lock.until, justLocked };

async function readSeed(tx: Queryable, check: CodeCheck): Promise<Result<string, CodeRefusal>> {
  const found = await tx.query<Row<'totp_enrolments', 'sealed_seed'>>(
    'select sealed_seed from totp_enrolments where workspace_id = $1 and user_id = $2',
    [check.workspaceId, check.userId],
  );
  const row = found.rows[0];
  if (row === undefined) return err({ kind: 'not_enrolled' });
  const seed = check.sealer.open(row.sealed_seed, seedContext(check.workspaceId, check.userId));
  return seed.ok ? ok(seed.value.reveal()) : err({ kind: 'unreadable', detail: seed.error });
}

/** Reads the count and holds its row until the transaction ends: one person's tries wait for each other. */
async function lockAttempts(tx: Queryable, check: CodeCheck): Promise<{ failed: number; lockedUntil: Date | null }> {
  const held = await tx.query<Row<'totp_attempts', 'failed' | 'locked_until'>>(
    `insert into totp_attempts (workspace_id, user_id, failed) values ($1, $2, 0)
     on conflict (workspace_id, user_id) do update set failed = totp_attempts.failed
     returning failed, locked_until`,
    [check.workspaceId, check.userId],
  );
  const row = held.rows[0];
  return { failed: row?.failed ?? 0, lockedUntil: row?.locked_until ?? null };
}

/** Since the last right code there is one wrong one more. */
async function countWrong(
  tx: Queryable,
  check: CodeCheck,
  { failed, off }: { failed: number; off: number | null },
): Promise<Result<SpentCode, CodeRefusal>> {
  const wrong = failed + 1;
  const lock = lockAfter(wrong, check.runtime.now());
  const until = lock === null || lock === 'ended' ? null : lock.until;
  await setAttempts(tx, check, { failed: wrong, until, off });
  if (lock !== null) return err(refused(lock, true));
  return err({ kind: 'wrong', triesLeft: triesLeft(wrong), clockSlow: off !== null && off < 0 });
}

/**
 * Of the steps that a code belongs to, one that was spent for this very thing counts (a window that is submitted twice
 * is one decision), else one that is free; only when all are spent for something else was the code used before.
 */
async function spendTimeStep(
  tx: Queryable,
  check: CodeCheck,
  { seed, code, failed }: { seed: string; code: string; failed: number },
): Promise<Result<SpentCode, CodeRefusal>> {
  const now = check.runtime.now();
  const steps = matchingSteps(seed, code, now);
  if (steps.length === 0) return countWrong(tx, check, { failed, off: clockOff(seed, code, now) });
  const spent = await spentAmong(tx, check, steps);
  const again = steps.find((step) => spent.get(step) === check.binding);
  const timeStep = again ?? steps.find((step) => !spent.has(step));
  if (timeStep === undefined) return err({ kind: 'replayed' });
  if (again === undefined)
    await tx.query(
      `insert into totp_used_steps (workspace_id, user_id, time_step, binding, used_at) values ($1, $2, $3, $4, $5)`,
      [check.workspaceId, check.userId, timeStep, check.binding, now],
    );
  await setAttempts(tx, check, { failed: 0, until: null, off: null });
  return ok({ proof: { kind: 'totp', timeStep }, recoveryLeft: null });
}

async function spentAmong(
  tx: Queryable,
  { workspaceId, userId }: CodeCheck,
  steps: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await tx.query<Row<'totp_used_steps', 'time_step' | 'binding'>>(
    `select time_step, binding from totp_used_steps
     where workspace_id = $1 and user_id = $2 and time_step between $3 and $4`,
    [workspaceId, userId, Math.min(...steps), Math.max(...steps)],
  );
  return new Map(rows.map(({ time_step: step, binding }) => [Number(step), binding]));
}

async function spendRecovery(
  tx: Queryable,
  check: CodeCheck,
  { recovery, failed }: { recovery: Parameters<typeof spendRecoveryCode>[1]; failed: number },
): Promise<Result<SpentCode, CodeRefusal>> {
  const holder: Holder = { ...check, tx };
  const checked = await spendRecoveryCode(holder, recovery, check.binding);
  if (checked === 'wrong') return countWrong(tx, check, { failed, off: null });
  if (checked === 'used') return err({ kind: 'used' });
  await setAttempts(tx, check, { failed: 0, until: null, off: null });
  return ok({ proof: { kind: 'recovery', code: checked.id }, recoveryLeft: checked.first ? checked.left : null });
}

async function setAttempts(
  tx: Queryable,
  check: CodeCheck,
  to: { failed: number; until: Date | null; off: number | null },
): Promise<void> {
  await tx.query(
    `update totp_attempts set failed = $3, locked_until = $4, clock_off = $5 where workspace_id = $1 and user_id = $2`,
    [check.workspaceId, check.userId, to.failed, to.until, to.off],
  );
}
