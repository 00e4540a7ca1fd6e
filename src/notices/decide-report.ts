import { type ReportKind, RISK_LEVELS, type RiskLevel } from '../ports/connector.js';
import type { ReportsElsewhere } from '../ports/core.js';

/** What becomes of reports made elsewhere: `join` needs an open incident, `keep` is seen by nobody. */
export type Deed = 'open' | 'join' | 'ask' | 'list' | 'keep';

/** Reports of one kind about one account, within an hour. */
export interface Heard {
  readonly kind: ReportKind;
  readonly count: number;
  /** The highest that the system named. */
  readonly level: RiskLevel | null;
  /** It is about what Notme itself did. */
  readonly ours: boolean;
  /** How old the newest is. */
  readonly ageMs: number;
}

const DAY_MS = 24 * 3_600_000;
/** Older than this it opens nothing: after an outage an incident would begin in the past. */
const OPENS_MS = DAY_MS;
/** Older than this nobody is told. */
const TELLS_MS = 7 * DAY_MS;

export const isWorthTelling = (ageMs: number): boolean => ageMs <= TELLS_MS;
/** What happened before this opens nothing by itself. */
export const opensFrom = (now: Date): Date => new Date(now.getTime() - OPENS_MS);

const reaches = (level: RiskLevel | null, from: RiskLevel | 'never'): boolean =>
  level !== null && from !== 'never' && RISK_LEVELS.indexOf(level) >= RISK_LEVELS.indexOf(from);

function ofItself({ kind, count, level }: Heard, policy: ReportsElsewhere): Deed {
  switch (kind) {
    case 'reported':
      return policy.person;
    case 'push_denied':
      return count >= policy.deniedRequests ? 'open' : 'ask';
    case 'at_risk':
      if (reaches(level, policy.verdictOpens)) return 'open';
      return reaches(level, policy.verdictAsks) ? 'ask' : 'keep';
  }
}

/** What becomes of them, by what was configured; an open incident gets them whatever they are. */
export function deedFor(heard: Heard, hasOpenIncident: boolean, policy: ReportsElsewhere): Deed {
  if (hasOpenIncident) return 'join';
  if (heard.ours || !isWorthTelling(heard.ageMs)) return 'keep';
  const deed = ofItself(heard, policy);
  return deed !== 'keep' && heard.ageMs > OPENS_MS ? 'list' : deed;
}
