import { z } from 'zod';
import type { Core } from './core.js';
import { messagePosted } from './delivery/events.js';
import { anyObject } from './webapi/method.js';
import { postMessage } from './workspace/posting.js';

const CHECK_MS = 1000;

const Draft = z.object({
  user: z.string(),
  byBot: z.boolean(),
  text: z.string(),
  blocks: z.array(anyObject).optional(),
  attachments: z.array(anyObject).optional(),
  metadata: anyObject.optional(),
  threadTs: z.string().optional(),
  username: z.string().optional(),
  broadcast: z.boolean().optional(),
});

/** Posts what is due by the simulator's clock. */
export function postDue(core: Core): void {
  const { workspace } = core;
  const now = workspace.nowSeconds();
  const due = workspace.data.scheduled.filter((one) => one.post_at <= now);
  if (due.length === 0) return;
  workspace.data.scheduled = workspace.data.scheduled.filter((one) => one.post_at > now);
  for (const one of due) {
    const channel = workspace.channel(one.channel);
    if (channel) messagePosted(core, channel, postMessage(workspace, channel.id, Draft.parse(one.draft)));
  }
}

/** Looks every second for scheduled messages; call the result to stop. */
export function keepPosting(core: Core): () => void {
  const timer = setInterval(() => postDue(core), CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
