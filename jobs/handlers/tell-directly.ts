import * as z from 'zod';
import { section, type Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import type { Row } from '../../src/ports/database.js';
import { CARD_LATE_MS } from '../../src/incidents/cardless.js';
import type { Drawn, Messenger, MessengerFailure } from '../../src/ports/messenger.js';
import { ok, type Result } from '../../src/platform/result.js';
import type { Within } from '../../src/incidents/posts.js';
import type { Commit } from '../../src/outbox/outbox.js';
import { sayOnce } from './say-once.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}

/** Whether the channel shows it to nobody: at once when Slack refuses, after a while for any other reason. */
export const isUnheard = ({ kind }: MessengerFailure, since: Date, now: Date): boolean =>
  kind === 'unreachable' || kind === 'refused' || now.getTime() - since.getTime() > CARD_LATE_MS;

export interface Unheard {
  /** Of the message that the channel refuses, or of all that follow in its place until one is accepted. */
  readonly id: string;
  readonly failure: MessengerFailure;
  /** The message covers everything up to this moment. */
  readonly asOf: Date;
  /** What this approver is sent; `told` is when the last message went out. `null`: nothing new for them. */
  readonly draw: (user: string, told: Date | null) => Drawn | null;
}

const moment = z.iso.datetime().transform((text) => new Date(text));
const known = z.record(z.string(), z.unknown()).catch({});

/** An approver with an incomplete message gets it again. */
const whoKnows = (told: unknown): ReadonlyMap<string, Date> =>
  new Map(
    Object.entries(known.parse(told)).flatMap(([user, at]) => {
      const read = moment.safeParse(at);
      return read.success ? [[user, read.data]] : [];
    }),
  );

/** Since when the channel refuses it, and who knows; the first failure is stored. */
async function failing({ core, tx }: Within, id: string): Promise<{ since: Date; told: ReadonlyMap<string, Date> }> {
  const now = core.runtime.now();
  const { rows } = await tx.query<Row<'direct_tellings', 'failing_since' | 'told'>>(
    `insert into direct_tellings (workspace_id, id, failing_since) values ($1, $2, $3)
     on conflict (id, workspace_id) do update set failing_since = direct_tellings.failing_since
     returning failing_since, told`,
    [core.workspaceId, id, now],
  );
  const [row] = rows;
  return { since: row?.failing_since ?? now, told: whoKnows(row?.told) };
}

/** The channel accepts it again: the next refusal is another outage. */
export const endOutage = async ({ core, tx }: Within, id: string): Promise<void> => {
  await tx.query('delete from direct_tellings where workspace_id = $1 and id = $2', [core.workspaceId, id]);
};

/** Whether it is being told of already. */
export async function isOut(core: Core, id: string): Promise<boolean> {
  const { rows } = await core.db.query('select 1 from direct_tellings where workspace_id = $1 and id = $2', [
    core.workspaceId,
    id,
  ]);
  return rows.length > 0;
}

const saveTold = async ({ core, tx }: Within, id: string, user: string, at: Date): Promise<void> => {
  await tx.query(
    `update direct_tellings set told = told || jsonb_build_object($3::text, $4::text) where workspace_id = $1 and id = $2`,
    [core.workspaceId, id, user, at.toISOString()],
  );
};

/**
 * A channel that accepts nothing has to be fixed by people; until then each approver gets a direct message, once, about
 * what is missing in the channel. Approvers who could not be reached are sent it with the next try.
 */
export async function tellDirectly(parts: Parts, commit: Commit, unheard: Unheard): Promise<void> {
  const { core } = parts;
  const { id, failure, asOf, draw } = unheard;
  const { since, told } = await commit((tx) => failing({ core, tx }, id));
  if (!isUnheard(failure, since, core.runtime.now())) return;
  const approvers = await core.roles.all(['approver']);
  if (approvers.length === 0)
    core.log.error(
      { post: id, failure },
      'the security channel does not take a message, and there are no approvers to tell',
    );
  for (const user of approvers) {
    const before = told.get(user) ?? null;
    const drawn = draw(user, before);
    if (drawn === null) continue;
    // After a crash, the same part has the same id; the next part has another.
    const part = `${id}_${since.getTime()}_${before?.getTime() ?? 0}`;
    const said = await tellOne(parts, user, withReason(parts, drawn, failure), { id: part, since });
    if (!said.ok) core.log.warn({ post: id, user, failure: said.error }, 'an approver could not be told directly');
    if (said.ok || said.error.kind === 'refused') await commit((tx) => saveTold({ core, tx }, id, user, asOf));
  }
}

async function tellOne(
  parts: Parts,
  user: string,
  drawn: Drawn,
  { id, since }: { readonly id: string; readonly since: Date },
): Promise<Result<null, MessengerFailure>> {
  const dm = await parts.messenger.openDm(user);
  if (!dm.ok) return dm;
  const said = await sayOnce(parts, dm.value, drawn, { id, since, maybeSent: true });
  return said.ok ? ok(null) : said;
}

/** Why it arrives here, above what the channel would have shown. */
function withReason({ core, translator }: Parts, drawn: Drawn, failure: MessengerFailure): Drawn {
  const why = failure.kind === 'throttled' ? 'ratelimited' : failure.detail;
  const { securityChannel: channel } = core.policy;
  return { ...drawn, blocks: [section(translator.say('tell.unheard', { channel, why })), ...drawn.blocks] };
}
