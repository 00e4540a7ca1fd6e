import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import type { Answer, Outcome } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { acts, unseen, type Effect, type EffectOf } from '../kit/effect.js';
import type { RangeGroup } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import { readAccessPolicies, readSignOnPolicies, type Policies } from './policies.js';
import { SCOPE } from './scopes.js';
import { DOES, effectOf, type Wanted, type Who, type Zones } from './sign-on.js';
import type { Parts, Reading } from './state.js';
import { rangesOfZones } from './zone.js';

/** An action's demand, before the zones are read. */
export type Demand =
  { readonly kind: 'deny' | 'factor' } | { readonly kind: 'ranges'; readonly ranges: readonly string[] };

const notRead = ({ kind }: Demand, because: string): Effect =>
  unseen(`that a sign-on policy ${DOES[kind]} could not be read, because ${because}`);

const whyNot = (outcome: Outcome<unknown>): string => {
  const failed = outcome.ok ? '' : outcome.error.kind;
  return failed === 'permission' ? `${SCOPE.readPolicies} is not granted` : `Okta did not show it (${failed})`;
};

/** One application that lets in is enough for an intruder; with all of them the account is as shut as by one policy. */
function ofApplications({ policies, complete }: Policies, who: Who, wanted: Wanted): Effect['is'] {
  const found = policies.map((policy) => effectOf([policy], who, wanted).is);
  if (policies.length === 0 || found.includes('idle')) return complete ? 'idle' : 'unseen';
  return complete && !found.includes('unseen') ? 'acts' : 'unseen';
}

interface Asked {
  readonly who: Who;
  readonly wanted: Wanted;
  /** What the global session policies do. */
  readonly globally: Effect;
}

async function inApplications({ api }: Parts, { who, wanted, globally }: Asked, call: CallContext): Answer<Effect> {
  const read = await readAccessPolicies(api, call);
  return mapped(ifShown(read), (found) => {
    const standing = found === null ? 'unseen' : ofApplications(found, who, wanted);
    if (standing === 'acts') return acts(`the policy of every application ${DOES[wanted.kind]}`);
    if (standing === 'idle' || globally.is === 'unseen') return globally;
    return unseen(`that the policy of every application ${DOES[wanted.kind]} could not be read, ${globally.words}`);
  });
}

const NO_ZONES: Zones = new Map();

/** What the global session policies do to the account, and where they do not do it, those of the applications. */
export async function readEffect(parts: Parts, who: Who, demand: Demand, call: CallContext): Answer<Effect> {
  const read = await readSignOnPolicies(parts.api, call);
  return andThen(ifShown(read), async (found) => {
    if (found === null) return ok(notRead(demand, whyNot(read)));
    if (!found.complete) return ok(notRead(demand, 'one of them is in a form that is not known'));
    const zones = demand.kind === 'ranges' ? ifShown(await rangesOfZones(parts, call)) : ok(NO_ZONES);
    return andThen(zones, (byId) => {
      const wanted: Wanted = demand.kind === 'ranges' ? { ...demand, zones: byId ?? NO_ZONES } : demand;
      const effect = effectOf(found.policies, who, wanted);
      return effect.is === 'acts' ? ok(effect) : inApplications(parts, { who, wanted, globally: effect }, call);
    });
  });
}

const whoIs = ({ groups, user }: Reading): Who => ({
  userId: user.id,
  groups: (groups?.items ?? []).map(({ id }) => id),
  complete: groups?.complete === true,
});

export const effectOn =
  (parts: Parts, demand: Demand): EffectOf<Reading> =>
  ({ call }, reading) =>
    readEffect(parts, whoIs(reading), demand, call);

export const effectOfRanges =
  (parts: Parts): EffectOf<Reading, RangeGroup> =>
  ({ call }, reading, { ranges }) =>
    readEffect(parts, whoIs(reading), { kind: 'ranges', ranges }, call);
