import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MARK = 'm4rk3d-S3cr3t';

/** A program that ends by an error nobody caught, whose request hangs on it. */
const program = (how: string): string => `
  import { endOnFatal } from './src/main/commands/fatal.ts';
  endOnFatal();
  const error = Object.assign(new Error('boom'), { config: { headers: { Authorization: ['${MARK}'] } } });
  setTimeout(() => undefined, 60_000);
  ${how};
`;

it.each(['setImmediate(() => { throw error; })', 'void Promise.reject(error)'])(
  'ends the process and says why, without what hangs on the error: %s',
  async (how) => {
    const ended = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program(how)]).then(
      () => null,
      (error: unknown) => error as { code: unknown; stdout: string; stderr: string },
    );
    expect(ended?.code).toBe(1);
    const said = `${ended?.stdout ?? ''}${ended?.stderr ?? ''}`;
    expect(said).toContain('boom');
    expect(said).toContain('ended by an error that nobody expected');
    expect(said).not.toContain(MARK);
  },
  60_000,
);
