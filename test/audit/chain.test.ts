import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { appendEntry } from '../../src/audit/append.js';
import { GENESIS_HASH, type NewEntry } from '../../src/audit/entry.js';
import { readEntries } from '../../src/audit/read.js';
import { readAnchors, verifyChains } from '../../src/audit/verify.js';
import type { JsonObject } from '../../src/platform/canonical.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';

const AT = new Date('2026-03-04T05:06:07.089Z');
const runtime = { ...systemRuntime(), now: () => AT };
let database: Database;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(async () => database.close());
beforeEach(async () => {
  await behindTheBack('TRUNCATE record_entries, record_heads');
});

/** What somebody with the database's own rights does: the guards are off while it runs. */
async function behindTheBack(sql: string, values?: readonly unknown[]): Promise<void> {
  const tables = ['record_entries', 'record_heads'];
  for (const table of tables) await database.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await database.query(sql, values);
  for (const table of tables) await database.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
}

const entry = (more: Partial<NewEntry> = {}): NewEntry => ({
  workspaceId: 'T1',
  incidentId: 'inc_1',
  actor: { kind: 'person', id: 'U1', name: 'Ada' },
  action: 'step.requested',
  why: 'a stolen laptop',
  from: { surface: 'modal', channel: 'C1', ip: '192.0.2.1' },
  correlationId: 'cor_1',
  detail: { system: 'mimecast', tries: 1 },
  ...more,
});
const append = (more: Partial<NewEntry> = {}): ReturnType<typeof appendEntry> =>
  database.transaction((tx) => appendEntry(tx, runtime, entry(more)));

async function writeChain(length: number, incidentId = 'inc_1'): Promise<void> {
  await database.transaction(async (tx) => {
    for (let index = 1; index <= length; index += 1) {
      await appendEntry(tx, runtime, entry({ incidentId, why: `entry ${index}`, detail: { index } }));
    }
  });
}

const problems = async (): Promise<string[]> =>
  (await verifyChains(database)).problems.map(({ incidentId, seq, problem }) => `${incidentId}/${seq}: ${problem}`);

describe('the chain', () => {
  it('links each entry to the one before, by a hash that anybody can compute', async () => {
    const first = await append();
    const second = await append({ why: null, from: {}, correlationId: null });
    expect(first).toMatchObject({ seq: 1, prev_hash: GENESIS_HASH, at: '2026-03-04T05:06:07.089Z' });
    expect(second).toMatchObject({ seq: 2, prev_hash: first.hash, why: null });
    const canonical =
      '{"action":"step.requested","actor":{"id":"U1","kind":"person","name":"Ada"},"at":"2026-03-04T05:06:07.089Z",' +
      '"correlation_id":"cor_1","detail":{"system":"mimecast","tries":1},' +
      '"from":{"channel":"C1","ip":"192.0.2.1","surface":"modal"},"incident_id":"inc_1",' +
      `"prev_hash":"${GENESIS_HASH}","seq":1,"why":"a stolen laptop","workspace_id":"T1"}`;
    expect(first.hash).toBe(createHash('sha256').update(canonical).digest('hex'));
    await expect(readEntries(database, { workspaceId: 'T1', incidentId: 'inc_1', limit: 10 })).resolves.toEqual([
      first,
      second,
    ]);
    await expect(readEntries(database, { workspaceId: 'T1', incidentId: 'inc_1', limit: 1 })).resolves.toEqual([
      second,
    ]);
    await expect(verifyChains(database)).resolves.toEqual({
      ok: true,
      incidents: 1,
      entries: 2,
      problems: [],
      more: false,
    });
  });

  it('keeps a place for each of many writers at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => append({ incidentId: `inc_${index % 3}` })));
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true, incidents: 3, entries: 20 });
  });

  it('takes nothing from a transaction that is rolled back', async () => {
    await append();
    const failed = database.transaction(async (tx) => {
      await appendEntry(tx, runtime, entry());
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await expect(append()).resolves.toMatchObject({ seq: 2 });
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true, entries: 2 });
  });

  it('holds any text and any detail', async () => {
    const text = fc.string({ unit: 'binary' });
    // Lone surrogates and U+0000 too: nothing that a person pastes may stop the record.
    const rough = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
    const detail = fc.dictionary(fc.oneof(text, fc.constant('__proto__')), fc.jsonValue({ stringUnit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(text, rough, detail, async (why, name, given) => {
        await append({
          why,
          actor: { kind: 'person', id: 'U1', name },
          detail: { ...(given as JsonObject), rough: name },
        });
      }),
      { numRuns: 150 },
    );
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true, entries: 150 });
  });

  it('is read page by page, also where incidents meet a page’s end', async () => {
    await writeChain(499, 'inc_a');
    await writeChain(501, 'inc_b');
    await writeChain(2, 'inc_c');
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true, incidents: 3, entries: 1002 });
    await append({ workspaceId: 'T2' });
    await expect(verifyChains(database, { workspaceId: 'T2' })).resolves.toMatchObject({
      ok: true,
      incidents: 1,
      entries: 1,
    });
    await expect(verifyChains(database, { workspaceId: 'T3' })).resolves.toMatchObject({
      ok: true,
      incidents: 0,
      entries: 0,
    });
  });
});

describe('the guards of the tables', () => {
  it.each([
    'UPDATE record_entries SET why = why',
    'DELETE FROM record_entries',
    'TRUNCATE record_entries',
    'DELETE FROM record_heads',
    'TRUNCATE record_heads',
    'UPDATE record_heads SET seq = 1',
    'UPDATE record_heads SET seq = seq + 2',
    "UPDATE record_heads SET hash = repeat('0', 64)",
    "UPDATE record_heads SET incident_id = 'inc_2', seq = seq + 1",
  ])('refuse: %s', async (sql) => {
    await writeChain(3);
    await expect(database.query(sql)).rejects.toThrow(/append-only|only the next entry/);
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true, entries: 3 });
  });
});

const CHANGES: Readonly<Record<string, string>> = {
  workspace_id: `'T9'`,
  incident_id: `'inc_9'`,
  at: `at + interval '1 microsecond'`,
  actor_kind: `'system'`,
  actor_id: `'U2'`,
  actor_name: `'Eve'`,
  action: `'step.verified'`,
  why: `NULL`,
  from_surface: `'dm'`,
  from_channel: `'C2'`,
  from_ip: `'192.0.2.2'`,
  correlation_id: `'cor_2'`,
  detail: `'{"index":3.0000000000000000001}'`,
  prev_hash: `repeat('a', 64)`,
  hash: `repeat('b', 64)`,
};

describe('the check', () => {
  it('knows every column of the table', async () => {
    const columns = await database.query<{ column_name: string }>(
      `SELECT column_name FROM information_schema.columns WHERE table_name = 'record_entries' AND table_schema = 'notme'`,
    );
    expect(columns.rows.map((row) => row.column_name).sort()).toEqual([...Object.keys(CHANGES), 'seq'].sort());
  });

  it.each(Object.entries(CHANGES))('finds a changed %s and names the entry', async (column, value) => {
    await writeChain(5);
    await behindTheBack(`UPDATE record_entries SET ${column} = ${value} WHERE seq = 3`);
    const report = await verifyChains(database);
    expect(report.ok).toBe(false);
    expect(report.problems.some((problem) => problem.seq === 3)).toBe(true);
  });

  it('finds any change of any text field, wherever it is', async () => {
    await writeChain(6);
    const columns = [
      'actor_id',
      'actor_name',
      'action',
      'why',
      'from_surface',
      'from_channel',
      'from_ip',
      'correlation_id',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(...columns),
        fc.string({ unit: 'grapheme-ascii' }),
        async (seq, column, value) => {
          const before = await database.query<{ value: string }>(
            `SELECT ${column} AS value FROM record_entries WHERE seq = $1`,
            [seq],
          );
          const old = before.rows[0]!.value;
          fc.pre(old !== value);
          await behindTheBack(`UPDATE record_entries SET ${column} = $2 WHERE seq = $1`, [seq, value]);
          const found = (await verifyChains(database)).problems;
          await behindTheBack(`UPDATE record_entries SET ${column} = $2 WHERE seq = $1`, [seq, old]);
          expect(found).toEqual([expect.objectContaining({ seq, problem: expect.stringContaining('was changed') })]);
        },
      ),
      { numRuns: 40 },
    );
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true });
  });

  it('finds white space and repeated keys in a detail', async () => {
    await writeChain(2);
    await behindTheBack(`UPDATE record_entries SET detail = '{"index": 2}' WHERE seq = 2`);
    await expect(problems()).resolves.toEqual(['inc_1/2: Entry 2 was changed: its content does not give its hash.']);
    await behindTheBack(`UPDATE record_entries SET detail = '{"index":9,"index":2}' WHERE seq = 2`);
    await expect(problems()).resolves.toHaveLength(1);
    await behindTheBack(`UPDATE record_entries SET detail = '[2]' WHERE seq = 2`);
    await expect(problems()).resolves.toHaveLength(1);
  });

  it.each([
    ['seq = 1', ['inc_1/1: Entry 1 is missing.']],
    ['seq = 3', ['inc_1/3: Entry 3 is missing.']],
    ['seq IN (2, 3)', ['inc_1/2: Entries 2 to 3 are missing.']],
    ['seq = 5', ['inc_1/5: Entry 5 is missing at the end.']],
    ['seq >= 3', ['inc_1/3: Entries 3 to 5 are missing at the end.']],
    ['true', ['inc_1/0: All 5 entries of this incident are missing.']],
  ])('names what is missing: %s', async (which, expected) => {
    await writeChain(5);
    await writeChain(2, 'inc_2');
    await behindTheBack(`DELETE FROM record_entries WHERE incident_id = 'inc_1' AND ${which}`);
    await expect(problems()).resolves.toEqual(expected);
  });

  it('names entries that were swapped', async () => {
    await writeChain(4);
    await behindTheBack('UPDATE record_entries SET seq = 99 WHERE seq = 2');
    await behindTheBack('UPDATE record_entries SET seq = 2 WHERE seq = 3');
    await behindTheBack('UPDATE record_entries SET seq = 3 WHERE seq = 99');
    const found = await problems();
    expect(found).toContain('inc_1/2: Entry 2 was moved: it was written as entry 3.');
    expect(found).toContain('inc_1/3: Entry 3 was moved: it was written as entry 2.');
  });

  it('finds an end that was cut off together with its head’s count', async () => {
    await writeChain(4);
    await behindTheBack('DELETE FROM record_entries WHERE seq = 4');
    await behindTheBack('UPDATE record_heads SET seq = 3');
    await expect(problems()).resolves.toEqual(['inc_1/3: Entry 3 is not the one that the head names (entry 3).']);
    await behindTheBack('DELETE FROM record_heads');
    await expect(problems()).resolves.toEqual([expect.stringContaining('head of this incident is missing')]);
  });

  it('finds an entry that was put in afterwards', async () => {
    await writeChain(2);
    await behindTheBack(
      `INSERT INTO record_entries SELECT workspace_id, incident_id, 3, at, actor_kind, actor_id, actor_name, action, why,
         from_surface, from_channel, from_ip, correlation_id, detail, hash, hash FROM record_entries WHERE seq = 2`,
    );
    const found = await problems();
    expect(found.some((problem) => problem.startsWith('inc_1/3'))).toBe(true);
  });

  it('finds a chain that was rewritten or removed as a whole, by an end noted before', async () => {
    await writeChain(3);
    await writeChain(3, 'inc_2');
    const anchors = await readAnchors(database);
    expect(anchors).toHaveLength(2);
    await append();
    await expect(verifyChains(database, { anchors })).resolves.toMatchObject({ ok: true });
    await behindTheBack('TRUNCATE record_entries, record_heads');
    await database.transaction(async (tx) => {
      for (let index = 1; index <= 4; index += 1) await appendEntry(tx, runtime, entry({ why: 'nothing happened' }));
    });
    await expect(verifyChains(database)).resolves.toMatchObject({ ok: true });
    const report = await verifyChains(database, { anchors });
    expect(report.problems.map(({ incidentId, seq }) => `${incidentId}/${seq}`)).toEqual(['inc_1/3', 'inc_2/3']);
  });

  it('lists a bounded number of problems', async () => {
    await database.transaction(async (tx) => {
      for (let index = 0; index < 1005; index += 1)
        await appendEntry(tx, runtime, entry({ incidentId: `inc_${index}` }));
    });
    await behindTheBack(`UPDATE record_entries SET why = 'x'`);
    const report = await verifyChains(database);
    expect(report).toMatchObject({ ok: false, more: true });
    expect(report.problems).toHaveLength(1000);
  });
});
