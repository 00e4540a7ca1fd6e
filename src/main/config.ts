import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { unverified } from './config/clear-text.js';
import { assemble } from './config/assemble.js';
import type { ConfigProblem } from './config/problem.js';
import { readEnvironment } from './config/read-environment.js';
import { readConfigFile } from './config/read-file.js';
import type { Config } from './config/shape.js';
import { err, ok, type Result } from '../platform/result.js';
import { Secret } from '../platform/secret.js';

export type { ConfigProblem } from './config/problem.js';
export type { Config } from './config/shape.js';

const DEFAULT_FILE = 'notme.yml';
const DOT_ENV = '.env';

export interface ConfigSources {
  /** Default: the environment of this process over the `.env` file in the working directory. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of notme.yml. Default: NOTME_CONFIG, else `notme.yml` in the working directory if it is there. `null`: none. */
  readonly file?: string | null;
  /** From the command line, by the name of the environment variable that each one replaces. */
  readonly argv?: Readonly<Partial<Record<'PORT' | 'HOST' | 'NOTME_DATA_DIR' | 'LOG_LEVEL', string>>>;
}

/** Merges command line, environment and notme.yml, in this order, and returns one frozen value or all problems. */
export function loadConfig(sources: ConfigSources = {}): Result<Config, readonly ConfigProblem[]> {
  const variables: Readonly<Record<string, string | undefined>> = {
    ...(sources.env ?? processEnvironment()),
    ...sources.argv,
  };
  const env = readEnvironment(variables);
  const problems: ConfigProblem[] = [...env.problems, ...unverified(variables['NODE_TLS_REJECT_UNAUTHORIZED'])];
  const path = sources.file === undefined ? (env.text('NOTME_CONFIG') ?? defaultFile()) : sources.file;
  const file = path === null ? { values: {}, problems: [] } : readConfigFile(path);
  problems.push(...file.problems);
  // A file that cannot be read at all would make everything look missing.
  const config = assemble({ env, file: file.values ?? {}, problems: file.values === null ? [] : problems }, path);
  return problems.length > 0 ? err(problems) : ok(freeze(config));
}

function processEnvironment(): Readonly<Record<string, string | undefined>> {
  const fromFile = existsSync(DOT_ENV) ? parseEnv(readFileSync(DOT_ENV, 'utf8')) : {};
  // eslint-disable-next-line no-restricted-syntax -- this is the one reader of the environment
  return { ...fromFile, ...process.env };
}

function defaultFile(): string | null {
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null;
}

/** All problems as text for a terminal, one below the other. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ key, problem, fix }) => `  ${key}\n    ${problem}\n    ${fix}`);
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return `The configuration has ${count}:\n${lines.join('\n')}\n`;
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !(value instanceof Secret)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
