/** A clock that can be set off. */
export interface Skew {
  readonly clock: () => Date;
  /** @param ms how far it is ahead; negative: behind */
  set(ms: number): void;
}

export function createSkew(clock: () => Date): Skew {
  let offMs = 0;
  return { clock: () => new Date(clock().getTime() + offMs), set: (ms) => void (offMs = ms) };
}
