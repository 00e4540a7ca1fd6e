import type { Queryable, Row } from '../ports/database.js';
import { detailText, GENESIS_HASH, isIntact, type Entry } from './entry.js';
import { streamEntries, type StoredEntry } from './read.js';

/** One thing that is wrong with the record, in a sentence that names the entry. */
export interface ChainProblem {
  readonly workspaceId: string;
  readonly incidentId: string;
  /** The entry concerned; 0 when the whole incident is. */
  readonly seq: number;
  readonly problem: string;
}

/** A chain's end that was recorded elsewhere: it proves what the database alone cannot, that nothing was rewritten. */
export interface Anchor {
  readonly workspaceId: string;
  readonly incidentId: string;
  readonly seq: number;
  readonly hash: string;
}

export interface ChainReport {
  readonly ok: boolean;
  readonly incidents: number;
  readonly entries: number;
  readonly problems: readonly ChainProblem[];
  /** True when there were more problems than are listed. */
  readonly more: boolean;
}

const PROBLEMS_LISTED = 1000;
/** Finding an entry's place costs up to 400 hashes: worth it for a few, not when the whole record was changed. */
const MOVES_LOOKED_UP = 50;
/** How far around its place a moved entry is searched for. */
const MOVED_WITHIN = 200;

/**
 * Walks every chain and names each changed, missing, moved or cut-off entry. Safe while others write. A chain that was
 * removed or rewritten as a whole, with its head, shows only against `anchors`: ends that were recorded before.
 */
export async function verifyChains(
  db: Queryable,
  scope: { workspaceId?: string; anchors?: readonly Anchor[] } = {},
): Promise<ChainReport> {
  const walk = new Walk(scope.anchors ?? []);
  for await (const stored of streamEntries(db, scope)) walk.take(stored);
  walk.endIncident();
  for (const head of await headsWithoutEntries(db, scope.workspaceId)) walk.emptyHead(head);
  walk.missedAnchors();
  return walk.report();
}

/** The current ends of all chains, to be kept outside the database and given to {@link verifyChains} later. */
export async function readAnchors(db: Queryable, scope: { workspaceId?: string } = {}): Promise<readonly Anchor[]> {
  const found = await db.query<Head>(
    `select workspace_id, incident_id, seq, hash from record_heads
     where $1::text is null or workspace_id = $1 order by workspace_id, incident_id`,
    [scope.workspaceId ?? null],
  );
  return found.rows.map((head) => ({
    workspaceId: head.workspace_id,
    incidentId: head.incident_id,
    seq: head.seq,
    hash: head.hash,
  }));
}

type Head = Row<'record_heads', 'workspace_id' | 'incident_id' | 'seq' | 'hash'>;

async function headsWithoutEntries(db: Queryable, workspaceId?: string): Promise<readonly Head[]> {
  const found = await db.query<Head>(
    `select workspace_id, incident_id, seq, hash from record_heads h
     where ($1::text is null or workspace_id = $1) and not exists (
       select 1 from record_entries e where e.workspace_id = h.workspace_id and e.incident_id = h.incident_id)
     order by workspace_id, incident_id limit ${PROBLEMS_LISTED + 1}`,
    [workspaceId ?? null],
  );
  return found.rows;
}

/** One pass over the sorted entries; remembers only the previous entry. */
class Walk {
  #last: StoredEntry | null = null;
  #incidents = 0;
  #entries = 0;
  #more = false;
  readonly #problems: ChainProblem[] = [];
  readonly #anchors: Map<string, Anchor>;

  constructor(anchors: readonly Anchor[]) {
    this.#anchors = new Map(
      anchors.map((anchor) => [placeKey(anchor.workspaceId, anchor.incidentId, anchor.seq), anchor]),
    );
  }

  take(stored: StoredEntry): void {
    const { entry } = stored;
    if (this.#last !== null && !sameIncident(this.#last.entry, entry)) this.endIncident();
    const before = this.#last?.entry ?? null;
    if (before === null) this.#incidents += 1;
    this.#entries += 1;
    this.#checkPlace(before, entry);
    this.#checkContent(stored);
    this.#checkAnchor(entry);
    this.#last = stored;
  }

  #checkPlace(before: Entry | null, entry: Entry): void {
    const expected = (before?.seq ?? 0) + 1;
    if (entry.seq !== expected) {
      const gap = entry.seq - 1 === expected ? `Entry ${expected} is` : `Entries ${expected} to ${entry.seq - 1} are`;
      this.#add(entry, expected, `${gap} missing.`);
    } else if (entry.prev_hash !== (before?.hash ?? GENESIS_HASH)) {
      this.#add(
        entry,
        entry.seq,
        `Entry ${entry.seq} does not follow ${before === null ? 'the start' : `entry ${before.seq}`}.`,
      );
    }
  }

  #checkContent({ entry, detailText: stored }: StoredEntry): void {
    const intact = stored === detailText(entry) && isIntact(entry);
    if (intact) return;
    const home = this.#problems.length < MOVES_LOOKED_UP ? originalSeq(entry) : null;
    this.#add(
      entry,
      entry.seq,
      home === null
        ? `Entry ${entry.seq} was changed: its content does not give its hash.`
        : `Entry ${entry.seq} was moved: it was written as entry ${home}.`,
    );
  }

  #checkAnchor(entry: Entry): void {
    const key = placeKey(entry.workspace_id, entry.incident_id, entry.seq);
    const anchor = this.#anchors.get(key);
    this.#anchors.delete(key);
    if (anchor === undefined || anchor.hash === entry.hash) return;
    this.#add(
      entry,
      entry.seq,
      `Entry ${entry.seq} is not the one that was noted at a checkpoint: the chain was rewritten.`,
    );
  }

  /** The head says how long the chain was: a cut-off end shows here. */
  endIncident(): void {
    const last = this.#last;
    this.#last = null;
    if (last === null) return;
    const { entry, head } = last;
    if (head === null) {
      this.#add(entry, entry.seq, 'The head of this incident is missing: entries after this one may be missing too.');
    } else if (head.seq > entry.seq) {
      const gap = head.seq === entry.seq + 1 ? `Entry ${head.seq} is` : `Entries ${entry.seq + 1} to ${head.seq} are`;
      this.#add(entry, entry.seq + 1, `${gap} missing at the end.`);
    } else if (head.seq < entry.seq || head.hash !== entry.hash) {
      this.#add(entry, entry.seq, `Entry ${entry.seq} is not the one that the head names (entry ${head.seq}).`);
    }
  }

  emptyHead(head: Head): void {
    const problem = `All ${head.seq} entries of this incident are missing.`;
    this.#list({ workspaceId: head.workspace_id, incidentId: head.incident_id, seq: 0, problem });
  }

  /** Anchors that no entry met: whole incidents that vanished together with their heads. */
  missedAnchors(): void {
    for (const { workspaceId, incidentId, seq } of this.#anchors.values()) {
      this.#list({
        workspaceId,
        incidentId,
        seq,
        problem: `Entry ${seq} was noted at a checkpoint and is missing here.`,
      });
    }
  }

  #add(entry: Entry, seq: number, problem: string): void {
    this.#list({ workspaceId: entry.workspace_id, incidentId: entry.incident_id, seq, problem });
  }

  #list(problem: ChainProblem): void {
    if (this.#problems.length < PROBLEMS_LISTED) this.#problems.push(problem);
    else this.#more = true;
  }

  report(): ChainReport {
    return {
      ok: this.#problems.length === 0,
      incidents: this.#incidents,
      entries: this.#entries,
      problems: this.#problems,
      more: this.#more,
    };
  }
}

/** The place that the entry's hash was made for, if only its number was changed. */
function originalSeq(entry: Entry): number | null {
  const from = Math.max(1, entry.seq - MOVED_WITHIN);
  for (let seq = from; seq <= entry.seq + MOVED_WITHIN; seq += 1) {
    if (seq !== entry.seq && isIntact({ ...entry, seq })) return seq;
  }
  return null;
}

function sameIncident(a: Entry, b: Entry): boolean {
  return a.workspace_id === b.workspace_id && a.incident_id === b.incident_id;
}

function placeKey(workspaceId: string, incidentId: string, seq: number): string {
  return JSON.stringify([workspaceId, incidentId, seq]);
}
