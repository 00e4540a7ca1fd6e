import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import { manual, native, unsupported, type Action, type Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { blockListAction, type BlockList } from '../kit/block-list.js';
import type { EffectOf } from '../kit/effect.js';
import { flaggedFacts } from '../kit/groups.js';
import { normaliseRange } from '../kit/ranges.js';
import { inEntra } from './clicks.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';
import { GROUP_DELAY_SECONDS, UNTIL_ASKED } from './residual.js';
import type { Reading } from './state.js';

export const NAMED_LOCATIONS = '/v1.0/identity/conditionalAccess/namedLocations';
export const IP_LOCATION = '#microsoft.graph.ipNamedLocation';
const MOST_RANGES = 2_000;

/** `null`: not shown, or in an unreadable form. */
export const location = z.object({
  '@odata.type': z.string().catch(''),
  displayName: z.string().catch(''),
  isTrusted: z.boolean().nullable().catch(null),
  ipRanges: z
    .array(z.object({ cidrAddress: z.string().min(1) }).transform(({ cidrAddress }) => cidrAddress))
    .nullable()
    .catch(null),
});

interface Location {
  readonly displayName: string;
  /** As Graph writes them. */
  readonly ranges: readonly string[];
}

const pathOf = (id: string): string => `${NAMED_LOCATIONS}/${id}`;

/** The blocked location, refused when blocking could do harm: a trusted one lets its addresses in more easily. */
export async function readBlockedLocation({ api }: Reader, id: string, call: CallContext): Answer<Location> {
  const request = { path: pathOf(id), needs: [PERMISSION.readPolicies], call };
  const answer = await api.get(location, 'a named location', request);
  if (!answer.ok) return answer;
  const { '@odata.type': type, displayName, isTrusted, ipRanges: ranges } = answer.value;
  const named = `The named location "${displayName}"`;
  if (type !== IP_LOCATION)
    return unsupported(`${named} holds no IP ranges; prepare one of the kind "IP ranges location".`);
  if (isTrusted === true)
    return unsupported(
      `${named} is marked as trusted, so an address in it would be let in rather than blocked; prepare one that is not.`,
    );
  // A change replaces the whole list: unreadable entries would be dropped, and their addresses let in.
  if (isTrusted === null || ranges === null)
    return unsupported(
      `${named} cannot be read whole, so a change could let addresses in; look at it in the Entra admin center.`,
    );
  return ok({ displayName, ranges });
}

/** The ranges of any named location; `null`: a country, "all trusted", or one that cannot be read whole. */
export async function readNamedRanges(
  { api }: Reader,
  id: string,
  call: CallContext,
): Promise<readonly string[] | null> {
  const request = { path: pathOf(encodeURIComponent(id)), needs: [PERMISSION.readPolicies], call };
  const answer = await api.get(location, 'a named location', request);
  return answer.ok && answer.value['@odata.type'] === IP_LOCATION ? answer.value.ipRanges : null;
}

export const entry = (cidrAddress: string): Bodies['location']['ipRanges'][number] => ({
  '@odata.type': cidrAddress.includes(':') ? '#microsoft.graph.iPv6CidrRange' : '#microsoft.graph.iPv4CidrRange',
  cidrAddress,
});

/** Graph has no ETag for it. */
const blockList = (reader: Reader, id: string, call: CallContext): Answer<BlockList> =>
  mapped(readBlockedLocation(reader, id, call), ({ displayName, ranges }) => ({
    ranges: ranges.map(normaliseRange),
    async write({ add, remove }) {
      const kept = ranges.filter((range) => !remove.includes(normaliseRange(range) ?? ''));
      const wanted = [...new Set([...kept, ...add])];
      if (wanted.length > MOST_RANGES || wanted.length === 0)
        return unsupported(
          `The named location "${displayName}" takes 1 to ${MOST_RANGES} ranges; tidy it up, and leave one that never signs in (192.0.2.1/32).`,
        );
      const json: Bodies['location'] = { '@odata.type': IP_LOCATION, ipRanges: wanted.map(entry) };
      const needs = [PERMISSION.conditionalAccess];
      return reader.api.change({ method: 'PATCH', path: pathOf(id), json, needs, call });
    },
  }));

/** Addresses in a named location that a Conditional Access policy blocks: for everybody, not for one account. */
export function blockAddress(
  reader: Reader,
  effect: EffectOf<Reading, readonly string[]>,
): Action<'block_address', Reading> {
  const { blocked_location: id } = reader.settings;
  const residual = UNTIL_ASKED;
  if (id === null) {
    const why = 'No blocked named location was prepared; do the manual steps, or set entra_id.blocked_location.';
    const clicks: Action<'block_address', Reading>['clicks'] = ({ ranges }) =>
      inEntra(
        'Block the address',
        'Open Protection | Conditional Access | Named locations and press IP ranges location',
        `Name it, leave "Mark as trusted location" off, add ${ranges.join(', ')} and press Create`,
        'Open Policies | New policy: Users: All users, Exclude the emergency accounts; Target resources: All resources',
        'Under Network choose Include | Selected networks and locations and take the named location; under Grant choose Block access',
        'Set Enable policy to On and press Create',
      );
    return manual({ why, residual, clicks });
  }
  return blockListAction(
    {
      read: (call) => blockList(reader, id, call),
      words: {
        inside: (ranges) => `The blocked location holds ${ranges}.`,
        outside: (ranges) => `The blocked location does not hold ${ranges}.`,
      },
      facts: flaggedFacts((range) => `blocked ${range}`),
      effect,
    },
    {
      can: {
        ...native(PERMISSION.readUsers, PERMISSION.readPolicies, PERMISSION.conditionalAccess),
        effectiveWithinSeconds: GROUP_DELAY_SECONDS,
      },
      residual,
    },
  );
}
