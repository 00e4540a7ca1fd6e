import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../incidents/messenger.js';
import { err, ok, type Result } from '../result.js';
import { classifySlackError } from './failures.js';

const METADATA_TYPE = 'notme_post';
const PAGE = 200;
const MAX_PAGES = 10;

const placed = z.object({ channel: z.string(), ts: z.string() });
const found = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z.object({ event_payload: z.looseObject({ post_id: z.string().optional() }) }).optional(),
        files: z.array(z.object({ name: z.string().nullish() })).optional(),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

async function attempt<T>(call: () => Promise<T>): Promise<Result<T, MessengerFailure>> {
  try {
    return ok(await call());
  } catch (error) {
    return err(classifySlackError(error));
  }
}

/** Slack seconds (`1700000000.000000`) of a moment, a minute earlier: clocks differ. */
const oldest = (since: Date): string => (since.getTime() / 1000 - 60).toFixed(6);
// Slack takes any block; the drawing side has made sure that it is one.
const blocksOf = (drawn: Drawn): KnownBlock[] => [...drawn.blocks] as KnownBlock[];

/** A picture carries its post's id in its name: an attached file has no metadata. */
const fileName = (postId: string): string => `${postId}.png`;

/** Posts to Slack. Every message carries its post's id as metadata, by which it is found again after a crash. */
export function createMessenger(client: WebClient): Messenger {
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
      const hit = answer.messages.find(
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
      attempt(async () => {
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
      attempt(async () => {
        const file = { file: Buffer.from(png), filename: fileName(postId), title, alt_text: alt };
        await client.filesUploadV2(
          threadTs === null ? { ...file, channel_id: channel } : { ...file, channel_id: channel, thread_ts: threadTs },
        );
        return null;
      }),
    update: ({ channel, ts }, drawn) =>
      attempt(async () => {
        await client.chat.update({ channel, ts, text: drawn.text, blocks: blocksOf(drawn) });
        return null;
      }),
    find: (where, postId, since) => attempt(() => search(where, postId, since)),
    openDm: (slackUserId) =>
      attempt(async () => {
        const opened = z
          .object({ channel: z.object({ id: z.string() }) })
          .parse(await client.conversations.open({ users: slackUserId }));
        return opened.channel.id;
      }),
  };
}
