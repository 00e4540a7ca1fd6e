import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What JSON can express. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The one text form of a JSON value (RFC 8785: keys sorted by UTF-16 code units, ECMAScript numbers, no white space).
 * Throws a TypeError for what JSON cannot express (`undefined`, NaN, infinities, cycles).
 */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Only JSON values have a canonical form; this one is undefined.');
  return text;
}

/** SHA-256 over the UTF-8 bytes of the RFC 8785 form, as 64 lower-case hex digits. */
export function canonicalHash(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}
