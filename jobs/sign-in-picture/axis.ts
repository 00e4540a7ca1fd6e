import type { Span } from './sign-in.js';
import { instantOf, sayWall, wallTime } from './zone.js';

/** One mark of the time axis: `below` is the line under `label` where a new day or year begins. */
export interface Tick {
  readonly at: number;
  readonly label: string;
  readonly below: string;
}

const MINUTE = 60_000;
const DAY = 1440;
const MOST_TICKS = 8;
/** Steps of the wall clock in minutes, each dividing the next larger unit. */
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240, 600];
/** 5 January 1970 was a Monday: steps of weeks begin on Mondays. */
const MONDAY = 4 * DAY * MINUTE;

function wallsByMinutes(first: number, last: number, minutes: number): number[] {
  const step = minutes * MINUTE;
  const walls: number[] = [];
  for (let wall = Math.floor((first - MONDAY) / step) * step + MONDAY; wall <= last; wall += step) walls.push(wall);
  return walls;
}

const monthBegin = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12);

function wallsByMonths(first: number, last: number, months: number): number[] {
  const start = new Date(first);
  const index = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  const walls: number[] = [];
  for (let month = index; monthBegin(month) <= last; month += months) walls.push(monthBegin(month));
  return walls;
}

const clockLabel = (wall: number): Omit<Tick, 'at'> => ({
  label: sayWall.clock(wall),
  below: sayWall.weekdayAndDay(wall),
});
const dayLabel = (wall: number): Omit<Tick, 'at'> => ({ label: sayWall.day(wall), below: sayWall.weekday(wall) });
const monthLabel = (wall: number): Omit<Tick, 'at'> => ({ label: sayWall.month(wall), below: sayWall.year(wall) });

function chooseWalls(first: number, last: number): { walls: number[]; label: (wall: number) => Omit<Tick, 'at'> } {
  const length = (last - first) / MINUTE;
  const minutes = MINUTES.find((step) => length / step <= MOST_TICKS);
  if (minutes !== undefined)
    return { walls: wallsByMinutes(first, last, minutes), label: minutes < DAY ? clockLabel : dayLabel };
  const months = MONTHS.find((step) => length / (step * 30 * DAY) <= MOST_TICKS) ?? 600;
  return { walls: wallsByMonths(first, last, months), label: monthLabel };
}

/**
 * At most nine marks at round times of the reader's wall clock. Hours that the clocks skip have none. `below` is empty
 * where it would repeat the previous mark.
 */
export function ticksOf({ from, to, timeZone }: Span): Tick[] {
  const { walls, label } = chooseWalls(wallTime(from, timeZone), wallTime(to, timeZone));
  const ticks = walls.flatMap((wall) => {
    const at = instantOf(wall, timeZone);
    return at === null || at < from || at > to ? [] : [{ at, ...label(wall) }];
  });
  return ticks.map((tick, index) => ({ ...tick, below: tick.below === ticks[index - 1]?.below ? '' : tick.below }));
}
