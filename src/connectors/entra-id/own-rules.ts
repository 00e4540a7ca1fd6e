import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountRef } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { normaliseRange, rangeSetKey } from '../kit/ranges.js';
import { IP_LOCATION, location, NAMED_LOCATIONS } from './locations.js';
import { PERMISSION } from './permissions.js';
import { lacks, listPolicies, readWhole, type ListedPolicy, type Policy } from './policies.js';
import type { Reader } from './reader.js';

/*
 * A rule of ours: a named location with the ranges, and a policy that blocks this one account everywhere else. Graph
 * keeps no mark beside the name, and takes two things of one name, so both are known by what their name ends with, and
 * are ours only as long as they are exactly what we make.
 */

const MOST_LOGIN = 100;
const BY = 'Notme: ';

const endOf = ({ accountId }: AccountRef, key: string): string =>
  `[${accountId}/${createHash('sha256').update(key).digest('hex').slice(0, 8)}]`;

/** Ours by its name, whatever the ranges. */
const isNamed = ({ accountId }: AccountRef, displayName: string): boolean =>
  displayName.startsWith(BY) && displayName.toLowerCase().includes(`[${accountId.toLowerCase()}/`);

/** What a person reads in the admin center: whose it is, what it does, who made it. A name has at most 256 characters. */
export function nameOf(account: AccountRef, key: string): string {
  const [first = '', ...more] = key.split(' ');
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${BY}${account.login.slice(0, MOST_LOGIN)} signs in from ${first}${others} only ${endOf(account, key)}`;
}

export interface OwnLocation {
  readonly id: string;
  /** The ranges as one text. */
  readonly key: string;
}

export interface OwnRule extends OwnLocation {
  readonly name: string;
  readonly policyId: string;
}

export interface OwnRules {
  readonly rules: readonly OwnRule[];
  /** Made, and used by no rule: a kill came in between. */
  readonly spare: readonly OwnLocation[];
  /** Named or placed like one of ours and not as we make it: somebody changed it, or not all of it can be read. */
  readonly odd: readonly ListedPolicy[];
  /** Nothing is odd, and nothing that could not be read may be one of ours. */
  readonly complete: boolean;
  readonly policies: Listed<Policy>;
  readonly many: { readonly policies: number; readonly locations: number };
}

export const locationRow = location.extend({ id: z.string().catch('') });
type LocationRow = z.output<typeof locationRow>;

function ownLocation(account: AccountRef, row: LocationRow): readonly OwnLocation[] {
  const { id, displayName, isTrusted, ipRanges } = row;
  const key = rangeSetKey(ipRanges ?? []);
  const isOurs = isNamed(account, displayName) && row['@odata.type'] === IP_LOCATION && isTrusted === false;
  return isOurs && id !== '' && key !== null && displayName.endsWith(endOf(account, key)) ? [{ id, key }] : [];
}

const only = (list: readonly string[] | null | undefined, one: string): boolean =>
  list?.length === 1 && list[0]?.toLowerCase() === one.toLowerCase();
const none = (list: readonly unknown[] | null | undefined): boolean => (list ?? []).length === 0;

/** Nobody else is in it, nobody is excepted, and it lets in from that place only. */
function isForNothingElse(
  { conditions, grantControls }: Policy,
  { accountId }: AccountRef,
  { id }: OwnLocation,
): boolean {
  const users = conditions.users ?? {};
  const { includeLocations, excludeLocations } = conditions.locations ?? {};
  return (
    only(users.includeUsers, accountId) &&
    [users.includeGroups, users.excludeUsers, users.excludeGroups, users.excludeRoles].every(none) &&
    only(includeLocations, 'All') &&
    only(excludeLocations, id) &&
    only(grantControls?.builtInControls, 'block')
  );
}

/** Somebody who changed it has made it theirs: it is not taken for ours, and not deleted. */
function isAsMade(policy: ListedPolicy, account: AccountRef, place: OwnLocation): boolean {
  const demand = { control: 'block', group: null, alone: true, byPlace: true, roles: [], guest: false } as const;
  return (
    policy.whole &&
    policy.displayName.endsWith(endOf(account, place.key)) &&
    lacks(policy, { ...demand, account, heldBy: [] }).length === 0 &&
    isForNothingElse(policy, account, place)
  );
}

const placesOf = ({ conditions: { locations } }: Policy): readonly { readonly id: string }[] =>
  (locations?.excludeLocations ?? []).map((id) => ({ id }));

const isPlacedIn = (policy: Policy, places: readonly OwnLocation[]): boolean =>
  placesOf(policy).some(({ id }) => places.some((place) => place.id === id));

/** The rules that Notme made for this account. */
export function readOwnRules(reader: Reader, { account, call }: Target): Answer<OwnRules> {
  const request = { path: `${NAMED_LOCATIONS}?$top=100`, needs: [PERMISSION.readPolicies], call };
  const both = allOf([listPolicies(reader, call), reader.api.list(locationRow, request)]);
  return mapped(both, ([policies, locations]) => {
    const places = locations.items.flatMap((row) => ownLocation(account, row));
    const rules: OwnRule[] = [];
    const odd: ListedPolicy[] = [];
    for (const policy of policies.items) {
      const place = places.find((one) => isAsMade(policy, account, one));
      if (place !== undefined && policy.id !== '')
        rules.push({ ...place, policyId: policy.id, name: policy.displayName });
      else if (isNamed(account, policy.displayName) || isPlacedIn(policy, places)) odd.push(policy);
    }
    const named = locations.items.filter(({ displayName }) => isNamed(account, displayName));
    return {
      rules,
      odd,
      spare: places.filter(({ id }) => ![...rules, ...odd.flatMap(placesOf)].some((used) => used.id === id)),
      complete:
        policies.complete &&
        locations.complete &&
        odd.length === 0 &&
        named.length === places.length &&
        [...policies.items, ...locations.items].every(({ id, displayName }) => id !== '' && displayName !== ''),
      policies: readWhole(policies),
      many: { policies: policies.items.length, locations: locations.items.length },
    };
  });
}

/** The ranges of a command as one text; `null` when there are none, or one of them is no range. */
export function keyOf(ranges: readonly string[]): string | null {
  return ranges.length === 0 || ranges.map(normaliseRange).includes(null) ? null : rangeSetKey(ranges);
}
