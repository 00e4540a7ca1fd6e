const SMALLEST_BYTES = 8;

/** A security identifier (MS-DTYP 2.4.2.2) as people write it, `S-1-5-21-…`; `null` when the bytes are not one. */
export function formatSid(bytes: Buffer): string | null {
  if (bytes.length < SMALLEST_BYTES) return null;
  const count = bytes.readUInt8(1);
  if (bytes.length < SMALLEST_BYTES + count * 4) return null;
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(SMALLEST_BYTES + index * 4));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}

/** How many bytes the identifier at this place takes; `null` when it does not fit. */
export function sidLength(bytes: Buffer, at: number): number | null {
  if (at + SMALLEST_BYTES > bytes.length) return null;
  const length = SMALLEST_BYTES + bytes.readUInt8(at + 1) * 4;
  return at + length > bytes.length ? null : length;
}
