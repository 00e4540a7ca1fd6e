import type { SystemEvent } from '../../ports/connector.js';
import type { Ahead } from '../http/vendor-clock.js';
import { fine, misconfigured, untold, type Told } from './told.js';

/** A vendor's clock and ours, as its answers show (`http/vendor-clock.ts`). */
export interface Clock {
  /** How far our clock is ahead of the vendor's; `null` when its answers do not show it. */
  ahead(): Ahead | null;
  /** An instant of our clock on the vendor's: for comparing with its times. */
  vendorTime(own: Date): Date;
  /** An instant of the vendor's clock on ours: for comparing with the times that we stored. */
  ownTime(vendor: Date): Date;
}

/** Events with their times on our clock: our own actions are recognised by their time. */
export const onOurClock = (
  { ownTime }: Pick<Clock, 'ownTime'>,
  events: readonly SystemEvent[],
): readonly SystemEvent[] =>
  events.map((event) => ({
    ...event,
    occurredAt: ownTime(event.occurredAt),
    ...(event.about === undefined ? {} : { about: ownTime(event.about) }),
  }));

/** One-time codes allow as much, and signed sign-ins little more. */
const TOLERABLE_MS = 30_000;

function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/** What the doctor says of our clock, compared with the vendor's. */
export function clockTold(title: string, ahead: Ahead | null): Told {
  if (ahead === null)
    return untold(
      `${title} does not say what time it is, so the clock of this machine cannot be compared with it.`,
      'Compare the clock of this machine with a time server.',
    );
  const { least, most } = ahead;
  const off = least > 0 ? least : Math.min(most, 0);
  if (off === 0) return fine(`The clock of this machine agrees with ${title}.`);
  const how = `The clock of this machine is ${spoken(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} that of ${title}`;
  if (Math.abs(off) <= TOLERABLE_MS) return fine(`${how}, which is taken into account.`);
  return misconfigured(
    `${how}. Times are compared by the clock of ${title} all the same; one-time codes and signed sign-ins are refused sooner or later.`,
    'Set the clock of this machine by a time server (NTP).',
  );
}
