import { scrypt, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../platform/canonical.js';
import type { Runtime } from '../platform/runtime.js';
import type { Sealer } from '../platform/seal.js';
import { Secret } from '../platform/secret.js';
import type { Queryable, Row } from '../ports/database.js';

/** Ten codes, each of which counts once. NIST SP 800-63B, 3.1.2 calls them look-up secrets. */
const HOW_MANY = 10;
/** Crockford's base 32: no letter that is taken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 50 random bits; NIST asks for at least 20, and for a salted hash that costs time below 112. */
const LETTERS = 10;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PURPOSE = 'recovery code';

/** What recovery codes belong to. */
export interface Holder {
  readonly tx: Queryable;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly workspaceId: string;
  readonly userId: string;
}

type StoredCode = Row<'recovery_codes', 'id' | 'number' | 'salt' | 'hash' | 'tag' | 'used_for'>;

/** scrypt with the parameters of Node.js: N = 16,384, r = 8, p = 1. */
const hashOf = (letters: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(letters, salt, HASH_BYTES, (error, hash) => (error ? reject(error) : resolve(hash)));
  });

/** Somebody with write access to the rows could otherwise add a code that they know. */
const termsOf = ({ workspaceId, userId }: Holder, { id, number, salt, hash }: Omit<StoredCode, 'tag' | 'used_for'>) =>
  canonicalJson({ workspace: workspaceId, user: userId, id, number, salt, hash });

const spelled = (number: number, letters: string): Secret =>
  new Secret(`${number}-${letters.slice(0, 5)}-${letters.slice(5)}`);

/**
 * Gives a person ten new recovery codes; earlier ones stop working. The first sign of each is its number, so that one
 * hash is computed for a try and not ten. @returns the codes, to be shown once and never in Slack
 */
export async function issueRecoveryCodes(holder: Holder): Promise<readonly Secret[]> {
  const { tx, runtime, sealer, workspaceId, userId } = holder;
  await tx.query('delete from recovery_codes where workspace_id = $1 and user_id = $2', [workspaceId, userId]);
  const codes: Secret[] = [];
  for (let number = 0; number < HOW_MANY; number += 1) {
    const letters = [...runtime.randomBytes(LETTERS)].map((byte) => ALPHABET.charAt(byte & 31)).join('');
    const salt = runtime.randomBytes(SALT_BYTES);
    const hash = (await hashOf(letters, salt)).toString('base64url');
    const row = { id: runtime.newId('rec'), number, salt: salt.toString('base64url'), hash };
    await tx.query(
      `insert into recovery_codes (workspace_id, user_id, id, number, salt, hash, tag) values ($1, $2, $3, $4, $5, $6, $7)`,
      [workspaceId, userId, row.id, number, row.salt, hash, sealer.authenticate(termsOf(holder, row), PURPOSE)],
    );
    codes.push(spelled(number, letters));
  }
  return codes;
}

/** A recovery code as typed, without white space and hyphens; `null` when it is none. */
export function readRecoveryCode(typed: string): { readonly number: number; readonly letters: string } | null {
  const [, number, letters] = /^([0-9])([0-9a-hjkmnp-tv-z]{10})$/.exec(typed.toLowerCase()) ?? [];
  return number === undefined || letters === undefined ? null : { number: Number(number), letters };
}

export type RecoveryCheck =
  { readonly kind: 'right'; readonly id: string; readonly left: number; readonly first: boolean } | 'wrong' | 'used';

/** Checks a recovery code and spends it for this binding; the same window may bring it twice. */
export async function spendRecoveryCode(
  holder: Holder,
  given: { readonly number: number; readonly letters: string },
  binding: string,
): Promise<RecoveryCheck> {
  const { tx, runtime, sealer, workspaceId, userId } = holder;
  const { rows } = await tx.query<StoredCode>(
    `select id, number, salt, hash, tag, used_for from recovery_codes where workspace_id = $1 and user_id = $2 and number = $3`,
    [workspaceId, userId, given.number],
  );
  const [row] = rows;
  if (!row || !sealer.isAuthentic(row.tag, termsOf(holder, row), PURPOSE)) return 'wrong';
  const hash = await hashOf(given.letters, Buffer.from(row.salt, 'base64url'));
  if (!timingSafeEqual(hash, Buffer.from(row.hash, 'base64url'))) return 'wrong';
  if (row.used_for !== null && row.used_for !== binding) return 'used';
  await tx.query(
    `update recovery_codes set used_for = $4, used_at = $5 where workspace_id = $1 and user_id = $2 and id = $3 and used_for is null`,
    [workspaceId, userId, row.id, binding, runtime.now()],
  );
  return {
    kind: 'right',
    id: row.id,
    left: await recoveryCodesLeft(tx, workspaceId, userId),
    first: row.used_for === null,
  };
}

export async function recoveryCodesLeft(tx: Queryable, workspaceId: string, userId: string): Promise<number> {
  const { rows } = await tx.query(
    'select 1 from recovery_codes where workspace_id = $1 and user_id = $2 and used_for is null',
    [workspaceId, userId],
  );
  return rows.length;
}
