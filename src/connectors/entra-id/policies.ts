import { z } from 'zod';
import type { AccountRef, CallContext } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';

const UNREADABLE = 'unreadable';
/** Set but unreadable is not the same as not set. */
const strings = z.array(z.string()).nullish().catch([UNREADABLE]);
/** Loose: an unknown condition narrows a policy all the same, and is reported by its name. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    (value) => (value != null && (typeof value !== 'object' || Array.isArray(value)) ? { [UNREADABLE]: true } : value),
    z.looseObject(shape).nullish(),
  );
export const policyRow = z.object({
  displayName: z.string().catch(''),
  state: z.string(),
  conditions: z
    .looseObject({
      users: part({ includeGroups: strings, includeUsers: strings, excludeGroups: strings, excludeUsers: strings }),
      applications: part({ includeApplications: strings, excludeApplications: strings }),
      locations: part({ includeLocations: strings, excludeLocations: strings }),
      platforms: part({ includePlatforms: strings, excludePlatforms: strings }),
      clientAppTypes: strings,
      signInRiskLevels: strings,
      userRiskLevels: strings,
    })
    .catch({}),
  grantControls: part({
    operator: z.string().nullish().catch(null),
    builtInControls: strings,
    termsOfUse: strings,
    customAuthenticationFactors: strings,
    authenticationStrength: z.unknown().optional(),
  }),
});
export type Policy = z.output<typeof policyRow>;

/** What a policy must do to whom, for an action to take effect. */
export interface Effect {
  readonly control: 'block' | 'mfa';
  /** Null: it must apply to everybody. */
  readonly group: string | null;
  /** Whether the policy is meant for some places only. */
  readonly byPlace: boolean;
  readonly account: AccountRef | null;
  /** The groups that contain the account, also through others; `null` when they are not known. */
  readonly heldBy: readonly string[] | null;
}

const empty = (list: readonly string[] | null | undefined): boolean => (list ?? []).length === 0;
/** Absent means all, as Graph writes it. */
const takesAll = (list: readonly string[] | null | undefined): boolean =>
  empty(list) || list?.some((one) => one.toLowerCase() === 'all') === true;

/** A blocked person needs no second factor; with several controls joined by OR, another one is enough. */
function demands({ grantControls }: Policy, control: Effect['control']): boolean {
  const controls = grantControls?.builtInControls ?? [];
  if (controls.includes('block')) return true;
  const strength = grantControls?.authenticationStrength != null ? ['strength'] : [];
  const asked = [...(grantControls?.termsOfUse ?? []), ...(grantControls?.customAuthenticationFactors ?? [])];
  const all = [...controls, ...strength, ...asked.map(() => 'other')];
  const factors = all.filter((one) => one === 'mfa' || one === 'strength');
  const others = all.length - factors.length;
  return control === 'mfa' && factors.length > 0 && (others === 0 || grantControls?.operator?.toUpperCase() === 'AND');
}

/** Groups that a policy excludes besides the one it is bound to. */
export const othersExcluded = ({ conditions: { users } }: Policy, group: string | null): readonly string[] =>
  (users?.excludeGroups ?? []).filter((id) => id !== group);

/** Which of the relevant people a policy leaves out. */
function leavesOut(policy: Policy, { group, account, heldBy }: Effect): readonly string[] {
  const { users } = policy.conditions;
  const excluded = account === null ? [] : othersExcluded(policy, group);
  const held = excluded.some((id) => heldBy?.includes(id.toLowerCase()) === true);
  const found: readonly (readonly [boolean, string])[] = [
    [group !== null && users?.excludeGroups?.includes(group) === true, 'it excludes the group'],
    [account !== null && users?.excludeUsers?.includes(account.accountId) === true, 'it excludes this very account'],
    [held, 'it excludes a group that holds this very account'],
    [
      heldBy === null && excluded.length > 0,
      'it excludes groups, and whether they hold this very account cannot be read',
    ],
    [group === null && users?.includeUsers?.includes('All') !== true, 'it is not for all users'],
  ];
  return found.flatMap(([so, words]) => (so ? [words] : []));
}

const isSet = (value: unknown): boolean => {
  if (value === null || value === undefined || value === '') return false;
  return typeof value === 'object' ? Object.values(value).some(isSet) : true;
};

const JUDGED: Readonly<Record<string, readonly string[]>> = {
  users: [
    'includeGroups',
    'includeUsers',
    'includeRoles',
    'includeGuestsOrExternalUsers',
    'excludeGroups',
    'excludeUsers',
  ],
  applications: ['includeApplications', 'excludeApplications'],
  locations: ['includeLocations', 'excludeLocations'],
  platforms: ['includePlatforms', 'excludePlatforms'],
};
const JUDGED_LISTS = ['clientAppTypes', 'signInRiskLevels', 'userRiskLevels'];

/**
 * Conditions that are set but not evaluated here: deviceFilter, authenticationFlows, includeUserActions, excludeRoles.
 */
function unjudged({ conditions }: Policy): readonly string[] {
  return Object.entries(conditions)
    .filter(([key]) => !JUDGED_LISTS.includes(key))
    .flatMap(([key, value]) => {
      const judged = JUDGED[key];
      const inside = judged === undefined || value === null || typeof value !== 'object' ? { [key]: value } : value;
      return Object.entries(inside).filter(([name]) => judged?.includes(name) !== true && !name.startsWith('@'));
    })
    .flatMap(([name, value]) => (isSet(value) ? [name] : []));
}

/** What narrows a policy: it acts only where all of its conditions are met. */
function narrowedTo(policy: Policy, { byPlace }: Effect): readonly string[] {
  const { conditions } = policy;
  const { applications, locations, platforms, clientAppTypes, signInRiskLevels, userRiskLevels } = conditions;
  const risk = !empty(signInRiskLevels) || !empty(userRiskLevels);
  const anywhere = takesAll(locations?.includeLocations) && empty(locations?.excludeLocations);
  const found: readonly (readonly [boolean, string])[] = [
    [!takesAll(applications?.includeApplications), 'it covers single applications only'],
    [!empty(applications?.excludeApplications), 'it leaves applications out'],
    [!takesAll(platforms?.includePlatforms) || !empty(platforms?.excludePlatforms), 'it covers some platforms only'],
    [!takesAll(clientAppTypes), 'it covers some client apps only'],
    [risk, 'it acts at a risk only'],
    [!byPlace && !anywhere, 'it acts in some places only'],
    ...unjudged(policy).map((name) => [true, `it has the condition ${name}, which is not judged here`] as const),
  ];
  return found.flatMap(([so, words]) => (so ? [words] : []));
}

/** Why an enabled policy does not do it, as far as the policy shows; empty when it does. */
export function lacks(policy: Policy, effect: Effect): readonly string[] {
  const idle = effect.control === 'block' ? 'it does not block' : 'it demands no second factor';
  return [
    ...(demands(policy, effect.control) ? [] : [idle]),
    ...narrowedTo(policy, effect),
    ...leavesOut(policy, effect),
  ];
}

/** The enabled policies of Conditional Access. */
export function readPolicies({ api }: Reader, call: CallContext): Answer<readonly Policy[]> {
  const path = '/v1.0/identity/conditionalAccess/policies?$top=100';
  const found = api.list(policyRow, { path, needs: [PERMISSION.readPolicies], call });
  return mapped(found, ({ items }) => items.filter(({ state }) => state === 'enabled'));
}
