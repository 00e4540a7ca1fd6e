import ipaddr from 'ipaddr.js';
import type { EvidenceItem } from '../ports/connector.js';
import type { Indicator } from '../incidents/indicator.js';

/** With fewer earlier sign-ins than this there is no habit to differ from. */
const LEAST_HISTORY = 3;

interface Trait {
  readonly why: Indicator['why'];
  readonly weight: number;
  /** For a failed sign-in: an attempt is worth knowing, but nobody got in. */
  readonly failedWeight: number;
  /** What is compared; `null`: the system did not say. */
  read(item: EvidenceItem): string | null;
}

const text = (value: string | undefined): string | null => {
  const tidy = value?.trim().toLowerCase() ?? '';
  return tidy === '' ? null : tidy;
};

/** Versions change every few weeks and do not make a new device. */
const withoutVersions = (device: string): string => device.replaceAll(/\d[\d._]*/g, '#');

/** The address's neighbourhood, /24 or /64: providers assign another address from it every day. */
function network(ip: string | undefined): string | null {
  const given = ip?.trim() ?? '';
  if (!ipaddr.isValid(given)) return null;
  const address = ipaddr.process(given);
  const bytes = address.toByteArray().slice(0, address.kind() === 'ipv4' ? 3 : 8);
  return bytes.join('.');
}

const TRAITS: readonly Trait[] = [
  {
    why: 'anomaly.new_country',
    weight: 90,
    failedWeight: 35,
    read: ({ place }) => text(place?.split(',')[0]),
  },
  {
    why: 'anomaly.new_device',
    weight: 50,
    failedWeight: 15,
    read({ device }) {
      const known = text(device);
      return known === null ? null : withoutVersions(known);
    },
  },
  { why: 'anomaly.new_address', weight: 25, failedWeight: 5, read: ({ ip }) => network(ip) },
];

interface SignIn {
  readonly item: EvidenceItem;
  readonly at: number;
  readonly value: string;
  readonly failed: boolean;
}

function judge(trait: Trait, items: readonly EvidenceItem[], from: Date): readonly Indicator[] {
  const signIns: SignIn[] = items.flatMap((item) => {
    const value = trait.read(item);
    return item.at === null || value === null
      ? []
      : [{ item, at: item.at.getTime(), value, failed: item.succeeded === false }];
  });
  const habits = signIns.filter(({ failed }) => !failed).toSorted((one, other) => one.at - other.at);
  const firstOf = new Map<string, number>();
  for (const { value, at } of habits) if (!firstOf.has(value)) firstOf.set(value, at);
  return signIns.flatMap(({ item, at, value, failed }) => {
    // For a value that never got in, each attempt is compared with what came before it.
    const since = firstOf.get(value) ?? at;
    if (since < from.getTime() || at < from.getTime()) return [];
    const history = habits.filter((habit) => habit.at < since).length;
    if (history < LEAST_HISTORY) return [];
    const weight = failed ? trait.failedWeight : trait.weight;
    return [{ item, why: trait.why, weight, group: `${trait.why} ${value} ${failed ? 'failed' : ''}` }];
  });
}

/** The sign-ins since `from` whose country, kind of device or network the person had never signed in with before. */
export function anomalousSignIns(items: readonly EvidenceItem[], from: Date): readonly Indicator[] {
  return TRAITS.flatMap((trait) => judge(trait, items, from));
}
