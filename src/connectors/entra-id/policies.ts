import { z } from 'zod';
import type { AccountRef, CallContext } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';

export const POLICIES = '/v1.0/identity/conditionalAccess/policies';

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
  id: z.string().catch(''),
  displayName: z.string().catch(''),
  state: z.string().catch(''),
  conditions: z
    .looseObject({
      users: part({
        includeGroups: strings,
        includeUsers: strings,
        excludeGroups: strings,
        excludeUsers: strings,
        excludeRoles: strings,
        excludeGuestsOrExternalUsers: z.unknown().optional(),
      }),
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

const texts = z.array(z.string().min(1));
/** What a policy always says of itself, in this form: what is set differently may mean the opposite of what is read. */
const told = z.object({
  state: z.string(),
  conditions: z.object({
    users: z.object({
      includeUsers: texts,
      includeGroups: texts,
      excludeUsers: texts.optional(),
      excludeGroups: texts.optional(),
      excludeRoles: texts.optional(),
    }),
    applications: z.object({ includeApplications: texts, excludeApplications: texts.optional() }),
    clientAppTypes: texts.optional(),
    locations: z.object({ includeLocations: texts, excludeLocations: texts.optional() }).nullish(),
  }),
  grantControls: z.object({ operator: z.string().nullish(), builtInControls: texts }).nullish(),
});

/** `raw`: as Graph wrote it, with what is not judged here. */
export type ListedPolicy = Policy & { readonly whole: boolean; readonly raw: unknown };

const listedPolicy = z.unknown().transform((raw, context): ListedPolicy => {
  const read = policyRow.safeParse(raw);
  if (read.success) return { ...read.data, whole: told.safeParse(raw).success, raw };
  context.addIssue({ code: 'custom', message: 'is no policy' });
  return z.NEVER;
});

/** What a policy must do to whom, for an action to take effect. */
export interface Demand {
  readonly control: 'block' | 'mfa';
  /** Null: it must apply to everybody, or (`alone`) to this account. */
  readonly group: string | null;
  readonly alone?: true;
  /** Whether the policy is meant for some places only. */
  readonly byPlace: boolean;
  readonly account: AccountRef | null;
  /** The groups that contain the account, also through others; `null` when they are not known. */
  readonly heldBy: readonly string[] | null;
  /** The account's administrator roles; `null` when they are not known. */
  readonly roles: readonly string[] | null;
  /** Whether the account is a guest or another external user; `null` when it is not known. */
  readonly guest: boolean | null;
}

/** Why a policy does not do it. `sure`: it does not; otherwise that could not be read. */
export interface Lack {
  readonly words: string;
  readonly sure: boolean;
}

type Found = readonly (readonly [isSo: boolean, words: string, sure?: 'unsure' | undefined])[];

const lacksAmong = (found: Found): readonly Lack[] =>
  found.flatMap(([isSo, words, unsure]) => (isSo ? [{ words, sure: unsure === undefined }] : []));

/** A list with an entry that is not told may say the opposite. */
const ifTold = (...lists: readonly (readonly string[] | null | undefined)[]): 'unsure' | undefined =>
  lists.some((list) => list?.some((one) => one === '' || one === UNREADABLE) === true) ? 'unsure' : undefined;

const empty = (list: readonly string[] | null | undefined): boolean => (list ?? []).length === 0;
/** Absent means all, as Graph writes it. */
const takesAll = (list: readonly string[] | null | undefined): boolean =>
  empty(list) || list?.some((one) => one.toLowerCase() === 'all') === true;

/** What a policy grants access for, or none of it; `mfa` and `strength` ask for a second factor. */
function controlsOf({ grantControls }: Policy): readonly string[] {
  const strength = grantControls?.authenticationStrength != null ? ['strength'] : [];
  const asked = [...(grantControls?.termsOfUse ?? []), ...(grantControls?.customAuthenticationFactors ?? [])];
  return [...(grantControls?.builtInControls ?? []), ...strength, ...asked.map(() => 'other')];
}

/** A blocked person needs no second factor; with several controls joined by OR, another one is enough. */
function demands(policy: Policy, control: Demand['control']): boolean {
  const all = controlsOf(policy);
  if (all.includes('block')) return true;
  const factors = all.filter((one) => one === 'mfa' || one === 'strength');
  const isAnd = policy.grantControls?.operator?.toUpperCase() === 'AND';
  return control === 'mfa' && factors.length > 0 && (factors.length === all.length || isAnd);
}

/** Without any control that is told, it may be one that is not. */
const ifControlled = (policy: Policy): 'unsure' | undefined =>
  empty(controlsOf(policy)) ? 'unsure' : ifTold(policy.grantControls?.builtInControls);

/** Groups that a policy excludes besides the one it is bound to. */
export const othersExcluded = ({ conditions: { users } }: Policy, group: string | null): readonly string[] =>
  (users?.excludeGroups ?? []).filter((id) => id !== group);

/** Administrators and guests can be exempt as such; who is one is read with the account. */
function exempts({ users }: Policy['conditions'], { account, roles, guest }: Demand): Found {
  if (account === null) return [];
  const exempt = !empty(users?.excludeRoles) && roles?.length !== 0;
  const held = (roles ?? []).join(', ');
  const guests = isSet(users?.excludeGuestsOrExternalUsers);
  return [
    [
      exempt && roles !== null,
      `it exempts administrator roles (excludeRoles), and the account holds ${held}`,
      'unsure',
    ],
    [
      exempt && roles === null,
      'it exempts administrator roles (excludeRoles), and those of the account are not known',
      'unsure',
    ],
    [guests && guest === true, 'it exempts guests (excludeGuestsOrExternalUsers), and the account is one', 'unsure'],
    [guests && guest === null, 'it exempts guests (excludeGuestsOrExternalUsers)', 'unsure'],
  ];
}

/** Which of the relevant people a policy leaves out. */
function leavesOut(policy: Policy, demand: Demand): Found {
  const { group, account, heldBy, alone = false } = demand;
  const { users } = policy.conditions;
  const excluded = account === null ? [] : othersExcluded(policy, group);
  const held = excluded.some((id) => heldBy?.includes(id.toLowerCase()) === true);
  return [
    [group !== null && users?.excludeGroups?.includes(group) === true, 'it excludes the group'],
    [account !== null && users?.excludeUsers?.includes(account.accountId) === true, 'it excludes this very account'],
    [held, 'it excludes a group that holds this very account'],
    [
      heldBy === null && excluded.length > 0,
      'it excludes groups, and whether they hold this very account cannot be read',
      'unsure',
    ],
    [group === null && !alone && users?.includeUsers?.includes('All') !== true, 'it is not for all users'],
    ...exempts(policy.conditions, demand),
  ];
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
    'excludeRoles',
    'excludeGuestsOrExternalUsers',
  ],
  applications: ['includeApplications', 'excludeApplications'],
  locations: ['includeLocations', 'excludeLocations'],
  platforms: ['includePlatforms', 'excludePlatforms'],
};
const JUDGED_LISTS = ['clientAppTypes', 'signInRiskLevels', 'userRiskLevels'];

/** Conditions that are set but not evaluated here: deviceFilter, authenticationFlows, includeUserActions. */
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

const narrowedToApps = ({ conditions: { applications, platforms } }: Policy): Found => [
  [
    !takesAll(applications?.includeApplications),
    'it covers single applications only',
    ifTold(applications?.includeApplications),
  ],
  [!empty(applications?.excludeApplications), 'it leaves applications out', ifTold(applications?.excludeApplications)],
  [
    !takesAll(platforms?.includePlatforms) || !empty(platforms?.excludePlatforms),
    'it covers some platforms only',
    ifTold(platforms?.includePlatforms, platforms?.excludePlatforms),
  ],
];

/** What narrows a policy: it acts only where all of its conditions are met. */
function narrowedTo(policy: Policy, { byPlace }: Demand): Found {
  const { conditions } = policy;
  const { locations, clientAppTypes, signInRiskLevels, userRiskLevels } = conditions;
  const risk = !empty(signInRiskLevels) || !empty(userRiskLevels);
  const anywhere = takesAll(locations?.includeLocations) && empty(locations?.excludeLocations);
  return [
    ...narrowedToApps(policy),
    [!takesAll(clientAppTypes), 'it covers some client apps only', ifTold(clientAppTypes)],
    [risk, 'it acts at a risk only', ifTold(signInRiskLevels, userRiskLevels)],
    [
      !byPlace && !anywhere,
      'it acts in some places only',
      ifTold(locations?.includeLocations, locations?.excludeLocations),
    ],
    ...unjudged(policy).map(
      (name) => [true, `it has the condition ${name}, which is not judged here`, 'unsure'] as const,
    ),
  ];
}

/** Report-only is the usual first state of a policy: it is logged, and stops nobody. */
const inState = ({ state }: Policy): Found => [
  [state === 'enabledForReportingButNotEnforced', 'it is in report-only mode and does nothing'],
  [state === 'disabled', 'it is off and does nothing'],
  [!STATES.includes(state), `its state is "${state}", which is not known here`, 'unsure'],
];
const STATES = ['enabled', 'enabledForReportingButNotEnforced', 'disabled'];

/** Why a policy does not do it, as far as the policy shows; empty when it does. */
export function lacks(policy: Policy, demand: Demand): readonly Lack[] {
  const without = demand.control === 'block' ? 'it does not block' : 'it demands no second factor';
  return lacksAmong([
    ...inState(policy),
    [!demands(policy, demand.control), without, ifControlled(policy)],
    ...narrowedTo(policy, demand),
    ...leavesOut(policy, demand),
  ]);
}

export const sayLacks = (found: readonly Lack[]): string => found.map(({ words }) => words).join(', and ');

/** The policies of Conditional Access, whatever their state. */
export const listPolicies = ({ api }: Reader, call: CallContext): Answer<Listed<ListedPolicy>> =>
  api.list(listedPolicy, { path: `${POLICIES}?$top=100`, needs: [PERMISSION.readPolicies], call });

/** Complete only when each of them could be read whole: any of them may be about anybody. */
export const readWhole = ({ items, complete }: Listed<ListedPolicy>): Listed<Policy> => ({
  items,
  complete: complete && items.every(({ whole }) => whole),
});

export const readPolicies = (reader: Reader, call: CallContext): Answer<Listed<Policy>> =>
  mapped(listPolicies(reader, call), readWhole);
