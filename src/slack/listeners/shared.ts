import type { Context } from '@slack/bolt';
import type { RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { messageModal } from '../../../blocks/modals/message.js';
import type { Translator } from '../../../blocks/parts.js';
import { sayPhrase } from '../../texts/phrase.js';
import { moment } from '../../texts/say.js';
import type { Core, Origin } from '../../ports/core.js';
import type { Problem } from '../../texts/problem.js';
import type { Reported } from '../../reports/report.js';
import { slackErrorOf } from '../failures.js';

/** What every listener works with. */
export interface Edge {
  readonly core: Core;
  readonly translator: Translator;
  readonly client: WebClient;
  readonly log: Logger;
  /** Ends with a slash: `https://acme.slack.com/`. */
  readonly workspaceUrl: string;
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

export const sayProblem = (edge: Edge, problem: Problem): string => sayPhrase(edge.translator.say, problem.phrase);

/** The answer to a report. */
export const saidReported = (edge: Edge, { incident, opened, withheld }: Reported): string =>
  withheld
    ? sayLimit(edge, incident.reference, withheld.until)
    : edge.translator.say(opened ? 'report.opened' : 'report.merged', { reference: incident.reference });

/** The answer to whoever writes too often: the report stands, or one is still taken. */
export const sayLimit = ({ translator: { say } }: Edge, reference: string | null, until: Date): string =>
  reference === null
    ? say('talk.limited', { until: moment(until) })
    : say('report.limited', { reference, until: moment(until) });

/** Sends a message to one person, in their direct messages with the app. */
export const tellPrivately = (client: WebClient, user: string, text: string): Promise<unknown> =>
  client.chat.postMessage({ channel: user, text });

/** Where a click came from, so that it can be answered there. */
export interface Clicked {
  /** The click may not be on a message (App Home). */
  readonly respond: RespondFn | undefined;
  readonly user: string;
  /** The thread of the clicked message; without it an answer would go to the channel. */
  readonly threadTs: string | undefined;
}

/** Shown only to the person who clicked; the clicked message stays. */
export const replyEphemeral = (edge: Edge, { respond, user, threadTs }: Clicked, text: string): Promise<unknown> =>
  respond
    ? respond({
        response_type: 'ephemeral',
        replace_original: false,
        text,
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      })
    : tellPrivately(edge.client, user, text);

/** The open view, to be replaced later; `null` when Slack no longer accepted the trigger. */
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

/** Replaces what a window shows; if it was closed meanwhile, that is no error. */
export async function fillModal(edge: Edge, viewId: string, view: ModalView): Promise<void> {
  try {
    await edge.client.views.update({ view_id: viewId, view });
  } catch (error) {
    if (slackErrorOf(error) !== 'not_found') throw error;
    edge.log.info({ view: viewId }, 'a window was closed before it could be filled');
  }
}

/** Opens the window of a report; a person for whom it came too late is told how to report without it. */
export async function openReport(edge: Edge, to: { trigger: string; user: string }, view: ModalView): Promise<void> {
  if ((await openModal(edge, to.trigger, view)) === null)
    await tellPrivately(edge.client, to.user, edge.translator.say('report.too_late'));
}

export const modalOf = (edge: Edge, text: string): ModalView => messageModal(edge.translator, text);
