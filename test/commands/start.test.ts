import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** Runs the command as an operator does; it must end by itself. */
async function notme(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: unknown; said: string }> {
  try {
    const { stderr } = await run(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
      env: { PATH: process.env['PATH'], ...env },
      timeout: 40_000,
      killSignal: 'SIGKILL',
    });
    return { code: 0, said: stderr };
  } catch (error) {
    const failed = error as { code?: unknown; stderr?: string };
    return { code: failed.code, said: failed.stderr ?? '' };
  }
}

describe('notme start that cannot start', () => {
  it('says that the port is taken, and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = String(address !== null && typeof address === 'object' ? address.port : 0);
    const ended = await notme(['start'], { PORT: port, NOTME_DATA_DIR: join(folder, 'data') });
    expect(ended.said).toContain(`Port ${port} is taken by another program`);
    expect(ended.code).toBe(1);
    other.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('says that the data folder cannot be used, and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
    writeFileSync(join(folder, 'file'), '');
    const ended = await notme(['start'], { PORT: '0', NOTME_DATA_DIR: join(folder, 'file', 'data') });
    expect(ended.said).toContain('NOTME_DATA_DIR');
    expect(ended.code).toBe(1);
    rmSync(folder, { recursive: true });
  }, 60_000);
});
