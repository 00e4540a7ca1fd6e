import type { App } from '@slack/bolt';
import { askedForHelp } from '../../../blocks/help-card.js';
import { use } from '../../incidents/limits.js';
import { ownReport } from '../../reports/help.js';
import { meaningOf } from '../../reports/words.js';
import { slackErrorOf } from '../failures.js';
import { plainText } from '../plain-text.js';
import { appMention } from './payloads.js';
import type { Edge } from './shared.js';

/** The answer cannot be shown there: the person has left the channel, or the app has. Source: docs.slack.dev, chat.postEphemeral. */
const NOT_THERE = new Set(['user_not_in_channel', 'not_in_channel', 'channel_not_found', 'is_archived']);

/** The words beside the mention. */
function wordsBeside(text: string, botUserId: string | undefined): string {
  const own = botUserId === undefined ? [] : text.match(new RegExp(`<@${botUserId}(?:\\|[^<>]*)?>`, 'g'));
  return plainText((own ?? []).reduce((rest, mark) => rest.replace(mark, ''), text)).trim();
}

/** What may be a report is always answered; anything else can wait, where somebody mentions it very often. */
const isAnswered = async ({ core }: Edge, user: string, said: string): Promise<boolean> =>
  meaningOf(said) !== 'other' || (await use({ core, tx: core.db }, user, 'messages')).is === 'within';

/**
 * `@Notme` in a channel: many people try this first. The answer is for that person alone, with the button, so that
 * nobody discusses in a channel what happened to them. Nothing is reported automatically: in a channel, "that wasn't
 * me" may be about anything, and approvers write there about others.
 */
export function listenToMentions(app: App, edge: Edge): void {
  app.event('app_mention', async ({ event, context }) => {
    const mention = appMention.safeParse(event);
    if (!mention.success) return;
    const { channel, user, ts, thread_ts: thread } = mention.data;
    const said = wordsBeside(mention.data.text, context.botUserId);
    if (!(await isAnswered(edge, user, said))) return;
    const asked = { message: ts, said, surface: 'mention' } as const;
    const answer = askedForHelp(edge.translator, asked, await ownReport(edge.core, user));
    try {
      await edge.client.chat.postEphemeral({
        channel,
        user,
        ...answer,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
    } catch (error) {
      if (!NOT_THERE.has(slackErrorOf(error) ?? '')) throw error;
      await edge.client.chat.postMessage({ channel: user, ...answer });
    }
  });
}
