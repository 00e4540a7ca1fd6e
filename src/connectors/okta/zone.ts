import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  textsOf,
  unsupported,
  type Action,
  type On,
  type Outcome,
  type Undo,
} from './action.js';
import { part } from './api.js';
import { normaliseRange } from '../ranges.js';
import type { Parts } from './state.js';

const gateway = z.looseObject({ type: z.string(), value: z.string() });
const zone = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().catch(''),
  status: z.string().catch(''),
  usage: z.string().catch(''),
  gateways: z.array(gateway).nullable().catch(null),
});
type Zone = z.output<typeof zone>;
type Gateway = z.output<typeof gateway>;

/** A gateway as a CIDR in its normal form; Okta writes a single address as a range that begins and ends there. */
function rangeOf({ value }: Gateway): string | null {
  const [from = '', to] = value.split('-');
  return to === undefined || to.trim() === from.trim() ? normaliseRange(from) : null;
}

/** The zone that takes blocked addresses. It is read before every change: PUT replaces the whole zone. */
export async function readZone({ api, settings }: Parts, call: CallContext): Promise<Result<Zone, ConnectorFailure>> {
  const name = settings.block_zone;
  if (name === null)
    return unsupported('No network zone is configured for blocking; set block_zone, or do the console steps.');
  const zones = await api.list('/api/v1/zones?limit=200', zone, call);
  if (!zones.ok) return zones;
  const found = zones.value.rows.find((row) => row.name === name);
  if (found === undefined) {
    const message = `Okta has no network zone named "${name}"; create it under Security | Networks, or correct block_zone.`;
    return err({ kind: 'not_found', message });
  }
  if (found.type === 'IP' && found.usage === 'BLOCKLIST' && found.status === 'ACTIVE') return ok(found);
  return unsupported(
    `The Okta network zone "${name}" blocks nothing: it must be an active IP zone with "Block access from IPs matching conditions listed in this zone".`,
  );
}

const blocked = (row: Zone): readonly string[] => (row.gateways ?? []).map(rangeOf).filter((range) => range !== null);

/** What Okta alone writes; all the rest goes back as it was read. */
const OKTA_SETS = new Set(['_links', 'created', 'lastUpdated']);

async function writeZone({ api }: Parts, row: Zone, gateways: readonly Gateway[], call: CallContext): Promise<Outcome> {
  const kept = Object.entries(row).filter(([key]) => !OKTA_SETS.has(key));
  const json = { ...Object.fromEntries(kept), gateways };
  const put = await api.change({ method: 'PUT', path: `/api/v1/zones/${part(row.id)}`, json, call });
  return put.ok ? ok({ alreadyDone: false, requestId: put.value.requestId }) : put;
}

/** Changes of the one shared zone go one after the other: two that read the same zone would undo each other. */
export function createZoneQueue(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const next = last.then(change);
    last = next.catch(() => undefined);
    return next;
  };
}
export type ZoneQueue = ReturnType<typeof createZoneQueue>;

interface Block {
  readonly parts: Parts;
  readonly queue: ZoneQueue;
  readonly wanted: readonly string[];
}

const add = ({ parts, queue, wanted }: Block, { call }: On): Promise<Outcome> =>
  queue(async () => {
    const row = await readZone(parts, call);
    if (!row.ok) return row;
    const present = blocked(row.value);
    const missing = wanted.filter((range) => !present.includes(range));
    if (missing.length === 0) return ok({ alreadyDone: true, requestId: null });
    const added = missing.map((value) => ({ type: 'CIDR', value }));
    return writeZone(parts, row.value, [...(row.value.gateways ?? []), ...added], call);
  });

const undo = ({ parts, queue, wanted }: Block): Undo => ({
  async capture({ call }) {
    const row = await readZone(parts, call);
    if (!row.ok) return row;
    const present = blocked(row.value);
    return ok({ blocked: wanted.filter((range) => present.includes(range)) });
  },
  /** Only what the command added goes; what others blocked stays. */
  restore: ({ call }, before) =>
    queue(async () => {
      const row = await readZone(parts, call);
      if (!row.ok) return row;
      const ours = wanted.filter((range) => !textsOf(before, 'blocked').includes(range));
      const gateways = row.value.gateways ?? [];
      const kept = gateways.filter((entry) => !ours.includes(rangeOf(entry) ?? ''));
      if (kept.length === gateways.length) return ok({ alreadyDone: true, requestId: null });
      return writeZone(parts, row.value, kept, call);
    }),
});

export function blockAddress(parts: Parts, queue: ZoneQueue, ranges: readonly string[]): Action {
  const normal = ranges.map(normaliseRange);
  const wanted = [...new Set(normal.filter((range) => range !== null))];
  const block: Block = { parts, queue, wanted };
  return {
    perform(on) {
      if (wanted.length > 0 && !normal.includes(null)) return add(block, on);
      const message = 'These are no IP ranges; give addresses or CIDRs such as 198.51.100.7/32.';
      return Promise.resolve(err({ kind: 'invalid_input', message, field: 'ranges' }));
    },
    async judge({ call }) {
      const row = await readZone(parts, call);
      if (!row.ok) return row.error.kind === 'unsupported' ? ok(cannotTell(row.error.message)) : row;
      const present = blocked(row.value);
      const missing = wanted.filter((range) => !present.includes(range));
      return ok(
        missing.length === 0
          ? holds(`The Okta zone "${row.value.name}" blocks ${wanted.join(', ')} for everybody.`)
          : doesNotHold(`The Okta zone "${row.value.name}" does not list ${missing.join(', ')}.`),
      );
    },
    undo: undo(block),
    survives: [{ what: 'Sessions that were opened from there already, until they are revoked', forSeconds: null }],
  };
}
