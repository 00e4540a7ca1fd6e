import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { manual, refuse, lastingUntil, unsupported, type Action, type Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { blockListAction, type BlockList } from '../kit/block-list.js';
import { listedFacts } from '../kit/groups.js';
import { normaliseRange } from '../kit/ranges.js';
import type { CallContext } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import { inConsole } from './console.js';
import { scopes, SCOPE } from './scopes.js';
import type { Zones } from './sign-on.js';
import type { Parts, Reading } from './state.js';

const gateway = z.looseObject({ value: z.string() });
export const zone = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  type: z.string().catch(''),
  status: z.string().catch(''),
  usage: z.string().catch(''),
  /**
   * As received: PUT replaces the whole list, so an entry of another form must be sent back too. A zone without any has
   * `null`; `undefined` is not a list, which the next change would replace.
   */
  gateways: z
    .array(z.unknown())
    .nullish()
    .transform((list) => list ?? [])
    .or(z.unknown().transform(() => undefined)),
});
type Zone = z.output<typeof zone> & { readonly gateways: readonly unknown[] };

/**
 * A gateway as a CIDR in its normal form; Okta writes a single address as a range that begins and ends there. `null`: it
 * is no such range.
 */
function rangeOf(entry: unknown): string | null {
  const { value = '' } = gateway.safeParse(entry).data ?? {};
  const [from = '', to] = value.split('-');
  return to === undefined || to.trim() === from.trim() ? normaliseRange(from) : null;
}

/** The zone for blocked addresses. It is read before every change: PUT replaces the whole zone. */
export async function readZone({ api }: Parts, name: string, call: CallContext): Answer<Zone> {
  const zones = await api.list('/api/v1/zones?limit=200', zone, call);
  if (!zones.ok) return zones;
  const found = zones.value.items.find((row) => row.name === name);
  if (found === undefined && !zones.value.complete)
    return unsupported(
      `Okta lists network zones that cannot be read, and "${name}" is not among the others; look under Security | Networks.`,
    );
  if (found === undefined)
    return refuse(
      'not_found',
      `Okta has no network zone named "${name}"; create it under Security | Networks, or correct block_zone.`,
    );
  const { gateways, type, usage, status } = found;
  if (type !== 'IP' || usage !== 'BLOCKLIST' || status !== 'ACTIVE')
    return unsupported(
      `The Okta network zone "${name}" blocks nothing: it must be an active IP zone with "Block access from IPs matching conditions listed in this zone".`,
    );
  if (gateways !== undefined) return ok({ ...found, gateways });
  return unsupported(
    `The addresses of the Okta network zone "${name}" cannot be read, and a change would drop them; do the manual steps.`,
  );
}

/** The ranges of all network zones, by id; `null` for one that is no list of addresses, or cannot be read whole. */
export const rangesOfZones = ({ api }: Parts, call: CallContext): Answer<Zones> =>
  mapped(api.list('/api/v1/zones?limit=200', zone, call), ({ items }) => {
    const rangesIn = ({ type, status, gateways }: z.output<typeof zone>): readonly string[] | null => {
      const ranges = type === 'IP' && status === 'ACTIVE' ? (gateways?.map(rangeOf) ?? null) : null;
      return ranges?.every((range) => range !== null) === true ? ranges : null;
    };
    return new Map(items.map((one) => [one.id, rangesIn(one)]));
  });

/** What only Okta writes; all the rest is sent back as it was read. */
const OKTA_SETS = new Set(['_links', 'created', 'lastUpdated']);

const blockList = (parts: Parts, name: string, call: CallContext): Answer<BlockList> =>
  mapped(readZone(parts, name, call), (row) => ({
    ranges: row.gateways.map(rangeOf),
    write({ add, remove }) {
      const kept = Object.entries(row).filter(([key]) => !OKTA_SETS.has(key));
      const left = row.gateways.filter((entry) => !remove.includes(rangeOf(entry) ?? ''));
      const gateways = [...left, ...add.map((value) => ({ type: 'CIDR', value }))];
      const json = { ...Object.fromEntries(kept), gateways };
      return parts.api.change({ method: 'PUT', path: `/api/v1/zones/${segment(row.id)}`, json, call });
    },
  }));

const residual = [
  lastingUntil('Sessions that were opened from there already, until they are revoked', 'revoke_sessions'),
];

export function blockAddress(parts: Parts): Action<'block_address', Reading> {
  const name = parts.settings.block_zone;
  if (name === null)
    return manual({
      why: 'No network zone is configured for blocking; set block_zone, or do the manual steps.',
      observed: 'No network zone is configured for blocking; look under Security | Networks.',
      residual,
      clicks: ({ ranges }) =>
        inConsole(
          'Block the address',
          'Open Security | Networks and click Edit at BlockedIpZone',
          `Add ${ranges.join(', ')} under Gateway IPs`,
          'Check that "Block access from IPs matching conditions listed in this zone" is ticked, and click Save',
        ),
    });
  return blockListAction(
    {
      read: (call) => blockList(parts, name, call),
      words: {
        inside: (ranges) => `The Okta zone "${name}" blocks ${ranges} for everybody.`,
        outside: (ranges) => `The Okta zone "${name}" does not list ${ranges}.`,
      },
      facts: listedFacts('blocked'),
    },
    { can: scopes(SCOPE.readZones, SCOPE.manageZones), residual },
  );
}
