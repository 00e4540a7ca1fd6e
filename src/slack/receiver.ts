import type { App, Receiver, ReceiverEvent } from '@slack/bolt';

/** What a listener noted about a delivery: a failed event is not acknowledged, so that Slack sends it again. */
export interface DeliveryNote {
  failed: boolean;
}

const isEvent = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'event' in body && 'event_id' in body;

async function processDurably(app: App, event: ReceiverEvent): Promise<void> {
  if (!isEvent(event.body)) {
    await app.processEvent(event);
    return;
  }
  const note: DeliveryNote = { failed: false };
  await app.processEvent({
    ...event,
    // Bolt acknowledges events before its listeners run; here the acknowledgement waits for what they write.
    ack: () => Promise.resolve(),
    customProperties: { ...event.customProperties, delivery: note },
  });
  if (!note.failed) await event.ack();
}

/** Acknowledges an event only after its listeners have written it down: a crash in between is delivered again. */
export function durable<R extends Receiver>(receiver: R): R {
  const init = receiver.init.bind(receiver);
  receiver.init = (app) => {
    init(
      new Proxy(app, {
        get: (target, key, proxy) =>
          key === 'processEvent'
            ? (event: ReceiverEvent) => processDurably(target, event)
            : (Reflect.get(target, key, proxy) as unknown),
      }),
    );
  };
  return receiver;
}
