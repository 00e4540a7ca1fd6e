/** What decides everything in a run: the same seed throws the same. */
export interface Dice {
  /** 0 to `sides` - 1. */
  below(sides: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Some of them, at least one when there is one. */
  some<T>(from: readonly T[]): readonly T[];
  bytes(size: number): Buffer;
}

/** Mulberry32, from the FNV-1a of the seed's text. */
export function diceOf(seed: string): Dice {
  let state = 0x811c9dc5;
  for (const sign of seed) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (sides: number): number => Math.floor(next() * sides);
  return {
    below,
    chance: (share) => next() < share,
    pick(from) {
      const [found] = from.length === 0 ? [] : from.slice(below(from.length));
      if (from.length === 0) throw new Error('there is nothing to pick from');
      return found as (typeof from)[number];
    },
    some(from) {
      const chosen = from.filter(() => next() < 0.5);
      return chosen.length > 0 ? chosen : from.slice(0, 1);
    },
    bytes: (size) => Buffer.from(Array.from({ length: size }, () => below(256))),
  };
}
