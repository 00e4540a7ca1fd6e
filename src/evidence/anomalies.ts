import type { EvidenceItem, EvidenceSection } from '../ports/connector.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Snapshot, StoredEvidence } from './evidence.js';
import { anomalousSignIns } from './anomalous-sign-ins.js';
import { ANOMALY_REASONS, type AnomalyReason, type Indicator } from '../incidents/indicator.js';

/** One thing in the evidence that an attacker may have left. A hint for a person, never a proof. */
export interface Anomaly {
  readonly system: string;
  readonly section: EvidenceSection;
  /** Of the evidence item; for several alike, of the newest. */
  readonly itemId: string;
  readonly title: string;
  readonly why: AnomalyReason;
  /** Weaker reasons that apply to the same item. */
  readonly also: readonly AnomalyReason[];
  /** 1 to 100; only its order means anything. */
  readonly weight: number;
  readonly at: Date | null;
  /** How many more items are odd in the same way (further sign-ins from the same new country). */
  readonly similar: number;
}

export interface SystemEvidence {
  readonly system: string;
  readonly evidence: StoredEvidence;
  /** The evidence from before any change; absent or `null` when that is `evidence` itself. */
  readonly first?: StoredEvidence | null;
}

export interface Circumstances {
  /** When the incident was opened. */
  readonly opened: Date;
  /** The person's addresses and logins in all systems: who is "somebody else", and which domains are the company's own. */
  readonly logins: readonly string[];
  /** How many anomalies are reported; 20. */
  readonly most?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RECENT_DAYS = 7;

/** What happened from then on counts as recent. */
export const recentSince = (opened: Date): Date => new Date(opened.getTime() - RECENT_DAYS * DAY_MS);

const ADDED: Partial<Record<EvidenceSection, { readonly why: AnomalyReason; readonly weight: number }>> = {
  factors: { why: 'anomaly.recent_factor', weight: 85 },
  identity_providers: { why: 'anomaly.recent_identity_provider', weight: 84 },
  mail_rules: { why: 'anomaly.recent_mail_rule', weight: 80 },
  recovery: { why: 'anomaly.recent_recovery', weight: 78 },
  app_passwords: { why: 'anomaly.recent_app_password', weight: 75 },
  roles: { why: 'anomaly.recent_role', weight: 72 },
  grants: { why: 'anomaly.recent_grant', weight: 70 },
  devices: { why: 'anomaly.recent_device', weight: 40 },
};
/** Google and Microsoft give a rule no date: it may well be the attacker's. */
const FORWARD = { recent: 100, undated: 92, old: 82 };
/** Added neither by the reporter nor by us. */
const SINCE_REPORT = 95;
const BY_OTHER = 55;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

interface Judge {
  readonly from: Date;
  readonly logins: ReadonlySet<string>;
  readonly domains: readonly string[];
}

const isRecent = ({ at }: EvidenceItem, { from }: Judge): boolean => at !== null && at.getTime() >= from.getTime();

function added(section: EvidenceSection, items: readonly EvidenceItem[], judge: Judge): readonly Indicator[] {
  const rule = ADDED[section];
  if (rule === undefined) return [];
  return items
    .filter((item) => isRecent(item, judge))
    .map((item) => ({ item, ...rule, group: `${rule.why} ${item.id}` }));
}

/** What the first snapshot did not contain; for a system without dates this is the only sign. */
function sinceReport(
  section: EvidenceSection,
  items: readonly EvidenceItem[],
  first: StoredEvidence | null,
): readonly Indicator[] {
  const before = first?.[section];
  if (ADDED[section] === undefined || before === undefined || !('items' in before)) return [];
  const known = new Set(before.items.map(({ id }) => id));
  return items
    .filter(({ id }) => !known.has(id))
    .map((item) => ({ item, why: 'anomaly.since_report' as const, weight: SINCE_REPORT, group: `since ${item.id}` }));
}

function forwards(items: readonly EvidenceItem[], judge: Judge): readonly Indicator[] {
  // Without a domain of the company's own, nothing can be called outside.
  if (judge.domains.length === 0) return [];
  const outside = (address: string): boolean => {
    const domain = domainOf(address);
    return address.includes('@') && !judge.domains.some((own) => domain === own || domain.endsWith(`.${own}`));
  };
  return items
    .filter((item) => item.givesMailTo?.some(outside) === true)
    .map((item) => ({
      item,
      why: 'anomaly.forward_outside' as const,
      weight: item.at === null ? FORWARD.undated : isRecent(item, judge) ? FORWARD.recent : FORWARD.old,
      group: `forward ${item.id}`,
    }));
}

const HIDING = 76;

/** Attackers hide warnings and answers from the owner; a rule that only files mail is not reported. */
const hiders = (items: readonly EvidenceItem[]): readonly Indicator[] =>
  items
    .filter(({ hidesMail }) => hidesMail === true)
    .map((item) => ({ item, why: 'anomaly.hides_mail' as const, weight: HIDING, group: `hides ${item.id}` }));

/** Whether the actor is certainly not the person: a display name or an id proves nothing. */
function isOther(by: string, logins: ReadonlySet<string>): boolean {
  const actor = by.trim().toLowerCase();
  if (actor.includes('@')) return !logins.has(actor);
  const name = /^[^\\]+\\(.+)$/.exec(actor)?.[1];
  return name !== undefined && ![...logins].some((login) => login.split('@')[0] === name);
}

function changedByOthers(items: readonly EvidenceItem[], judge: Judge): readonly Indicator[] {
  if (judge.logins.size === 0) return [];
  return items
    .filter((item) => isRecent(item, judge) && item.by !== undefined && isOther(item.by, judge.logins))
    .map((item) => ({
      item,
      why: 'anomaly.changed_by_other' as const,
      weight: BY_OTHER,
      group: `change ${item.by?.toLowerCase() ?? ''} ${item.title}`,
    }));
}

function indicators(section: EvidenceSection, items: readonly EvidenceItem[], judge: Judge): readonly Indicator[] {
  switch (section) {
    case 'sign_ins':
      return anomalousSignIns(items, judge.from);
    case 'mail_rules':
      return [...added(section, items, judge), ...forwards(items, judge), ...hiders(items)];
    case 'changes':
      return changedByOthers(items, judge);
    default:
      return added(section, items, judge);
  }
}

const timeOf = ({ at }: { readonly at: Date | null }): number => at?.getTime() ?? 0;
const byWeight = (one: Indicator, other: Indicator): number =>
  other.weight - one.weight || ANOMALY_REASONS.indexOf(one.why) - ANOMALY_REASONS.indexOf(other.why);

/** The strongest indicator of each item, with the weaker ones beside it. */
function perItem(found: readonly Indicator[]): readonly (Indicator & { readonly also: readonly AnomalyReason[] })[] {
  const items = new Map<string, Indicator[]>();
  for (const one of found) items.set(one.item.id, [...(items.get(one.item.id) ?? []), one]);
  return [...items.values()].flatMap((all) => {
    const [first, ...others] = all.toSorted(byWeight);
    return first === undefined ? [] : [{ ...first, also: others.map(({ why }) => why) }];
  });
}

/** Similar ones once, by the newest of them. */
function together(system: string, section: EvidenceSection, found: readonly Indicator[]): readonly Anomaly[] {
  const groups = new Map<string, Anomaly>();
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
  'identity_providers',
  'grants',
  'app_passwords',
  'mail_rules',
  'devices',
  'roles',
  'recovery',
  'changes',
] as const satisfies readonly EvidenceSection[];

/**
 * What is odd in the evidence, heaviest first, and newest first among equals. Only what can be compared is judged: a
 * new country needs earlier sign-ins with a known country, an outside domain needs the company's own domains, a date
 * needs a date.
 */
export function findAnomalies(systems: readonly SystemEvidence[], given: Circumstances): readonly Anomaly[] {
  const logins = given.logins.map((login) => login.trim().toLowerCase()).filter((login) => login !== '');
  const domains = logins.filter((login) => login.includes('@')).map(domainOf);
  const judge: Judge = {
    from: recentSince(given.opened),
    logins: new Set(logins),
    domains: [...new Set(domains)].filter((domain) => domain !== ''),
  };
  const found = systems.flatMap(({ system, evidence, first = null }) =>
    SECTIONS.flatMap((section) => {
      const kept = evidence[section];
      return 'unavailable' in kept
        ? []
        : together(system, section, [
            ...indicators(section, kept.items, judge),
            ...sinceReport(section, kept.items, first),
          ]);
    }),
  );
  return found
    .toSorted((one, other) => other.weight - one.weight || timeOf(other) - timeOf(one))
    .slice(0, given.most ?? 20);
}

/** What is odd in everything that was kept of a person's accounts. */
export const anomaliesIn = (
  snapshots: readonly (Snapshot & { readonly first?: StoredEvidence | null })[],
  { opened, accounts }: { readonly opened: Date; readonly accounts: readonly Pick<LinkedAccount, 'login'>[] },
): readonly Anomaly[] =>
  findAnomalies(
    snapshots.flatMap(({ system, evidence, first = null }) => (evidence === null ? [] : [{ system, evidence, first }])),
    {
      opened,
      logins: accounts.flatMap(({ login }) => login ?? []),
      most: Number.MAX_SAFE_INTEGER,
    },
  );
