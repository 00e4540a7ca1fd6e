import type { App, Receiver, ReceiverEvent, SocketModeReceiver } from '@slack/bolt';

/** The fate of a delivery. */
export interface DeliveryNote {
  /** An event whose listener failed in a possibly temporary way is not acknowledged, so that Slack sends it again. */
  failed: boolean;
  /** The person was already informed. */
  answered: boolean;
  /** It is not ours: acknowledged without an answer. */
  dropped: boolean;
}

/** Answers what no listener handles. */
export type AnswerUnknown = (delivery: Pick<ReceiverEvent, 'body' | 'ack'>) => Promise<void>;

const isEvent = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'event' in body && 'event_id' in body;

/** Bolt acknowledges events before its listeners run; here the acknowledgement waits for what they store. */
async function processEvent(app: App, event: ReceiverEvent): Promise<void> {
  const note: DeliveryNote = { failed: false, answered: false, dropped: false };
  await app.processEvent({
    ...event,
    ack: () => Promise.resolve(),
    customProperties: { ...event.customProperties, delivery: note },
  });
  if (!note.failed) await event.ack();
}

/** A click, a command, a window: whatever no listener has acknowledged is answered by the catch-all. */
async function processInteraction(app: App, event: ReceiverEvent, answerUnknown: AnswerUnknown): Promise<void> {
  // Typed as an object by Bolt, which reads its properties; Socket Mode passes on whatever came.
  const body: unknown = event.body;
  if (typeof body !== 'object' || body === null) return answerUnknown(event);
  const note: DeliveryNote = { failed: false, answered: false, dropped: false };
  await app.processEvent({
    ...event,
    ack: async (response) => {
      note.answered = true;
      await event.ack(response);
    },
    customProperties: { ...event.customProperties, delivery: note },
  });
  if (note.dropped) await event.ack();
  else if (!note.answered) await answerUnknown(event);
}

/**
 * A socket frame that is no envelope (`null`, an event without its payload) makes socket-mode 3.1 throw in a listener
 * that nobody awaits, which ends the process. Here it is awaited. Source: onWebSocketMessage in its SocketModeClient.
 */
export function surviveFrames({ client }: SocketModeReceiver, unreadable: (error: unknown) => void): void {
  const takers: readonly ((...frame: unknown[]) => unknown)[] = client.listeners('ws_message');
  for (const take of takers) {
    client.off('ws_message', take);
    client.on('ws_message', async (...frame: unknown[]) => {
      try {
        await take(...frame);
      } catch (error) {
        unreadable(error);
      }
    });
  }
}

/** Deliveries in progress. */
export interface UnderWay {
  during(delivery: Promise<void>): Promise<void>;
  /**
   * Resolves when the current ones have ended, well or not: their answers still need the connection that they came by.
   */
  ended(): Promise<void>;
}

export function createUnderWay(): UnderWay {
  const running = new Set<Promise<void>>();
  return {
    during: (delivery) => {
      running.add(delivery);
      return delivery.finally(() => running.delete(delivery));
    },
    ended: async () => {
      await Promise.allSettled(running);
    },
  };
}

/**
 * Acknowledges an event only after its listeners have stored it: after a crash in between it is redelivered. Leaves no
 * interaction without an answer.
 */
export function durable<R extends Receiver>(receiver: R, answerUnknown: AnswerUnknown, underWay: UnderWay): R {
  const take = (app: App, event: ReceiverEvent): Promise<void> =>
    isEvent(event.body) ? processEvent(app, event) : processInteraction(app, event, answerUnknown);
  const init = receiver.init.bind(receiver);
  receiver.init = (app) => {
    init(
      new Proxy(app, {
        get: (target, key, proxy) =>
          key === 'processEvent'
            ? (event: ReceiverEvent) => underWay.during(take(target, event))
            : (Reflect.get(target, key, proxy) as unknown),
      }),
    );
  };
  return receiver;
}
