import type { Entry } from 'ldapts';
import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Answer, Outcome } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { readCursor } from '../kit/poll-cursor.js';
import { toAccount } from './account.js';
import type { AttributeName } from './attributes.js';
import type { Directory } from './directory.js';
import { bytes } from './entry.js';
import { peopleChangedBetween, peopleChangedSince } from './filter.js';
import { stampOf, UNICODE_PWD } from './replication-metadata.js';
import { readRootDse, type RootDse } from './root-dse.js';
import type { Session } from './session.js';

/** Where the last poll ended, at which controller, by its USN and by our clock. */
const cursorShape = z.object({
  controller: z.string().min(1),
  usn: z.string().regex(/^\d{1,20}$/),
  at: z.iso.datetime(),
});
type Cursor = z.output<typeof cursorShape>;

/** Changes sometimes commit out of order: each poll looks this many USNs back. A repeated event has the same id. */
const OVERLAP_USNS = 200n;
/** One poll reads at most this many USNs, so that a long outage is caught up in pieces. */
const WINDOW_USNS = 50_000n;
/**
 * Another controller's USNs mean nothing here: its changes are then queried by time, with a margin for clocks and
 * replication.
 */
const OVERLAP_MS = 15 * 60_000;
/** The version of the password that an account was made with: no reset. */
const FIRST_PASSWORD = 1;

type Since = { readonly afterUsn: bigint } | { readonly after: Date };

/** The smallest window: a controller that cannot return this many changes in time has another problem. */
const SMALLEST_WINDOW_USNS = 500n;
const SHRINK = 8n;
/** One poll reads at most this many windows, so that it ends; the next one continues. */
const MOST_WINDOWS = 12;

/**
 * Only what an event is made of. Computed attributes (`allowedAttributesEffective`) cost the controller an access check
 * for each entry: after a bulk change they alone would use up the deadline.
 */
const EVENT_ATTRIBUTES = [
  'objectGUID',
  'userPrincipalName',
  'sAMAccountName',
  'userAccountControl',
  'replPropertyMetaData',
] as const satisfies readonly AttributeName[];

interface Piece {
  readonly events: readonly SystemEvent[];
  readonly cursor: Cursor;
  /** The controller has nothing newer. */
  readonly caughtUp: boolean;
}

/**
 * Password changes, seen in the replication metadata of `unicodePwd`. Who did it, from where, and whether it was a
 * reset or the person's own change is not in LDAP; two changes between two polls are one event.
 *
 * Read in windows of update sequence numbers. A window that does not arrive in time is made smaller, and what was read
 * before it is kept: a bulk change must not stop the polling.
 */
export function createEventSource(directory: Directory): EventSource {
  let window = WINDOW_USNS;

  /** Reads one window; `searched` says whether the controller was reached and had begun to search. */
  async function readPiece(last: Cursor, call: CallContext): Promise<{ reading: Outcome<Piece>; searched: boolean }> {
    let searched = false;
    const reading = await directory.run(call, async (session): Answer<Piece> => {
      const polledAt = directory.runtime.now();
      const rootDse = await readRootDse(session);
      if (!rootDse.ok) return rootDse;
      return andThen(directory.baseDn(session), (base) => {
        searched = true;
        return collect(session, base, last, { rootDse: rootDse.value, polledAt, window });
      });
    });
    return { reading, searched };
  }

  async function readOn(last: Cursor, call: CallContext): Answer<Polled> {
    const events: SystemEvent[] = [];
    let cursor = last;
    for (let pieces = 0; pieces < MOST_WINDOWS; pieces += 1) {
      const { reading, searched } = await readPiece(cursor, call);
      if (reading.ok) {
        events.push(...reading.value.events);
        cursor = reading.value.cursor;
        if (reading.value.caughtUp) {
          window = WINDOW_USNS;
          break;
        }
        continue;
      }
      const tooMuch = searched && reading.error.kind === 'transient';
      if (tooMuch && window > SMALLEST_WINDOW_USNS) {
        window = window / SHRINK > SMALLEST_WINDOW_USNS ? window / SHRINK : SMALLEST_WINDOW_USNS;
        continue;
      }
      // What was read before it is kept; the next poll meets the failure again if it persists.
      if (cursor === last) return reading;
      break;
    }
    events.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
    return ok({ events, cursor: JSON.stringify(cursor) });
  }

  return {
    // Joining groups and disabling leave unicodePwd as it is.
    ownDeeds: { password_reset: { always: ['reset_password'] } },
    poll: async (cursor, call) => {
      if (cursor === null) return beginning(directory, call);
      const last = readCursor(cursorShape, cursor, 'Active Directory');
      return last.ok ? readOn(last.value, call) : last;
    },
  };
}

interface Polled {
  readonly events: readonly SystemEvent[];
  readonly cursor: string;
}

/** The very first poll reports nothing: what happened before is no news. */
const beginning = (directory: Directory, call: CallContext): Answer<Polled> => {
  const polledAt = directory.runtime.now();
  return mapped(directory.run(call, readRootDse), (rootDse) => ({
    events: [],
    cursor: JSON.stringify(cursorAt(rootDse, rootDse.highestCommittedUSN, polledAt)),
  }));
};

interface Span {
  readonly rootDse: RootDse;
  readonly polledAt: Date;
  readonly window: bigint;
}

async function collect(
  session: Session,
  base: string,
  last: Cursor,
  { rootDse, polledAt, window }: Span,
): Answer<Piece> {
  const lastUsn = BigInt(last.usn);
  const highest = rootDse.highestCommittedUSN;
  // A controller whose USN went back was restored from a backup: it counts as another one.
  const same = last.controller === rootDse.dsServiceName && lastUsn <= highest;
  const afterUsn = lastUsn > OVERLAP_USNS ? lastUsn - OVERLAP_USNS : 0n;
  const upTo = same && highest - lastUsn > window ? lastUsn + window : highest;
  const after = new Date(Date.parse(last.at) - OVERLAP_MS);
  const entries = await session.search(base, {
    scope: 'sub',
    filter: same ? peopleChangedBetween(afterUsn + 1n, upTo) : peopleChangedSince(after),
    attributes: EVENT_ATTRIBUTES,
  });
  if (entries.length > 0 && entries.every((entry) => bytes(entry, 'replPropertyMetaData') === null)) {
    return err({
      kind: 'permission',
      missing: 'Read replPropertyMetaData',
      message:
        'The service account may not read replPropertyMetaData, which tells of password changes; grant Read on the users.',
    });
  }
  const since: Since = same ? { afterUsn } : { after };
  const events = entries.map((entry) => passwordEvent(entry, since)).filter((event) => event !== null);
  return ok({ events, cursor: cursorAt(rootDse, upTo, polledAt), caughtUp: upTo === highest });
}

function passwordEvent(entry: Entry, since: Since): SystemEvent | null {
  const account = toAccount(entry);
  const stamp = account === null ? null : stampOf(account.stamps, UNICODE_PWD);
  if (account === null || stamp?.changedAt == null) return null;
  const isNew = 'afterUsn' in since ? stamp.localUsn > since.afterUsn : stamp.changedAt >= since.after;

  if (!isNew || stamp.version === FIRST_PASSWORD) return null;
  return {
    eventId: `${account.guid}-password-${stamp.version}`,
    kind: 'password_reset',
    login: account.login,
    actor: null,
    occurredAt: stamp.changedAt,
    ip: null,
  };
}

const cursorAt = (rootDse: RootDse, usn: bigint, at: Date): Cursor => ({
  controller: rootDse.dsServiceName,
  usn: usn.toString(),
  at: at.toISOString(),
});
