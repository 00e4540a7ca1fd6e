import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendEntry } from '../../src/audit/append.js';
import { createSigner } from '../../src/audit/signed-note.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';

const run = promisify(execFile);
const runtime = systemRuntime();

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as an operator does. */
async function audit(dataDir: string, ...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'src/main/cli.ts', 'audit', ...args], {
      env: { PATH: process.env['PATH'], NOTME_DATA_DIR: dataDir },
      timeout: 200_000,
      killSignal: 'SIGKILL',
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const failed = error as { code: number; stdout: string; stderr: string };
    return { code: failed.code, out: failed.stdout, err: failed.stderr };
  }
}

async function inFolder(dataDir: string, work: (db: StoreDatabase) => Promise<void>): Promise<void> {
  const db = await openDatabase({ databaseUrl: null, dataDir, runtime });
  try {
    await migrate(db, migrations);
    await work(db);
  } finally {
    await db.close();
  }
}

const write = (db: StoreDatabase, incidentId: string, deeds: readonly string[]): Promise<void> =>
  db.transaction(async (tx) => {
    for (const action of deeds)
      await appendEntry(tx, runtime, { workspaceId: 'T1', incidentId, actor: { kind: 'person', id: 'bea' }, action });
  });

const remove = (db: StoreDatabase, table: string, where: string): Promise<unknown> =>
  db.query(
    `alter table ${table} disable trigger user; delete from ${table} where ${where}; alter table ${table} enable trigger user`,
  );

describe('notme audit', () => {
  let room: string;
  let folder: string;
  const kept = (): string => join(room, 'kept', 'checkpoints');
  beforeAll(async () => {
    room = mkdtempSync(join(tmpdir(), 'notme-audit-'));
    folder = join(room, 'data');
    await inFolder(folder, async (db) => {
      await write(db, 'inc_a', ['opened', 'decided', 'closed']);
      await write(db, 'inc_b', ['opened', 'closed']);
    });
  }, 300_000);
  afterAll(() => rmSync(room, { recursive: true }));

  it('on an empty folder fails with 2, says so, and makes nothing', async () => {
    const empty = mkdtempSync(join(room, 'empty-'));
    const none = join(empty, 'none');
    for (const [command, place] of [
      ['verify', empty],
      ['verify', none],
      ['checkpoint', none],
    ] as const) {
      const ended = await audit(place, command);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain(`There is no record in the data folder ${place}`);
    }
    expect(readdirSync(empty)).toEqual([]);
  }, 300_000);

  it('prints a signed checkpoint that verify takes, with the key beside the one that seals', async () => {
    const printed = await audit(folder, 'checkpoint');
    expect(printed).toMatchObject({ code: 0, err: '' });
    expect(printed.out).toMatch(
      /^leaf notme\/T1 1 inc_a 3 \w{64}\nleaf notme\/T1 2 inc_b 2 \w{64}\nnotme\/T1\n2\n\S{44}\n\n— notme\/T1 \S+\n\n$/,
    );
    expect(statSync(join(folder, 'checkpoint.key')).mode & 0o777).toBe(0o600);
    const file = join(room, 'checkpoints');
    writeFileSync(file, printed.out);
    const key = join(room, 'notme.pub');
    writeFileSync(key, (await audit(folder, 'key')).out);
    const fits = await audit(folder, 'verify', '--checkpoints', file, '--key', key);
    expect(fits).toMatchObject({ code: 0, err: '' });
    expect(fits.out).toContain('The record is whole: 5 entries of 2 incidents checked.');
    expect(fits.out).toContain(
      '1 checkpoint(s) fit the record (1 signed, 0 as posted, without a signature); 0 entries',
    );
  }, 300_000);

  it('names what the owner of the database removed and cut off, also without the rows about checkpoints', async () => {
    const file = join(room, 'checkpoints');
    await inFolder(folder, async (db) => {
      await remove(db, 'record_entries', "incident_id = 'inc_b' or seq = 3");
      await remove(db, 'record_heads', 'true');
      await remove(db, 'record_leaves', 'true');
      await remove(db, 'record_checkpoints', 'true');
      await db.query(
        `insert into record_heads select workspace_id, incident_id, seq, hash from record_entries where seq = 2`,
      );
    });
    const alone = await audit(folder, 'verify');
    expect(alone).toMatchObject({ code: 0 });
    expect(alone.out).toContain('Compared with nothing that was kept elsewhere');
    const ended = await audit(folder, 'verify', '--checkpoints', file);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('inc_a entry 3: Entry 3 was noted at a checkpoint and is missing here.');
    expect(ended.out).toContain('inc_b entry 2: Entry 2 was noted at a checkpoint and is missing here.');
    // Nothing new is signed over it.
    expect(await audit(folder, 'checkpoint', '--out', file)).toMatchObject({ code: 1, out: '' });
  }, 300_000);

  it('refuses a checkpoint under a key of somebody else, and tells what cannot be examined by 2', async () => {
    const head = `notme/T1\n1\n${'A'.repeat(43)}=\n`;
    const file = join(room, 'forged');
    writeFileSync(file, createSigner('notme/T1', Buffer.alloc(32, 9)).sign(head));
    const forged = await audit(folder, 'verify', '--checkpoints', file);
    expect(forged.code).toBe(1);
    expect(forged.out).toContain('is not signed with a known key');
    expect(await audit(folder, 'verify', '--checkpoints', kept())).toMatchObject({ code: 2, out: '' });
    expect(await audit(folder, 'verify', '--unknown')).toMatchObject({ code: 2, out: '' });
    expect(existsSync(kept())).toBe(false);
  }, 300_000);

  it('says who holds a folder that is in use, with 2', async () => {
    const before = readFileSync(join(folder, 'checkpoint.key'), 'utf8');
    await inFolder(folder, async () => {
      const ended = await audit(folder, 'verify');
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(/data folder .* is .*(used|held|in use)/);
    });
    expect(readFileSync(join(folder, 'checkpoint.key'), 'utf8')).toBe(before);
  }, 300_000);
});
