import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** These load files of their own, or start threads: they stay where they are. */
const APART = ['@electric-sql/pglite', 'pino', 'pino-pretty'];

/** What CommonJS packages expect to find around them. */
const AROUND = [
  "import { createRequire as makeRequire } from 'node:module';",
  "import { fileURLToPath as toPath } from 'node:url';",
  "import around from 'node:path';",
  'const require = makeRequire(import.meta.url);',
  'const __filename = toPath(import.meta.url);',
  'const __dirname = around.dirname(__filename);',
].join('');

export interface Compiled {
  /** The program that a test starts and kills. */
  readonly app: string;
  remove(): Promise<void>;
}

/**
 * Writes the app with its packages as one file: a process that is started hundreds of times then takes a third of the
 * processor time to load. It lies beneath node_modules, so that it finds the packages that stay apart.
 */
export async function compileApp(): Promise<Compiled> {
  const out = path.join(root, 'node_modules', '.cache', `notme-crash-${String(process.pid)}`);
  const app = path.join(out, 'app.mjs');
  await build({
    entryPoints: [path.join(root, 'test/crash/app.ts')],
    outfile: app,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: APART,
    banner: { js: AROUND },
    logLevel: 'error',
  });
  return { app, remove: () => rm(out, { recursive: true, force: true }) };
}
