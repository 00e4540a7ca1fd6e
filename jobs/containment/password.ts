import type { Runtime } from '../../src/runtime.js';
import { Secret } from '../../src/secret.js';

const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.!+=:@%'] as const;
const ALL = CLASSES.join('');
const LENGTH = 28;

/** A number below `bound` without modulo bias. */
function below(bound: number, runtime: Runtime): number {
  const limit = 256 - (256 % bound);
  for (let tries = 0; tries < 1000; tries += 1) {
    const byte = runtime.randomBytes(1)[0] ?? 255;
    if (byte < limit) return byte % bound;
  }
  throw new Error('the source of randomness returns no usable bytes');
}

const pick = (letters: string, runtime: Runtime): string => letters.charAt(below(letters.length, runtime));

/** A random password that satisfies the complexity rules of all linked systems: 28 characters, all four classes, ASCII. */
export function newPassword(runtime: Runtime): Secret {
  const letters = CLASSES.map((letter) => pick(letter, runtime));
  while (letters.length < LENGTH) letters.push(pick(ALL, runtime));
  for (let index = letters.length - 1; index > 0; index -= 1) {
    const other = below(index + 1, runtime);
    const [a, b] = [letters[index] ?? '', letters[other] ?? ''];
    letters[index] = b;
    letters[other] = a;
  }
  return new Secret(letters.join(''));
}

/** What a sealed password is bound to, so that it cannot be moved to another step. */
export const passwordContext = (workspaceId: string, stepId: string): string => `password/${workspaceId}/${stepId}`;
