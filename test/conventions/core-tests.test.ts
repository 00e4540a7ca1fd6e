import { expect, it } from '@jest/globals';
import { posix } from 'node:path';
import { filesIn, read } from './source.js';

/** The rooms that decide, and the running of their work; `src/texts` is read through whatever says it. */
const ROOMS = [
  ...['approvals', 'audit', 'containment', 'doctor', 'evidence', 'incidents', 'notices', 'outbox', 'reports'].map(
    (room) => `src/${room}`,
  ),
  'jobs/handlers',
  'jobs/run-step',
];
/** The core's own tests, as jest.core.config.js names them: no app, no server. */
const TESTS = [
  ...['approvals', 'audit', 'containment', 'doctor', 'evidence', 'incidents', 'jobs', 'notices', 'reports', 'run-step'],
].map((room) => `test/${room}`);

/** What they share, and the tests of the two drawings that say what is done. */
const BESIDE = ['test/scene.ts', 'test/runs.ts', 'test/blocks/incident-card.test.ts', 'test/blocks/standing.test.ts'];

const IMPORT = /^(?:import|export)\s(?!type\s)[^;]*?from '(\.[^']+)\.js';/gms;
const importsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(IMPORT)].map(([, to = '']) => posix.join(posix.dirname(path), `${to}.ts`));
const roomOf = (path: string): string | undefined => ROOMS.find((room) => path.startsWith(`${room}/`));

/** What of its own room a module uses, and so on. */
function withinRoom(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path)) return known;
  known.add(path);
  for (const other of importsOf(path)) if (roomOf(other) === roomOf(path)) withinRoom(other, known);
  return known;
}

it('each module of the core is run by a test of the core: it is imported there, or by a module of its room that is', () => {
  const tests = [...filesIn(TESTS, '.ts').map(({ path }) => path), ...BESIDE];
  const imported = tests.flatMap(importsOf);
  const run = new Set(imported.filter((path) => roomOf(path) !== undefined).flatMap((path) => [...withinRoom(path)]));
  // What holds types or a list alone decides nothing.
  const decides = (text: string): boolean => /\bfunction\b|=>/.test(text);
  const never = filesIn(ROOMS, '.ts').filter(({ path, text }) => decides(text) && !run.has(path));
  expect(never.map(({ path }) => path)).toEqual([]);
});
