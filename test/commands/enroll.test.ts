import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';
import { openTown, type Town } from '../crash/town.js';

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('notme enroll', () => {
  let town: Town;
  beforeAll(async () => {
    town = await openTown({ people: 1, approvers: 1, databaseUrl: null, redisUrl: null });
  }, 240_000);
  afterAll(() => town.close());

  /** Runs the command as an operator does. */
  async function enroll(...args: readonly string[]): Promise<Ended> {
    try {
      const { stdout, stderr } = await run(
        process.execPath,
        ['--import', 'tsx', 'src/main/cli.ts', 'enroll', ...args],
        {
          env: { PATH: process.env['PATH'], ...town.env, PORT: '3000' },
          timeout: 100_000,
          killSignal: 'SIGKILL',
        },
      );
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const failed = error as { code: number; stdout: string; stderr: string };
      return { code: failed.code, out: failed.stdout, err: failed.stderr };
    }
  }
  const recorded = async (): Promise<readonly string[]> => {
    const runtime = systemRuntime();
    const db = await openDatabase({ databaseUrl: null, dataDir: path.join(town.folder, 'data'), runtime });
    try {
      const { rows } = await db.query<{ action: string }>(
        `select action from record_entries where incident_id = 'workspace' order by seq`,
      );
      return rows.map(({ action }) => action);
    } finally {
      await db.close();
    }
  };
  const approver = (): string => `@${town.approvers[0]?.email.split('@')[0] ?? ''}`;

  it('shows the QR code, the secret and ten recovery codes in the terminal, once', async () => {
    const { code, out } = await enroll(approver());
    expect(code).toBe(0);
    expect(out).toMatch(/otpauth:\/\/totp\/Notme/);
    expect(out).toMatch(/[█▀▄]{10}/);
    expect(out.match(/^ {2}\S+$/gm)).toHaveLength(10);
    expect(out).not.toContain('is no approver yet');
    expect(await recorded()).toEqual(['approver.enrolled']);
    const list = await enroll('--list');
    expect(list.out).toMatch(
      /: enrolled \d{4}-\d\d-\d\d \d\d:\d\d UTC, never used, 10 recovery codes left, 0 passkeys/,
    );
    expect(list.out).not.toContain('otpauth');
  }, 240_000);

  it('says that somebody is no approver, and still enrols them', async () => {
    const { out } = await enroll(town.people[0]?.email ?? '');
    expect(out).toContain('is no approver yet');
    expect((await enroll('--list')).out.trim().split('\n')).toHaveLength(2);
  }, 240_000);

  it('prints a link of the own page by which a passkey is registered', async () => {
    const { code, out } = await enroll(approver(), '--passkey');
    expect(code).toBe(0);
    expect(out).toMatch(/^http:\/\/localhost:3000\/enrol\/[\w-]{43}$/m);
    expect(out).toContain('never through Slack');
    expect(await recorded()).toContain('passkey.offered');
  }, 240_000);

  it('takes everything back, and says so when there was nothing', async () => {
    expect((await enroll(approver(), '--remove')).out).toContain('has no codes any more');
    expect((await recorded()).at(-1)).toBe('approver.removed');
    expect((await enroll(approver(), '--remove')).out).toContain('Nothing was changed');
    expect((await enroll('--list')).out.trim().split('\n')).toHaveLength(1);
  }, 240_000);

  it('says what is missing: whom, or who that is', async () => {
    const nobody = await enroll();
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('Name whom to enrol')]);
    const stranger = await enroll('@nobody.at.all');
    expect([stranger.code, stranger.err]).toEqual([1, expect.stringContaining('Slack knows nobody')]);
  }, 240_000);
});
