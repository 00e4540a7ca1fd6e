import { inspect } from 'node:util';
import { z } from 'zod';

const REDACTED = '[redacted]';

/** A value that prints as `[redacted]` everywhere; only `reveal()` returns it, and only edges call that. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** A secret in a connector's settings: text becomes a `Secret`. */
export const secretSetting = z.union([
  z.instanceof(Secret),
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value)),
]);
