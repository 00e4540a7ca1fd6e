import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['src', 'jobs', 'blocks', 'test/crash/app.ts'];

export interface Compiled {
  /** The program that a test starts and kills. */
  readonly app: string;
  remove(): Promise<void>;
}

/**
 * Writes the app as plain JavaScript: a process that is started hundreds of times then takes half the time. It lies
 * beneath node_modules, so that it finds the same packages.
 */
export async function compileApp(): Promise<Compiled> {
  const out = path.join(root, 'node_modules', '.cache', `notme-crash-${String(process.pid)}`);
  for (const source of SOURCES) await compile(path.join(root, source), path.join(out, source));
  await writeFile(path.join(out, 'package.json'), '{"type":"module"}');
  return { app: path.join(out, 'test/crash/app.js'), remove: () => rm(out, { recursive: true, force: true }) };
}

async function compile(from: string, to: string): Promise<void> {
  if (path.extname(from) === '') {
    for (const name of await readdir(from)) await compile(path.join(from, name), path.join(to, name));
    return;
  }
  await mkdir(path.dirname(to), { recursive: true });
  if (!from.endsWith('.ts')) {
    await cp(from, to);
    return;
  }
  const { outputText } = ts.transpileModule(await readFile(from, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  await writeFile(to.replace(/\.ts$/, '.js'), outputText);
}
