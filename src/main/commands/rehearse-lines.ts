import type { Refusal } from '../../doctor/rehearsal-guard.js';
import { type Rehearsed, staysChanged } from '../../doctor/rehearse-action.js';
import { sayFact } from '../../incidents/facts.js';
import { en } from '../../texts/en.js';

const RESULTS: Readonly<Record<Rehearsed['result'], string>> = {
  shown: 'done, and read back',
  accepted: 'accepted; not shown',
  not_shown: 'accepted; DID NOT HOLD',
  nothing_to_do: 'nothing to do',
  failed: 'FAILED',
  not_tried: 'NOT TRIED',
};
const UNDONE: Readonly<Record<Rehearsed['undone'], string>> = {
  yes: 'yes',
  not_needed: 'not needed',
  no: 'NO',
  cannot_tell: 'CANNOT TELL',
};

/** The rows as columns, and beneath those that did not work, why. */
export function sayTable(rows: readonly Rehearsed[]): readonly string[] {
  const cells = rows.map((row) => [row.title, en[`action.${row.action}`], RESULTS[row.result], UNDONE[row.undone]]);
  const all = [['System', 'Action', 'Result', 'Taken back'], ...cells];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...all.map((line) => line[at]?.length ?? 0)));
  const say = (line: readonly string[]): string =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = all;
  return [
    say(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...body.flatMap((line, at) => {
      const row = rows[at];
      const why = row === undefined || row.result === 'shown' || row.detail === '' ? [] : [`  ${row.detail}`];
      return [say(line), ...why];
    }),
  ];
}

/** What stays changed, each with its former value. `clicks`: how a person does it. */
export function sayLeft(rows: readonly Rehearsed[], clicks: (row: Rehearsed) => readonly string[]): readonly string[] {
  return rows
    .filter(staysChanged)
    .flatMap((row) => [
      `STAYS CHANGED: ${row.title}, ${row.login}, ${en[`action.${row.action}`]}`,
      ...row.left.map(({ name, expected, found }) =>
        row.undone === 'cannot_tell'
          ? `  ${name} was ${sayFact(expected)}; what it is now cannot be read`
          : `  ${name} was ${sayFact(expected)} and is ${sayFact(found)}`,
      ),
      `  Set it back in ${row.title}${clicks(row).length === 0 ? ' by hand, then look at it with notme doctor --user.' : ':'}`,
      ...clicks(row).map((click) => `    ${click}`),
    ]);
}

export function sayRefusal(refusal: Refusal, address: string): string {
  switch (refusal.why) {
    case 'nobody':
      return `No linked system has an account of ${address}. Make a test account, and name its address.`;
    case 'never_touch':
      return `${address} is on the never-touch list of notme.yml (workspace.never_touch). Name a test account.`;
    case 'role':
      return `${address} is ${refusal.what === 'approver' ? 'an approver' : `an ${refusal.what}`} of Notme. Name a test account that nobody needs.`;
    case 'role_unknown':
      return `Slack does not say who is ${refusal.what}, so this account may be one. Try again when it does.`;
    case 'incident':
      return `There is an open incident about ${address} (${refusal.what}). What is done there must not be taken back by a rehearsal; name a test account.`;
    case 'administrator':
      return `${address} is an administrator in ${refusal.system} (${refusal.what}). Name a test account without administrator roles.`;
    case 'protected':
      return `${refusal.system} protects ${address}: ${refusal.what} Name an ordinary test account.`;
    case 'service':
      return `${refusal.what} is a service account in ${refusal.system}. Name a test account of a person.`;
    case 'unread':
      return `${refusal.system} does not say whose account this is: ${refusal.what}`;
  }
}
