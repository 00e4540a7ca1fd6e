import { type Difference, differences } from '../incidents/facts.js';
import type { Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import type {
  AccountRef,
  ActionKind,
  CallContext,
  Command,
  Connector,
  ConnectorFailure,
  Facts,
} from '../ports/connector.js';
import { afterFailure } from '../ports/retry.js';

/** What became of one action on the test account. */
export interface Rehearsed {
  readonly system: string;
  readonly title: string;
  readonly login: string;
  readonly action: ActionKind;
  /**
   * `shown`: done, and read back; `accepted`: the system took it and does not show it; `not_shown`: it took it, and
   * another state was read; `nothing_to_do`: it was so already; `failed`: it was refused; `not_tried`: what it would
   * change could not be read first, or not be restored, so nothing was sent.
   */
  readonly result: 'shown' | 'accepted' | 'not_shown' | 'nothing_to_do' | 'failed' | 'not_tried';
  /** What was read, or why it failed. */
  readonly detail: string;
  /** `not_needed`: nothing was changed. `cannot_tell`: it was taken back, and that cannot be read. */
  readonly undone: 'yes' | 'not_needed' | 'no' | 'cannot_tell';
  /** What stays changed: how it was before, and how it is now. */
  readonly left: readonly Difference[];
}

/** What every call of a rehearsal works with. */
export interface Rehearsing {
  readonly connector: Connector;
  readonly account: AccountRef;
  readonly call: CallContext;
  readonly runtime: Pick<Runtime, 'now'>;
  readonly wait: (ms: number) => Promise<void>;
}

/** An action that was sent: what has to be as before when all has ended. */
export interface Sent {
  readonly command: Command;
  readonly before: Facts;
}

/** Systems show a change late: read so often, after 1, 2, 4 … seconds. */
const MOST_READS = 6;
const MOST_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
const pauseMs = (tries: number): number => 1_000 * 2 ** tries;

/** Sends what may be sent again, for as long as the system asks to wait. */
async function insisting<T>(
  { wait }: Rehearsing,
  send: () => Promise<Result<T, ConnectorFailure>>,
): Promise<Result<T, ConnectorFailure>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await send();
    if (answer.ok || afterFailure(answer.error) !== 'retry' || tries + 1 >= MOST_TRIES) return answer;
    const told = 'retryAfterMs' in answer.error ? answer.error.retryAfterMs : null;
    await wait(Math.min(told ?? pauseMs(tries), LONGEST_WAIT_MS));
  }
}

type Shown = Pick<Rehearsed, 'result' | 'detail'>;

/** Whether the system shows what was done; read until it does. */
async function shownBy(rehearsing: Rehearsing, command: Command, since: Date): Promise<Shown> {
  const { connector, account, call, wait } = rehearsing;
  for (let reads = 0; ; reads += 1) {
    const read = await insisting(rehearsing, () => connector.readBack(command, account, since, call));
    if (!read.ok) return { result: 'not_shown', detail: read.error.message };
    const { verdict, observed, inPlace } = read.value;
    if (verdict === 'holds') return { result: 'shown', detail: observed };
    // Only its effect is not shown, and reading again shows no more.
    if (inPlace === true) return { result: 'accepted', detail: observed };
    if (reads + 1 >= MOST_READS)
      return { result: verdict === 'cannot_tell' ? 'accepted' : 'not_shown', detail: observed };
    await wait(pauseMs(reads));
  }
}

type Undone = Pick<Rehearsed, 'undone' | 'left'>;

/** Everything that differs counts as left when the present cannot be read: nobody is told that it was taken back. */
const unread = (before: Facts): Undone => ({ undone: 'cannot_tell', left: differences(before, {}) });

/**
 * Takes it back, until the present is as before. Sent at each turn: a system that shows changes late may have called it
 * done already.
 */
export async function takeBack(rehearsing: Rehearsing, { command, before }: Sent): Promise<Undone> {
  const { connector, account, call, wait } = rehearsing;
  for (let turns = 0; ; turns += 1) {
    const restored = await insisting(rehearsing, () => connector.restore(command, account, before, call));
    const now = await insisting(rehearsing, () => connector.capture(command, account, call));
    const left = now.ok ? differences(before, now.value) : null;
    if (restored.ok && left?.length === 0) return { undone: 'yes', left: [] };
    if (turns + 1 >= MOST_READS) return left === null ? unread(before) : { undone: 'no', left };
    await wait(pauseMs(turns));
  }
}

/** Reads once more what was taken back: a system that is late may have shown the state of before. */
export async function staysBack(rehearsing: Rehearsing, sent: Sent): Promise<Undone> {
  const { connector, account, call } = rehearsing;
  const now = await insisting(rehearsing, () => connector.capture(sent.command, account, call));
  if (now.ok && differences(sent.before, now.value).length === 0) return { undone: 'yes', left: [] };
  return takeBack(rehearsing, sent);
}

const BEFORE_SENDING = { undone: 'not_needed', left: [] } as const;

/** After a refusal: nothing was changed, as far as the present shows; else it is taken back. */
async function afterRefusal(rehearsing: Rehearsing, sent: Sent): Promise<Undone> {
  const { connector, account, call } = rehearsing;
  const now = await insisting(rehearsing, () => connector.capture(sent.command, account, call));
  if (now.ok && differences(sent.before, now.value).length === 0) return BEFORE_SENDING;
  return takeBack(rehearsing, sent);
}

/** Does one action to the test account, reads it back, and takes it back at once. `sent`: what was changed, if anything. */
export async function rehearseAction(
  rehearsing: Rehearsing,
  command: Command,
): Promise<{ readonly row: Rehearsed; readonly sent: Sent | null }> {
  const { connector, account, call, runtime } = rehearsing;
  const place = { system: connector.system, title: connector.title, login: account.login, action: command.kind };
  const row = (shown: Shown, undone: Undone): Rehearsed => ({ ...place, ...shown, ...undone });

  const prior = await insisting(rehearsing, () => connector.capture(command, account, call));
  if (!prior.ok) return { row: row({ result: 'not_tried', detail: prior.error.message }, BEFORE_SENDING), sent: null };
  const lasting = connector.cannotRestore?.(command, prior.value) ?? null;
  if (lasting !== null) return { row: row({ result: 'not_tried', detail: lasting }, BEFORE_SENDING), sent: null };
  const sent: Sent = { command, before: prior.value };
  const since = runtime.now();
  const answer = await insisting(rehearsing, () => connector.perform(command, account, call));
  if (!answer.ok && afterFailure(answer.error) !== 'read_back') {
    const undone = await afterRefusal(rehearsing, sent);
    const changed = undone.undone === 'not_needed' ? null : sent;
    return { row: row({ result: 'failed', detail: answer.error.message }, undone), sent: changed };
  }
  if (answer.ok && answer.value.alreadyDone) {
    const undone = await afterRefusal(rehearsing, sent);
    return { row: row({ result: 'nothing_to_do', detail: '' }, undone), sent: null };
  }
  const shown = await shownBy(rehearsing, command, since);
  return { row: row(shown, await takeBack(rehearsing, sent)), sent };
}

/** Whether somebody has to take something back by hand. */
export const staysChanged = ({ undone }: Rehearsed): boolean => undone === 'no' || undone === 'cannot_tell';

/** Whether it would have worked in an incident, as far as can be shown. */
export const worked = ({ result }: Rehearsed): boolean =>
  result === 'shown' || result === 'accepted' || result === 'nothing_to_do';
