import { WebClient, type WebClientOptions } from '@slack/web-api';
import * as z from 'zod';
import type { Logger } from 'pino';
import { sendRequest, startDeadline } from '../platform/outgoing-http.js';
import type { Secret } from '../platform/secret.js';
import { pageEnd, readable } from './lenient.js';
import { classifySlackError, slackErrorOf } from './failures.js';
import { sayFirstFailure } from './first-call.js';
import { boltLogger } from './logger.js';
import { LARGEST_PAGE, patiently } from './patience.js';

/** For one call of the Web API, ms. */
const TIMEOUT_MS = 10_000;

/** The Web API client looks for warnings in it, and throws where it is null. Source: apiCall in its WebClient. */
const NO_METADATA = /"response_metadata"\s*:\s*null/g;

/** Forms take the fast path, bounded here; files, which are rare, use `fetch`. */
const send: NonNullable<WebClientOptions['fetch']> = async (url, init = {}) => {
  const { method, headers = {}, body } = init;
  if (typeof body !== 'string' || method !== 'POST')
    return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const deadline = startDeadline(TIMEOUT_MS);
  try {
    const answer = await sendRequest(String(url), { method, headers, body, signal: deadline.signal });
    const text = (await answer.body.text()).replace(NO_METADATA, '"response_metadata":{}');
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
  /** Ends with a slash: `https://acme.slack.com/`. */
  readonly url: string;
}

export const authTest = z.object({ team_id: z.string(), bot_id: z.string(), user_id: z.string(), url: z.url() });

/** The bot token's identity. @throws a sentence with the fix when the token is refused, or Slack cannot be reached */
export async function identify(client: WebClient): Promise<SlackIdentity> {
  const answer = await client.auth.test().catch((error: unknown) => {
    throw new Error(sayFirstFailure('SLACK_BOT_TOKEN', client.slackApiUrl, error), { cause: error });
  });
  const { team_id: teamId, bot_id: botId, user_id: botUserId, url } = authTest.parse(answer);
  return { teamId, botId, botUserId, url };
}

export const channelPage = z.object({
  channels: readable(z.object({ id: z.string(), name: z.string() })),
  response_metadata: pageEnd,
});

const MAX_PAGES = 200;

type Listing = (query: {
  types: string;
  exclude_archived: boolean;
  limit: number;
  cursor?: string;
}) => Promise<unknown>;

async function findChannel(list: Listing, name: string): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = {
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: LARGEST_PAGE,
      ...(cursor ? { cursor } : {}),
    };
    const answer = channelPage.parse(await patiently(() => list(query)));
    const found = answer.channels.find((channel) => channel.name === name);
    if (found) return found.id;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return null;
}

const lookFor = async (client: WebClient, name: string): Promise<string | null> =>
  (await findChannel((query) => client.users.conversations(query), name)) ??
  (await findChannel((query) => client.conversations.list(query), name));

const SET_THE_ID = 'set workspace.security_channel in notme.yml to its id (in Slack: the channel, About)';

function sayNotLookedFor(name: string, error: unknown): string {
  if (slackErrorOf(error) === 'missing_scope')
    return `The security channel #${name} cannot be looked for by its name: the installed app lacks channels:read or groups:read. Paste the present manifest.yml into the app's settings and reinstall the app to the workspace, or ${SET_THE_ID}.`;
  const failure = classifySlackError(error);
  const reason = 'detail' in failure ? failure.detail : 'it is asked too often';
  return `The security channel #${name} could not be looked for by its name: Slack did not answer as it should (${reason}). Start Notme again, or ${SET_THE_ID}.`;
}

/**
 * The id of a channel given by id or by name: searched among the bot's own channels, which are few, then among all
 * public ones. @throws a sentence with the fix when there is none
 */
export async function resolveChannel(client: WebClient, wanted: string): Promise<string> {
  if (/^[CG][A-Z0-9]{6,}$/.test(wanted)) return wanted;
  const name = wanted.replace(/^#/, '');
  const found = await lookFor(client, name).catch((error: unknown) => {
    throw new Error(sayNotLookedFor(name, error), { cause: error });
  });
  if (found !== null) return found;
  throw new Error(
    `The security channel #${name} was not found. Make it, invite the bot with /invite @Notme (a private channel is seen only then), or set workspace.security_channel in notme.yml to its id.`,
  );
}
