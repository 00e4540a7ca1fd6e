import { setTimeout as wait } from 'node:timers/promises';
import { ErrorCode, type WebClient } from '@slack/web-api';
import * as z from 'zod';
import { maybe, pageEnd, readable } from './lenient.js';
import { type DirectMessage, directMessage } from './listeners/payloads.js';

const PAGE = 200;
/** At most 40,000 conversations, and 2,000 messages in one of them: nobody's flood delays the others forever. */
const MOST_CHANNEL_PAGES = 200;
const MOST_MESSAGE_PAGES = 10;
/** A reply is searched for under every message written this long before; older messages hardly get replies any more. */
const THREADS_MS = 30 * 24 * 60 * 60_000;
/**
 * Slack accepts about 50 calls a minute of these methods; the first few may come at once. Source: docs.slack.dev, rate
 * limits.
 */
const AT_ONCE = 40;
const BETWEEN_MS = 1_300;
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 1_000;

export const channelPage = z.object({
  channels: readable(z.object({ id: z.string(), is_user_deleted: maybe(z.boolean()) })),
  response_metadata: pageEnd,
});
export const messagePage = z.object({
  messages: readable(
    z.looseObject({
      ts: z.string(),
      /** Of a message with a thread. Source: docs.slack.dev, "Retrieving messages". */
      reply_count: maybe(z.number()),
      latest_reply: maybe(z.string()),
    }),
  ).nullish(),
  response_metadata: pageEnd,
});

/** Reads one page after another; waits as long as Slack demands, and with growing pauses when it does not answer. */
function createReader(signal: AbortSignal) {
  let calls = 0;
  const ask = async <T>(call: () => Promise<T>, tries = 1): Promise<T> => {
    signal.throwIfAborted();
    calls += 1;
    if (calls > AT_ONCE) await wait(BETWEEN_MS, undefined, { signal });
    try {
      return await call();
    } catch (error) {
      const pauseMs = pauseAfter(error, tries);
      if (pauseMs === null) throw error;
      await wait(pauseMs, undefined, { signal });
      return ask(call, tries + 1);
    }
  };
  return ask;
}

/** How long to wait before the same call; `null` when it is useless. */
function pauseAfter(error: unknown, tries: number): number | null {
  if (!(error instanceof Error) || !('code' in error) || tries >= MOST_TRIES) return null;
  if (error.code === ErrorCode.RateLimitedError && 'retryAfter' in error) return Number(error.retryAfter) * 1000;
  return error.code === ErrorCode.PlatformError ? null : FIRST_PAUSE_MS * 2 ** (tries - 1);
}

type Ask = ReturnType<typeof createReader>;

/** Every direct conversation of the bot, also with people who never wrote before. */
async function* conversations(client: WebClient, ask: Ask): AsyncGenerator<string> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_CHANNEL_PAGES; page += 1) {
    const query = { types: 'im', limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = channelPage.parse(await ask(() => client.users.conversations(query)));
    yield* answer.channels.filter((one) => one.is_user_deleted !== true).map(({ id }) => id);
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return;
  }
}

type Message = NonNullable<z.output<typeof messagePage>['messages']>[number];

/** All messages of a history or a thread, page by page. */
async function pagesOf(ask: Ask, read: (paging: { limit: number; cursor?: string }) => Promise<unknown>) {
  const found: Message[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_MESSAGE_PAGES; page += 1) {
    const paging = { limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = messagePage.parse(await ask(() => read(paging)));
    found.push(...(answer.messages ?? []));
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return found;
}

/** Whether somebody has replied under this message since; where Slack does not say when, somebody may have. */
const hasReplies = ({ reply_count: count = 0, latest_reply: latest }: Message, since: number): boolean =>
  count > 0 && (latest === undefined || Number(latest) >= since);

/**
 * What people have written in one conversation since, the oldest first; messages by the app or Slack itself are left
 * out. The history has no replies, but shows which messages have some: so it is read from further back.
 */
async function messagesIn(client: WebClient, ask: Ask, channel: string, since: Date): Promise<DirectMessage[]> {
  const from = since.getTime() / 1000;
  const above = { channel, oldest: (from - THREADS_MS / 1000).toFixed(6) };
  const top = await pagesOf(ask, (paging) => client.conversations.history({ ...above, ...paging }));
  const written = [...top];
  for (const { ts } of top.filter((message) => hasReplies(message, from))) {
    const thread = { channel, ts, oldest: from.toFixed(6) };
    written.push(...(await pagesOf(ask, (paging) => client.conversations.replies({ ...thread, ...paging }))));
  }
  return written
    .filter(({ ts }) => Number(ts) > from)
    .map((message) => directMessage.safeParse({ ...message, channel, channel_type: 'im' }))
    .flatMap(({ data }) => data ?? [])
    .toSorted((one, other) => Number(one.ts) - Number(other.ts));
}

/**
 * Reads what people have written to the app since, conversation by conversation. A conversation that cannot be read, or
 * a message that cannot be taken in, is logged and does not delay the others. Resolves with whether there was none.
 * @throws when the conversations cannot be listed, or the signal is aborted
 */
export async function readMissed(
  client: WebClient,
  { since, signal }: { readonly since: Date; readonly signal: AbortSignal },
  to: { take: (message: DirectMessage) => Promise<void>; unread: (channel: string, error: unknown) => void },
): Promise<boolean> {
  const ask = createReader(signal);
  let all = true;
  const told = (channel: string) => (error: unknown) => {
    signal.throwIfAborted();
    all = false;
    to.unread(channel, error);
    return [];
  };
  for await (const channel of conversations(client, ask)) {
    for (const message of await messagesIn(client, ask, channel, since).catch(told(channel)))
      await to.take(message).catch(told(channel));
  }
  return all;
}
