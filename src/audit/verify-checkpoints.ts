import type { Queryable } from '../ports/database.js';
import type { KeptCheckpoint, KeptCheckpoints } from './checkpoint-file.js';
import { type Leaf, originOf, readLeaves, rootsAt } from './checkpoint.js';
import type { Anchor } from './verify.js';

/** What the kept checkpoints prove about the record. */
export interface CheckpointReport {
  /** How many fit the record: signed ones, and those posted in the channel without a signature. */
  readonly signed: number;
  readonly posted: number;
  readonly problems: readonly string[];
  /** Ends of chains that a checkpoint proves: each must still be in the record. */
  readonly anchors: readonly Anchor[];
}

const WRONG = {
  unknown_key:
    'is not signed with a known key. Give the key that it was signed with, as "notme audit key" printed it: --key',
  bad_signature: 'has a signature that does not fit: its text was changed',
} as const;

const nameOf = ({ workspaceId, size, line }: KeptCheckpoint): string =>
  `The checkpoint ${originOf(workspaceId)} ${size} (line ${line})`;

/**
 * Compares checkpoints that were kept elsewhere with the record: the leaves that they were made of, kept beside them or
 * from the database, must give their roots; these leaves are then the anchors for the walk through the chains.
 */
export async function compareCheckpoints(db: Queryable, kept: KeptCheckpoints): Promise<CheckpointReport> {
  const problems = kept.damaged.map((line) => `Line ${line} of the file is a damaged checkpoint or leaf.`);
  const usable = kept.checkpoints.filter((one) => {
    if (one.verdict === 'signed' || one.verdict === 'short') return true;
    problems.push(`${nameOf(one)} ${WRONG[one.verdict]}.`);
    return false;
  });
  if (usable.length === 0) problems.push('The file holds no checkpoint that could be used.');
  const anchors: Anchor[] = [];
  const fitting: KeptCheckpoint[] = [];
  for (const workspaceId of new Set(usable.map((one) => one.workspaceId))) {
    const own = usable.filter((one) => one.workspaceId === workspaceId);
    const stored = await readLeaves(db, workspaceId);
    const found = compareOne(own, { beside: kept.leaves.get(workspaceId) ?? [], stored });
    fitting.push(...found.fitting);
    problems.push(...found.problems);
    anchors.push(...found.proven.map((leaf) => ({ workspaceId, ...leaf })));
  }
  const signed = fitting.filter(({ verdict }) => verdict === 'signed').length;
  return { signed, posted: fitting.length - signed, problems, anchors };
}

interface Sources {
  readonly beside: readonly Leaf[];
  readonly stored: readonly Leaf[];
}

interface Compared {
  readonly fitting: readonly KeptCheckpoint[];
  readonly problems: readonly string[];
  readonly proven: readonly Leaf[];
}

function compareOne(checkpoints: readonly KeptCheckpoint[], { beside, stored }: Sources): Compared {
  const sizes = new Set(checkpoints.map(({ size }) => size));
  const [besideRoots, storedRoots] = [rootsAt(beside, sizes), rootsAt(stored, sizes)];
  const problems: string[] = [];
  const fitting: KeptCheckpoint[] = [];
  let proven: readonly Leaf[] = [];
  for (const one of checkpoints.toSorted((a, b) => a.size - b.size)) {
    const inDatabase = storedRoots.get(one.size) === one.root;
    const inFile = besideRoots.get(one.size) === one.root;
    if (inDatabase) fitting.push(one);
    else problems.push(misfit(one, stored.length));
    if ((inDatabase || inFile) && one.size > proven.length) proven = (inFile ? beside : stored).slice(0, one.size);
  }
  return { fitting, problems, proven };
}

function misfit(one: KeptCheckpoint, stored: number): string {
  const why =
    stored < one.size
      ? `it was made of ${one.size} ends of chains, and the database has ${stored} of them`
      : 'the ends of chains that it was made of were changed in the database';
  return `${nameOf(one)} does not fit the record: ${why}.`;
}

/** The ends that the database itself stored at its checkpoints: they expose changes by somebody who left them there. */
export async function storedAnchors(db: Queryable, workspaces: readonly string[]): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for (const workspaceId of workspaces)
    anchors.push(...(await readLeaves(db, workspaceId)).map((leaf) => ({ workspaceId, ...leaf })));
  return anchors;
}
