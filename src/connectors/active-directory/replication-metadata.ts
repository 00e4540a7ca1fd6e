import { fromSecondsSince1601 } from './filetime.js';

/** When an attribute was last written, as every controller knows it. */
export interface AttributeStamp {
  /** The attribute's id in MS-DRSR's prefix table. */
  readonly attributeId: number;
  /** Counts the writes since the object was created. */
  readonly version: number;
  /** When the write was made at the controller that accepted it. Whole seconds. */
  readonly changedAt: Date | null;
  /** The queried controller's own update sequence number for it. */
  readonly localUsn: bigint;
}

/** Attribute ids under the prefix 1.2.840.113556.1.4 (0x0009), as MS-DRSR's prefix table maps them. */
export const UNICODE_PWD = 0x0009005a;

/**
 * Attributes that an intruder or an administrator changes, by id. Prefixes: 2.5.4 is 0x0000, 1.2.840.113556.1.2 is
 * 0x0002, 1.2.840.113556.1.4 is 0x0009; the last arc follows (MS-DRSR 5.16.4, MS-ADA1 to MS-ADA3 for the arcs).
 */
export const STAMPED = {
  0x0009005a: 'unicodePwd',
  0x00090008: 'userAccountControl',
  0x0009009f: 'accountExpires',
  0x00090290: 'userPrincipalName',
  0x000900dd: 'sAMAccountName',
  0x00090303: 'servicePrincipalName',
  0x00090096: 'adminCount',
  0x00090062: 'primaryGroupID',
  0x0009003e: 'scriptPath',
  0x0009002c: 'homeDirectory',
  0x00090056: 'userWorkstations',
  0x00090040: 'logonHours',
  0x00090363: 'altSecurityIdentities',
  0x00090261: 'sIDHistory',
  0x000906fb: 'msDS-AllowedToDelegateTo',
  0x00090918: 'msDS-KeyCredentialLink',
  0x00020119: 'nTSecurityDescriptor',
  0x000200d2: 'proxyAddresses',
  0x0002007e: 'altRecipient',
} as const;
const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(STAMPED).map(([id, name]) => [Number(id), name]));

const HEADER_BYTES = 16;
const STAMP_BYTES = 48;
const MOST_ATTRIBUTES = 4096;

/** The attribute's name; `null` for those that nobody needs to know about. */
export const attributeName = (id: number): string | null => NAMES.get(id) ?? null;

/**
 * All stamps in a `replPropertyMetaData` value; none when it is absent or not readable. Layout: MS-DRSR 5.157 and 5.160,
 * little-endian: version, reserved, count, reserved (4 bytes each), then per attribute id (4), version (4), seconds since
 * 1601 (8), originating controller (16), originating USN (8), local USN (8).
 */
export function stampsOf(metadata: Buffer | null): readonly AttributeStamp[] {
  if (metadata === null || metadata.length < HEADER_BYTES || metadata.readUInt32LE(0) !== 1) return [];
  const count = Math.min(metadata.readUInt32LE(8), MOST_ATTRIBUTES);
  if (metadata.length < HEADER_BYTES + count * STAMP_BYTES) return [];
  return Array.from({ length: count }, (_, index) => stampAt(metadata, HEADER_BYTES + index * STAMP_BYTES));
}

export const stampOf = (stamps: readonly AttributeStamp[], attributeId: number): AttributeStamp | null =>
  stamps.find((stamp) => stamp.attributeId === attributeId) ?? null;

function stampAt(metadata: Buffer, at: number): AttributeStamp {
  return {
    attributeId: metadata.readUInt32LE(at),
    version: metadata.readUInt32LE(at + 4),
    changedAt: fromSecondsSince1601(metadata.readBigUInt64LE(at + 8)),
    localUsn: metadata.readBigUInt64LE(at + 40),
  };
}
