import type { Conditions } from './conditions.js';

/** What an identity system truly holds about one account, read from the simulator and not through its API. */
export interface TrueAccount {
  readonly email: string;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  /** ISO 8601; `null`: never since the account was made, or the system does not keep it. */
  readonly passwordChangedAt: string | null;
  /** `null`: the system knows no sessions. */
  readonly sessions: number | null;
  /** By their names for people; only what the system has. */
  readonly lists: Readonly<Partial<Record<ListName, readonly string[]>>>;
}

export const LISTS = [
  'Sign-in methods',
  'Backup codes',
  'App passwords',
  'App grants',
  'Mail rules',
  'Devices',
  'Recovery contacts',
  'Must do at next sign-in',
  'Opens mailboxes of',
  'Groups',
  'Roles',
  'Risk',
] as const;
export type ListName = (typeof LISTS)[number];

export interface Attacker {
  readonly ip: string;
  readonly actor: string;
}

/** One identity system of the sandbox's company. */
export interface CompanySystem {
  /** As the app calls it, e.g. `okta`. */
  readonly id: string;
  readonly title: string;
  /** Name of the group whose members must use a second step, as it stands in `lists.Groups`; `null`: no such group. */
  readonly twoStepGroup: string | null;
  readonly conditions: Conditions;
  accounts(): Promise<readonly TrueAccount[]>;
  /** Somebody gets in and leaves what attackers leave there. */
  intrude(email: string, from: Attacker): void | Promise<void>;
  /** An ordinary sign-in from the office, for a history to compare with; only where sign-ins are kept. */
  signIn?(email: string): void;
  /** What is kept of it in the data folder; `null` when it is kept elsewhere, or not at all. */
  snapshot(): unknown;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** With what the app's configuration needs to reach it. */
export interface ConfiguredSystem extends CompanySystem {
  readonly environment: Readonly<Record<string, string>>;
  /** Its part of notme.yml. */
  readonly settings: Readonly<Record<string, unknown>>;
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
