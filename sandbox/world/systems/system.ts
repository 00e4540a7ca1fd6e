import type { EffectHooks, Faults } from 'identity-sandbox/http';
import type { Conditions } from './conditions.js';
import type { Rewritten } from './doubts.js';

/** What an identity system truly holds about one account, read from the simulator and not through its API. */
export interface TrueAccount {
  readonly email: string;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly passwordChangedAt: string | null;
  /** `null`: the system knows no sessions. */
  readonly sessions: number | null;
  /** By their names for people; only what the system has. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Something that a person at the sandbox's page may have happen to an account. */
export interface Play {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  run(email: string): void;
}

export interface Attacker {
  readonly ip: string;
  readonly actor: string;
}

/** One identity system of the sandbox's company, with what the app's configuration needs to reach it. */
export interface CompanySystem {
  /** As the app calls it, e.g. `okta`. */
  readonly id: string;
  readonly title: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Its part of notme.yml. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly faults: Faults;
  /** Left out where no directory of ours answers. */
  readonly hooks?: EffectHooks;
  /** How late changes are seen by whoever reads, ms; what exactly is late differs as it does with the vendors. */
  setLag(ms: number): void;
  /** Left out: all that a directory on HTTP can have. */
  readonly conditions?: Conditions;
  /** Which of the ways in which real answers differ it can show; none when left out. */
  readonly rewritten?: readonly Rewritten[];
  /** How far its clock is ahead of the others', ms. */
  setClock?: (aheadMs: number) => void;
  accounts(): readonly TrueAccount[];
  /** What the vendor lets the app's credentials do, in the vendor's names. */
  readonly permissions: readonly string[];
  /** Gives or takes one of them. */
  permit(permission: string, granted: boolean): void;
  /** Somebody gets in and leaves what attackers leave there. */
  intrude(email: string, from: Attacker): void;
  /** Left out: nothing more. */
  readonly plays?: readonly Play[];
  /** An ordinary sign-in from the office, for a history to compare with; only where sign-ins are kept. */
  signIn?(email: string): void;
  /** `null` when it is kept elsewhere. */
  snapshot(): unknown;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Where people at the company sign in from. */
export const OFFICE = { ip: '203.0.113.40', country: 'AT', city: 'Vienna' } as const;

/** What a system is started with. */
export interface SystemStart {
  readonly clock: () => Date;
  /** What the last run left; `undefined` at the first. Each simulator checks its own. */
  readonly saved: unknown;
}

/** A saved part is handed over as it is. */
export const savedAs = <Name extends string>(name: Name, saved: unknown): Partial<Record<Name, never>> =>
  saved === undefined || saved === null ? {} : ({ [name]: saved } as Record<Name, never>);

/** Every call fails, also the one that signs in. */
export const DOWN = { type: 'http_500', path: '', times: Number.MAX_SAFE_INTEGER } as const;
