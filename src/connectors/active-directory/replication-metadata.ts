import { fromSecondsSince1601 } from './filetime.js';

/** When an attribute was last written, as every controller knows it. */
export interface AttributeStamp {
  /** Counts the writes since the object was made. */
  readonly version: number;
  /** When the write was made at the controller that took it. Whole seconds. */
  readonly changedAt: Date | null;
  /** The asked controller's own update sequence number for it. */
  readonly localUsn: bigint;
}

/** Attribute ids under the prefix 1.2.840.113556.1.4 (0x0009), as MS-DRSR's prefix table maps them. */
const UNICODE_PWD = 0x0009005a;

const HEADER_BYTES = 16;
const STAMP_BYTES = 48;
const MOST_ATTRIBUTES = 4096;

/**
 * The stamp of `unicodePwd` in a `replPropertyMetaData` value. Unlike `pwdLastSet` it also tells when a password was
 * set that must be changed at the next logon (pwdLastSet is 0 then). Layout: MS-DRSR 5.157 and 5.160, little-endian:
 * version, reserved, count, reserved (4 bytes each), then per attribute id (4), version (4), seconds since 1601 (8),
 * originating controller (16), originating USN (8), local USN (8). `null` when it is absent or not readable.
 */
export function passwordStamp(metadata: Buffer | null): AttributeStamp | null {
  if (metadata === null || metadata.length < HEADER_BYTES || metadata.readUInt32LE(0) !== 1) return null;
  const count = Math.min(metadata.readUInt32LE(8), MOST_ATTRIBUTES);
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * STAMP_BYTES;
    if (at + STAMP_BYTES > metadata.length) return null;
    if (metadata.readUInt32LE(at) === UNICODE_PWD) return stampAt(metadata, at);
  }
  return null;
}

function stampAt(metadata: Buffer, at: number): AttributeStamp {
  return {
    version: metadata.readUInt32LE(at + 4),
    changedAt: fromSecondsSince1601(metadata.readBigUInt64LE(at + 8)),
    localUsn: metadata.readBigUInt64LE(at + 40),
  };
}
