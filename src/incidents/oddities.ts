import type { EvidenceItem, EvidenceSection } from '../connectors/port.js';
import type { LinkedAccount } from './accounts.js';
import type { Snapshot, StoredEvidence } from './evidence.js';
import { oddSignIns } from './odd-sign-ins.js';
import { ODDITY_REASONS, type OddityReason, type Suspicion } from './suspicion.js';

/** One thing in the evidence that an attacker may have left. A hint for a person, never a proof. */
export interface Oddity {
  readonly system: string;
  readonly section: EvidenceSection;
  /** Of the evidence item; among several alike the newest. */
  readonly itemId: string;
  readonly title: string;
  readonly why: OddityReason;
  /** Weaker reasons that hold for the same item. */
  readonly also: readonly OddityReason[];
  /** 1 to 100; only its order means anything. */
  readonly weight: number;
  readonly at: Date | null;
  /** How many more items are odd in just this way (further sign-ins from the same new country). */
  readonly similar: number;
}

export interface SystemEvidence {
  readonly system: string;
  readonly evidence: StoredEvidence;
  /** What was there before any change; left out or `null` when that is what `evidence` says. */
  readonly first?: StoredEvidence | null;
}

export interface Circumstances {
  /** When the incident was opened. */
  readonly opened: Date;
  /** The person's addresses and logins in all systems: who is "somebody else", and which domains are the company's own. */
  readonly logins: readonly string[];
  /** Domains of the company's own beside those of the logins. */
  readonly ownDomains?: readonly string[];
  /** How many days before the incident count as recent; 7. */
  readonly recentDays?: number;
  /** How many oddities are told; 20. */
  readonly most?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RECENT_DAYS = 7;

/** What happened from then on counts as recent. */
export const recentSince = (opened: Date, days = RECENT_DAYS): Date => new Date(opened.getTime() - days * DAY_MS);

const ADDED: Partial<Record<EvidenceSection, { readonly why: OddityReason; readonly weight: number }>> = {
  factors: { why: 'oddity.recent_factor', weight: 85 },
  mail_rules: { why: 'oddity.recent_mail_rule', weight: 80 },
  recovery: { why: 'oddity.recent_recovery', weight: 78 },
  app_passwords: { why: 'oddity.recent_app_password', weight: 75 },
  roles: { why: 'oddity.recent_role', weight: 72 },
  grants: { why: 'oddity.recent_grant', weight: 70 },
  devices: { why: 'oddity.recent_device', weight: 40 },
};
/** Google and Microsoft give a rule no date: it may well be the attacker's. */
const FORWARD = { recent: 100, undated: 92, old: 82 };
/** Whoever reported it did not add it, and we did not either. */
const SINCE_REPORT = 95;
const BY_OTHER = 55;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

interface Judge {
  readonly from: Date;
  readonly logins: ReadonlySet<string>;
  readonly domains: readonly string[];
}

const isRecent = ({ at }: EvidenceItem, { from }: Judge): boolean => at !== null && at.getTime() >= from.getTime();

function added(section: EvidenceSection, items: readonly EvidenceItem[], judge: Judge): readonly Suspicion[] {
  const rule = ADDED[section];
  if (rule === undefined) return [];
  return items
    .filter((item) => isRecent(item, judge))
    .map((item) => ({ item, ...rule, group: `${rule.why} ${item.id}` }));
}

/** What was not there when the first snapshot was taken; a system that gives no dates tells it in no other way. */
function sinceReport(
  section: EvidenceSection,
  items: readonly EvidenceItem[],
  first: StoredEvidence | null,
): readonly Suspicion[] {
  const before = first?.[section];
  if (ADDED[section] === undefined || before === undefined || !('items' in before)) return [];
  const known = new Set(before.items.map(({ id }) => id));
  return items
    .filter(({ id }) => !known.has(id))
    .map((item) => ({ item, why: 'oddity.since_report' as const, weight: SINCE_REPORT, group: `since ${item.id}` }));
}

const SENDS_ON = /forward|redirect|delegat/i;
const ADDRESS = /[^\s@<>()[\],;:"'=]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
const LONGEST_TEXT = 2000;

/** The addresses that a rule sends to: those after the word that says so; before it stand conditions. */
function sentTo({ title, detail }: EvidenceItem): readonly string[] {
  const text = `${title} ${detail ?? ''}`.slice(0, LONGEST_TEXT);
  const at = text.search(SENDS_ON);
  return at < 0 ? [] : (text.slice(at).match(ADDRESS) ?? []);
}

function forwards(items: readonly EvidenceItem[], judge: Judge): readonly Suspicion[] {
  // Without a domain of the company's own nothing can be called outside.
  if (judge.domains.length === 0) return [];
  const outside = (address: string): boolean => {
    const domain = domainOf(address);
    return !judge.domains.some((own) => domain === own || domain.endsWith(`.${own}`));
  };
  return items
    .filter((item) => sentTo(item).some(outside))
    .map((item) => ({
      item,
      why: 'oddity.forward_outside' as const,
      weight: item.at === null ? FORWARD.undated : isRecent(item, judge) ? FORWARD.recent : FORWARD.old,
      group: `forward ${item.id}`,
    }));
}

/** In the connectors' words for what a rule does: deleted, sent to spam, or moved away and marked as read. */
const HIDES = /^(?:delete|send to spam):|: (?:.* and )?delete\b|move to another folder and mark as read/i;
const HIDING = 76;

/** Attackers keep warnings and answers from the owner's eyes; a rule that only files mail away is not told. */
const hiders = (items: readonly EvidenceItem[]): readonly Suspicion[] =>
  items
    .filter(({ title }) => HIDES.test(title.slice(0, LONGEST_TEXT)))
    .map((item) => ({ item, why: 'oddity.hides_mail' as const, weight: HIDING, group: `hides ${item.id}` }));

/** Whether the actor is surely not the person: a display name or an id says nothing. */
function isOther(by: string, logins: ReadonlySet<string>): boolean {
  const actor = by.trim().toLowerCase();
  if (actor.includes('@')) return !logins.has(actor);
  const name = /^[^\\]+\\(.+)$/.exec(actor)?.[1];
  return name !== undefined && ![...logins].some((login) => login.split('@')[0] === name);
}

function changedByOthers(items: readonly EvidenceItem[], judge: Judge): readonly Suspicion[] {
  if (judge.logins.size === 0) return [];
  return items
    .filter((item) => isRecent(item, judge) && item.by !== undefined && isOther(item.by, judge.logins))
    .map((item) => ({
      item,
      why: 'oddity.changed_by_other' as const,
      weight: BY_OTHER,
      group: `change ${item.by?.toLowerCase() ?? ''} ${item.title}`,
    }));
}

function suspicions(section: EvidenceSection, items: readonly EvidenceItem[], judge: Judge): readonly Suspicion[] {
  switch (section) {
    case 'sign_ins':
      return oddSignIns(items, judge.from);
    case 'mail_rules':
      return [...added(section, items, judge), ...forwards(items, judge), ...hiders(items)];
    case 'changes':
      return changedByOthers(items, judge);
    default:
      return added(section, items, judge);
  }
}

const timeOf = ({ at }: { readonly at: Date | null }): number => at?.getTime() ?? 0;
const byWeight = (one: Suspicion, other: Suspicion): number =>
  other.weight - one.weight || ODDITY_REASONS.indexOf(one.why) - ODDITY_REASONS.indexOf(other.why);

/** The strongest suspicion of each item, with the weaker ones beside it. */
function perItem(found: readonly Suspicion[]): readonly (Suspicion & { readonly also: readonly OddityReason[] })[] {
  const items = new Map<string, Suspicion[]>();
  for (const one of found) items.set(one.item.id, [...(items.get(one.item.id) ?? []), one]);
  return [...items.values()].flatMap((all) => {
    const [first, ...others] = all.toSorted(byWeight);
    return first === undefined ? [] : [{ ...first, also: others.map(({ why }) => why) }];
  });
}

/** Alike ones once, by the newest of them. */
function together(system: string, section: EvidenceSection, found: readonly Suspicion[]): readonly Oddity[] {
  const groups = new Map<string, Oddity>();
  const newestFirst = perItem(found).toSorted((one, other) => timeOf(other.item) - timeOf(one.item));
  for (const { item, why, also, weight, group } of newestFirst) {
    const known = groups.get(group);
    if (known === undefined)
      groups.set(group, {
        system,
        section,
        itemId: item.id,
        title: item.title,
        why,
        also,
        weight,
        at: item.at,
        similar: 0,
      });
    else groups.set(group, { ...known, weight: Math.max(known.weight, weight), similar: known.similar + 1 });
  }
  return [...groups.values()];
}

const SECTIONS = [
  'sign_ins',
  'factors',
  'grants',
  'app_passwords',
  'mail_rules',
  'devices',
  'roles',
  'recovery',
  'changes',
] as const satisfies readonly EvidenceSection[];

/**
 * What is odd in the evidence, heaviest first, and newest first among equals. Only what can be compared is judged: a new
 * country needs earlier sign-ins whose country is known, an outside domain needs own ones, a date needs a date.
 */
export function findOddities(systems: readonly SystemEvidence[], given: Circumstances): readonly Oddity[] {
  const logins = given.logins.map((login) => login.trim().toLowerCase()).filter((login) => login !== '');
  const domains = [...logins.filter((login) => login.includes('@')).map(domainOf), ...(given.ownDomains ?? [])];
  const judge: Judge = {
    from: recentSince(given.opened, given.recentDays),
    logins: new Set(logins),
    domains: [...new Set(domains.map((domain) => domain.toLowerCase()))].filter((domain) => domain !== ''),
  };
  const found = systems.flatMap(({ system, evidence, first = null }) =>
    SECTIONS.flatMap((section) => {
      const kept = evidence[section];
      return 'unavailable' in kept
        ? []
        : together(system, section, [
            ...suspicions(section, kept.items, judge),
            ...sinceReport(section, kept.items, first),
          ]);
    }),
  );
  return found
    .toSorted((one, other) => other.weight - one.weight || timeOf(other) - timeOf(one))
    .slice(0, given.most ?? 20);
}

/** What is odd in everything that was kept of a person's accounts. */
export const odditiesIn = (
  snapshots: readonly (Snapshot & { readonly first?: StoredEvidence | null })[],
  { opened, accounts }: { readonly opened: Date; readonly accounts: readonly Pick<LinkedAccount, 'login'>[] },
): readonly Oddity[] =>
  findOddities(
    snapshots.flatMap(({ system, evidence, first = null }) => (evidence === null ? [] : [{ system, evidence, first }])),
    {
      opened,
      logins: accounts.flatMap(({ login }) => login ?? []),
      most: Number.MAX_SAFE_INTEGER,
    },
  );
