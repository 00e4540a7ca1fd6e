import { z } from 'zod';
import type { Core } from '../core.js';
import { isObject } from '../json.js';
import { Refusal } from '../people/refusal.js';

const MAX_WAIT_MS = 60_000;

const Until = z.union([
  z.strictObject({
    message: z.strictObject({
      channel: z.string().optional(),
      user: z.string().optional(),
      thread_ts: z.string().optional(),
      text_contains: z.string().optional(),
      since_ts: z.string().optional(),
    }),
  }),
  z.strictObject({
    ephemeral: z.strictObject({
      user: z.string().optional(),
      channel: z.string().optional(),
      text_contains: z.string().optional(),
      since_ts: z.string().optional(),
    }),
  }),
  z.strictObject({
    view: z.strictObject({
      user: z.string(),
      callback_id: z.string().optional(),
      title_contains: z.string().optional(),
    }),
  }),
  z.strictObject({ home: z.strictObject({ user: z.string(), text_contains: z.string().optional() }) }),
  z.strictObject({ no_view: z.strictObject({ user: z.string() }) }),
  z.strictObject({ connected: z.boolean() }),
  z.strictObject({
    failure: z.strictObject({ user: z.string().optional(), what: z.string().optional() }),
  }),
  z.strictObject({
    journal: z.strictObject({
      kind: z.string(),
      name: z.string().optional(),
      status: z.string().optional(),
      after: z.number().optional(),
    }),
  }),
]);
type Condition = z.output<typeof Until>;

export const WaitInput = z.strictObject({
  timeout_ms: z.number().int().min(0).max(MAX_WAIT_MS).default(10_000),
  until: Until,
});
export type WaitRequest = z.input<typeof WaitInput>;

/** Every text in a block or view, so that a card can be awaited by what it says. */
function texts(value: unknown): string {
  if (Array.isArray(value)) return value.map(texts).join('\n');
  if (!isObject(value)) return '';
  return Object.entries(value)
    .map(([key, member]) => (key === 'text' && typeof member === 'string' ? member : texts(member)))
    .join('\n');
}

const says = (one: { text?: string; blocks?: unknown }, wanted: string | undefined): boolean =>
  wanted === undefined || (one.text?.includes(wanted) ?? false) || texts(one.blocks).includes(wanted);

const after = (ts: string, since: string | undefined): boolean => since === undefined || Number(ts) > Number(since);
const same = (value: unknown, wanted: unknown): boolean => wanted === undefined || value === wanted;

function message(core: Core, wanted: Extract<Condition, { message: unknown }>['message']): unknown {
  for (const [channel, list] of Object.entries(core.workspace.data.messages)) {
    if (!same(channel, wanted.channel)) continue;
    const found = list.find(
      (one) =>
        same(one.user, wanted.user) &&
        same(one.thread_ts, wanted.thread_ts) &&
        after(one.ts, wanted.since_ts) &&
        says(one, wanted.text_contains),
    );
    if (found) return { ...found, channel };
  }
  return undefined;
}

function journalEntry(core: Core, wanted: Extract<Condition, { journal: unknown }>['journal']): unknown {
  return core.journal
    .read(wanted.after ?? 0)
    .find((one) => one.kind === wanted.kind && same(one.name, wanted.name) && same(one.status, wanted.status));
}

function viewOf(core: Core, wanted: Extract<Condition, { view: unknown }>['view']): unknown {
  return core.workspace.data.views[wanted.user]?.find(
    (one) =>
      same(one.callback_id, wanted.callback_id) &&
      (wanted.title_contains === undefined || String(one.title?.['text']).includes(wanted.title_contains)),
  );
}

/** What fulfils the condition now, or `undefined`. */
function matchOf(core: Core, until: Condition): unknown {
  const { data } = core.workspace;
  if ('message' in until) return message(core, until.message);
  if ('view' in until) return viewOf(core, until.view);
  if ('journal' in until) return journalEntry(core, until.journal);
  if ('no_view' in until) return (data.views[until.no_view.user] ?? []).length === 0 ? {} : undefined;
  if ('connected' in until) {
    const connected = core.socket.connections > 0 || core.delivery.requestUrl !== undefined;
    return connected === until.connected ? { connected } : undefined;
  }
  if ('home' in until) {
    const home = data.homes[until.home.user];
    return home && says(home, until.home.text_contains) ? home : undefined;
  }
  if ('failure' in until) {
    const { user, what } = until.failure;
    return data.failures.find((one) => same(one.user, user) && same(one.what, what));
  }
  const { user, channel, text_contains: wanted, since_ts: since } = until.ephemeral;
  return data.ephemerals.find(
    (one) => same(one.for, user) && same(one.channel, channel) && after(one.ts, since) && says(one, wanted),
  );
}

/**
 * Waits until the condition holds and gives what fulfilled it.
 * @throws Refusal `timeout` when it does not within `timeout_ms`
 */
export async function waitFor(core: Core, given: unknown): Promise<unknown> {
  const read = WaitInput.safeParse(given);
  if (!read.success) throw new Refusal('invalid_arguments', `The wait cannot be read: ${z.prettifyError(read.error)}`);
  const { timeout_ms: timeoutMs, until } = read.data;
  const now = matchOf(core, until);
  if (now !== undefined) return structuredClone(now);
  return new Promise((resolve, reject) => {
    const stop = core.workspace.onChange(({ kind }) => {
      if (kind === 'journal' && !('journal' in until)) return;
      const match = matchOf(core, until);
      if (match === undefined) return;
      clearTimeout(timer);
      stop();
      resolve(structuredClone(match));
    });
    const timer = setTimeout(() => {
      stop();
      reject(new Refusal('timeout', `Within ${timeoutMs} ms this did not happen: ${JSON.stringify(until)}`, 408));
    }, timeoutMs);
  });
}
