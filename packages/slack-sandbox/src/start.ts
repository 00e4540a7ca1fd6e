import { readFile } from 'node:fs/promises';
import type { CommandLine } from './command-line.js';
import type { SlackSandbox } from './sandbox.js';
import { createSlackSandbox } from './sandbox.js';
import { readSeed } from './workspace/seed.js';

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** @throws Error that names the option and the file */
async function fileOf(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Error(`--${option} ${path} cannot be read: ${why}.`, { cause: error });
  }
}

/**
 * Starts what the command line asks for.
 * @throws Error that names the file or the option, and the fix
 */
export async function startFrom(given: CommandLine): Promise<SlackSandbox> {
  const { port, botToken, appToken, signingSecret, requestUrl, rateLimits } = given;
  const manifest = await fileOf('manifest', given.manifest);
  const seed = given.seed === undefined ? undefined : readSeed(await fileOf('seed', given.seed));
  try {
    return await createSlackSandbox({
      manifest,
      port,
      rateLimits,
      ...(seed === undefined ? {} : { seed }),
      ...(botToken === undefined ? {} : { botToken }),
      ...(appToken === undefined ? {} : { appToken }),
      ...(signingSecret === undefined ? {} : { signingSecret }),
      ...(requestUrl === undefined ? {} : { requestUrl }),
    });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken. Choose another: --port ${port + 1}, or --port 0 for a free one.`, {
      cause: error,
    });
  }
}
