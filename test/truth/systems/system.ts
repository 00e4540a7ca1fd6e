import type { EffectHooks, Fault, Faults } from 'identity-sandbox/http';
import type { AccountRef, ActionKind, Connector } from '../../../src/ports/connector.js';
import type { Runtime } from '../../../src/platform/runtime.js';
import type { Dice } from '../dice.js';
import type { Truth } from '../reader/truth.js';

export const SYSTEM_NAMES = ['okta', 'entra_id', 'google_workspace', 'mimecast', 'keycloak', 'scim', 'slack'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

/** A clock that only the campaign moves, and randomness that its dice make. */
export interface Played extends Runtime {
  advance(ms: number): void;
}

export function playedBy(dice: Dice): Played {
  let at = Date.parse('2026-03-02T09:00:00.000Z');
  let made = 0;
  return {
    now: () => new Date(at),
    newId(prefix) {
      made += 1;
      return `${prefix}_${made.toString(16).padStart(32, '0')}`;
    },
    randomBytes: (size) => dice.bytes(size),
    observe: () => undefined,
    advance: (ms) => void (at += ms),
  };
}

export interface FailedEnvelope extends Omit<Fault, 'type'> {
  readonly type: 'fail_envelope' | 'meta_status';
  readonly status: number;
}

/** One directory with one person's account, its connector, and what happens to the account from outside. */
export interface RunningSystem {
  readonly name: SystemName;
  readonly connector: Connector;
  /** A second application with the same rights: somebody else's tool. */
  readonly rival: Connector;
  readonly account: AccountRef;
  readonly faults: Faults;
  /** An envelope that says that the call failed, whatever the status of the answer; only where there are envelopes. */
  failEnvelope?(fault: FailedEnvelope): void;
  readonly hooks: EffectHooks;
  /** What the directory holds of the account, read past its API. */
  read(): Truth;
  /** Calls of the API so far, without those that sign the application in. */
  calls(): readonly { readonly write: boolean }[];
  /** Changes that the directory has carried out, where its own count is better than that of the hooks. */
  effects?(): number;
  /** Left out: every change is seen at once. */
  setLag?(ms: number): void;
  /** Lists that the vendor leaves out of an answer when they are empty: without its key such an answer is whole. */
  readonly leftOutWhenEmpty?: readonly string[];
  /** The application's access tokens end; left out: it has none, or would not get another. */
  expireTokens?(): void;
  /** Whoever got in leaves something. */
  intrude(): void;
  /** Gives the action something to do. */
  prepare(kind: ActionKind, dice: Dice): void;
  /** Somebody else does the opposite by other means than the connector's API; left out: only by it. */
  readonly hands: Readonly<Partial<Record<ActionKind, () => void>>>;
  /** Ends what a preparation would leave behind for other actions. */
  tidy?(): void;
  close(): Promise<void>;
}

export const RANGE_SETS = [['203.0.113.0/24', '2001:db8::/32'], ['198.51.100.0/25']] as const;

export const INTRUDER = '198.51.100.66';
