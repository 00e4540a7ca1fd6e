#!/usr/bin/env node
// Holds the subjects of new commits to CONTRIBUTING.md: `scope: imperative subject`, at most 72 characters, no merge bubbles.
// New is what came after this file; without arguments the whole range is checked, else what `git log <arguments>` names.
import { execFileSync } from 'node:child_process';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const LONGEST = 72;
const SUBJECT = /^([a-z0-9][a-z0-9./, -]*): ([A-Za-z]+)\b/;
/** "Added" and "adding" tell what was done; these only end alike. */
const IMPERATIVES = new Set(['bring', 'embed', 'feed', 'need', 'proceed', 'seed', 'shed', 'speed', 'string', 'ring']);

function faultsOf({ subject, parents }) {
  const faults = [];
  if (parents.length > 1) faults.push('is a merge: rebase instead');
  if (subject.length > LONGEST) faults.push(`has ${subject.length} characters: at most ${LONGEST}`);
  const [, , verb] = SUBJECT.exec(subject) ?? [];
  if (verb === undefined) faults.push('has no scope: write `scope: imperative subject`');
  else if (/(ed|ing)$/.test(verb) && !IMPERATIVES.has(verb.toLowerCase()))
    faults.push(`begins with "${verb}": write what the commit does to the code, in the imperative`);
  if (subject.endsWith('.')) faults.push('ends with a full stop');
  return faults;
}

const added = git('log', '--diff-filter=A', '--format=%H', '--', '.ci/commits.js').split('\n').at(-1);
const range = process.argv.length > 2 ? process.argv.slice(2) : added === '' ? ['-1'] : [`${added}~1..HEAD`];
const commits = git('log', '--format=%h%x00%P%x00%s', ...range)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => line.split('\0'))
  .map(([id, parents, subject]) => ({ id, subject, parents: parents.split(' ') }));
const faults = commits.flatMap((commit) =>
  faultsOf(commit).map((fault) => `${commit.id} "${commit.subject}" ${fault}`),
);
console.log([...faults, `${commits.length} commits looked at, ${faults.length} faults`].join('\n'));
process.exit(faults.length === 0 ? 0 : 1);
