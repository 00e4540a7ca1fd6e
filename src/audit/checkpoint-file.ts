import { originOf, type Leaf, type TreeHead } from './checkpoint.js';
import { checkNote, type NoteVerdict, type Verifier } from './signed-note.js';

/** A checkpoint that was kept elsewhere. */
export interface KeptCheckpoint extends TreeHead {
  /** The line of the file where it begins, from 1. */
  readonly line: number;
  /** `short` is the form posted in the channel: without a signature. */
  readonly verdict: NoteVerdict | 'short';
}

export interface KeptCheckpoints {
  readonly checkpoints: readonly KeptCheckpoint[];
  /** The leaves kept beside them, by workspace, in order and without gaps. */
  readonly leaves: ReadonlyMap<string, readonly Leaf[]>;
  /** Lines that begin like one of these and cannot be read. */
  readonly damaged: readonly number[];
  /** All other lines, such as unrelated text from the channel. */
  readonly passedOver: readonly number[];
}

const ORIGIN = /^notme\/(\S+)$/;
const SIZE = /^(?:0|[1-9]\d*)$/;
const ROOT = /^[A-Za-z0-9+/]{43}=$/;
const LEAF = /^leaf notme\/(\S+) ([1-9]\d*) (\S+) ([1-9]\d*) ([0-9a-f]{64})$/;
/** As posted in the channel; what precedes it in the line does not matter. */
const SHORT = /(?:^|\s|`)notme\/(\S+) (0|[1-9]\d*) ([A-Za-z0-9+/]{43}=)`?$/;

const MEANT = /^(?:notme\/|leaf |— )/;

/** A leaf as it is kept in the file, so that it can be named when the database has lost it. */
export const leafLine = (workspaceId: string, position: number, { incidentId, seq, hash }: Leaf): string =>
  `leaf ${originOf(workspaceId)} ${position} ${incidentId} ${seq} ${hash}`;

/** The form for the channel, where a whole note would be too long. */
export const shortForm = ({ workspaceId, size, root }: TreeHead): string => `${originOf(workspaceId)} ${size} ${root}`;

/** Reads a file of checkpoints: notes as they were printed, leaves between them, and lines copied from the channel. */
export function parseCheckpoints(text: string, verifiers: readonly Verifier[]): KeptCheckpoints {
  const lines = text.split(/\r?\n/);
  const checkpoints: KeptCheckpoint[] = [];
  const leaves = new Map<string, Leaf[]>();
  const [damaged, passedOver]: [number[], number[]] = [[], []];
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line === '') continue;
    const note = readNote(lines, at, verifiers);
    const leaf = LEAF.exec(line);
    const short = SHORT.exec(line);
    if (note) {
      checkpoints.push(note.kept);
      at = note.last;
    } else if (leaf) keepLeaf(leaves, leaf);
    else if (short) {
      const [, workspaceId = '', size = '', root = ''] = short;
      checkpoints.push({ workspaceId, size: Number(size), root, line: at + 1, verdict: 'short' });
    } else (MEANT.test(line) ? damaged : passedOver).push(at + 1);
  }
  return { checkpoints, leaves, damaged, passedOver };
}

/**
 * The same leaf may be kept twice; one that does not follow the last is left out, and the database is queried instead.
 */
function keepLeaf(leaves: Map<string, Leaf[]>, found: RegExpExecArray): void {
  const [, workspaceId = '', position = '', incidentId = '', seq = '', hash = ''] = found;
  const kept = leaves.get(workspaceId) ?? [];
  if (Number(position) !== kept.length + 1) return;
  kept.push({ incidentId, seq: Number(seq), hash });
  leaves.set(workspaceId, kept);
}

function readNote(
  lines: readonly string[],
  at: number,
  verifiers: readonly Verifier[],
): { readonly kept: KeptCheckpoint; readonly last: number } | null {
  const [origin = '', size = '', root = ''] = lines.slice(at, at + 3);
  const workspaceId = ORIGIN.exec(origin)?.[1];
  if (workspaceId === undefined || !SIZE.test(size) || !ROOT.test(root)) return null;
  let blank = at + 3;
  while (blank < lines.length && lines[blank] !== '') blank += 1;
  let last = blank;
  while (lines[last + 1]?.startsWith('— ')) last += 1;
  const text = `${lines.slice(at, blank).join('\n')}\n`;
  const ours = verifiers.filter(({ name }) => name === origin);
  const verdict = checkNote(text, lines.slice(blank + 1, last + 1), ours);
  return { kept: { workspaceId, size: Number(size), root, line: at + 1, verdict }, last };
}
