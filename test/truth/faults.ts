import type { Fault } from 'identity-sandbox/http';
import type { Dice } from './dice.js';
import { CHANGES, rewriter, type Change } from './rewrite.js';
import type { Played, RunningSystem, SystemName } from './systems/system.js';

const ON_THE_WAY = [
  'http_500',
  'throttle',
  'unauthorized',
  'drop_before_effect',
  'drop_after_effect',
  'nonsense',
] as const satisfies readonly Fault['type'][];
type OnTheWay = (typeof ON_THE_WAY)[number];

export const FAULT_KINDS = [
  'none',
  ...ON_THE_WAY,
  'failed_envelope',
  'late',
  'expired_token',
  ...CHANGES,
  'another_hand',
  'mixed',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const ONLY: Readonly<Partial<Record<FaultKind, readonly SystemName[]>>> = {
  failed_envelope: ['mimecast'],
  late: ['okta', 'entra_id', 'google_workspace', 'mimecast', 'keycloak', 'scim'],
  expired_token: ['okta', 'entra_id', 'google_workspace', 'mimecast', 'keycloak'],
  hidden_list: ['scim'],
};

/** Those that a system can have. */
const kindsOf = (system: SystemName): readonly FaultKind[] =>
  FAULT_KINDS.filter((kind) => ONLY[kind]?.includes(system) ?? true);

type Weights = Readonly<Partial<Record<FaultKind, number>>>;
/**
 * Those that come to it more seldom than others, or end more steps without a claim, are drawn more often, so that a
 * thousand runs make some five hundred claims under each.
 */
const WEIGHTS: Weights = {
  failed_envelope: 12,
  another_hand: 5,
  drop_after_effect: 5,
  unknown_enum: 5,
  drop_before_effect: 4,
  hidden_list: 4,
  http_500: 4,
  missing_key: 4,
  nonsense: 4,
  retyped: 4,
  throttle: 4,
  none: 1,
};
const OTHERS = 3;
const IN_A_SYSTEM: Readonly<Partial<Record<SystemName, Weights>>> = {
  google_workspace: { unknown_enum: 8, missing_key: 5 },
  mimecast: { drop_after_effect: 8, unknown_enum: 6, another_hand: 6 },
  slack: { unauthorized: 6, another_hand: 6 },
};

const weightOf = (kind: FaultKind, system: SystemName): number =>
  IN_A_SYSTEM[system]?.[kind] ?? WEIGHTS[kind] ?? OTHERS;

export const drawKind = (system: SystemName, dice: Dice): FaultKind =>
  dice.pick(kindsOf(system).flatMap((kind) => Array.from({ length: weightOf(kind, system) }, () => kind)));

/** A fault that is armed: what it was in the end, and how it is taken off again. */
export interface Armed {
  /** `none` when it has not come to it. */
  came(): FaultKind;
  /** What exactly, for the report. */
  detail(): string;
  /** Whether answers were changed. */
  misleads(): boolean;
  /** Whether somebody else has acted. */
  handed(): boolean;
  /** How old what the API shows is, ms. */
  readonly lagMs: number;
  end(): void;
}

interface Arming {
  readonly system: RunningSystem;
  readonly played: Played;
  readonly dice: Dice;
  /** What somebody else does to the account meanwhile. */
  readonly hand: () => Promise<void>;
}

const isOnTheWay = (kind: FaultKind): kind is OnTheWay => (ON_THE_WAY as readonly string[]).includes(kind);
const isChange = (kind: FaultKind): kind is Change => (CHANGES as readonly string[]).includes(kind);

interface Part {
  readonly kind: FaultKind;
  came(): boolean;
  detail(): string;
  readonly lagMs?: number;
  end(): void;
}

const nothing = (): void => undefined;

function onTheWay({ system, dice }: Arming, type: OnTheWay | 'failed_envelope'): Part {
  const only = type === 'drop_after_effect' ? 'writes' : dice.pick([undefined, undefined, 'writes', 'reads'] as const);
  const skip = dice.below(only === 'writes' ? 2 : 8);
  const times = type === 'unauthorized' ? 1 : 1 + dice.below(3);
  const before = system.calls().length;
  const fault = { times, skip, ms: 1000 + dice.below(20_000), ...(only === undefined ? {} : { only }) };
  if (type === 'failed_envelope')
    system.failEnvelope?.({
      ...fault,
      type: dice.pick(['fail_envelope', 'meta_status'] as const),
      status: dice.pick([500, 429, 418]),
    });
  else system.faults.add({ ...fault, type });
  const matching = (): number =>
    system
      .calls()
      .slice(before)
      .filter(({ write }) => only === undefined || write === (only === 'writes')).length;
  return {
    kind: type,
    came: () => matching() > skip,
    detail: () => `${type}${only === undefined ? '' : ` of ${only}`}, after ${skip}, ${times} times`,
    end: () => system.faults.clear(),
  };
}

function late({ system, dice }: Arming): Part {
  const ms = dice.pick([500, 3_000, 20_000, 90_000, 400_000]);
  system.setLag?.(ms);
  return { kind: 'late', came: () => true, detail: () => `${ms} ms late`, lagMs: ms, end: () => system.setLag?.(0) };
}

function changed({ system, dice }: Arming, change: Change): Part {
  const { rewrite, changed: what } = rewriter(change, dice, system.leftOutWhenEmpty ?? []);
  system.hooks.rewrite = rewrite;
  return {
    kind: change,
    came: () => what() !== null,
    detail: () => `${change} ${what() ?? ''}`,
    end: () => void (system.hooks.rewrite = undefined),
  };
}

/** After one of the changes that the directory carries out, and a moment later: never between two reads of a proof. */
function anotherHand({ system, dice, played, hand }: Arming): Part {
  let acted = false;
  let skip = dice.chance(0.3) ? 1 : 0;
  const wait = dice.pick([1_100, 4_000, 30_000]);
  const afterEffect = system.hooks.afterEffect?.bind(system.hooks);
  system.hooks.afterEffect = async (effect) => {
    await afterEffect?.(effect);
    if (acted) return;
    if (skip > 0) {
      skip -= 1;
      return;
    }
    acted = true;
    played.advance(wait);
    await hand();
  };
  return {
    kind: 'another_hand',
    came: () => acted,
    detail: () => `another hand after ${wait} ms`,
    end: () => void (system.hooks.afterEffect = afterEffect),
  };
}

function partOf(arming: Arming, kind: Exclude<FaultKind, 'mixed'>): Part {
  if (isOnTheWay(kind) || kind === 'failed_envelope') return onTheWay(arming, kind);
  if (isChange(kind)) return changed(arming, kind);
  if (kind === 'late') return late(arming);
  if (kind === 'another_hand') return anotherHand(arming);
  if (kind === 'expired_token') arming.system.expireTokens?.();
  return { kind, came: () => kind !== 'none', detail: () => kind, end: nothing };
}

export function arm(arming: Arming, kind: FaultKind): Armed {
  const { system, dice } = arming;
  const single = kindsOf(system.name).filter((one) => one !== 'mixed' && one !== 'none') as Exclude<
    FaultKind,
    'mixed'
  >[];
  const first = dice.pick(single);
  const parts =
    kind === 'mixed'
      ? [
          partOf(arming, first),
          partOf(arming, dice.pick(single.filter((one) => one !== first && isChange(one) !== isChange(first)))),
        ]
      : [partOf(arming, kind)];
  return {
    came: () => (parts.some((part) => part.came()) ? kind : 'none'),
    detail: () => parts.map((part) => part.detail()).join(' and '),
    misleads: () => parts.some((part) => isChange(part.kind) && part.came()),
    handed: () => parts.some((part) => part.kind === 'another_hand' && part.came()),
    lagMs: Math.max(...parts.map(({ lagMs = 0 }) => lagMs)),
    end: () => parts.toReversed().forEach((part) => part.end()),
  };
}
