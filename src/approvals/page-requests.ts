import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '../platform/canonical.js';
import type { Sealer } from '../platform/seal.js';
import { Secret } from '../platform/secret.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Told } from './announce.js';
import { storedRequest } from './stored-request.js';

/** How long a link leads anywhere. */
export const PAGE_LIFE_MS = 10 * 60_000;

/** What a link of the passkey page is for. */
const pageRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('register'), label: z.string() }),
  /** `told`: the announcement that shows the link. */
  z.strictObject({
    kind: z.literal('enrol'),
    label: z.string(),
    email: z.string(),
    approvedBy: z.string(),
    told: z.string(),
  }),
  /** `binding`: of the plan that the window showed. */
  z.strictObject({ kind: z.literal('confirm'), binding: z.string(), request: storedRequest }),
]);
export type PageRequest = z.output<typeof pageRequest>;

/** With its end: whoever writes rows does not prolong it. */
const sealedRequest = z.strictObject({ expiresAt: z.iso.datetime(), request: pageRequest });

/** What sealing and its clock need; a command on the host has it, too. */
export type Sealing = Told & { readonly sealer: Sealer };

/** Tokens are stored only as their SHA-256: somebody who reads the store cannot open a page with one. */
export const hashPageToken = (token: string): string => createHash('sha256').update(token).digest('hex');

const contextOf = ({ workspaceId }: Sealing, userId: string, hash: string): string =>
  `page_request/${workspaceId}/${userId}/${hash}`;

/** Stores what a link is for, sealed for its token: nobody can write one into the database. @returns the token */
export async function issuePageRequest(
  core: Sealing,
  tx: Queryable,
  userId: string,
  request: PageRequest,
): Promise<Secret> {
  const token = core.runtime.randomBytes(32).toString('base64url');
  const hash = hashPageToken(token);
  const now = core.runtime.now();
  const expires = new Date(now.getTime() + PAGE_LIFE_MS);
  const whole = { expiresAt: expires.toISOString(), request } satisfies z.output<typeof sealedRequest>;
  await tx.query('delete from page_requests where workspace_id = $1 and expires_at < $2', [
    core.workspaceId,
    new Date(now.getTime() - 24 * 3_600_000),
  ]);
  await tx.query(
    `insert into page_requests (workspace_id, token_hash, user_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [
      core.workspaceId,
      hash,
      userId,
      core.sealer.seal(new Secret(JSON.stringify(whole)), contextOf(core, userId, hash)),
      now,
      expires,
    ],
  );
  return new Secret(token);
}

export type PageState =
  | { readonly state: 'open'; readonly hash: string; readonly userId: string; readonly request: PageRequest }
  | { readonly state: 'used' | 'expired'; readonly hash: string; readonly userId: string }
  | { readonly state: 'unknown' };

/** Looks up what a link is for, without spending it. */
export async function pageRequestOf(core: Sealing, tx: Queryable, hash: string): Promise<PageState> {
  const { rows } = await tx.query<Row<'page_requests', 'user_id' | 'sealed' | 'expires_at' | 'used_at'>>(
    'select user_id, sealed, expires_at, used_at from page_requests where workspace_id = $1 and token_hash = $2',
    [core.workspaceId, hash],
  );
  const [row] = rows;
  if (!row) return { state: 'unknown' };
  const opened = core.sealer.open(row.sealed, contextOf(core, row.user_id, hash));
  // Not sealed here, for this link and this person: as good as none.
  if (!opened.ok) return { state: 'unknown' };
  const { user_id: userId } = row;
  const { expiresAt, request } = sealedRequest.parse(JSON.parse(opened.value.reveal()));
  if (row.used_at !== null) return { state: 'used', hash, userId };
  if (row.expires_at <= core.runtime.now() || new Date(expiresAt) <= core.runtime.now())
    return { state: 'expired', hash, userId };
  return { state: 'open', hash, userId, request };
}

/** Spends a link; `false` when it was spent before, or has expired. */
export async function usePageRequest(core: Told, tx: Queryable, hash: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update page_requests set used_at = $3 where workspace_id = $1 and token_hash = $2 and used_at is null and expires_at > $3',
    [core.workspaceId, hash, core.runtime.now()],
  );
  return rowCount > 0;
}

/**
 * What the passkey signs: the link (so that nothing can be replayed) and what it is for. For a confirmation that is the
 * binding of the plan as it is now, so a signature given for another plan does not fit.
 */
export function challengeOf(hash: string, what: string): string {
  return createHash('sha256')
    .update(canonicalJson({ link: hash, what }))
    .digest('base64url');
}
