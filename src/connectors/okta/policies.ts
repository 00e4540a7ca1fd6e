import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { ifShown } from '../kit/partial.js';
import type { OktaApi } from './api.js';
import { UNREADABLE, type People, type Policy, type Rule } from './sign-on.js';

const list = z.array(z.string()).nullish().catch([UNREADABLE]);
const sides = z
  .object({ include: list, exclude: list })
  .nullish()
  .catch({ include: [UNREADABLE], exclude: [] });
const people = z
  .object({ groups: sides, users: sides })
  .nullish()
  .catch({ groups: { include: [UNREADABLE], exclude: [] }, users: null });
const network = z
  .object({ connection: z.string().catch(UNREADABLE), include: list, exclude: list })
  .nullish()
  .catch({ connection: UNREADABLE, include: [], exclude: [] });
/** Loose: an unknown condition narrows a rule all the same. */
const conditions = z
  .looseObject({ people, network })
  .nullish()
  .catch({ [UNREADABLE]: true });
const name = z.string().catch('');

export const signOnPolicy = z.object({
  id: z.string().min(1),
  name,
  status: name,
  priority: z.number().catch(Infinity),
  /** Okta's own policy, the last one: for whoever no other has taken. */
  system: z.boolean().catch(false),
  conditions: z
    .object({
      people: z
        .object({ groups: z.object({ include: list }) })
        .nullish()
        .catch({ groups: { include: [UNREADABLE] } }),
    })
    .nullish()
    .catch({ people: { groups: { include: [UNREADABLE] } } }),
});
const rule = { name, status: name, priority: z.number().nullable().catch(null) };
export const signOnRule = z.object({
  ...rule,
  conditions,
  actions: z
    .object({ signon: z.object({ access: name, requireFactor: z.boolean().nullable().catch(null) }) })
    .catch({ signon: { access: '', requireFactor: null } }),
});
/** Conditions of an access policy stand in its rules. */
export const accessPolicy = z.object({ id: z.string().min(1), name, status: name });
export const accessRule = z.object({
  ...rule,
  conditions,
  actions: z
    .object({
      appSignOn: z.object({
        access: name,
        verificationMethod: z
          .object({ factorMode: z.string().nullish().catch(null) })
          .nullish()
          .catch(null),
      }),
    })
    .catch({ appSignOn: { access: '', verificationMethod: null } }),
});

/** `ANY` and `ANYWHERE` are how Okta writes that a condition does not narrow. */
function narrows(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 'ANY' || value === 'ANYWHERE') return false;
  return typeof value === 'object' ? Object.values(value).some(narrows) : true;
}

const asPeople = (found: z.output<typeof people>): People => ({
  groups: { include: found?.groups?.include ?? [], exclude: found?.groups?.exclude ?? [] },
  users: { include: found?.users?.include ?? [], exclude: found?.users?.exclude ?? [] },
});

type Row = Pick<z.output<typeof signOnRule>, 'name' | 'status' | 'priority' | 'conditions'>;

function asRule(row: Row, does: Pick<Rule, 'access' | 'factor'>): Rule {
  const { people: who, network: where, ...others } = row.conditions ?? {};
  return {
    name: row.name,
    people: asPeople(who),
    network: {
      connection: where?.connection ?? 'ANYWHERE',
      include: where?.include ?? [],
      exclude: where?.exclude ?? [],
    },
    conditions: Object.entries(others).flatMap(([key, value]) => (narrows(value) ? [key] : [])),
    ...does,
  };
}

const SECOND: Readonly<Record<string, boolean>> = { '2FA': true, '1FA': false };

const ofSignOn = (row: z.output<typeof signOnRule>): Rule =>
  asRule(row, { access: row.actions.signon.access, factor: row.actions.signon.requireFactor });

function ofAccess(row: z.output<typeof accessRule>): Rule {
  const { access, verificationMethod } = row.actions.appSignOn;
  return asRule(row, { access, factor: SECOND[verificationMethod?.factorMode ?? ''] ?? null });
}

const isActive = ({ status }: { readonly status: string }): boolean => status === 'ACTIVE';

/** The rules of one policy in the order in which Okta asks them; `null` when not all of them can be read. */
const rulesOf = <T extends Row>(
  api: OktaApi,
  { id }: { readonly id: string },
  [shape, toRule]: readonly [z.ZodType<T>, (row: T) => Rule],
  call: CallContext,
): Answer<readonly Rule[] | null> =>
  mapped(api.list(`/api/v1/policies/${segment(id)}/rules`, shape, call).then(ifShown), (found) => {
    if (found?.complete !== true) return null;
    const inOrder = found.items.filter(isActive).toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
    return inOrder.map(toRule);
  });

/** Each policy is one more question. */
const MOST_POLICIES = 20;

async function withRules<P extends { readonly id: string; readonly name: string }>(
  policies: readonly P[],
  rules: (policy: P) => Answer<readonly Rule[] | null>,
  rest: (policy: P) => Pick<Policy, 'people' | 'last'>,
): Answer<readonly Policy[]> {
  const all: Policy[] = [];
  for (const [index, policy] of policies.entries()) {
    const read = index < MOST_POLICIES ? await rules(policy) : ok(null);
    if (!read.ok) return read;
    all.push({ name: policy.name, rules: read.value, ...rest(policy) });
  }
  return ok(all);
}

export interface Policies {
  readonly policies: readonly Policy[];
  readonly complete: boolean;
}

/** The active global session policies with their rules, in their order: `okta.policies.read`. */
export async function readSignOnPolicies(api: OktaApi, call: CallContext): Answer<Policies> {
  const found = await api.list('/api/v1/policies?type=OKTA_SIGN_ON', signOnPolicy, call);
  if (!found.ok) return found;
  const { items, complete } = found.value;
  const active = items.filter(isActive).toSorted((a, b) => a.priority - b.priority || 0);
  const policies = withRules(
    active,
    (policy) => rulesOf(api, policy, [signOnRule, ofSignOn], call),
    ({ conditions: only, system }) => ({
      people: asPeople(only?.people == null ? null : { groups: only.people.groups }),
      last: system,
    }),
  );
  return mapped(policies, (all) => ({ policies: all, complete }));
}

/** The active policies of applications (Identity Engine); Classic Engine has none. */
export async function readAccessPolicies(api: OktaApi, call: CallContext): Answer<Policies> {
  const found = await api.list('/api/v1/policies?type=ACCESS_POLICY', accessPolicy, call);
  if (!found.ok && found.error.kind === 'invalid_input') return ok({ policies: [], complete: true });
  if (!found.ok) return found;
  const policies = withRules(
    found.value.items.filter(isActive),
    (policy) => rulesOf(api, policy, [accessRule, ofAccess], call),
    () => ({ people: asPeople(null), last: false }),
  );
  return mapped(policies, (all) => ({ policies: all, complete: found.value.complete }));
}
