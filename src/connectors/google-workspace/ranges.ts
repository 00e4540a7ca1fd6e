import ipaddr from 'ipaddr.js';

const SHAPE = /^(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)(?:\/(0|[1-9]\d{0,2}))?$/i;

/**
 * One range in its normal form, the network address and the prefix: `203.0.113.0/24`. A bare address is a range of one.
 * `null` when it is no range.
 */
export function normaliseRange(text: string): string | null {
  const match = SHAPE.exec(text.trim());
  const address = match?.[1];
  if (address === undefined || !ipaddr.isValid(address)) return null;
  const kind = ipaddr.parse(address).kind();
  const widest = kind === 'ipv4' ? 32 : 128;
  const length = match?.[2] === undefined ? widest : Number(match[2]);
  if (length > widest) return null;
  const written = `${address}/${length}`;
  const network =
    kind === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(written) : ipaddr.IPv6.networkAddressFromCIDR(written);
  return `${network.toString()}/${length}`;
}

/** A set of ranges as one text that is equal for equal sets; `null` when one of them is no range. */
export function rangeSetKey(ranges: readonly string[]): string | null {
  const normal = ranges.map(normaliseRange);
  return normal.includes(null) ? null : [...new Set(normal)].sort().join(' ');
}
