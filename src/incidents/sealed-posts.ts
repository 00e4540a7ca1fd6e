import * as z from 'zod';
import { Secret } from '../platform/secret.js';
import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';
import { postBody, type PostBody } from './post-body.js';

type Place = Row<'posts', 'id' | 'incident_id'>;
type StoredPost = Row<'posts', 'id' | 'incident_id' | 'body'>;

/** Of a phrase, its values are what people and systems said; which text it is tells nothing, and stays to be found by. */
const stored = z.looseObject({
  kind: z.string().exactOptional(),
  user: z.string().exactOptional(),
  phrase: z.object({ key: z.string(), values: z.unknown().optional() }).exactOptional(),
  sealed: z.string().exactOptional(),
});

/** With what is shown of it and to whom: whoever writes rows has it opened for nobody else. */
const contextOf = (core: Core, { id, incident_id: incident }: Place, { kind, user }: z.output<typeof stored>): string =>
  `post/${core.workspaceId}/${incident}/${id}/${kind ?? ''}/${user ?? ''}`;

/** A body as it is stored: what its line says is evidence (addresses, devices, mail rules, reports), and is sealed. */
export function sealBody(core: Core, place: Place, body: unknown): unknown {
  const { phrase, ...rest } = stored.parse(body);
  if (phrase === undefined) return body;
  const sealed = core.sealer.seal(new Secret(JSON.stringify(phrase.values ?? {})), contextOf(core, place, rest));
  return { ...rest, phrase: { key: phrase.key }, sealed };
}

/** The body of a stored post; the error says why it cannot be read. One that an earlier version left open is read too. */
export function openBody(core: Core, row: StoredPost): z.ZodSafeParseResult<PostBody> {
  const read = stored.safeParse(row.body);
  if (!read.success || read.data.sealed === undefined) return postBody.safeParse(row.body);
  const { phrase, sealed, ...rest } = read.data;
  const opened = core.sealer.open(sealed, contextOf(core, row, rest));
  if (!opened.ok) return postBody.safeParse({ ...rest, phrase: opened.error });
  const values: unknown = JSON.parse(opened.value.reveal());
  return postBody.safeParse({ ...rest, phrase: { key: phrase?.key, values } });
}

/** So many rows are rewritten in one go. */
const AT_ONCE = 200;

/**
 * Seals what an earlier version stored in the open. Two processes may do it at once. What is no post's body is left as it
 * is: one row must not keep the others open, nor the process from starting. @returns how many were sealed
 */
export async function sealOldPosts(core: Core): Promise<number> {
  let sealed = 0;
  let last: string | undefined = '';
  while (last !== undefined) {
    const open: readonly StoredPost[] = await openPostsAfter(core, last);
    const read = open.filter((row) => isStored(core, row));
    await core.db.batch(
      read.map((row) => ({
        sql: 'update posts set body = $3::jsonb where workspace_id = $1 and id = $2',
        values: [core.workspaceId, row.id, JSON.stringify(sealBody(core, row, row.body))],
      })),
    );
    sealed += read.length;
    last = open.at(-1)?.id;
  }
  return sealed;
}

function isStored(core: Core, { id, body }: StoredPost): boolean {
  const read = stored.safeParse(body);
  if (!read.success) core.log.error({ post: id, err: read.error }, 'a post cannot be read; it stays unsealed');
  return read.success;
}

async function openPostsAfter(core: Core, id: string): Promise<readonly StoredPost[]> {
  const { rows } = await core.db.query<StoredPost>(
    `select id, incident_id, body from posts
     where workspace_id = $1 and id > $2 and body #> '{phrase,values}' is not null order by id limit ${AT_ONCE}`,
    [core.workspaceId, id],
  );
  return rows;
}
