import ipaddr from 'ipaddr.js';

/**
 * One range in its normal form: the network address and the prefix, `203.0.113.0/24`. A bare address is a range of one.
 * `null` when it is no range.
 */
export function normaliseRange(text: string): string | null {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const strict =
    ipaddr.IPv4.isValidFourPartDecimal(address) ||
    (address.includes(':') && !address.includes('%') && ipaddr.IPv6.isValid(address));
  if (!strict || rest.length > 0) return null;
  const parsed = ipaddr.parse(address);
  const widest = parsed.kind() === 'ipv4' ? 32 : 128;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return null;
  const length = prefix === undefined ? widest : Number(prefix);
  if (length > widest) return null;
  const bytes = parsed.toByteArray().map((byte, index) => {
    const kept = Math.min(Math.max(length - index * 8, 0), 8);
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${length}`;
}

/** A set of ranges as one text that is equal for equal sets; `null` when one of them is no range. */
export function rangeSetKey(ranges: readonly string[]): string | null {
  const normal = ranges.map(normaliseRange);
  return normal.includes(null) ? null : [...new Set(normal)].sort().join(' ');
}
