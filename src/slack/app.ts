import { App, type Context, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import * as z from 'zod';
import type { Runtime } from '../runtime.js';
import type { Secret } from '../secret.js';
import { listenToButtons } from './listeners/buttons.js';
import { listenToDecisions } from './listeners/decisions.js';
import { listenToHome } from './listeners/home.js';
import { listenToLockdown } from './listeners/lockdown.js';
import { listenToReports } from './listeners/reports.js';
import { type Edge, tellPrivately } from './listeners/shared.js';
import { boltLogger } from './logger.js';
import { type DeliveryNote, durable } from './receiver.js';

/** The larger of Slack's payloads (a modal with its state) stays far below this. */
const BODY_LIMIT = 1024 * 1024;

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
}

function receiverFor(parts: Parts): SocketModeReceiver | HTTPReceiver {
  const logger = boltLogger(parts.edge.log);
  if (parts.transport.kind === 'http') {
    return new HTTPReceiver({
      signingSecret: parts.transport.signingSecret.reveal(),
      endpoints: ['/slack/events'],
      logger,
      bodyLimit: BODY_LIMIT,
      unhandledRequestTimeoutMillis: 3001,
    });
  }
  return new SocketModeReceiver({
    appToken: parts.transport.appToken.reveal(),
    logger,
    installerOptions: { clientOptions: { slackApiUrl: parts.apiUrl } },
  });
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

/** The real Bolt app: one middleware, the listeners, one error handler. */
export function createSlackApp(parts: Parts): SlackApp {
  const receiver = durable(receiverFor(parts));
  const { botId, botUserId, teamId } = parts.identity;
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
      return;
    }
    context['correlationId'] = parts.runtime.newId('req');
    await next();
  });
  listenToReports(bolt, parts.edge);
  listenToButtons(bolt, parts.edge);
  listenToDecisions(bolt, parts.edge);
  listenToLockdown(bolt, parts.edge);
  listenToHome(bolt, parts.edge);
  handleErrors(bolt, parts.edge);
  return {
    bolt,
    http: receiver instanceof HTTPReceiver ? receiver : null,
    start: async () => {
      if (receiver instanceof SocketModeReceiver) await bolt.start();
    },
    stop: async () => {
      if (receiver instanceof SocketModeReceiver) await bolt.stop();
    },
  };
}

const whoAndWhere = z.object({
  user: z.object({ id: z.string() }).optional(),
  user_id: z.string().optional(),
  event: z.object({ user: z.string() }).optional(),
});

interface HandledError {
  readonly error: Error;
  readonly context: Context;
  readonly body: unknown;
}

/** One place for what went wrong unexpectedly: logged, said to the person, and an event is left to be delivered again. */
function handleErrors(bolt: App, edge: Edge): void {
  bolt.error(async ({ error, context, body }: HandledError) => {
    const correlationId: unknown = context['correlationId'];
    edge.log.error({ err: error, correlationId }, 'a Slack delivery failed');
    const note = noteOf.safeParse(context);
    if (note.success) note.data.delivery.failed = true;
    const parsed = whoAndWhere.safeParse(body);
    const who = parsed.success ? (parsed.data.user?.id ?? parsed.data.user_id ?? parsed.data.event?.user) : undefined;
    if (who === undefined) return;
    const reference = typeof correlationId === 'string' ? correlationId.slice(-8) : 'unknown';
    await tellPrivately(edge.client, who, edge.voice.say('problem.internal', { reference })).catch((failed: unknown) =>
      edge.log.error({ err: failed, correlationId }, 'the person could not be told either'),
    );
  });
}
