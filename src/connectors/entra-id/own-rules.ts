import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountRef } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { normaliseRange, rangeSetKey } from '../kit/ranges.js';
import type { Bodies } from './bodies.js';
import { IP_LOCATION, location, NAMED_LOCATIONS } from './locations.js';
import { PERMISSION } from './permissions.js';
import { listPolicies, readWhole, type ListedPolicy, type Policy } from './policies.js';
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
  /** By none of our names, and for this account alone. */
  readonly alike: readonly ListedPolicy[];
  /** Those that somebody has changed, or may have renamed, as a person finds them; `null`: not all of it was read. */
  readonly others: readonly string[] | null;
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

/** What a rule is made of; its name says whose it is. */
export const conditionsOf = ({ accountId }: AccountRef, placeId: string): Omit<Bodies['policy'], 'displayName'> => ({
  state: 'enabled',
  conditions: {
    clientAppTypes: ['all'],
    applications: { includeApplications: ['All'] },
    users: { includeUsers: [accountId] },
    locations: { includeLocations: ['All'], excludeLocations: [placeId] },
  },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
});

/** What every policy has beside what it does. */
const BESIDE = ['id', 'displayName', 'createdDateTime', 'modifiedDateTime'];

/** Every value that is set, with where it stands. */
function setIn(value: unknown, path = ''): readonly string[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((one) => setIn(one, `${path}[]`));
  if (typeof value !== 'object') return [`${path}=${JSON.stringify(value).toLowerCase()}`];
  return Object.entries(value)
    .filter(([key]) => !key.includes('@odata.') && !(path === '' && BESIDE.includes(key)))
    .flatMap(([key, one]) => setIn(one, `${path}/${key}`));
}

/**
 * Held against everything that Graph tells of it, also what is not known here: a role, guests, or a control beside ours
 * makes it the rule of somebody else.
 */
function comparedWithMade({ raw }: ListedPolicy, account: AccountRef, placeId: string) {
  const made = setIn(conditionsOf(account, placeId));
  const found = setIn(raw);
  return {
    more: found.filter((one) => !made.includes(one)),
    lacks: made.some((one) => !found.includes(one)),
  };
}

/** Somebody who changed it has made it theirs: it is not taken for ours, and not deleted. */
function isAsMade(policy: ListedPolicy, account: AccountRef, place: OwnLocation): boolean {
  const { more, lacks } = comparedWithMade(policy, account, place.id);
  return policy.whole && policy.displayName.endsWith(endOf(account, place.key)) && more.length === 0 && !lacks;
}

/** For this account alone, and by place: somebody's own, or one of ours that has another name now. */
const isForItAlone = ({ conditions: { users, locations }, grantControls }: Policy, { accountId }: AccountRef) =>
  only(users?.includeUsers, accountId) &&
  (locations?.excludeLocations ?? []).length > 0 &&
  grantControls?.builtInControls?.includes('block') === true;

const placesOf = ({ conditions: { locations } }: Policy): readonly { readonly id: string }[] =>
  (locations?.excludeLocations ?? []).map((id) => ({ id }));

const isPlacedIn = (policy: Policy, places: readonly OwnLocation[]): boolean =>
  placesOf(policy).some(({ id }) => places.some((place) => place.id === id));

interface Sorted {
  readonly policy: ListedPolicy;
  /** `unclear`: it may be ours, and was not read whole. */
  readonly kind: 'ours' | 'changed' | 'unclear' | 'alike' | 'foreign';
  readonly rule?: OwnRule;
  /** What it holds beside ours. */
  readonly more?: readonly string[];
}

function sortedBy(policy: ListedPolicy, account: AccountRef, places: readonly OwnLocation[]): Sorted {
  const place = places.find((one) => isAsMade(policy, account, one));
  if (place !== undefined && policy.id !== '')
    return { policy, kind: 'ours', rule: { ...place, policyId: policy.id, name: policy.displayName } };
  const [named, placed] = [isNamed(account, policy.displayName), isPlacedIn(policy, places)];
  if (!named && !placed) return { policy, kind: policy.whole && isForItAlone(policy, account) ? 'alike' : 'foreign' };
  const { more } = comparedWithMade(policy, account, placesOf(policy)[0]?.id ?? '');
  return { policy, kind: policy.whole && (more.length > 0 || !named) ? 'changed' : 'unclear', more };
}

/** As a person finds it, and what is in it that Notme does not write. */
function asOther({ kind, policy: { displayName, id }, more = [] }: Sorted): readonly string[] {
  if (kind !== 'changed' && kind !== 'alike') return [];
  return [[`${displayName} (${id})`, ...more].join(', ')];
}

/** The rules that Notme made for this account. */
export function readOwnRules(reader: Reader, { account, call }: Target): Answer<OwnRules> {
  const request = { path: `${NAMED_LOCATIONS}?$top=100`, needs: [PERMISSION.readPolicies], call };
  const both = allOf([listPolicies(reader, call), reader.api.list(locationRow, request)]);
  return mapped(both, ([policies, locations]) => {
    const places = locations.items.flatMap((row) => ownLocation(account, row));
    const sorted = policies.items.map((policy) => sortedBy(policy, account, places));
    const rules = sorted.flatMap(({ rule }) => rule ?? []);
    const odd = sorted.filter(({ kind }) => kind === 'changed' || kind === 'unclear').map(({ policy }) => policy);
    const alike = sorted.filter(({ kind }) => kind === 'alike').map(({ policy }) => policy);
    const named = locations.items.filter(({ displayName }) => isNamed(account, displayName));
    const isRead =
      policies.complete &&
      locations.complete &&
      named.length === places.length &&
      [...policies.items, ...locations.items].every(({ id, displayName }) => id !== '' && displayName !== '');
    const isUnclear = !isRead || sorted.some(({ kind }) => kind === 'unclear');
    return {
      rules,
      odd,
      alike,
      others: isUnclear ? null : sorted.flatMap(asOther).sort(),
      spare: places.filter(({ id }) => ![...rules, ...odd.flatMap(placesOf)].some((used) => used.id === id)),
      complete: isRead && odd.length === 0,
      policies: readWhole(policies),
      many: { policies: policies.items.length, locations: locations.items.length },
    };
  });
}

/** The ranges of a command as one text; `null` when there are none, or one of them is no range. */
export function keyOf(ranges: readonly string[]): string | null {
  return ranges.length === 0 || ranges.map(normaliseRange).includes(null) ? null : rangeSetKey(ranges);
}
