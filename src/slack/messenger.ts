import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../ports/messenger.js';
import { err, ok, type Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import { classifySlackError } from './failures.js';
import { maybe, pageEnd, readable } from './lenient.js';
import { createExposureWatch, describe, exposureOf, type Guarded } from './private-channel.js';

const METADATA_TYPE = 'notme_post';
const PAGE = 200;
const MAX_PAGES = 10;
const MOST_DMS = 10_000;
const DM_KNOWN_MS = 60_000;

export const placed = z.object({ channel: z.string(), ts: z.string() });
export const found = z.object({
  // Others write in the channel too, and their messages may contain anything.
  messages: readable(
    z.object({
      ts: z.string(),
      metadata: maybe(z.object({ event_payload: z.object({ post_id: maybe(z.string()) }) })),
      files: maybe(readable(z.object({ name: z.string() }))),
    }),
  ).nullish(),
  response_metadata: pageEnd,
});

export const opened = z.object({ channel: z.object({ id: z.string() }) });

async function attempt<T>(call: () => Promise<T>): Promise<Result<T, MessengerFailure>> {
  try {
    return ok(await call());
  } catch (error) {
    return err(classifySlackError(error));
  }
}

/** Slack seconds (`1700000000.000000`) of a moment, a minute earlier: clocks differ. */
const oldest = (since: Date): string => (since.getTime() / 1000 - 60).toFixed(6);
// Slack accepts any block; the drawing side has made sure that it is one.
const blocksOf = (drawn: Drawn): KnownBlock[] => [...drawn.blocks] as KnownBlock[];

/** A picture has its post's id in its name: an attached file has no metadata. */
const fileName = (postId: string): string => `${postId}.png`;

/**
 * Posts to Slack. Every message has its post's id as metadata, by which it is found again after a crash. In the guarded
 * channel nothing is posted or redrawn while others than its members could read it.
 */
export function createMessenger(client: WebClient, guarded: Guarded, runtime: Runtime): Messenger {
  const exposures = createExposureWatch(client, guarded, runtime);
  // Known for a while, so that a redraw costs no second call. Not for good: somebody may be deactivated meanwhile.
  const dms = new Map<string, { readonly id: string; readonly asked: number }>();

  async function openDm(slackUserId: string): Promise<string> {
    const known = dms.get(slackUserId);
    const now = runtime.now().getTime();
    if (known !== undefined && now - known.asked < DM_KNOWN_MS) return known.id;
    const { channel } = opened.parse(await client.conversations.open({ users: slackUserId }));
    if (dms.size >= MOST_DMS) dms.clear();
    dms.set(slackUserId, { id: channel.id, asked: now });
    return channel.id;
  }

  async function closed<T>(channel: string, call: () => Promise<T>): Promise<Result<T, MessengerFailure>> {
    const exposure = await exposures.of(channel);
    return exposure === null ? attempt(call) : err({ kind: 'unreachable', detail: exposure });
  }

  async function search(
    where: { channel: string; threadTs: string | null },
    postId: string,
    since: Date,
  ): Promise<Placed | null> {
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const range = {
        channel: where.channel,
        oldest: oldest(since),
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor ? { cursor } : {}),
      };
      const answer = found.parse(
        where.threadTs === null
          ? await client.conversations.history(range)
          : await client.conversations.replies({ ...range, ts: where.threadTs }),
      );
      const hit = answer.messages?.find(
        ({ metadata, files }) =>
          metadata?.event_payload.post_id === postId || files?.some(({ name }) => name === fileName(postId)),
      );
      if (hit) return { channel: where.channel, ts: hit.ts };
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) return null;
    }
    return null;
  }

  return {
    post: ({ channel, threadTs }, drawn, postId) =>
      closed(channel, async () => {
        const base = {
          channel,
          text: drawn.text,
          blocks: blocksOf(drawn),
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: METADATA_TYPE, event_payload: { post_id: postId } },
        };
        return placed.parse(await client.chat.postMessage(threadTs === null ? base : { ...base, thread_ts: threadTs }));
      }),
    attach: ({ channel, threadTs }, { png, title, alt }, postId) =>
      closed(channel, async () => {
        const file = { file: Buffer.from(png), filename: fileName(postId), title, alt_text: alt };
        await client.filesUploadV2(
          threadTs === null ? { ...file, channel_id: channel } : { ...file, channel_id: channel, thread_ts: threadTs },
        );
        return null;
      }),
    update: ({ channel, ts }, drawn) =>
      closed(channel, async () => {
        await client.chat.update({ channel, ts, text: drawn.text, blocks: blocksOf(drawn) });
        return null;
      }),
    find: (where, postId, since) => attempt(() => search(where, postId, since)),
    standing: async (channel) => {
      const asked = await attempt(() => describe(client, channel));
      if (!asked.ok) return asked;
      const exposure = channel === guarded.channel ? exposureOf(asked.value, guarded.allowPublic) : null;
      if (channel === guarded.channel) exposures.note(exposure);
      if (exposure !== null) return err({ kind: 'unreachable', detail: exposure });
      if (asked.value.is_archived) return err({ kind: 'unreachable', detail: 'is_archived' });
      return asked.value.is_member === false ? err({ kind: 'unreachable', detail: 'not_in_channel' }) : ok(null);
    },
    fill: (viewId, view) =>
      attempt(async () => {
        await client.views.update({ view_id: viewId, view });
        return null;
      }),
    openDm: (slackUserId) => attempt(() => openDm(slackUserId)),
  };
}
