import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import { lost } from '../http/network-failure.js';
import type { CallContext, ConnectorFailure, Facts } from '../port.js';
import type { GraphApi } from './api.js';
import { PERMISSION } from './permissions.js';
import { normaliseRange } from '../ranges.js';
import { already, doesNotHold, done, holds, type Handler, type Outcome, type Reader } from './reader.js';

const IP_LOCATION = '#microsoft.graph.ipNamedLocation';
const MOST_RANGES = 2_000;

const location = z.object({
  '@odata.type': z.string(),
  displayName: z.string(),
  isTrusted: z.boolean().catch(false),
  ipRanges: z.array(z.object({ '@odata.type': z.string(), cidrAddress: z.string() })).catch([]),
});
type Location = z.output<typeof location>;

const pathOf = (id: string): string => `/v1.0/identity/conditionalAccess/namedLocations/${id}`;

const unfit = (message: string): Result<never, ConnectorFailure> => err({ kind: 'unsupported', message });

/** The blocked location, refused when blocking could do harm: a trusted one lets its addresses in more easily. */
export async function readBlockedLocation(
  api: GraphApi,
  id: string,
  call: CallContext,
): Promise<Result<Location, ConnectorFailure>> {
  const answer = await api.send({ method: 'GET', path: pathOf(id), needs: [PERMISSION.readPolicies], call });
  if (!answer.ok) return answer;
  const parsed = location.safeParse(answer.value.body);
  if (!parsed.success) return err(lost('Microsoft Graph answered something that is not a named location', false));
  const { '@odata.type': type, displayName, isTrusted } = parsed.data;
  if (type !== IP_LOCATION)
    return unfit(
      `The named location "${displayName}" holds no IP ranges; prepare one of the kind "IP ranges location".`,
    );
  if (isTrusted) {
    return unfit(
      `The named location "${displayName}" is marked as trusted, so an address in it would be let in rather than blocked; prepare one that is not.`,
    );
  }
  return ok(parsed.data);
}

const ranged = (cidr: string): string => normaliseRange(cidr) ?? cidr;
const entry = (cidrAddress: string) => ({
  '@odata.type': `#microsoft.graph.${cidrAddress.includes(':') ? 'iPv6CidrRange' : 'iPv4CidrRange'}`,
  cidrAddress,
});

/** Changes of one location one after the other: each replaces the whole list, and Graph has no ETag for it. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

export interface BlockedAddresses {
  handler(ranges: readonly string[]): Handler;
}

/** Addresses in a named location that a Conditional Access policy blocks: for everybody, not for one account. */
export function createBlockedAddresses({ api, settings }: Reader): BlockedAddresses | null {
  const id = settings.blocked_location;
  if (id === null) return null;
  const inTurn = createTurns();

  const change = (call: CallContext, edit: (present: readonly string[]) => readonly string[]): Promise<Outcome> =>
    inTurn(async () => {
      const found = await readBlockedLocation(api, id, call);
      if (!found.ok) return found;
      const { displayName, ipRanges } = found.value;
      const present = ipRanges.map(({ cidrAddress }) => ranged(cidrAddress));
      const wanted = edit(present);
      if (wanted.length === present.length) return already;
      if (wanted.length > MOST_RANGES || wanted.length === 0) {
        return unfit(
          `The named location "${displayName}" takes 1 to ${MOST_RANGES} ranges; tidy it up, and leave one that never signs in (192.0.2.1/32).`,
        );
      }
      const json = { '@odata.type': IP_LOCATION, ipRanges: wanted.map(entry) };
      const needs = [PERMISSION.conditionalAccess];
      const answer = await api.send({ method: 'PATCH', path: pathOf(id), json, needs, call });
      return answer.ok ? done(answer.value.requestId) : answer;
    });

  const captureOf = async (ranges: readonly string[], call: CallContext): Promise<Result<Facts, ConnectorFailure>> => {
    const found = await readBlockedLocation(api, id, call);
    if (!found.ok) return found;
    const present = new Set(found.value.ipRanges.map(({ cidrAddress }) => ranged(cidrAddress)));
    return ok(Object.fromEntries(ranges.map((range) => [`blocked ${range}`, present.has(range)])));
  };

  return {
    handler(given) {
      const ranges = [...new Set(given.map(ranged))];
      return {
        perform: ({ call }) => change(call, (present) => [...new Set([...present, ...ranges])]),
        capture: ({ call }) => captureOf(ranges, call),
        restore({ call }, before) {
          const added = new Set(ranges.filter((range) => before[`blocked ${range}`] === false));
          return change(call, (present) => present.filter((range) => !added.has(range)));
        },
        async judge({ call }) {
          const facts = await captureOf(ranges, call);
          if (!facts.ok) return facts;
          const open = ranges.filter((range) => facts.value[`blocked ${range}`] !== true);
          if (open.length > 0) return doesNotHold(`The blocked location does not hold ${open.join(', ')}.`);
          return holds(`The blocked location holds ${ranges.join(', ')}: nobody signs in from there.`);
        },
      };
    },
  };
}
