import { PEOPLE } from '../people.js';
import type { Attacker, CompanySystem } from './system.js';

const HOUR_MS = 3_600_000;
const DAYS_OF_SIGN_INS = [25, 18, 11, 6, 3];
/** Yesterday: recent enough to stand out, too old to be told as news. */
const INTRUSION_HOURS = 26;

/** A clock that can be set back while the past is written. */
export interface PastClock {
  readonly clock: () => Date;
  /** Milliseconds before the present; 0 for the present. */
  setBack(ms: number): void;
}

export function createPastClock(now: () => Date): PastClock {
  let back = 0;
  return { clock: () => new Date(now().getTime() - back), setBack: (ms) => void (back = ms) };
}

/** What a history can be written into. */
type Recorded = Pick<CompanySystem, 'accounts' | 'intrude' | 'signIn'>;

/**
 * What happened before the visitor came: people signed in from the office as ever, and yesterday somebody else got into
 * Ada's accounts. So the evidence has something to compare with, and something that stands out.
 */
export function writeHistory(systems: readonly Recorded[], past: PastClock, attacker: Attacker): void {
  const staff = new Set<string>([PEOPLE.ada, PEOPLE.bea, PEOPLE.cem, PEOPLE.dia].map(({ email }) => email));
  try {
    for (const days of DAYS_OF_SIGN_INS) {
      past.setBack(days * 24 * HOUR_MS);
      for (const system of systems) {
        const accounts = system.accounts().filter(({ email }) => staff.has(email));
        for (const { email } of accounts) system.signIn?.(email);
      }
    }
    past.setBack(INTRUSION_HOURS * HOUR_MS);
    for (const system of systems) system.intrude(PEOPLE.ada.email, attacker);
  } finally {
    past.setBack(0);
  }
}
