import { WebClient, type WebClientOptions } from '@slack/web-api';
import * as z from 'zod';
import type { Logger } from 'pino';
import { sendRequest, startDeadline } from '../outbound.js';
import type { Secret } from '../secret.js';
import { boltLogger } from './logger.js';

/** For one call of the Web API, ms. */
const TIMEOUT_MS = 10_000;

/** Forms go the short way, bounded here; files, which are rare, take `fetch`. */
const send: NonNullable<WebClientOptions['fetch']> = async (url, init = {}) => {
  const { method, headers = {}, body } = init;
  if (typeof body !== 'string' || method !== 'POST')
    return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const deadline = startDeadline(TIMEOUT_MS);
  try {
    const answer = await sendRequest(String(url), { method, headers, body, signal: deadline.signal });
    const text = await answer.body.text();
    return new Response(text, { status: answer.status, headers: answer.headers });
  } finally {
    deadline.clear();
  }
};

/**
 * A Web API client that never retries by itself: retries belong to the store's work, which knows what was posted.
 */
export const createSlackClient = (token: Secret, apiUrl: string, log: Logger): WebClient =>
  new WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: send,
    logger: boltLogger(log),
  });

export interface SlackIdentity {
  readonly teamId: string;
  readonly botId: string;
  readonly botUserId: string;
}

const authTest = z.object({ team_id: z.string(), bot_id: z.string(), user_id: z.string() });

/** Who the bot token is. @throws with Slack's error code when the token is refused */
export async function identify(client: WebClient): Promise<SlackIdentity> {
  const { team_id: teamId, bot_id: botId, user_id: botUserId } = authTest.parse(await client.auth.test());
  return { teamId, botId, botUserId };
}

const channelPage = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

const MAX_PAGES = 50;

/** The id of a channel given by id or by name. @throws a sentence with the fix when there is none */
export async function resolveChannel(client: WebClient, wanted: string): Promise<string> {
  if (/^[CG][A-Z0-9]{6,}$/.test(wanted)) return wanted;
  const name = wanted.replace(/^#/, '');
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = {
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    };
    const answer = channelPage.parse(await client.conversations.list(query));
    const found = answer.channels.find((channel) => channel.name === name);
    if (found) return found.id;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  throw new Error(
    `The security channel #${name} was not found. Make it, invite the bot with /invite @Notme (a private channel is seen only then), or set workspace.security_channel in notme.yml to its id.`,
  );
}
