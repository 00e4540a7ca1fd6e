import { createHash } from 'node:crypto';
import type { Core } from '../ports/core.js';
import { one } from '../incidents/people.js';
import { Secret } from '../platform/secret.js';
import type { Queryable, Row } from '../ports/database.js';

const LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** Tokens are stored only as their SHA-256: somebody who reads the store cannot report with one. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export interface IssuedToken {
  /** 256 random bits, base64url: goes into the mail's link and nowhere else. */
  readonly token: Secret;
  readonly expiresAt: Date;
}

const contextOf = (core: Core, noticeId: string): string => `report_token/${core.workspaceId}/${noticeId}`;

/**
 * The single-use token for the report page of one notice, valid for seven days. A second mail about the same notice (a
 * retry) carries the same token: it is kept sealed for that.
 * @throws when the sealed token does not open (the key was changed)
 */
export async function issueReportToken(core: Core, tx: Queryable, noticeId: string): Promise<IssuedToken> {
  const token = core.runtime.randomBytes(32).toString('base64url');
  const expiresAt = new Date(core.runtime.now().getTime() + LIFE_MS);
  const { rows } = await tx.query<Row<'report_tokens', 'sealed_token' | 'expires_at'>>(
    `insert into report_tokens (workspace_id, token_hash, sealed_token, notice_id, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, notice_id) do update set notice_id = excluded.notice_id returning sealed_token, expires_at`,
    [
      core.workspaceId,
      hashToken(token),
      core.sealer.seal(new Secret(token), contextOf(core, noticeId)),
      noticeId,
      expiresAt,
    ],
  );
  const row = one(rows);
  const opened = core.sealer.open(row.sealed_token, contextOf(core, noticeId));
  if (!opened.ok) throw new Error(opened.error);
  return { token: opened.value, expiresAt: row.expires_at };
}

export type TokenState =
  | { readonly state: 'open'; readonly noticeId: string; readonly expiresAt: Date }
  | { readonly state: 'used' | 'expired' | 'unknown' };

/** Looks a token up without spending it. */
export async function lookUpToken(core: Core, tx: Queryable, token: string): Promise<TokenState> {
  const { rows } = await tx.query<Row<'report_tokens', 'notice_id' | 'expires_at' | 'used_at'>>(
    'select notice_id, expires_at, used_at from report_tokens where workspace_id = $1 and token_hash = $2',
    [core.workspaceId, hashToken(token)],
  );
  const [row] = rows;
  if (!row) return { state: 'unknown' };
  if (row.used_at) return { state: 'used' };
  if (row.expires_at <= core.runtime.now()) return { state: 'expired' };
  return { state: 'open', noticeId: row.notice_id, expiresAt: row.expires_at };
}

/** Spends a token; `false` when another request was faster. */
export async function useToken(core: Core, tx: Queryable, token: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update report_tokens set used_at = $3 where workspace_id = $1 and token_hash = $2 and used_at is null and expires_at > $3',
    [core.workspaceId, hashToken(token), core.runtime.now()],
  );
  return rowCount > 0;
}
