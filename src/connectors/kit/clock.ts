import type { SystemEvent } from '../../ports/connector.js';

/** A vendor's clock and ours, as its answers show (`http/vendor-clock.ts`). */
export interface Clock {
  /** An instant of our clock on the vendor's: for comparing with its times. */
  vendorTime(own: Date): Date;
  /** An instant of the vendor's clock on ours: for comparing with the times that we stored. */
  ownTime(vendor: Date): Date;
}

/** Events with their times on our clock: our own actions are recognised by their time. */
export const onOurClock = (
  { ownTime }: Pick<Clock, 'ownTime'>,
  events: readonly SystemEvent[],
): readonly SystemEvent[] => events.map((event) => ({ ...event, occurredAt: ownTime(event.occurredAt) }));
