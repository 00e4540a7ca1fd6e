import { isWithin } from '../kit/ranges.js';
import { acts, idle, unseen, type Effect } from '../kit/effect.js';

// What Okta's policies do with one account. Policies are asked in their order, and in each its rules; the first rule that
// matches decides, and where none of a policy matches, the next policy is asked.

/** Nobody has this id: what names it is set, and cannot be read. */
export const UNREADABLE = 'unreadable';

interface Sides {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whom a policy or rule is for; empty lists mean everybody. */
export interface People {
  readonly groups: Sides;
  readonly users: Sides;
}

export interface Rule {
  readonly name: string;
  readonly people: People;
  readonly network: Sides & { readonly connection: string };
  /** Further conditions, by name: it decides only where they are met. */
  readonly conditions: readonly string[];
  /** `ALLOW` or `DENY`; Okta may add others. */
  readonly access: string;
  /** Whether it demands a second factor; `null`: not known. */
  readonly factor: boolean | null;
}

export interface Policy {
  readonly name: string;
  readonly people: People;
  /** Okta's own, for whoever no other has taken. */
  readonly last: boolean;
  /** Active ones, in order; `null` when they cannot be read. */
  readonly rules: readonly Rule[] | null;
}

/** The account, or (for the doctor) anybody in a prepared group. */
export interface Who {
  readonly userId: string | null;
  readonly groups: readonly string[];
  /** Whether these are all of its groups. */
  readonly complete: boolean;
}

/** Ranges by the id of a network zone; a zone that is missing or `null` cannot be read. */
export type Zones = ReadonlyMap<string, readonly string[] | null>;

/** What the policies are to do. */
export type Wanted =
  | { readonly kind: 'deny' | 'factor' }
  | { readonly kind: 'ranges'; readonly ranges: readonly string[]; readonly zones: Zones };

export const DOES = {
  deny: 'denies its sign-ins',
  factor: 'demands a second factor of it',
  ranges: 'denies its sign-ins from elsewhere',
} as const;
const INSTEAD = {
  deny: 'lets it in',
  factor: 'lets it in without a second factor',
  ranges: 'lets it in from elsewhere',
} as const;

type Applies = 'yes' | 'no' | 'unknown';

const all = ({ groups, users }: People): readonly string[] =>
  [groups, users].flatMap(({ include, exclude }) => [...include, ...exclude]);

function appliesTo(people: People, { userId, groups, complete }: Who): Applies {
  const inGroup = (ids: readonly string[]): boolean => ids.some((id) => groups.includes(id));
  const named = (ids: readonly string[]): boolean => userId !== null && ids.includes(userId);
  if (named(people.users.exclude) || inGroup(people.groups.exclude)) return 'no';
  if (all(people).includes(UNREADABLE)) return 'unknown';
  if (people.groups.exclude.length > 0 && !complete) return 'unknown';
  const everybody = people.groups.include.length + people.users.include.length === 0;
  if (everybody || named(people.users.include) || inGroup(people.groups.include)) return 'yes';
  return complete ? 'no' : 'unknown';
}

/** What a rule means for what is wanted: it settles it for all that comes here, it does not harm it, or it lets in. */
type Ruling = 'settles' | 'passes' | 'lets_in' | 'unknown';

const isAnywhere = ({ network, conditions }: Rule): boolean =>
  network.connection === 'ANYWHERE' && conditions.length === 0;

/** Whether all addresses of these zones are among the ranges; `null` when a zone cannot be read. */
function areWithin(ids: readonly string[], { ranges, zones }: Extract<Wanted, { kind: 'ranges' }>): boolean | null {
  const found = ids.map((id) => zones.get(id) ?? null);
  if (found.some((zone) => zone?.some((range) => !isWithin(range, ranges)) === true)) return false;
  return found.includes(null) ? null : true;
}

function ruleDenies(rule: Rule, wanted: Wanted): Ruling {
  if (isAnywhere(rule)) return 'settles';
  const { connection, include, exclude } = rule.network;
  if (wanted.kind !== 'ranges' || rule.conditions.length > 0 || connection !== 'ZONE' || include.length > 0)
    return 'passes';
  // Only who comes from these zones is asked further.
  return exclude.length > 0 && areWithin(exclude, wanted) === true ? 'settles' : 'passes';
}

function ruleLetsIn(rule: Rule, wanted: Wanted): Ruling {
  switch (wanted.kind) {
    case 'deny':
      return 'lets_in';
    case 'factor':
      if (rule.factor === null) return 'unknown';
      if (!rule.factor) return 'lets_in';
      return isAnywhere(rule) ? 'settles' : 'passes';
    case 'ranges': {
      const { connection, include } = rule.network;
      if (connection !== 'ZONE' || include.length === 0) return 'lets_in';
      const within = areWithin(include, wanted);
      if (within === null) return 'unknown';
      return within ? 'passes' : 'lets_in';
    }
  }
}

function rulingOf(rule: Rule, wanted: Wanted): Ruling {
  if (rule.access === 'DENY') return ruleDenies(rule, wanted);
  return rule.access === 'ALLOW' ? ruleLetsIn(rule, wanted) : 'unknown';
}

const settled = (policy: Policy, { name, access }: Rule, { kind }: Wanted): Effect =>
  acts(
    `the rule "${name}" of the active policy "${policy.name}" ${access === 'DENY' && kind === 'factor' ? DOES.deny : DOES[kind]}`,
  );

/** What the walk through the policies has met so far. */
class Walk {
  readonly #doubts: string[] = [];

  constructor(readonly wanted: Wanted) {}

  doubt(what: string): void {
    this.#doubts.push(what);
  }

  /** What is read for sure counts only where nothing before it is in doubt. */
  end(effect: Effect): Effect {
    if (this.#doubts.length === 0) return effect;
    return unseen(`that a sign-on policy ${DOES[this.wanted.kind]} was not shown: ${this.#doubts.join(', and ')}`);
  }
}

/** `null`: what comes next decides. */
function ruleEnds(walk: Walk, policy: Policy, rule: Rule, applies: Applies): Effect | null {
  const { wanted } = walk;
  switch (rulingOf(rule, wanted)) {
    case 'passes':
      return null;
    case 'unknown':
      walk.doubt(`what the rule "${rule.name}" of the policy "${policy.name}" does is not judged here`);
      return null;
    case 'settles':
      if (applies === 'yes') return walk.end(settled(policy, rule, wanted));
      walk.doubt(`whether the policy "${policy.name}" is for the account is not known`);
      return null;
    case 'lets_in':
      if (applies === 'yes')
        return walk.end(idle(`but the rule "${rule.name}" of the policy "${policy.name}" ${INSTEAD[wanted.kind]}`));
      walk.doubt(`the policy "${policy.name}" comes first, and whether it is for the account is not known`);
      return null;
  }
}

/** Of a policy and one of its rules together. */
const both = (one: Applies, other: Applies): Applies => {
  if (one === 'no' || other === 'no') return 'no';
  return one === 'yes' && other === 'yes' ? 'yes' : 'unknown';
};

/** What the policies do, in their order, to whoever signs in with the account. */
export function effectOf(policies: readonly Policy[], who: Who, wanted: Wanted): Effect {
  const walk = new Walk(wanted);
  for (const policy of policies) {
    const applies = policy.last && who.userId === null ? 'yes' : appliesTo(policy.people, who);
    if (applies !== 'no' && policy.rules === null)
      walk.doubt(`the rules of the policy "${policy.name}" cannot be read`);
    for (const rule of policy.rules ?? []) {
      const reached = both(applies, appliesTo(rule.people, who));
      const effect = reached === 'no' ? null : ruleEnds(walk, policy, rule, reached);
      if (effect !== null) return effect;
    }
  }
  return walk.end(idle(`but no active sign-on policy ${DOES[wanted.kind]}`));
}
