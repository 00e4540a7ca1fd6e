import * as z from 'zod';
import { sendRequest, startDeadline } from '../../platform/outgoing-http.js';
import { maybe } from '../lenient.js';
import type { AnswerUnknown } from '../receiver.js';
import { type Edge, modalOf, tellPrivately } from './shared.js';

/** What is read of an unknown interaction. Source: docs.slack.dev, interaction payloads. */
export const unknownPayload = z.object({
  type: maybe(z.string()),
  command: maybe(z.string()),
  user: maybe(z.object({ id: z.string() })),
  response_url: maybe(z.string()),
  container: maybe(z.object({ thread_ts: maybe(z.string()) })),
});
type Unknown = z.output<typeof unknownPayload>;

/** Somebody pressed or sent something, and must be told why nothing happens. */
const DEEDS = new Set(['block_actions', 'interactive_message', 'dialog_submission', 'shortcut', 'message_action']);

const RESPOND_MS = 5_000;

/** @throws when Slack does not accept it */
async function respond(url: string, body: object): Promise<void> {
  const deadline = startDeadline(RESPOND_MS);
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await sendRequest(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: deadline.signal,
    });
    await answer.body.dump();
    if (answer.status >= 300) throw new Error(`Slack answered ${answer.status} to a response`);
  } finally {
    deadline.clear();
  }
}

async function tell(edge: Edge, given: Unknown, text: string): Promise<void> {
  if (given.response_url === undefined || given.response_url === '') {
    if (given.user) await tellPrivately(edge.client, given.user.id, text);
    return;
  }
  const { thread_ts } = given.container ?? {};
  await respond(given.response_url, {
    response_type: 'ephemeral',
    replace_original: false,
    text,
    ...(thread_ts === undefined ? {} : { thread_ts }),
  });
}

/**
 * The last catch-all: what an older or a newer version drew, and what Slack may send some day, is acknowledged at once
 * and answered as an old card, so that nobody sees a bare failure.
 */
export const createAnswerUnknown =
  (edge: Edge): AnswerUnknown =>
  async ({ body, ack }) => {
    const parsed = unknownPayload.safeParse(body);
    const given: Unknown = parsed.success ? parsed.data : {};
    edge.rejected('interaction', 'unknown');
    edge.log.warn({ type: given.type ?? given.command }, 'an interaction that nothing listens to was answered');
    const text = edge.translator.say('problem.old_card');
    if (given.command !== undefined) {
      await ack({ response_type: 'ephemeral', text });
    } else if (given.type === 'view_submission') {
      await ack({ response_action: 'update', view: modalOf(edge, text) });
    } else if (given.type === 'block_suggestion') {
      await ack({ options: [] });
    } else {
      await ack();
      if (given.type === undefined || !DEEDS.has(given.type)) return;
      await tell(edge, given, text).catch((error: unknown) =>
        edge.log.warn({ err: error }, 'a person could not be told that a card is old'),
      );
    }
  };
