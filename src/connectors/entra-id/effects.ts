import { ok } from '../../platform/result.js';
import type { AccountRef, CallContext } from '../../ports/connector.js';
import type { Answer, Outcome, Target } from '../kit/action.js';
import { andThen } from '../kit/answers.js';
import { acts, idle, unseen, type Effect, type EffectOf } from '../kit/effect.js';
import type { RangeGroup } from '../kit/groups.js';
import type { Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import { isWithin } from '../kit/ranges.js';
import { readNamedRanges } from './locations.js';
import { PERMISSION } from './permissions.js';
import { lacks, readPolicies, sayLacks, type Demand, type Lack, type Policy } from './policies.js';
import type { Reader } from './reader.js';
import type { Reading } from './state.js';
import { homeTenantOf } from './user.js';

/** What a policy has to be bound to, and what it must do. */
export interface Binding {
  /** `the group 2222…`. */
  readonly what: string;
  /** As in "that a policy …". */
  readonly does: string;
  readonly names: (policy: Policy) => boolean;
  readonly demand: Demand;
  /** The only ranges that the policy may let through; `null`: it is not about ranges. */
  readonly ranges: readonly string[] | null;
}

/** The account, and what decides whether a policy exempts it. */
export type About = Pick<Demand, 'account' | 'heldBy' | 'roles' | 'guest'>;

const has = (list: readonly string[] | null | undefined, id: string): boolean =>
  list?.some((one) => one.toLowerCase() === id.toLowerCase()) === true;

interface ForGroup extends Pick<Demand, 'control'> {
  readonly does: string;
  readonly ranges?: readonly string[];
}

export const forGroup = (group: string, { control, does, ranges }: ForGroup, about: About): Binding => ({
  what: `the group ${group}`,
  does,
  names: ({ conditions }) => has(conditions.users?.includeGroups, group),
  demand: { control, group, byPlace: ranges !== undefined, ...about },
  ranges: ranges ?? null,
});

export const forLocation = (location: string, about: About): Binding => ({
  what: `the named location ${location}`,
  does: 'blocks sign-in from there for everybody',
  names: ({ conditions: { locations } }) =>
    has(locations?.includeLocations, location) && !has(locations?.excludeLocations, location),
  demand: { control: 'block', group: null, byPlace: true, ...about },
  ranges: null,
});

/** A policy for this one account. */
export const forAccount = (account: AccountRef, ranges: readonly string[], about: Omit<About, 'account'>): Binding => ({
  what: `the account ${account.login}`,
  does: LIMITS.does,
  names: ({ conditions }) => has(conditions.users?.includeUsers, account.accountId),
  demand: { control: 'block', group: null, alone: true, byPlace: true, ...about, account },
  ranges,
});

/** A policy that does not name the group may reach the account all the same: by itself, by another group, as one of all. */
function reaches(policy: Policy, { names, demand: { account, group, heldBy, alone } }: Binding): boolean {
  const { includeUsers, includeGroups } = policy.conditions.users ?? {};
  if (names(policy)) return true;
  if (group === null && alone !== true) return false;
  if (has(includeUsers, 'All') || (account !== null && has(includeUsers, account.accountId))) return true;
  return (heldBy ?? []).some((id) => has(includeGroups, id));
}

/** Why a blocking policy lets through more than the ranges; empty when it does not. */
async function letsThrough(reader: Reader, policy: Policy, ranges: readonly string[], call: CallContext) {
  const { includeLocations, excludeLocations } = policy.conditions.locations ?? {};
  const everywhere = (includeLocations ?? []).length === 0 || has(includeLocations, 'All');
  if (!everywhere) return [{ words: 'it blocks some places only', sure: true }];
  const found: Lack[] = [];
  for (const id of excludeLocations ?? []) {
    const named = await readNamedRanges(reader, id, call);
    const others = named?.filter((range) => !isWithin(range, ranges)) ?? [];
    if (named === null) found.push({ words: `the ranges of the named location ${id} cannot be read`, sure: false });
    if (others.length > 0) found.push({ words: `it lets ${others.join(', ')} in as well`, sure: true });
  }
  return found;
}

/** A policy that names the group or location, and why it does not do it. */
interface Near {
  readonly policy: Policy;
  readonly lacks: readonly Lack[];
}

interface Standing {
  readonly working: Policy | null;
  readonly near: Near | null;
}

const isUnsure = ({ lacks: found }: Near): boolean => found.every(({ sure }) => !sure);

/** Which of the policies does it, or comes nearest. */
export async function standingOf(
  reader: Reader,
  policies: readonly Policy[],
  binding: Binding,
  call: CallContext,
): Promise<Standing> {
  const near: Near[] = [];
  for (const policy of policies.filter((one) => reaches(one, binding))) {
    const plain = lacks(policy, binding.demand);
    const through = plain.length > 0 || binding.ranges === null;
    const found = through ? plain : await letsThrough(reader, policy, binding.ranges, call);
    if (found.length === 0) return { working: policy, near: null };
    if (binding.names(policy)) near.push({ policy, lacks: found });
  }
  return { working: null, near: near.find(isUnsure) ?? near[0] ?? null };
}

function effectIn({ working, near }: Standing, { does }: Binding, complete: boolean): Effect {
  if (working !== null) return acts(`the enabled policy "${working.displayName}" ${does}`);
  if (near !== null && isUnsure(near))
    return unseen(`that the policy "${near.policy.displayName}" ${does} was not shown: ${sayLacks(near.lacks)}`);
  if (!complete) return unseen(`that a policy ${does} could not be read, because not every policy could be`);
  if (near === null) return idle(`but no enabled Conditional Access policy ${does}`);
  return idle(`but the policy "${near.policy.displayName}" does not do it: ${sayLacks(near.lacks)}`);
}

const notRead = (outcome: Outcome<unknown>, { does }: Binding): Effect => {
  const kind = outcome.ok ? '' : outcome.error.kind;
  const because = kind === 'permission' ? `because ${PERMISSION.readPolicies} is not granted` : `(${kind})`;
  return unseen(`that a policy ${does} could not be read, ${because}`);
};

/** What the policies, as read, do. */
export const effectAmong = async (
  reader: Reader,
  policies: Listed<Policy>,
  binding: Binding,
  call: CallContext,
): Promise<Effect> => effectIn(await standingOf(reader, policies.items, binding, call), binding, policies.complete);

async function effectOf(reader: Reader, binding: Binding, call: CallContext): Answer<Effect> {
  const read = await readPolicies(reader, call);
  return andThen(ifShown(read), async (policies) => {
    if (policies === null) return ok(notRead(read, binding));
    return ok(await effectAmong(reader, policies, binding, call));
  });
}

export function aboutOf({ account }: Target, { user, memberships, state }: Reading): About {
  const held = memberships?.complete === true ? memberships.groups.map(({ id }) => id) : null;
  const outside = homeTenantOf(user) !== null;
  return { account, heldBy: held, roles: state.adminRoles, guest: outside || user.userType !== null ? outside : null };
}

export const BLOCKS = { control: 'block', does: 'blocks every sign-in of it' } as const;
export const DEMANDS = { control: 'mfa', does: 'demands a second factor of it in all applications' } as const;
export const LIMITS = { control: 'block', does: 'blocks its sign-ins from elsewhere' } as const;

/** Whether a policy acts on an account that is in the group. */
export const effectOfGroup =
  (reader: Reader, group: string | null, wanted: ForGroup): EffectOf<Reading> =>
  (target, reading) =>
    effectOf(reader, forGroup(group ?? '', wanted, aboutOf(target, reading)), target.call);

export const effectOfRanges =
  (reader: Reader): EffectOf<Reading, RangeGroup> =>
  (target, reading, { group, ranges }) =>
    effectOf(reader, forGroup(group, { ...LIMITS, ranges }, aboutOf(target, reading)), target.call);

/** Whether a policy blocks the named location. */
export const effectOfLocation =
  (reader: Reader, location: string): EffectOf<Reading> =>
  (target, reading) =>
    effectOf(reader, forLocation(location, aboutOf(target, reading)), target.call);
