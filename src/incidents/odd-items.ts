import type { EvidenceSection } from '../connectors/port.js';
import type { Snapshot, StoredItem } from './evidence.js';

/** Why something stands out, heaviest first. */
export const ODDITIES = ['new_country', 'added_lately', 'new_device', 'new_address'] as const;
export type Oddity = (typeof ODDITIES)[number];

/** A thing in the evidence that does not fit what was there before. */
export interface OddItem {
  readonly system: string;
  readonly section: EvidenceSection;
  readonly id: string;
  readonly title: string;
  readonly why: Oddity;
  readonly at: Date | null;
}

const DAY_MS = 24 * 3600 * 1000;
/** What was added so shortly before the report may be the attacker's. */
const LATELY_MS = 7 * DAY_MS;
/** Sign-ins of this time before the report are held against the ones before them. */
const RECENT_MS = 2 * DAY_MS;
/** With fewer earlier sign-ins there is no "as usual" to compare with. */
const LEAST_HISTORY = 5;

const ADDED: readonly EvidenceSection[] = ['factors', 'grants', 'app_passwords', 'mail_rules', 'devices', 'recovery'];

const itemsOf = (snapshot: Snapshot, section: EvidenceSection): readonly StoredItem[] => {
  const found = snapshot.evidence?.[section];
  return found && 'items' in found ? found.items : [];
};

/** `DE, Berlin` is in `DE`. */
const countryOf = (place: string | undefined): string | undefined => place?.split(',')[0]?.trim() || undefined;

function oddSignIns(snapshot: Snapshot, openedAt: Date): OddItem[] {
  const all = itemsOf(snapshot, 'sign_ins');
  const edge = openedAt.getTime() - RECENT_MS;
  const earlier = all.filter(({ at, succeeded }) => at !== null && at.getTime() < edge && succeeded !== false);
  if (earlier.length < LEAST_HISTORY) return [];
  const known = (value: (item: StoredItem) => string | undefined): Set<string | undefined> =>
    new Set(earlier.map(value));
  const countries = known(({ place }) => countryOf(place));
  const devices = known(({ device }) => device);
  const addresses = known(({ ip }) => ip);
  const why = (item: StoredItem): Oddity | null => {
    const country = countryOf(item.place);
    if (country !== undefined && !countries.has(country)) return 'new_country';
    if (item.device !== undefined && !devices.has(item.device)) return 'new_device';
    return item.ip !== undefined && !addresses.has(item.ip) ? 'new_address' : null;
  };
  return all.flatMap((item) => {
    const reason = item.at !== null && item.at.getTime() >= edge ? why(item) : null;
    return reason === null ? [] : [toOdd(snapshot, 'sign_ins', item, reason)];
  });
}

function oddAdditions(snapshot: Snapshot, openedAt: Date): OddItem[] {
  const edge = openedAt.getTime() - LATELY_MS;
  return ADDED.flatMap((section) =>
    itemsOf(snapshot, section)
      .filter(({ at }) => at !== null && at.getTime() >= edge)
      .map((item) => toOdd(snapshot, section, item, 'added_lately')),
  );
}

const toOdd = ({ system }: Snapshot, section: EvidenceSection, item: StoredItem, why: Oddity): OddItem => ({
  system,
  section,
  id: item.id,
  title: item.title,
  why,
  at: item.at,
});

/**
 * What stands out, heaviest and newest first: sign-ins from a country, device or address that was not seen before, and
 * whatever was added in the week before the report. Nothing is guessed where there is no history to compare with.
 */
export function oddItems(snapshots: readonly Snapshot[], openedAt: Date): readonly OddItem[] {
  const odd = snapshots.flatMap((snapshot) => [...oddSignIns(snapshot, openedAt), ...oddAdditions(snapshot, openedAt)]);
  const weight = ({ why }: OddItem): number => ODDITIES.indexOf(why);
  const time = ({ at }: OddItem): number => at?.getTime() ?? 0;
  return odd.toSorted((a, b) => weight(a) - weight(b) || time(b) - time(a));
}
