import { sayFirstFailure } from './first-call.js';
import { App, type Context, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import * as z from 'zod';
import type { Runtime } from '../platform/runtime.js';
import type { Secret } from '../platform/secret.js';
import { createCatchUp, followSocket } from './catch-up.js';
import { listenToButtons } from './listeners/buttons.js';
import { listenToChannel } from './listeners/channel.js';
import { listenToDecisions } from './listeners/decisions.js';
import { listenToDirectMessages } from './listeners/direct-messages.js';
import { listenToHome } from './listeners/home.js';
import { listenToClaims } from './listeners/claims.js';
import { listenToLocks } from './listeners/locks.js';
import { listenToSignatures } from './listeners/signatures.js';
import { listenToLockdown } from './listeners/lockdown.js';
import { listenToMentions } from './listeners/mentions.js';
import { UnreadablePayload } from './listeners/payloads.js';
import { listenToReports } from './listeners/reports.js';
import { type Edge, tellPrivately } from './listeners/shared.js';
import { createAnswerUnknown } from './listeners/unknown.js';
import { withinDeadline } from '../platform/within-deadline.js';
import { mayPass } from './failures.js';
import { maybe } from './lenient.js';
import { boltLogger } from './logger.js';
import { createUnderWay, type DeliveryNote, durable, surviveFrames } from './receiver.js';

export type Transport =
  /** Socket Mode: no public address needed */
  | { readonly kind: 'socket'; readonly appToken: Secret }
  /** signed requests to `/slack/events` of the web server */
  | { readonly kind: 'http'; readonly signingSecret: Secret };

export interface SlackApp {
  readonly bolt: App;
  /** The HTTP receiver to mount on the web server; `null` in Socket Mode. */
  readonly http: HTTPReceiver | null;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  readonly edge: Edge;
  readonly runtime: Runtime;
  readonly transport: Transport;
  readonly botToken: Secret;
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly identity: { readonly botId: string; readonly botUserId: string; readonly teamId: string };
  /** How often the app makes sure that no direct message is missed, ms; see `catch-up.ts`. */
  readonly roundMs?: number;
}

function receiverFor(parts: Parts): SocketModeReceiver | HTTPReceiver {
  const logger = boltLogger(parts.edge.log);
  if (parts.transport.kind === 'http') {
    return new HTTPReceiver({
      signingSecret: parts.transport.signingSecret.reveal(),
      endpoints: ['/slack/events'],
      logger,
      unhandledRequestTimeoutMillis: 3001,
    });
  }
  const receiver = new SocketModeReceiver({
    appToken: parts.transport.appToken.reveal(),
    logger,
    installerOptions: { clientOptions: { slackApiUrl: parts.apiUrl } },
  });
  surviveFrames(receiver, (error) => {
    parts.edge.rejected('slack_socket', 'unreadable');
    parts.edge.log.warn({ err: error }, 'a frame of the socket to Slack could not be read and was dropped');
  });
  return receiver;
}

const teamed = z.union([
  z.object({ team_id: z.string() }).transform((body) => body.team_id),
  z.object({ team: z.object({ id: z.string() }) }).transform((body) => body.team.id),
]);

/** The workspace that a delivery says it comes from. */
function teamOf(body: unknown): string | null {
  const parsed = teamed.safeParse(body);
  return parsed.success ? parsed.data : null;
}

const noteOf = z.object({ delivery: z.custom<DeliveryNote>((value) => typeof value === 'object' && value !== null) });

const DRAIN_MS = 1_000;

/** The real Bolt app: one middleware, the listeners, one error handler. */
export function createSlackApp(parts: Parts): SlackApp {
  const underWay = createUnderWay();
  const receiver = durable(receiverFor(parts), createAnswerUnknown(parts.edge), underWay);
  const { botId, botUserId, teamId } = parts.identity;
  const isTold = receiver instanceof SocketModeReceiver;
  const catchUp = createCatchUp(parts.edge, {
    isTold,
    ...(parts.roundMs === undefined ? {} : { roundMs: parts.roundMs }),
  });
  const bolt = new App({
    receiver,
    // Nothing is remembered between deliveries: the store is the truth.
    convoStore: false,
    logger: boltLogger(parts.edge.log),
    logLevel: LogLevel.INFO,
    extendedErrorHandler: true,
    authorize: () => Promise.resolve({ botToken: parts.botToken.reveal(), botId, botUserId, teamId }),
    clientOptions: { slackApiUrl: parts.apiUrl },
  });
  bolt.use(async ({ body, context, next }) => {
    const team = teamOf(body);
    if (team !== teamId) {
      parts.edge.rejected('slack', 'other_workspace');
      parts.edge.log.warn({ team }, 'a delivery for another workspace was dropped');
      const note = noteOf.safeParse(context);
      if (note.success) note.data.delivery.dropped = true;
      return;
    }
    catchUp.reached();
    context['correlationId'] = parts.runtime.newId('req');
    await next();
  });
  listenToReports(bolt, parts.edge);
  listenToDirectMessages(bolt, parts.edge, (written) => catchUp.missed(written));
  listenToMentions(bolt, parts.edge);
  listenToButtons(bolt, parts.edge);
  listenToDecisions(bolt, parts.edge);
  listenToLocks(bolt, parts.edge);
  listenToClaims(bolt, parts.edge);
  listenToSignatures(bolt, parts.edge);
  listenToLockdown(bolt, parts.edge);
  listenToHome(bolt, parts.edge);
  listenToChannel(bolt, parts.edge);
  handleErrors(bolt, parts.edge);
  if (receiver instanceof SocketModeReceiver) followSocket(receiver, catchUp);
  return {
    bolt,
    http: receiver instanceof HTTPReceiver ? receiver : null,
    start: async () => {
      if (receiver instanceof SocketModeReceiver)
        await bolt.start().catch((error: unknown) => {
          throw new Error(sayFirstFailure('SLACK_APP_TOKEN', parts.apiUrl, error), { cause: error });
        });
      else catchUp.connected();
    },
    stop: async () => {
      // Running work is answered first: the answers need the connection that is closed then.
      await withinDeadline(Promise.all([catchUp.stop(), underWay.ended()]), DRAIN_MS);
      if (receiver instanceof SocketModeReceiver) await bolt.stop();
    },
  };
}

export const whoAndWhere = z.object({
  user: maybe(z.object({ id: z.string() })),
  user_id: maybe(z.string()),
  event: maybe(z.object({ user: z.string() })),
});

interface HandledError {
  readonly error: Error;
  readonly context: Context;
  readonly body: unknown;
}

/** Bolt wraps errors without a code. */
const isUnreadable = (error: Error): boolean =>
  error instanceof UnreadablePayload || ('original' in error && error.original instanceof UnreadablePayload);

/** One place for unexpected errors: they are logged, the person is informed, and an event is left for redelivery. */
function handleErrors(bolt: App, edge: Edge): void {
  bolt.error(async ({ error, context, body }: HandledError) => {
    const correlationId: unknown = context['correlationId'];
    edge.log.error({ err: error, correlationId }, 'a Slack delivery failed');
    const note = noteOf.safeParse(context);
    // An unreadable delivery is answered like an unknown one.
    if (isUnreadable(error) && note.success && !note.data.delivery.answered) return;
    if (note.success) note.data.delivery.failed = mayPass(error);
    if (note.success) note.data.delivery.answered = true;
    const parsed = whoAndWhere.safeParse(body);
    const who = parsed.success ? (parsed.data.user?.id ?? parsed.data.user_id ?? parsed.data.event?.user) : undefined;
    if (who === undefined) return;
    const reference = typeof correlationId === 'string' ? correlationId.slice(-8) : 'unknown';
    await tellPrivately(edge.client, who, edge.translator.say('problem.internal', { reference })).catch(
      (failed: unknown) => edge.log.error({ err: failed, correlationId }, 'the person could not be told either'),
    );
  });
}
