import ipaddr from 'ipaddr.js';

/** `ipaddr.js` takes `10` and `0x0a.1` for addresses; a person who wrote that meant something else. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const strict =
    ipaddr.IPv4.isValidFourPartDecimal(text) ||
    (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text));
  return strict ? ipaddr.process(text) : null;
}

/** One range as network address and prefix, `203.0.113.0/24`; a bare address is a range of one. `null` when it is none. */
export function normaliseRange(text: string): string | null {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const parsed = parseAddress(address);
  if (parsed === null || rest.length > 0) return null;
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
