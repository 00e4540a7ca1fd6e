import { verifySync } from 'otplib';
import { canonicalHash, type JsonValue } from '../canonical.js';
import { err, ok, type Result } from '../result.js';
import type { Runtime } from '../runtime.js';
import type { Sealer } from '../seal.js';
import type { Database, Queryable } from '../store/database.js';
import { seedContext } from './enrolment.js';

const STEP_SECONDS = 30;
const WRONG_CODES_TO_LOCK = 5;
const LOCK_MS = 15 * 60 * 1000;

export interface CodeCheck {
  /**
   * The database itself, never an open transaction: a try is counted in its own short transaction, so that it stays
   * counted when the decision that asked for it is rolled back.
   */
  readonly database: Database;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly workspaceId: string;
  readonly userId: string;
  /** As typed; white space and hyphens are ignored. */
  readonly code: string;
  /** From {@link planBinding}: what this code is given for; kept with the spent time-step. */
  readonly binding: string;
}

export type CodeRefusal =
  | { readonly kind: 'not_enrolled' }
  /** The seed is there but does not open (the key changed): `detail` is the sealer's sentence. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Not six digits: no guess, so not counted. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  /** The right code, but its time-step was already spent: wait for the next one. Not counted. */
  | { readonly kind: 'replayed' }
  /** `justLocked` is true once, for the try that locked: then the channel is told. */
  | { readonly kind: 'locked'; readonly until: Date; readonly justLocked: boolean };

/** The number of 30-second steps since 1970 that the code belongs to. */
export interface SpentStep {
  readonly timeStep: number;
}

/** SHA-256 hex over the RFC 8785 form of the plan and its arguments. */
export function planBinding(plan: JsonValue): string {
  return canonicalHash(plan);
}

/** Checks a code (window of one step to each side) and spends its time-step, once even when two tries run at once. */
export async function verifyCode(check: CodeCheck): Promise<Result<SpentStep, CodeRefusal>> {
  return check.database.transaction((tx) => verifyIn(tx, check));
}

async function verifyIn(tx: Queryable, check: CodeCheck): Promise<Result<SpentStep, CodeRefusal>> {
  const now = check.runtime.now();
  const seed = await readSeed(tx, check);
  if (!seed.ok) return seed;
  const { failed, lockedUntil } = await lockAttempts(tx, check);
  if (lockedUntil !== null && lockedUntil > now) return err({ kind: 'locked', until: lockedUntil, justLocked: false });
  const token = check.code.replace(/[\s-]/g, '');
  if (!/^[0-9]{6}$/.test(token)) return err({ kind: 'malformed' });
  const timeStep = matchingStep(seed.value, token, now);
  // A lock that has run out starts the count anew.
  if (timeStep === null) return countWrong(tx, check, { failed: lockedUntil === null ? failed : 0, now });
  return spend(tx, check, { timeStep, now });
}

async function readSeed(tx: Queryable, check: CodeCheck): Promise<Result<string, CodeRefusal>> {
  const found = await tx.query<{ sealed_seed: string }>(
    'SELECT sealed_seed FROM totp_enrolments WHERE workspace_id = $1 AND user_id = $2',
    [check.workspaceId, check.userId],
  );
  const row = found.rows[0];
  if (row === undefined) return err({ kind: 'not_enrolled' });
  const seed = check.sealer.open(row.sealed_seed, seedContext(check.workspaceId, check.userId));
  return seed.ok ? ok(seed.value.reveal()) : err({ kind: 'unreadable', detail: seed.error });
}

/** Reads the count and holds its row until the transaction ends: one person's tries wait for each other. */
async function lockAttempts(tx: Queryable, check: CodeCheck): Promise<{ failed: number; lockedUntil: Date | null }> {
  const held = await tx.query<{ failed: number; locked_until: Date | null }>(
    `INSERT INTO totp_attempts (workspace_id, user_id, failed) VALUES ($1, $2, 0)
     ON CONFLICT (workspace_id, user_id) DO UPDATE SET failed = totp_attempts.failed
     RETURNING failed, locked_until`,
    [check.workspaceId, check.userId],
  );
  const row = held.rows[0];
  return { failed: row?.failed ?? 0, lockedUntil: row?.locked_until ?? null };
}

/** otplib compares in constant time. `null`: the code belongs to none of the three steps around now. */
function matchingStep(seed: string, token: string, now: Date): number | null {
  const epoch = Math.floor(now.getTime() / 1000);
  const answer = verifySync({ secret: seed, token, epoch, period: STEP_SECONDS, epochTolerance: STEP_SECONDS });
  return answer.valid && 'timeStep' in answer ? answer.timeStep : null;
}

async function countWrong(
  tx: Queryable,
  check: CodeCheck,
  { failed, now }: { failed: number; now: Date },
): Promise<Result<SpentStep, CodeRefusal>> {
  const wrong = failed + 1;
  const until = wrong >= WRONG_CODES_TO_LOCK ? new Date(now.getTime() + LOCK_MS) : null;
  await setAttempts(tx, check, { failed: wrong, until });
  return err(
    until === null
      ? { kind: 'wrong', triesLeft: WRONG_CODES_TO_LOCK - wrong }
      : { kind: 'locked', until, justLocked: true },
  );
}

async function spend(
  tx: Queryable,
  check: CodeCheck,
  { timeStep, now }: { timeStep: number; now: Date },
): Promise<Result<SpentStep, CodeRefusal>> {
  const spent = await tx.query(
    `INSERT INTO totp_used_steps (workspace_id, user_id, time_step, binding, used_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id, user_id, time_step) DO NOTHING RETURNING time_step`,
    [check.workspaceId, check.userId, timeStep, check.binding, now],
  );
  if (spent.rows.length === 0) return err({ kind: 'replayed' });
  await setAttempts(tx, check, { failed: 0, until: null });
  return ok({ timeStep });
}

async function setAttempts(tx: Queryable, check: CodeCheck, to: { failed: number; until: Date | null }): Promise<void> {
  await tx.query('UPDATE totp_attempts SET failed = $3, locked_until = $4 WHERE workspace_id = $1 AND user_id = $2', [
    check.workspaceId,
    check.userId,
    to.failed,
    to.until,
  ]);
}
