import type { Translator } from '../../blocks/parts.js';
import { announcementCard, type ToDo } from '../../blocks/announcement.js';
import { announcedAbout, type AnnouncedAbout } from '../../src/approvals/announce.js';
import { isAsked, linkOf } from '../../src/approvals/enrolment-requests.js';
import { attemptsOf } from '../../src/approvals/locks.js';
import { lockNow } from '../../src/approvals/throttle.js';
import type { Core } from '../../src/ports/core.js';
import type { Queryable, Row } from '../../src/ports/database.js';
import type { Drawn, Messenger, MessengerFailure } from '../../src/ports/messenger.js';
import { ok, type Result } from '../../src/platform/result.js';
import { phraseSchema } from '../../src/texts/phrase.js';
import type { Outcome, Run } from '../worker.js';
import { retryMs, sayOnce } from './say-once.js';
import { endOutage, tellDirectly } from './tell-directly.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}

type Announced = Row<
  'announcements',
  'id' | 'recipient' | 'phrase' | 'about' | 'status' | 'channel' | 'ts' | 'created_at'
>;

/** Tells what belongs to no incident, once, and redraws it when its button has nothing left to do. */
export async function tellAnnouncement(parts: Parts, run: Run): Promise<Outcome> {
  const { core } = parts;
  const row = await announcement(core, run.work.ref);
  if (!row || row.status === 'refused') return 'completed';
  const drawn = await draw(parts, row);
  const said = row.status === 'posted' ? await redraw(parts, row, drawn) : await say(parts, run, { row, drawn });
  if (said.ok)
    return drawn.until === null ? 'completed' : { againInMs: drawn.until.getTime() - core.runtime.now().getTime() };
  if (said.error.kind === 'refused') {
    core.log.error(
      { announcement: row.id, detail: said.error.detail },
      'Slack refused an announcement; it is left out',
    );
    await run.commit((tx) => setStatus(core, tx, { ...row, status: 'refused' }));
    return 'completed';
  }
  return { againInMs: retryMs(core, said.error, run.work.attempt) };
}

async function announcement(core: Core, id: string): Promise<Announced | null> {
  const { rows } = await core.db.query<Announced>(
    `select id, recipient, phrase, about, status, channel, ts, created_at from announcements
     where workspace_id = $1 and id = $2`,
    [core.workspaceId, id],
  );
  return rows[0] ?? null;
}

interface Shown extends Drawn {
  /** When its button has nothing left to do: it is redrawn then. */
  readonly until: Date | null;
}

async function draw({ core, translator }: Parts, { id, phrase, about, recipient }: Announced): Promise<Shown> {
  const read = announcedAbout.nullable().parse(about);
  const toDo = read === null ? null : await toDoNow(core, { key: id, recipient: recipient ?? '' }, read);
  const card = announcementCard(translator, phraseSchema.parse(phrase), toDo);
  return { ...card, until: read !== null && toDo !== null ? new Date(read.until) : null };
}

async function toDoNow(
  core: Core,
  place: { readonly key: string; readonly recipient: string },
  about: AnnouncedAbout,
): Promise<ToDo | null> {
  if (about.kind === 'enrolment') return (await isAsked(core, about.user, place.key)) ? about : null;
  if (about.kind === 'lock') return (await isLocked(core, about)) ? about : null;
  const url = await linkOf(core, place, about.sealed);
  return url === null ? null : { kind: 'link', url };
}

async function isLocked(core: Core, about: AnnouncedAbout & { kind: 'lock' }): Promise<boolean> {
  const attempts = await attemptsOf(core, core.db, about.user);
  const lock = attempts && lockNow({ failed: attempts.failed, lockedUntil: attempts.locked_until }, core.runtime.now());
  return lock !== null && lock !== 'ended' && lock.until.toISOString() === about.until;
}

/** Where it belongs. */
const placeOf = async ({ core, messenger }: Parts, { recipient }: Announced) =>
  recipient === null ? ok(core.policy.securityChannel) : messenger.openDm(recipient);

/** Only where it belongs: it may hold a link, and whoever writes rows does not have it drawn over another message. */
async function redraw(parts: Parts, row: Announced, drawn: Drawn): Promise<Result<null, MessengerFailure>> {
  const place = await placeOf(parts, row);
  if (!place.ok) return place;
  const { channel, ts } = row;
  if (ts !== null && channel === place.value) return parts.messenger.update({ channel, ts }, drawn);
  parts.core.log.warn({ announcement: row.id, channel }, 'an announcement stands elsewhere; it is not redrawn');
  return ok(null);
}

async function say(
  parts: Parts,
  run: Run,
  { row, drawn }: { row: Announced; drawn: Drawn },
): Promise<Result<null, MessengerFailure>> {
  const { core } = parts;
  const dm = await placeOf(parts, row);
  if (!dm.ok) return dm;
  await run.commit((tx) => setStatus(core, tx, { ...row, status: 'sending' }));
  const saying = { id: row.id, since: row.created_at, maybeSent: row.status === 'sending' };
  const said = await sayOnce(parts, dm.value, drawn, saying);
  if (said.ok) {
    await run.commit(async (tx) => {
      await setStatus(core, tx, { ...row, status: 'posted', ...said.value });
      if (row.recipient === null) await endOutage({ core, tx }, row.id);
    });
    return ok(null);
  }
  if (row.recipient === null)
    await tellDirectly(parts, (work) => run.commit(work), {
      id: row.id,
      failure: said.error,
      asOf: core.runtime.now(),
      draw: (_, told) => (told === null ? drawn : null),
    });
  return said;
}

async function setStatus(
  core: Core,
  tx: Queryable,
  { id, status, channel, ts }: Pick<Announced, 'id' | 'status' | 'channel' | 'ts'>,
): Promise<void> {
  await tx.query('update announcements set status = $3, channel = $4, ts = $5 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    id,
    status,
    channel,
    ts,
  ]);
}
