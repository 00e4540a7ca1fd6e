import { generateURI, ScureBase32Plugin } from 'otplib';
import { renderUnicodeCompact } from 'uqr';
import { keepAddress } from '../incidents/earlier-addresses.js';
import type { Runtime } from '../platform/runtime.js';
import type { Sealer } from '../platform/seal.js';
import { Secret } from '../platform/secret.js';
import type { Queryable } from '../ports/database.js';

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
  /** Where it is known: it also identifies the approver's own accounts when Slack gives another address later. */
  readonly email?: string | null;
}

export interface Enrolment {
  /** `otpauth://totp/...`: contains the seed, so it is shown once in the terminal and nowhere else. */
  readonly uri: Secret;
  /** The same as a QR code: lines of half-block characters for a terminal with a dark background. */
  readonly qr: readonly string[];
}

/** The context a seed is sealed for: a row copied to another person does not open. */
export function seedContext(workspaceId: string, userId: string): string {
  return `totp:${workspaceId}:${userId}`;
}

/**
 * Gives a person a new seed (SHA-1, 6 digits, 30 s: what every authenticator app reads). An earlier seed stops working
 * at once, and the count of wrong codes is reset. Spent time-steps stay spent.
 */
export async function enrol(request: EnrolmentRequest): Promise<Enrolment> {
  const { tx, runtime, sealer, workspaceId, userId, label, email = null } = request;
  const seed = new ScureBase32Plugin().encode(runtime.randomBytes(SEED_BYTES));
  const sealed = sealer.seal(new Secret(seed), seedContext(workspaceId, userId));
  await tx.query(
    `insert into totp_enrolments (workspace_id, user_id, sealed_seed, enrolled_at) values ($1, $2, $3, $4)
     on conflict (workspace_id, user_id) do update set sealed_seed = excluded.sealed_seed, enrolled_at = excluded.enrolled_at`,
    [workspaceId, userId, sealed, runtime.now()],
  );
  await tx.query('delete from totp_attempts where workspace_id = $1 and user_id = $2', [workspaceId, userId]);
  if (email !== null) await keepAddress(tx, { workspaceId, slackUserId: userId, email, now: runtime.now() });
  const uri = generateURI({ issuer: ISSUER, label, secret: seed });
  return { uri: new Secret(uri), qr: renderUnicodeCompact(uri, { ecc: 'M', border: 2 }).split('\n') };
}

/** Whether the person has a seed: an approver without one is told to request `notme enroll`. */
export async function isEnrolled(tx: Queryable, workspaceId: string, userId: string): Promise<boolean> {
  const found = await tx.query<{ user_id: string }>(
    'select user_id from totp_enrolments where workspace_id = $1 and user_id = $2',
    [workspaceId, userId],
  );
  return found.rows.length > 0;
}
