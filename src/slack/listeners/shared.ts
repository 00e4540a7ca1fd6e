import type { Context } from '@slack/bolt';
import type { RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { messageModal } from '../../../blocks/modals/message.js';
import type { Voice } from '../../../blocks/parts.js';
import { sayPhrase } from '../../../blocks/texts/phrase.js';
import type { Core, Origin } from '../../core.js';
import type { Problem } from '../../problem.js';
import { slackErrorOf } from '../failures.js';

/** What every listener works with. */
export interface Edge {
  readonly core: Core;
  readonly voice: Voice;
  readonly client: WebClient;
  readonly log: Logger;
  /** Counts an input that was refused. */
  rejected(edge: string, reason: string): void;
}

/** The correlation id that the first middleware gave to this delivery. */
export function correlationOf(context: Context): string {
  const id: unknown = context['correlationId'];
  if (typeof id !== 'string') throw new Error('a delivery reached a listener without its correlation id');
  return id;
}

export const originOf = (context: Context, surface: string, channel?: string): Origin => ({
  surface,
  correlationId: correlationOf(context),
  ...(channel === undefined ? {} : { channel }),
});

export const sayProblem = (edge: Edge, problem: Problem): string => sayPhrase(edge.voice.say, problem.phrase);

/** Tells one person, in their direct messages with the app. */
export const tellPrivately = (client: WebClient, user: string, text: string): Promise<unknown> =>
  client.chat.postMessage({ channel: user, text });

/** Tells only the person who clicked; the message that was clicked stays. What was clicked may be no message (App Home). */
export const whisper = (
  edge: Edge,
  { respond, user }: { readonly respond: RespondFn | undefined; readonly user: string },
  text: string,
): Promise<unknown> =>
  respond
    ? respond({ response_type: 'ephemeral', replace_original: false, text })
    : tellPrivately(edge.client, user, text);

/** The view that is open now, to be replaced later; `null` when Slack no longer took the trigger. */
export async function openModal(edge: Edge, triggerId: string, view: ModalView): Promise<string | null> {
  try {
    const opened = await edge.client.views.open({ trigger_id: triggerId, view });
    return opened.view?.id ?? null;
  } catch (error) {
    const code = slackErrorOf(error);
    if (code !== 'expired_trigger_id' && code !== 'exchanged_trigger_id' && code !== 'trigger_expired') throw error;
    edge.rejected('modal', code);
    return null;
  }
}

/** Opens the window of a report; whoever waited too long for it is told how to report without. */
export async function openReport(edge: Edge, to: { trigger: string; user: string }, view: ModalView): Promise<void> {
  if ((await openModal(edge, to.trigger, view)) === null)
    await tellPrivately(edge.client, to.user, edge.voice.say('report.too_late'));
}

export const modalOf = (edge: Edge, text: string): ModalView => messageModal(edge.voice, text);
