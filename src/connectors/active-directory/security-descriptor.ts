import { formatGuid } from './guid.js';
import { formatSid, sidLength } from './security-id.js';

/** One entry of an access list that may concern control access rights. */
export interface AccessEntry {
  readonly allows: boolean;
  /** The rights' bits (MS-ADTS 5.1.3.2). */
  readonly mask: number;
  /** The right or property that it is limited to; `null`: all. */
  readonly objectType: string | null;
  readonly trustee: string;
}

const CONTROL_ACCESS = 0x100;
const GENERIC_ALL = 0x1000_0000;

const ACE_HEADER = 4;
const INHERIT_ONLY = 0x08;
/** ACE types (MS-DTYP 2.4.4.1): allowed, denied, and the same for one object type. */
const TYPES: Readonly<Record<number, { readonly allows: boolean; readonly object: boolean }>> = {
  0: { allows: true, object: false },
  1: { allows: false, object: false },
  5: { allows: true, object: true },
  6: { allows: false, object: true },
};
const OBJECT_TYPE_PRESENT = 0x1;
const INHERITED_TYPE_PRESENT = 0x2;
const GUID_BYTES = 16;
const MOST_ENTRIES = 2000;

/** The entries of a security descriptor's access list that are in force on the object itself; `null` when it cannot be read. */
export function accessEntries(descriptor: Buffer): readonly AccessEntry[] | null {
  if (descriptor.length < 20) return null;
  const listAt = descriptor.readUInt32LE(16);
  // Without an access list everybody may do everything; no directory object is like that.
  if (listAt === 0 || listAt + 8 > descriptor.length) return null;
  const count = Math.min(descriptor.readUInt16LE(listAt + 4), MOST_ENTRIES);
  const entries: AccessEntry[] = [];
  let at = listAt + 8;
  for (let index = 0; index < count; index += 1) {
    if (at + ACE_HEADER > descriptor.length) return null;
    const size = descriptor.readUInt16LE(at + 2);
    if (size < ACE_HEADER || at + size > descriptor.length) return null;
    const entry = entryOf(descriptor.subarray(at, at + size));
    if (entry !== null) entries.push(entry);
    at += size;
  }
  return entries;
}

/** `null` for entries of other types, and for those that only children inherit. */
function entryOf(ace: Buffer): AccessEntry | null {
  const type = TYPES[ace.readUInt8(0)];
  if (type === undefined || (ace.readUInt8(1) & INHERIT_ONLY) !== 0 || ace.length < 8) return null;
  const mask = ace.readUInt32LE(4);
  let at = 8;
  let objectType: string | null = null;
  if (type.object) {
    if (ace.length < 12) return null;
    const flags = ace.readUInt32LE(8);
    at = 12;
    if ((flags & OBJECT_TYPE_PRESENT) !== 0) {
      objectType = formatGuid(ace.subarray(at, at + GUID_BYTES));
      if (objectType === null) return null;
      at += GUID_BYTES;
    }
    if ((flags & INHERITED_TYPE_PRESENT) !== 0) at += GUID_BYTES;
  }
  const length = sidLength(ace, at);
  const trustee = length === null ? null : formatSid(ace.subarray(at, at + length));
  return trustee === null ? null : { allows: type.allows, mask, objectType, trustee };
}

/**
 * Whether somebody with these identifiers may use a control access right. The list is in its canonical order, so the
 * first entry that concerns the right decides (MS-ADTS 5.1.3.3.4); if there is none, the answer is no.
 */
export function mayUse(entries: readonly AccessEntry[], right: string, sids: ReadonlySet<string>): boolean {
  const about = entries.find(
    ({ mask, objectType, trustee }) =>
      (mask & (CONTROL_ACCESS | GENERIC_ALL)) !== 0 &&
      (objectType === null || objectType === right) &&
      sids.has(trustee),
  );
  return about?.allows === true;
}
