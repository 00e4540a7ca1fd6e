import type { Runtime } from '../platform/runtime.js';
import { Secret } from '../platform/secret.js';

const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.!+=:@%'] as const;
const ALL = CLASSES.join('');
const LENGTH = 28;

/** Number of bytes drawn at once: a password needs about sixty. */
const DRAWN = 256;
const MOST_DRAWS = 100;

/** Draws numbers below a bound without modulo bias. @throws when the source returns no usable bytes */
function numbersFrom(runtime: Runtime): (bound: number) => number {
  let bytes: Uint8Array = new Uint8Array();
  let [used, draws] = [0, 0];
  const next = (): number => {
    if (used === bytes.length) {
      if (draws === MOST_DRAWS) throw new Error('the source of randomness returns no usable bytes');
      [bytes, used, draws] = [runtime.randomBytes(DRAWN), 0, draws + 1];
    }
    used += 1;
    return bytes[used - 1] ?? 255;
  };
  return (bound) => {
    const limit = 256 - (256 % bound);
    let byte = next();
    while (byte >= limit) byte = next();
    return byte % bound;
  };
}

/** A random password that satisfies the complexity rules of all linked systems: 28 characters, all four classes, ASCII. */
export function newPassword(runtime: Runtime): Secret {
  const below = numbersFrom(runtime);
  const pick = (from: string): string => from.charAt(below(from.length));
  const letters = CLASSES.map(pick);
  while (letters.length < LENGTH) letters.push(pick(ALL));
  for (let index = letters.length - 1; index > 0; index -= 1) {
    const other = below(index + 1);
    const [a, b] = [letters[index] ?? '', letters[other] ?? ''];
    letters[index] = b;
    letters[other] = a;
  }
  return new Secret(letters.join(''));
}

/** The context a password is sealed for, so that it cannot be moved to another step. */
export const passwordContext = (workspaceId: string, stepId: string): string => `password/${workspaceId}/${stepId}`;
