import type { SignIn } from './sign-in.js';
import { plainLine } from './text.js';

/** All sign-ins from one place, or from one address without a place. */
export interface Lane {
  /** Country and city, else the address; empty when the system gives neither. */
  readonly name: string;
  readonly signIns: readonly SignIn[];
  readonly odd: number;
  /** `new`: most of what is here is odd; `mixed`: a known place with something odd; `known`: nothing odd. */
  readonly mood: 'new' | 'mixed' | 'known';
  readonly failed: number;
}

export interface Lanes {
  readonly shown: readonly Lane[];
  /** The lanes for which there is no room: never one with an odd sign-in before one without. */
  readonly rest: readonly Lane[];
}

export const MOST_LANES = 12;

const nameOf = ({ place, ip }: SignIn): string => plainLine(place ?? '') || plainLine(ip ?? '');

function laneOf(name: string, signIns: readonly SignIn[]): Lane {
  const odd = signIns.filter((signIn) => signIn.odd).length;
  return {
    name,
    signIns,
    odd,
    mood: odd * 2 >= signIns.length ? 'new' : odd > 0 ? 'mixed' : 'known',
    failed: signIns.filter(({ succeeded }) => succeeded === false).length,
  };
}

const newestOdd = ({ signIns }: Lane): number => signIns.findLast(({ odd }) => odd)?.at.getTime() ?? -Infinity;

const MOODS = ['new', 'mixed', 'known'] as const;

/** New places on top, then known ones with something odd, the newest anomaly first; then the others, the busiest first. */
function byAnomaly(one: Lane, other: Lane): number {
  const mood = MOODS.indexOf(one.mood) - MOODS.indexOf(other.mood);
  const recency = one.odd > 0 && other.odd > 0 ? newestOdd(other) - newestOdd(one) : 0;
  return mood || recency || other.signIns.length - one.signIns.length || one.name.localeCompare(other.name);
}

/** Sorts sign-ins, given in order of time, into lanes. */
export function lanesOf(signIns: readonly SignIn[]): Lanes {
  const byName = new Map<string, SignIn[]>();
  for (const signIn of signIns) {
    const name = nameOf(signIn);
    const lane = byName.get(name);
    if (lane) lane.push(signIn);
    else byName.set(name, [signIn]);
  }
  const lanes = [...byName].map(([name, all]) => laneOf(name, all)).sort(byAnomaly);
  return { shown: lanes.slice(0, MOST_LANES), rest: lanes.slice(MOST_LANES) };
}
