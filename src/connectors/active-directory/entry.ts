import type { Entry } from 'ldapts';
import { ATTRIBUTES, ROOT_DSE, type AttributeName, type ReadAs } from './attributes.js';

/** Attributes that are bytes; everything else is read as text. */
export const BINARY_ATTRIBUTES = Object.entries({ ...ATTRIBUTES, ...ROOT_DSE })
  .filter(([, form]) => form === 'bytes' || form === 'allBytes')
  .map(([name]) => name);

/** All values. ldapts gives `[]` for a missing attribute. */
function valuesOf(entry: Entry, attribute: AttributeName): readonly unknown[] {
  const value = entry[attribute];
  return Array.isArray(value) ? value : [value];
}

function firstText(entry: Entry, attribute: AttributeName): string | null {
  const [first] = valuesOf(entry, attribute);
  return typeof first === 'string' ? first : null;
}

/** The single value of an attribute, `null` when it is missing or not text. */
export const text = (entry: Entry, attribute: ReadAs<'text'>): string | null => firstText(entry, attribute);

/** All values of an attribute as text. */
export const texts = (entry: Entry, attribute: ReadAs<'texts'>): readonly string[] =>
  valuesOf(entry, attribute).filter((one) => typeof one === 'string');

/** The single value of a binary attribute, `null` when it is missing. */
export function bytes(entry: Entry, attribute: ReadAs<'bytes'>): Buffer | null {
  const [first] = valuesOf(entry, attribute);
  return Buffer.isBuffer(first) ? first : null;
}

/** All values of a binary attribute. */
export const allBytes = (entry: Entry, attribute: ReadAs<'allBytes'>): readonly Buffer[] =>
  valuesOf(entry, attribute).filter((one) => Buffer.isBuffer(one));

/** The single value of an attribute of 32 bits with a sign, `null` when it is none. */
export function integer(entry: Entry, attribute: ReadAs<'integer'>): number | null {
  const value = firstText(entry, attribute);
  return value !== null && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}

/** The single value of an attribute of 64 bits, in digits: it may be larger than a number can say exactly. */
export const large = (entry: Entry, attribute: ReadAs<'large'>): string | null => firstText(entry, attribute);

const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/;

/** The single value of an attribute as a time, `null` when it is none. */
export function time(entry: Entry, attribute: ReadAs<'time'>): Date | null {
  const told = firstText(entry, attribute)?.replace(GENERALIZED_TIME, '$1-$2-$3T$4:$5:$6Z');
  const at = Date.parse(told ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}
