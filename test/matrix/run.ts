/**
 * Every interaction in every role and every state, each as a signed delivery, and what it did to every table; the pages
 * outside Slack, the jobs behind decisions, and the same twice at once as well.
 *
 *   npm run matrix                 all cells
 *   npm run matrix -- --json       ends with one object
 *   npm run matrix -- lockdown     cells with that word
 *   npm run matrix -- --impossible lists the cells that cannot be tried
 */
import type { MatrixCell } from './families.js';
import { everyCell, type Finding, isPossible, tryCells } from './matrix.js';

const say = (line: string): boolean => process.stderr.write(`${line}\n`);
const sayCell = ({ interaction, role, state }: MatrixCell): string => `${interaction} | ${role} | ${state}`;

function sayFinding(finding: Finding): string {
  const { forbidden, missing, unrecorded } = finding;
  const faults = [
    ...forbidden.map((table) => `changed ${table}`),
    ...missing.map((table) => `left out ${table}`),
    ...(unrecorded ? ['refused without an entry in the record'] : []),
  ];
  return `${sayCell(finding)}: ${faults.join(', ')}`;
}

const given = process.argv.slice(2);
const words = given.filter((one) => !one.startsWith('--'));
const cells = everyCell().filter((cell) => words.every((word) => sayCell(cell).includes(word)));
if (given.includes('--impossible')) {
  for (const cell of cells.filter((one) => !isPossible(one))) process.stdout.write(`${sayCell(cell)}\n`);
} else {
  const { outcome, findings } = await tryCells(cells, (state) => say(`${state} …`));
  for (const finding of findings) say(sayFinding(finding));
  if (given.includes('--json')) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else
    for (const [what, count] of Object.entries(outcome)) process.stdout.write(`${what.replace('_', ' ')}: ${count}\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
