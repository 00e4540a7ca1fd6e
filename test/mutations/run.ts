/**
 * Changes one place of the core at a time, runs the core's own tests that know the file, and expects them to fail. A mutation
 * that no test notices is a decision that nobody holds. Works on a copy: the working tree stays as it is.
 *
 *   npm run mutations              all of them
 *   npm run mutations -- policy    those whose file's path contains a word
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutation, MUTATIONS } from './mutations.js';

const ROOT = process.cwd();
const COPIED = [
  'src',
  'jobs',
  'blocks',
  'test',
  'package.json',
  'tsconfig.json',
  'jest.config.js',
  'jest.core.config.js',
];

function copyInto(folder: string): void {
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of ['node_modules', 'packages', 'sandbox', 'docs']) symlinkSync(join(ROOT, name), join(folder, name));
}

/** The text with the mutation in it. @throws when what it changes does not stand there exactly once */
export function mutate(text: string, { file, find, replace }: Mutation): string {
  const times = text.split(find).length - 1;
  if (times !== 1)
    throw new Error(
      `${file}: "${find}" stands there ${String(times)} times and must stand there once. Mend the entry in test/mutations/mutations.ts.`,
    );
  return text.replace(find, () => replace);
}

/** Whether the tests that load the file fail. */
function isFound(folder: string, { file, tests }: Mutation): boolean {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = [
    '--experimental-vm-modules',
    jest,
    '--config',
    'jest.core.config.js',
    '--bail',
    '--silent',
    '--runInBand',
    ...tests,
  ];
  const { status, stderr, error } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0 && !/^Tests: .*[1-9]\d* failed/m.test(stderr))
    throw new Error(`${file}: the tests did not run:\n${stderr.slice(-2000)}`);
  return status !== 0;
}

const words = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
// All are looked for before the first is tried: an entry that fits no more is told at once.
const changed = chosen.map((one) => ({ one, text: mutate(readFileSync(join(ROOT, one.file), 'utf8'), one) }));
const folder = mkdtempSync(join(tmpdir(), 'notme-mutations-'));
const missed: Mutation[] = [];
const begin = performance.now();
try {
  copyInto(folder);
  for (const { one, text } of changed) {
    writeFileSync(join(folder, one.file), text);
    const found = isFound(folder, one);
    cpSync(join(ROOT, one.file), join(folder, one.file));
    if (!found) missed.push(one);
    console.log(`${found ? 'found ' : 'MISSED'} ${one.file}: ${one.why}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(
  `${String(chosen.length - missed.length)} of ${String(chosen.length)} mutations found in ${String(seconds)} s`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
