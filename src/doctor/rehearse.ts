import { commandFor, needOf } from '../ports/command.js';
import { ACTION_KINDS, type AccountRef, type ActionKind, type Command, type Connector } from '../ports/connector.js';
import { rehearseAction, type Rehearsed, type Rehearsing, type Sent, staysBack } from './rehearse-action.js';

/** An address of nobody (RFC 5737): blocking it locks nobody out. Not the first one, which lists have as a filler. */
const NOBODYS_ADDRESS = '192.0.2.254/32';

/** What a system does by itself and can take back. */
export const reversibleIn = ({ capabilities }: Pick<Connector, 'capabilities'>): readonly ActionKind[] =>
  ACTION_KINDS.filter((kind) => {
    const { route, undo } = capabilities[kind];
    return undo === 'restore' && needOf(kind) !== 'password' && (route === 'native' || route === 'group');
  });

/** The command that is rehearsed: all items, the first prepared ranges, and an address of nobody. */
function rehearsedCommand(kind: ActionKind, { knownRangeSets }: Connector): Command {
  const prepared = kind === 'limit_login_ips' ? knownRangeSets?.[0] : undefined;
  return commandFor(kind, { items: 'all', ranges: prepared ?? [NOBODYS_ADDRESS], password: null });
}

export interface TestAccount {
  readonly connector: Connector;
  readonly account: AccountRef;
}

interface Rehearsal extends Pick<Rehearsing, 'call' | 'runtime' | 'wait'> {
  /** Asked before each action: no further one is begun. */
  readonly stopping: () => boolean;
  readonly onRow: (row: Rehearsed) => void;
}

async function inOneSystem(
  test: TestAccount,
  { stopping, onRow, ...shared }: Rehearsal,
): Promise<readonly Rehearsed[]> {
  const rehearsing: Rehearsing = { ...test, ...shared };
  const rows: Rehearsed[] = [];
  const changed: { readonly at: number; readonly sent: Sent }[] = [];
  for (const kind of reversibleIn(test.connector)) {
    if (stopping()) break;
    const { row, sent } = await rehearseAction(rehearsing, rehearsedCommand(kind, test.connector));
    if (sent !== null) changed.push({ at: rows.length, sent });
    rows.push(row);
    onRow(row);
  }
  // The last first: what an action found may be what an earlier one left.
  for (const { at, sent } of changed.toReversed()) {
    const row = rows[at];
    if (row?.undone === 'yes') rows[at] = { ...row, ...(await staysBack(rehearsing, sent)) };
  }
  return rows;
}

/** Every reversible action in every system: done to the test account, read back, and taken back at once. */
export async function rehearse(tests: readonly TestAccount[], rehearsal: Rehearsal): Promise<readonly Rehearsed[]> {
  // One action at a time in a system: they share groups and flags. Systems do not.
  const rows = await Promise.all(tests.map((test) => inOneSystem(test, rehearsal)));
  return rows.flat();
}
