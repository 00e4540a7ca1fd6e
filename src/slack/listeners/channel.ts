import type { App } from '@slack/bolt';
import * as z from 'zod';
import { appendWorkspaceEvent } from '../../incidents/workspace-event.js';
import { notme } from '../../incidents/audit-event.js';
import { requestWork } from '../../outbox/outbox.js';
import { type Edge, originOf } from './shared.js';

const about = z.object({ type: z.string(), channel: z.string() });

/**
 * What happens to the security channel while Notme runs: evidence is posted there. Slack sends no event when a channel is
 * made public; that is found by a look every few minutes.
 */
export function listenToChannel(app: App, edge: Edge): void {
  const heard = async (event: unknown, origin: ReturnType<typeof originOf>): Promise<void> => {
    const read = about.safeParse(event);
    const { core } = edge;
    if (!read.success || read.data.channel !== core.policy.securityChannel) return;
    const { channel, type } = read.data;
    await core.db.transaction(async (tx) => {
      const action = 'channel.changed';
      await appendWorkspaceEvent(core, tx, { actor: notme('slack'), action, origin, detail: { channel, event: type } });
      await requestWork(tx, {
        workspaceId: core.workspaceId,
        name: 'check_channel',
        ref: channel,
        correlationId: origin.correlationId,
        now: core.runtime.now(),
      });
    });
    core.dispatch();
  };
  app.event('channel_shared', ({ event, context }) => heard(event, originOf(context, 'event')));
  app.event('channel_archive', ({ event, context }) => heard(event, originOf(context, 'event')));
  app.event('channel_deleted', ({ event, context }) => heard(event, originOf(context, 'event')));
  app.event('group_archive', ({ event, context }) => heard(event, originOf(context, 'event')));
  app.event('group_deleted', ({ event, context }) => heard(event, originOf(context, 'event')));
}
