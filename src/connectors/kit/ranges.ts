import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/**
 * One range in its normal form: the network address and the prefix, `203.0.113.0/24`. A bare address counts as a range
 * of one; an IPv4 address written in IPv6 becomes IPv4. `null` when it is not a range.
 */
export function normaliseRange(text: string): string | null {
  const [address, prefix, ...rest] = text.trim().split('/');
  if (address === undefined || rest.length > 0 || !isStrictAddress(address)) return null;
  const parsed = ipaddr.parse(address);
  const widest = parsed.kind() === 'ipv4' ? 32 : 128;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return null;
  const length = prefix === undefined ? widest : Number(prefix);
  if (length > widest) return null;
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && length >= 96) {
    return network(parsed.toIPv4Address(), length - 96);
  }
  return network(parsed, length);
}

/** `ipaddr.js` accepts `10` and `0x0a.1` as addresses; a person who wrote that meant something else. */
function isStrictAddress(address: string): boolean {
  return (
    ipaddr.IPv4.isValidFourPartDecimal(address) ||
    (address.includes(':') && !address.includes('%') && ipaddr.IPv6.isValid(address))
  );
}

function network(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(Math.max(length - index * 8, 0), 8);
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${length}`;
}

/** A set of ranges as one text that is equal for equal sets; `null` when one of them is not a range. */
export function rangeSetKey(ranges: readonly string[]): string | null {
  const normal = ranges.map(normaliseRange);
  return normal.includes(null) ? null : [...new Set(normal)].sort().join(' ');
}

/** Whether one of the ranges contains the whole of this one; `false` for what is not a range. */
export function isWithin(one: string, ranges: readonly string[]): boolean {
  const inner = normaliseRange(one);
  if (inner === null) return false;
  const [address, length] = ipaddr.parseCIDR(inner);
  return ranges.some((range) => {
    const outer = normaliseRange(range);
    if (outer === null) return false;
    const [network, prefix] = ipaddr.parseCIDR(outer);
    return network.kind() === address.kind() && prefix <= length && address.match([network, prefix]);
  });
}

/** A range in a connector's settings, in its normal form. */
export const rangeSetting = z.string().transform((value, context) => {
  const normal = normaliseRange(value);
  if (normal !== null) return normal;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(value)} is no IP range; write it like 203.0.113.0/24 or 2001:db8::/32.`,
  });
  return z.NEVER;
});
