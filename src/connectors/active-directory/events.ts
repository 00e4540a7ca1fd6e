import type { Entry } from 'ldapts';
import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import { accountAttributes, toAccount } from './account.js';
import type { Directory } from './directory.js';
import { bytes } from './entry.js';
import { peopleChangedBetween, peopleChangedSince } from './filter.js';
import { stampOf, UNICODE_PWD } from './replication-metadata.js';
import { NO_ACTIVE_DIRECTORY, readRootDse, type RootDse } from './root-dse.js';
import type { Session } from './session.js';

/** Where the last poll ended, at which controller, by its USN and by our clock. */
const cursorShape = z.object({
  controller: z.string().min(1),
  usn: z.string().regex(/^\d{1,20}$/),
  at: z.iso.datetime(),
});
type Cursor = z.output<typeof cursorShape>;

/** Changes commit out of order at times: each poll looks this many USNs back. What it finds again has the same id. */
const OVERLAP_USNS = 200n;
/** One poll reads at most this many USNs, so that a long outage is caught up in pieces. */
const WINDOW_USNS = 50_000n;
/** Another controller's USNs mean nothing here: its changes are then asked for by time, with room for clocks and replication. */
const OVERLAP_MS = 15 * 60_000;
/** The version of the password that an account was made with: no reset. */
const FIRST_PASSWORD = 1;

type Since = { readonly afterUsn: bigint } | { readonly after: Date };

/**
 * Password changes, seen in the replication metadata of `unicodePwd`. Who did it, from where, and whether it was a
 * reset or the person's own change is not in LDAP; two changes between two polls are one event.
 */
export function createEventSource(directory: Directory): EventSource {
  return {
    poll: (cursor, call) =>
      directory.run(call, async (session) => {
        const polledAt = directory.runtime.now();
        const rootDse = await readRootDse(session);
        if (rootDse === null) return err({ kind: 'unsupported', message: NO_ACTIVE_DIRECTORY });
        if (cursor === null)
          return ok({ events: [], cursor: cursorAt(rootDse, rootDse.highestCommittedUSN, polledAt) });
        const last = readCursor(cursor);
        if (last === null) {
          return err({
            kind: 'invalid_input',
            message: 'The stored cursor is not one of this source; start over without a cursor.',
          });
        }
        const base = await directory.baseDn(session);
        return base.ok ? collect(session, base.value, last, { rootDse, polledAt }) : base;
      }),
  };
}

async function collect(
  session: Session,
  base: string,
  last: Cursor,
  { rootDse, polledAt }: { readonly rootDse: RootDse; readonly polledAt: Date },
): Promise<Result<{ events: readonly SystemEvent[]; cursor: string }, ConnectorFailure>> {
  const lastUsn = BigInt(last.usn);
  const highest = rootDse.highestCommittedUSN;
  // A controller whose USN went back was restored from a backup: it counts as another one.
  const same = last.controller === rootDse.dsServiceName && lastUsn <= highest;
  const afterUsn = lastUsn > OVERLAP_USNS ? lastUsn - OVERLAP_USNS : 0n;
  const upTo = same && highest - lastUsn > WINDOW_USNS ? lastUsn + WINDOW_USNS : highest;
  const after = new Date(Date.parse(last.at) - OVERLAP_MS);
  const entries = await session.search(base, {
    scope: 'sub',
    filter: same ? peopleChangedBetween(afterUsn + 1n, upTo) : peopleChangedSince(after),
    attributes: [...accountAttributes],
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
  events.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
  return ok({ events, cursor: cursorAt(rootDse, upTo, polledAt) });
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

function cursorAt(rootDse: RootDse, usn: bigint, at: Date): string {
  const cursor: Cursor = { controller: rootDse.dsServiceName, usn: usn.toString(), at: at.toISOString() };
  return JSON.stringify(cursor);
}

function readCursor(cursor: string): Cursor | null {
  try {
    return cursorShape.safeParse(JSON.parse(cursor)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
