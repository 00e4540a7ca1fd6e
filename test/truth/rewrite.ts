import type { Dice } from './dice.js';

/** How an answer is changed before it reaches the connector. It stays an answer that a vendor might give. */
export const CHANGES = ['missing_key', 'null_value', 'retyped', 'unknown_enum', 'hidden_list'] as const;
export type Change = (typeof CHANGES)[number];

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  /** The same key of the same kind of thing: `members.status`. */
  readonly name: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function placesIn(value: unknown, under: string, into: Place[]): void {
  if (Array.isArray(value)) for (const one of value) placesIn(one, under, into);
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    into.push({ holder: value, key, name: `${under}.${key}` });
    placesIn(inner, key, into);
  }
}

const ENUM_KEYS = /(status|type|state|level|role|usage|source|provider|category|operation)$/i;
/** Names of things, which a vendor does not make new: Keycloak's alias of an identity provider. */
const NAME_KEYS: readonly string[] = ['identityProvider'];

function retyped(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? Object.fromEntries(value.entries()) : JSON.stringify(value);
}

const FITS: Readonly<Record<Change, (place: Place) => boolean>> = {
  missing_key: () => true,
  null_value: ({ holder, key }) => holder[key] !== null,
  retyped: ({ holder, key }) => holder[key] !== null,
  unknown_enum: ({ holder, key }) => ENUM_KEYS.test(key) && !NAME_KEYS.includes(key) && typeof holder[key] === 'string',
  // A server that never shows who is in a group, and one that counts what it does not show.
  hidden_list: ({ holder, key }) =>
    Array.isArray(holder[key]) && (key === 'members' || (key === 'Resources' && 'totalResults' in holder)),
};

function apply(change: Change, { holder, key }: Place): void {
  if (change === 'missing_key') Reflect.deleteProperty(holder, key);
  else if (change === 'null_value') holder[key] = null;
  else if (change === 'retyped') holder[key] = retyped(holder[key]);
  else if (change === 'unknown_enum') holder[key] = 'SOMETHING_NEW';
  else holder[key] = [];
}

export interface Rewriter {
  readonly rewrite: (body: unknown) => unknown;
  /** What was changed, `null` when nothing was. */
  readonly changed: () => string | null;
}

/**
 * Changes one place of one answer, or the same place of every answer from then on. An answer that gives the application
 * its token is left alone: without it there is no claim.
 */
export function rewriter(change: Change, dice: Dice, leftOutWhenEmpty: readonly string[]): Rewriter {
  let skip = dice.below(6);
  const always = dice.chance(0.5);
  let chosen: string | null = null;
  const isAnEmptyList = (key: string): boolean => change === 'missing_key' && leftOutWhenEmpty.includes(key);
  return {
    changed: () => chosen,
    rewrite(body) {
      if (typeof body !== 'object' || body === null || 'access_token' in body) return body;
      if (chosen !== null && !always) return body;
      // What some directories hand over is more than its JSON.
      const copy: unknown = JSON.parse(JSON.stringify(body));
      const places: Place[] = [];
      placesIn(copy, '', places);
      const fitting = places
        .filter(FITS[change])
        .filter(({ key, name }) => (chosen === null || name === chosen) && !isAnEmptyList(key));
      if (fitting.length === 0) return body;
      if (chosen === null && skip > 0) {
        skip -= 1;
        return body;
      }
      const places0 = chosen === null ? [dice.pick(fitting)] : fitting;
      chosen ??= places0[0]?.name ?? null;
      for (const place of places0) apply(change, place);
      return copy;
    },
  };
}
