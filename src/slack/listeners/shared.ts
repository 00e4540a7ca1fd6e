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

/** Tells only the person who clicked; the message that was clicked stays. */
export const whisper = (respond: RespondFn, text: string): Promise<unknown> =>
  respond({ response_type: 'ephemeral', replace_original: false, text });

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

export const modalOf = (edge: Edge, text: string): ModalView => messageModal(edge.voice, text);
