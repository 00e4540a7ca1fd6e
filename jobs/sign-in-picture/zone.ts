const zones = new Map<string, Intl.DateTimeFormat>();

function wallFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
}

/** The zone itself when the runtime knows it, else `UTC`. */
export function knownZone(timeZone: string): string {
  if (zones.has(timeZone)) return timeZone;
  try {
    zones.set(timeZone, wallFormat(timeZone));
    return timeZone;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}

/** The wall-clock time at an instant, as if it were UTC: add minutes to it, floor it, print it. */
export function wallTime(instant: number, timeZone: string): number {
  const format = zones.get(timeZone) ?? wallFormat(timeZone);
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The instant at which the wall clock shows that time; `null` when the clocks skip it. If there are two, the first. */
export function instantOf(wall: number, timeZone: string): number | null {
  const day = 86_400_000;
  for (const near of [wall - day, wall + day]) {
    const instant = wall - (wallTime(near, timeZone) - near);
    if (wallTime(instant, timeZone) === wall) return instant;
  }
  return null;
}

const said = (wall: number, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { ...how, timeZone: 'UTC' }).format(wall);

/** Ways to format a wall-clock time. */
export const sayWall = {
  clock: (wall: number) => said(wall, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  weekday: (wall: number) => said(wall, { weekday: 'short' }),
  day: (wall: number) => said(wall, { day: 'numeric', month: 'short' }),
  weekdayAndDay: (wall: number) => said(wall, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', ''),
  month: (wall: number) => said(wall, { month: 'short' }),
  year: (wall: number) => said(wall, { year: 'numeric' }),
};

/** `Mon 23 Nov 2026, 14:32` in a zone. */
export function sayInstant(instant: number, timeZone: string): string {
  const wall = wallTime(instant, timeZone);
  return `${sayWall.weekdayAndDay(wall)} ${sayWall.year(wall)}, ${sayWall.clock(wall)}`;
}

function offset(instant: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(instant);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** `Europe/Berlin, GMT+1`, and both offsets when the clocks change in between. */
export function sayZone({ from, to, timeZone }: { from: number; to: number; timeZone: string }): string {
  if (timeZone === 'UTC') return timeZone;
  const offsets = [...new Set([offset(from, timeZone), offset(to, timeZone)])];
  return `${timeZone}, ${offsets.join(' → ')}`;
}
