import ipaddr from 'ipaddr.js';
import { phrase, type Phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';

const MAX_RANGES = 50;

/**
 * Parses permitted ranges as typed: CIDRs separated by line breaks, commas or blanks. A bare address is its own range.
 */
export function parseRanges(typed: string): Result<readonly string[], Problem> {
  const entries = [...new Set(typed.split(/[\s,;]+/).filter((entry) => entry !== ''))];
  if (entries.length === 0) return refuse('invalid_input', phrase('problem.ranges.empty'), 'ranges');
  if (entries.length > MAX_RANGES)
    return refuse('invalid_input', phrase('problem.ranges.count', { count: entries.length }), 'ranges');
  const ranges: string[] = [];
  for (const entry of entries) {
    const range = parseRange(entry);
    if (!range.ok) return range;
    ranges.push(range.value);
  }
  return ok(ranges);
}

const wrong = (range: string, why: Phrase): ReturnType<typeof refuse> =>
  refuse('invalid_input', phrase('problem.ranges', { range, why: { phrases: [why], join: '' } }), 'ranges');

function parseRange(entry: string): Result<string, Problem> {
  const cidr = entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? 128 : 32}`;
  if (!isStrictCidr(cidr)) return wrong(entry, phrase('problem.ranges.syntax'));
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  if (prefix === 0) return wrong(entry, phrase('problem.ranges.everything'));
  // Identity systems see such a sign-in under its IPv4 address: the range would never match.
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress())
    return wrong(entry, phrase('problem.ranges.mapped', { meant: address.toIPv4Address().toString() }));
  const network = networkOf(cidr, address.kind());
  if (network !== address.toString())
    return wrong(entry, phrase('problem.ranges.host_bits', { meant: `${network}/${prefix}` }));
  return ok(`${network}/${prefix}`);
}

/** ipaddr.js also accepts octal, hexadecimal and short IPv4 forms, which people do not mean. */
function isStrictCidr(cidr: string): boolean {
  const address = cidr.slice(0, cidr.indexOf('/'));
  return (
    ipaddr.isValidCIDR(cidr) &&
    (address.includes(':') ? !address.includes('%') : ipaddr.IPv4.isValidFourPartDecimal(address))
  );
}

const networkOf = (cidr: string, kind: 'ipv4' | 'ipv6'): string =>
  (kind === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)).toString();

/** Whether two ranges have an address in common: of two CIDRs that do, one contains the other. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [one.split('/')[0] ?? '', other.split('/')[0] ?? ''];
  return isInside(first, [other]) || isInside(second, [one]);
}

/** Whether an address lies in one of the ranges. An unreadable address lies in none. */
export function isInside(ip: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  return ranges.some((range) => {
    const [network, prefix] = ipaddr.parseCIDR(range);
    return network.kind() === address.kind() && address.match([network, prefix] as [ipaddr.IPv4, number]);
  });
}
