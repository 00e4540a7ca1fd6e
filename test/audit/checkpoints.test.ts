import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendEntry } from '../../src/audit/append.js';
import { leafLine, parseCheckpoints, shortForm } from '../../src/audit/checkpoint-file.js';
import {
  checkpointText,
  originOf,
  readLeaves,
  RecordChangedError,
  takeCheckpoint,
} from '../../src/audit/checkpoint.js';
import { chainEntry, detailText, type Entry, GENESIS_HASH } from '../../src/audit/entry.js';
import { readEntries } from '../../src/audit/read.js';
import { createSigner } from '../../src/audit/signed-note.js';
import { verifyChains } from '../../src/audit/verify.js';
import { compareCheckpoints } from '../../src/audit/verify-checkpoints.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';

const runtime = systemRuntime();
const WORKSPACE = 'T1';
const signer = createSigner(originOf(WORKSPACE), Buffer.alloc(32, 5));
const TABLES = ['record_entries', 'record_heads', 'record_leaves', 'record_checkpoints'];
let database: Database;
/** What is kept where the database's owner cannot write. */
let outside = '';

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(async () => database.close());
beforeEach(async () => {
  outside = '';
  await asOwner(`TRUNCATE ${TABLES.join(', ')}`);
  await write('inc_a', ['opened', 'decided by bea', 'closed']);
  await write('inc_b', ['opened', 'closed']);
});

/** With the rights of whoever owns the tables: no guard is left. */
async function asOwner(sql: string, values?: readonly unknown[]): Promise<void> {
  for (const table of TABLES) await database.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await database.query(sql, values);
  for (const table of TABLES) await database.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
}

async function write(incidentId: string, deeds: readonly string[], actor = 'bea'): Promise<void> {
  await database.transaction(async (tx) => {
    for (const action of deeds)
      await appendEntry(tx, runtime, {
        workspaceId: WORKSPACE,
        incidentId,
        actor: { kind: 'person', id: actor },
        action,
      });
  });
}

async function checkpoint({ withLeaves = true } = {}): Promise<string> {
  const head = await database.transaction((tx) => takeCheckpoint(tx, WORKSPACE, runtime.now()));
  const kept = parseCheckpoints(outside, []).leaves.get(WORKSPACE)?.length ?? 0;
  const leaves = (await readLeaves(database, WORKSPACE)).slice(kept);
  if (withLeaves) outside += leaves.map((leaf, index) => `${leafLine(WORKSPACE, kept + index + 1, leaf)}\n`).join('');
  const note = signer.sign(checkpointText(head));
  outside += `${note}\n`;
  return shortForm(head);
}

async function problems(file = outside): Promise<string[]> {
  const compared = await compareCheckpoints(database, parseCheckpoints(file, [signer.verifier]));
  const chains = await verifyChains(database, { anchors: compared.anchors });
  return [
    ...compared.problems,
    ...chains.problems.map(({ incidentId, seq, problem }) => `${incidentId}/${seq}: ${problem}`),
  ];
}

/** Writes an incident's chain anew, whole and with its head, as if it had always been so. */
async function rewrite(incidentId: string, change: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
  const entries = change(await readEntries(database, { workspaceId: WORKSPACE, incidentId, limit: 100 }));
  await asOwner('DELETE FROM record_entries WHERE incident_id = $1', [incidentId]);
  await asOwner('DELETE FROM record_heads WHERE incident_id = $1', [incidentId]);
  let prevHash = GENESIS_HASH;
  for (const [index, { at, actor, action }] of entries.entries()) {
    const entry = chainEntry(
      { workspaceId: WORKSPACE, incidentId, actor, action },
      { seq: index + 1, at: new Date(at), prevHash },
    );
    prevHash = entry.hash;
    await database.query(
      `INSERT INTO record_entries (workspace_id, incident_id, seq, at, actor_kind, actor_id, action, detail, prev_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        WORKSPACE,
        incidentId,
        entry.seq,
        at,
        actor.kind,
        actor.id,
        action,
        detailText(entry),
        entry.prev_hash,
        entry.hash,
      ],
    );
  }
  await asOwner('INSERT INTO record_heads VALUES ($1, $2, $3, $4)', [WORKSPACE, incidentId, entries.length, prevHash]);
}

/** Also the list of chains' ends and the heads over it, as somebody does who has read the code. */
async function rewriteLeaves(): Promise<void> {
  await asOwner('TRUNCATE record_leaves, record_checkpoints');
  await database.transaction((tx) => takeCheckpoint(tx, WORKSPACE, runtime.now()));
}

const blameCem = (entries: readonly Entry[]): readonly Entry[] =>
  entries.map((entry) => ({ ...entry, actor: { ...entry.actor, id: 'cem' } }));
const remove = async (incidentId: string): Promise<void> => {
  await asOwner('DELETE FROM record_entries WHERE incident_id = $1', [incidentId]);
  await asOwner('DELETE FROM record_heads WHERE incident_id = $1', [incidentId]);
};

/** What the owner of the database does, and what a checkpoint says of it. */
const ATTACKS: [string, () => Promise<void>, RegExp][] = [
  [
    'the blame moved to somebody else',
    () => rewrite('inc_a', blameCem),
    /^inc_a\/3: .*not the one that was noted at a checkpoint/,
  ],
  ['an incident removed', () => remove('inc_b'), /^inc_b\/2: .*noted at a checkpoint and is missing here/],
  [
    'the tail cut',
    () => rewrite('inc_a', (entries) => entries.slice(0, 2)),
    /^inc_a\/3: .*noted at a checkpoint and is missing here/,
  ],
];

describe('a checkpoint that is kept elsewhere', () => {
  it('fits the record that it was made of, and the record that has grown since', async () => {
    await checkpoint();
    expect(await problems()).toEqual([]);
    await write('inc_a', ['reopened']);
    await write('inc_c', ['opened']);
    await checkpoint();
    await checkpoint();
    expect(await problems()).toEqual([]);
    expect(parseCheckpoints(outside, [signer.verifier]).checkpoints.map(({ size }) => size)).toEqual([2, 4, 4]);
  });

  it.each(ATTACKS)('finds and names %s by the owner of the database', async (_what, attack, named) => {
    await checkpoint();
    await attack();
    expect((await verifyChains(database)).problems).toEqual([]);
    expect(await problems()).toEqual([expect.stringMatching(named)]);
  });

  it.each(ATTACKS)('finds and names %s when the list of ends was rewritten as well', async (_what, attack, named) => {
    await checkpoint();
    await attack();
    await rewriteLeaves();
    const found = await problems();
    expect(found).toContainEqual(
      expect.stringMatching(/^The checkpoint notme\/T1 2 \(line 3\) does not fit the record/),
    );
    expect(found).toContainEqual(expect.stringMatching(named));
  });

  it('finds a rewritten record by the short form in the channel alone', async () => {
    const posted = await checkpoint({ withLeaves: false });
    expect(await problems(`Checkpoint of the record: \`${posted}\`\n`)).toEqual([]);
    await remove('inc_b');
    await rewriteLeaves();
    expect(await problems(posted)).toEqual([
      'The checkpoint notme/T1 2 (line 1) does not fit the record: it was made of 2 ends of chains, and the database has 1 of them.',
    ]);
  });

  it('is refused when it was changed or signed by somebody else', async () => {
    await checkpoint();
    expect(await problems(outside.replace('notme/T1\n2\n', 'notme/T1\n1\n'))).toEqual([
      expect.stringContaining('has a signature that does not fit'),
      'The file holds no checkpoint that could be used.',
    ]);
    const head = { workspaceId: WORKSPACE, size: 2, root: 'A'.repeat(43) + '=' };
    const foreign = createSigner(originOf(WORKSPACE), Buffer.alloc(32, 6)).sign(checkpointText(head));
    expect((await problems(foreign))[0]).toContain('is not signed with a known key');
  });

  it('is damaged when its lines are, and what else stood in the channel is passed over', async () => {
    const posted = await checkpoint({ withLeaves: false });
    expect(await problems(`Notme APP 10:14\n${posted}\nThank you, Cem\n`)).toEqual([]);
    expect(await problems(`${posted}\n${posted.slice(0, 20)}\n`)).toEqual([
      'Line 2 of the file is a damaged checkpoint or leaf.',
    ]);
    expect(await problems('something else')).toEqual(['The file holds no checkpoint that could be used.']);
  });

  it('is signed under its own name: another name with the right key, or a bare text, counts nothing', async () => {
    await checkpoint();
    const other = createSigner('notme/T2', Buffer.alloc(32, 5));
    const text = checkpointText({ workspaceId: WORKSPACE, size: 2, root: 'A'.repeat(43) + '=' });
    for (const forged of [other.sign(text), `${text}\n`])
      expect(await problems(forged)).toEqual([
        expect.stringContaining('is not signed with a known key'),
        'The file holds no checkpoint that could be used.',
      ]);
  });

  it('that is older fits, and a database that went back behind a newer one does not', async () => {
    await checkpoint();
    const older = outside;
    await write('inc_c', ['opened']);
    await checkpoint();
    expect(await problems(older)).toEqual([]);
    await remove('inc_c');
    await asOwner("DELETE FROM record_leaves WHERE incident_id = 'inc_c'");
    await asOwner('DELETE FROM record_checkpoints WHERE size = 3');
    expect((await verifyChains(database)).problems).toEqual([]);
    expect(await problems(older)).toEqual([]);
    expect(await problems()).toEqual([
      'The checkpoint notme/T1 3 (line 10) does not fit the record: it was made of 3 ends of chains, and the database has 2 of them.',
      'inc_c/1: Entry 1 was noted at a checkpoint and is missing here.',
    ]);
  });

  it('needs no row of the database: without its checkpoints and ends it still names what is missing', async () => {
    await checkpoint();
    await remove('inc_b');
    await asOwner('TRUNCATE record_leaves, record_checkpoints');
    expect(await problems()).toContain('inc_b/2: Entry 2 was noted at a checkpoint and is missing here.');
  });

  it('is not signed any more when the record does not fit the last one', async () => {
    await checkpoint();
    await remove('inc_b');
    await expect(checkpoint()).rejects.toThrow(RecordChangedError);
    await expect(checkpoint()).rejects.toThrow(/inc_b/);
  });

  it('is not signed any more when ends were removed together with the rows about checkpoints', async () => {
    await checkpoint();
    await remove('inc_a');
    await asOwner("DELETE FROM record_leaves WHERE incident_id = 'inc_a'");
    await asOwner('TRUNCATE record_checkpoints');
    await expect(checkpoint()).rejects.toThrow(/ends of chains that it was made of were removed/);
  });

  it('has each head as a beginning of all later ones, whichever incidents go on', async () => {
    for (let round = 0; round < 12; round += 1) {
      await write(`inc_${String.fromCodePoint(122 - round)}`, ['opened']);
      await write('inc_a', [`again ${round}`]);
      await checkpoint();
    }
    expect(await problems()).toEqual([]);
    const sizes = parseCheckpoints(outside, [signer.verifier]).checkpoints.map(({ size }) => size);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe(25);
  });
});
