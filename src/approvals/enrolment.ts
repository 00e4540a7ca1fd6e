import { generateURI, ScureBase32Plugin } from 'otplib';
import { renderUnicodeCompact } from 'uqr';
import type { Runtime } from '../runtime.js';
import type { Sealer } from '../seal.js';
import { Secret } from '../secret.js';
import type { Queryable } from '../store/database.js';

/** RFC 4226 recommends 160 bits for SHA-1. */
const SEED_BYTES = 20;
const ISSUER = 'Notme';

export interface EnrolmentRequest {
  readonly tx: Queryable;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly workspaceId: string;
  readonly userId: string;
  /** What the authenticator app shows beside the code, e.g. the person's e-mail address. */
  readonly label: string;
}

export interface Enrolment {
  /** `otpauth://totp/...`: holds the seed, so it is shown once in the terminal and goes nowhere else. */
  readonly uri: Secret;
  /** The same as a QR code: lines of half-block characters for a terminal with a dark background. */
  readonly qr: readonly string[];
}

/** The place a seed is sealed for: a row copied to another person does not open. */
export function seedContext(workspaceId: string, userId: string): string {
  return `totp:${workspaceId}:${userId}`;
}

/**
 * Gives a person a new seed (SHA-1, 6 digits, 30 s: what every authenticator app reads). An earlier seed stops working
 * at once, and wrong codes counted against it are forgotten. Spent time-steps stay spent.
 */
export async function enrol(request: EnrolmentRequest): Promise<Enrolment> {
  const { tx, runtime, sealer, workspaceId, userId, label } = request;
  const seed = new ScureBase32Plugin().encode(runtime.randomBytes(SEED_BYTES));
  const sealed = sealer.seal(new Secret(seed), seedContext(workspaceId, userId));
  await tx.query(
    `INSERT INTO totp_enrolments (workspace_id, user_id, sealed_seed, enrolled_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace_id, user_id) DO UPDATE SET sealed_seed = excluded.sealed_seed, enrolled_at = excluded.enrolled_at`,
    [workspaceId, userId, sealed, runtime.now()],
  );
  await tx.query('DELETE FROM totp_attempts WHERE workspace_id = $1 AND user_id = $2', [workspaceId, userId]);
  const uri = generateURI({ issuer: ISSUER, label, secret: seed });
  return { uri: new Secret(uri), qr: renderUnicodeCompact(uri, { ecc: 'M', border: 2 }).split('\n') };
}

/** Whether the person has a seed: an approver without one is told to ask for `notme enroll`. */
export async function isEnrolled(tx: Queryable, workspaceId: string, userId: string): Promise<boolean> {
  const found = await tx.query<{ user_id: string }>(
    'SELECT user_id FROM totp_enrolments WHERE workspace_id = $1 AND user_id = $2',
    [workspaceId, userId],
  );
  return found.rows.length > 0;
}
