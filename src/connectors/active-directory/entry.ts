import type { Entry } from 'ldapts';

/** Attributes that are bytes; everything else is read as text. */
export const BINARY_ATTRIBUTES = [
  'objectGUID',
  'objectSid',
  'replPropertyMetaData',
  'nTSecurityDescriptor',
  'tokenGroups',
];

/** The single value of an attribute, `null` when it is missing or not text. ldapts gives `[]` for a missing one. */
export function text(entry: Entry, attribute: string): string | null {
  const value = entry[attribute];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : null;
}

/** All values of an attribute as text. */
export function texts(entry: Entry, attribute: string): readonly string[] {
  const value = entry[attribute];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string');
}

/** The single value of a binary attribute, `null` when it is missing. */
export function bytes(entry: Entry, attribute: string): Buffer | null {
  const value = entry[attribute];
  const first = Array.isArray(value) ? value[0] : value;
  return Buffer.isBuffer(first) ? first : null;
}

/** All values of a binary attribute. */
export function allBytes(entry: Entry, attribute: string): readonly Buffer[] {
  const value = entry[attribute];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => Buffer.isBuffer(one));
}

/** The single value of an attribute as a whole number (Active Directory's are signed 32 bit), `null` when it is none. */
export function integer(entry: Entry, attribute: string): number | null {
  const value = text(entry, attribute);
  return value !== null && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}
