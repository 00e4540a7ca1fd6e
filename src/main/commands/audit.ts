import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { leafLine, parseCheckpoints } from '../../audit/checkpoint-file.js';
import {
  checkpointText,
  type Leaf,
  leafText,
  originOf,
  readLeaves,
  RecordChangedError,
  recordedWorkspaces,
  takeCheckpoint,
} from '../../audit/checkpoint.js';
import { parseVerifier, type Verifier } from '../../audit/signed-note.js';
import { type Anchor, type ChainReport, verifyChains } from '../../audit/verify.js';
import { type CheckpointReport, compareCheckpoints, storedAnchors } from '../../audit/verify-checkpoints.js';
import { knownNotary, type Notary, openNotary } from '../checkpoint-key.js';
import type { Config } from '../config.js';
import { systemRuntime } from '../../platform/runtime.js';
import type { StoreDatabase } from '../../store/connection.js';
import { holdsStore } from '../../store/open.js';
import { configOrThrow, withDatabase } from './open.js';
import { print, printJson, printSigned, tell } from './print.js';

const WHOLE = 0;
const NOT_WHOLE = 1;
/** Nothing could be examined: no record, a folder in use, an unreadable file. */
const NOT_EXAMINED = 2;

const whereOf = (config: Config): string =>
  config.databaseUrl === null ? `the data folder ${config.dataDir}` : 'the database';

/**
 * Opens the store only when one exists: a wrong folder must neither be filled nor pass for an all-clear. `work` returns
 * the exit status, or `null` when there is no entry; whatever is thrown ends with "not examined".
 */
async function withRecord(
  config: Config,
  work: (database: StoreDatabase, workspaces: readonly string[]) => Promise<number | null>,
): Promise<void> {
  const there = await holdsStore({ databaseUrl: config.databaseUrl?.reveal() ?? null, dataDir: config.dataDir });
  const status = there
    ? await withDatabase(config, async (database) => work(database, await recordedWorkspaces(database)))
    : null;
  if (status === null)
    tell(
      `There is no record in ${whereOf(config)}. Name the folder or the database that Notme runs on: NOTME_DATA_DIR or DATABASE_URL.`,
    );
  process.exitCode = status ?? NOT_EXAMINED;
}

/** The configuration; until something was examined, the exit status says that nothing was. */
function begin(): Config {
  process.exitCode = NOT_EXAMINED;
  return configOrThrow();
}

interface VerifyFlags {
  readonly json: boolean;
  readonly checkpoints?: string;
  readonly key?: readonly string[];
}

/** `notme audit verify`: exit status 0 only when every chain is whole, and fits the checkpoints that were kept elsewhere. */
export async function verifyAudit(flags: VerifyFlags): Promise<void> {
  const config = begin();
  const text = flags.checkpoints === undefined ? null : readKept(flags.checkpoints);
  const keys = (flags.key ?? []).map(readVerifier);
  await withRecord(config, async (database, workspaces) => {
    if (workspaces.length === 0 && text === null) return null;
    const outside = text === null ? null : await compareOutside(database, text, { config, keys });
    const noted = await storedAnchors(database, workspaces);
    // What was kept elsewhere outweighs what the database says about itself: of two the later one is taken.
    const chains = await verifyChains(database, { anchors: [...noted, ...(outside?.anchors ?? [])] });
    const found = foundOf(chains, outside);
    if (flags.json) printJson(asJson(found));
    else print(report(found));
    return found.ok ? WHOLE : NOT_WHOLE;
  });
}

interface Found {
  readonly chains: ChainReport;
  readonly ok: boolean;
  readonly checkpoints: {
    readonly signed: number;
    readonly posted: number;
    readonly problems: readonly string[];
    readonly passed_over: readonly number[];
    /** Entries that no checkpoint in the file covers. */
    readonly entries_since: number;
  } | null;
}

const asJson = ({ chains, ok, checkpoints }: Found) => ({ ...chains, ok, ...(checkpoints ? { checkpoints } : {}) });

function report({ chains, checkpoints }: Found): readonly string[] {
  const all = [
    ...(checkpoints?.problems ?? []),
    ...chains.problems.map(({ incidentId, seq, problem }) => `${incidentId} entry ${seq}: ${problem}`),
  ];
  const verdict = all.length === 0 ? 'The record is whole' : `The record has ${all.length} problem(s)`;
  const total = `${verdict}: ${chains.entries} entries of ${chains.incidents} incidents checked.`;
  if (!checkpoints) return [...all, total, 'Compared with nothing that was kept elsewhere: see --checkpoints.'];
  const { signed, posted, passed_over: passed, entries_since: since } = checkpoints;
  return [
    ...all,
    total,
    `${signed + posted} checkpoint(s) fit the record (${signed} signed, ${posted} as posted, without a signature); ${since} entries were written after the newest and are vouched for by the database alone.`,
    ...(passed.length === 0 ? [] : [`Passed over, no checkpoints: line ${passed.join(', ')} of the file.`]),
  ];
}

/** How many entries the ends cover: each covers all before it. */
function covered(anchors: readonly Anchor[]): number {
  const ends = new Map<string, number>();
  for (const { workspaceId, incidentId, seq } of anchors) {
    const key = JSON.stringify([workspaceId, incidentId]);
    ends.set(key, Math.max(seq, ends.get(key) ?? 0));
  }
  return [...ends.values()].reduce((sum, seq) => sum + seq, 0);
}

interface Outside extends CheckpointReport {
  readonly passedOver: readonly number[];
}

async function compareOutside(
  database: StoreDatabase,
  text: string,
  { config, keys }: { config: Config; keys: readonly Verifier[] },
): Promise<Outside> {
  const kept = parseCheckpoints(text, keys.length > 0 ? keys : ownVerifiers(config, text));
  return { ...(await compareCheckpoints(database, kept)), passedOver: kept.passedOver };
}

function foundOf(chains: ChainReport, outside: Outside | null): Found {
  if (!outside) return { chains, ok: chains.ok, checkpoints: null };
  const { signed, posted, problems, passedOver, anchors } = outside;
  const since = Math.max(0, chains.entries - covered(anchors));
  return {
    chains,
    ok: chains.ok && problems.length === 0,
    checkpoints: { signed, posted, problems, passed_over: passedOver, entries_since: since },
  };
}

function readKept(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`The checkpoints in ${file} cannot be read. Name a file that "notme audit checkpoint" wrote.`, {
      cause: error,
    });
  }
}

/** The key as it was printed, or a file that contains it. */
function readVerifier(given: string): Verifier {
  const verifier = parseVerifier(existsSync(given) ? readFileSync(given, 'utf8') : given);
  if (!verifier) throw new Error(`"${given}" is no key of checkpoints. Give it as "notme audit key" printed it.`);
  return verifier;
}

/** Without given keys, the one that this installation itself signs with; none when it never has. */
function ownVerifiers(config: Config, text: string): readonly Verifier[] {
  const notary = knownNotary(config);
  if (!notary.ok) throw new Error(notary.error);
  const { value } = notary;
  const names = new Set([...text.matchAll(/^notme\/\S+(?=\r?$)/gm)].map(([name]) => name));
  return value === null ? [] : [...names].flatMap((name) => value(name).map(({ verifier }) => verifier));
}

interface CheckpointFlags {
  readonly out?: string;
  readonly note: boolean;
}

/** `notme audit checkpoint`: a signed head over all incidents, and the ends of chains that it was made of. */
export async function checkpointAudit({ out, note: noteOnly }: CheckpointFlags): Promise<void> {
  const config = begin();
  await withRecord(config, async (database, workspaces) => {
    if (workspaces.length === 0) return null;
    const notary = signingNotary(config);
    const before = out === undefined || !existsSync(out) ? '' : readKept(out);
    for (const workspaceId of workspaces) {
      const taken = await takeSigned(database, workspaceId, notary);
      if (typeof taken === 'string') {
        tell(taken);
        return NOT_WHOLE;
      }
      const known = parseCheckpoints(before, []).leaves.get(workspaceId) ?? [];
      if (!isBeginning(known, taken.leaves)) {
        tell(
          `The record does not fit the checkpoints in ${out ?? ''}; nothing was added. Run: notme audit verify --checkpoints ${out ?? ''}`,
        );
        return NOT_WHOLE;
      }
      if (out !== undefined) appendFileSync(out, keptForm(workspaceId, taken, known.length), { mode: 0o600 });
      printSigned(noteOnly || out !== undefined ? taken.note : keptForm(workspaceId, taken, 0));
    }
    return WHOLE;
  });
}

interface Taken {
  readonly note: string;
  readonly leaves: readonly Leaf[];
}

/** @returns what was signed, or the sentence that says why nothing was */
async function takeSigned(database: StoreDatabase, workspaceId: string, notary: Notary): Promise<Taken | string> {
  try {
    const head = await database.transaction((tx) => takeCheckpoint(tx, workspaceId, systemRuntime().now()));
    const leaves = (await readLeaves(database, workspaceId)).slice(0, head.size);
    return { note: notary(originOf(workspaceId))[0].sign(checkpointText(head)), leaves };
  } catch (error) {
    if (error instanceof RecordChangedError) return error.message;
    throw error;
  }
}

const isBeginning = (known: readonly Leaf[], leaves: readonly Leaf[]): boolean =>
  known.every((leaf, index) => {
    const stored = leaves[index];
    return stored !== undefined && leafText(stored) === leafText(leaf);
  });

/** The leaves precede the note, starting at `from`: they name what is missing when the database has lost it. */
const keptForm = (workspaceId: string, { note, leaves }: Taken, from: number): string =>
  [...leaves.slice(from).map((leaf, index) => `${leafLine(workspaceId, from + index + 1, leaf)}\n`), `${note}\n`].join(
    '',
  );

/** `notme audit key`: the key with which others verify the signatures of checkpoints. */
export async function keyAudit(): Promise<void> {
  const config = begin();
  await withRecord(config, (_database, workspaces) => {
    if (workspaces.length === 0) return Promise.resolve(null);
    const notary = signingNotary(config);
    for (const id of workspaces) for (const { verifier } of notary(originOf(id))) print([verifier.text]);
    return Promise.resolve(WHOLE);
  });
}

function signingNotary(config: Config): Notary {
  const notary = openNotary(config, systemRuntime());
  if (!notary.ok) throw new Error(notary.error);
  return notary.value;
}
