import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ConnectorFailure, Facts, Receipt } from '../../ports/connector.js';
import {
  afterPart,
  ALREADY,
  cannotTell,
  doesNotHold,
  failure,
  FOREIGN_FACTS,
  holds,
  native,
  unsupported,
} from '../kit/action.js';
import { changed, type Action, type Answer, type Target, type Verdict } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { withEffect } from '../kit/effect.js';
import { inTurn } from '../kit/in-turn.js';
import { createTurns } from '../kit/turns.js';
import type { Bodies } from './bodies.js';
import { aboutOf, effectAmong, forAccount } from './effects.js';
import { entry, IP_LOCATION, NAMED_LOCATIONS } from './locations.js';
import {
  conditionsOf,
  keyOf,
  nameOf,
  readOwnRules,
  type OwnLocation,
  type OwnRule,
  type OwnRules,
} from './own-rules.js';
import { PERMISSION } from './permissions.js';
import { POLICIES } from './policies.js';
import type { Reader } from './reader.js';
import { GROUP_DELAY_SECONDS, UNTIL_ASKED } from './residual.js';
import type { Reading } from './state.js';

/** learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access */
export const MOST_POLICIES = 240;
/** learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network */
export const MOST_LOCATIONS = 195;
/** A location that was made a moment ago is not known to policies yet; there is more than a second between two calls. */
const TRIES = 6;
const FACT = 'login rules';
const LEFT = 'named locations of no rule';
const OTHERS = 'policies for this account that Notme did not make, or somebody changed';

const NO_RANGES = err({
  kind: 'invalid_input' as const,
  message: 'These are no IP ranges; give CIDRs such as 203.0.113.0/24.',
  field: 'ranges',
});

const NOT_KNOWN_YET = /NamedLocation with id .* does not exist/i;
const TOO_EARLY = failure(
  'transient',
  'Entra ID does not know the new named location everywhere yet; it is safe to try again.',
);
/** The policy that named it is gone, which is not known everywhere yet. */
const STILL_NAMED = failure(
  'transient',
  'Entra ID does not delete the named location as long as it knows of a policy that names it; it is safe to try again.',
);
const SECURITY_DEFAULTS = /security defaults/i;

const needs = [PERMISSION.conditionalAccess, PERMISSION.readPolicies];
/** "Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Application.Read.All": learn.microsoft.com/graph/api/conditionalaccessroot-post-policies */
const toMakePolicies = [...needs, PERMISSION.readApps];

export const madeRow = z.object({ id: z.string().min(1) });

/** A refusal of something new, with what is true of the tenant: Microsoft nowhere tells the words of a reached limit. */
const atLimit = (many: number, most: number, things: string) => (refused: ConnectorFailure) =>
  refused.kind === 'invalid_input' && many >= most
    ? failure(
        'unsupported',
        `The tenant has ${many} ${things}, and Entra ID takes ${most}; delete what is not needed, or use a prepared group (login_range_groups). ${refused.message}`,
      )
    : null;

function makeLocation(
  { api }: Reader,
  key: string,
  { many }: OwnRules,
  { account, call }: Target,
): Answer<OwnLocation> {
  const json: Bodies['newLocation'] = {
    '@odata.type': IP_LOCATION,
    displayName: nameOf(account, key),
    isTrusted: false,
    ipRanges: key.split(' ').map(entry),
  };
  const retold = atLimit(many.locations, MOST_LOCATIONS, 'named locations');
  const request = { method: 'POST' as const, path: NAMED_LOCATIONS, json, needs, call, retold };
  return mapped(api.make(madeRow, 'a new named location', request), ({ id }) => ({ id, key }));
}

function refusedPolicy(many: OwnRules['many']) {
  const limit = atLimit(many.policies, MOST_POLICIES, 'Conditional Access policies');
  return (refused: ConnectorFailure, said: string): ConnectorFailure | null => {
    if (NOT_KNOWN_YET.test(said)) return TOO_EARLY;
    if (SECURITY_DEFAULTS.test(said))
      return failure(
        'unsupported',
        'Security defaults are on in this tenant, and Entra ID takes no Conditional Access policy beside them; limit the sign-in by other means, or let an administrator decide about them (Identity | Overview | Properties | Manage security defaults).',
      );
    return limit(refused);
  };
}

async function makePolicy({ api }: Reader, place: OwnLocation, { many }: OwnRules, target: Target): Answer<Receipt> {
  const { account, call } = target;
  const json: Bodies['policy'] = {
    displayName: nameOf(account, place.key),
    ...conditionsOf(account, place.id),
  };
  const retold = refusedPolicy(many);
  const request = { method: 'POST' as const, path: POLICIES, json, needs: toMakePolicies, call, retold };
  for (let attempt = 1; ; attempt += 1) {
    const made = await api.make(madeRow, 'a new policy', request);
    if (made.ok) return ok(changed());
    if (made.error !== TOO_EARLY || attempt === TRIES) return made;
  }
}

async function removeLocation({ api }: Reader, id: string, { call }: Target): Answer<Receipt> {
  for (let attempt = 1; ; attempt += 1) {
    const removed = await api.change({
      method: 'DELETE',
      path: `${NAMED_LOCATIONS}/${encodeURIComponent(id)}`,
      needs,
      call,
      isAlready: (kind) => kind === 'not_found',
      retold: ({ kind }) => (kind === 'invalid_input' ? STILL_NAMED : null),
    });
    if (removed.ok || removed.error !== STILL_NAMED || attempt === TRIES) return removed;
  }
}

const removePolicy = ({ api }: Reader, { policyId }: OwnRule, { call }: Target): Answer<Receipt> =>
  api.change({
    method: 'DELETE',
    path: `${POLICIES}/${encodeURIComponent(policyId)}`,
    needs,
    call,
    isAlready: (kind) => kind === 'not_found',
  });

/** With what is there already, else anew; what a refused policy leaves is taken away again. */
async function ensure(reader: Reader, key: string, present: OwnRules, target: Target): Answer<Receipt> {
  if (present.rules.some((rule) => rule.key === key)) return ok(ALREADY);
  const spare = present.spare.find((place) => place.key === key);
  const place = spare === undefined ? await makeLocation(reader, key, present, target) : ok(spare);
  if (!place.ok) return place;
  const made = await makePolicy(reader, place.value, present, target);
  if (made.ok || made.error.kind === 'unknown_outcome') return made;
  const taken = await removeLocation(reader, place.value.id, target);
  if (!taken.ok) return err(afterPart(changed(), made.error));
  if (spare === undefined || made.error !== TOO_EARLY) return made;
  // The list was late: that location was deleted before.
  return ensure(reader, key, { ...present, spare: present.spare.filter((one) => one !== spare) }, target);
}

interface Wanted {
  /** One rule for each of these sets of ranges, and no other. */
  readonly keys: readonly string[];
  /** The named locations that were there before, used by no rule. */
  readonly left?: readonly string[];
}

/** What is missing first, so that in between less is let in. */
async function bring(reader: Reader, { keys, left = [] }: Wanted, present: OwnRules, target: Target): Answer<Receipt> {
  const kept = keys.flatMap((key) => present.rules.find((rule) => rule.key === key) ?? []);
  const surplus = present.rules.filter((rule) => !kept.includes(rule));
  const places = [
    ...surplus,
    ...present.spare.filter(({ key }) => !keys.includes(key) || kept.some((rule) => rule.key === key)),
  ];
  const removed = places.filter(({ key }) => !left.includes(key)).map(({ id }) => id);
  const unused = [...new Set(removed)].filter((id) => !kept.some((rule) => rule.id === id));
  return inTurn([
    ...keys.map((key) => () => ensure(reader, key, present, target)),
    ...surplus.map((rule) => () => removePolicy(reader, rule, target)),
    ...unused.map((id) => () => removeLocation(reader, id, target)),
  ]);
}

function judgeMissing({ odd: [odd], alike: [alike], complete }: OwnRules, ranges: readonly string[]): Verdict {
  if (odd !== undefined)
    return cannotTell(`The policy "${odd.displayName}" is there, but not as Notme makes it; look at what it does.`);
  if (!complete)
    return cannotTell(
      'Not every policy and named location can be read, so whether the rule is among them is not known.',
    );
  if (alike !== undefined)
    return cannotTell(
      `The policy "${alike.displayName}" is for this account alone, and does not carry the name that Notme gives; look at what it does.`,
    );
  return doesNotHold(`There is no policy of Notme that lets the account in from ${ranges.join(', ')} only.`);
}

const savedKeys = z.array(z.string().refine((key) => keyOf(key.split(' ')) === key));
const savedRules = z.object({
  keys: savedKeys,
  left: savedKeys.default([]),
});

/** What is surely ours is brought to what was before; of the rest it is not known what it was. */
async function restoreRules(reader: Reader, saved: Wanted, present: OwnRules, target: Target): Answer<Receipt> {
  if (present.complete) return bring(reader, saved, present, target);
  const keys = saved.keys.filter((key) => present.rules.some((rule) => rule.key === key));
  return andThen(bring(reader, { ...saved, keys }, present, target), () =>
    unsupported(
      'A policy or named location that carries the name of Notme was changed, or not all of them can be read; look in Conditional Access for those whose name begins with "Notme:", and decide about them.',
    ),
  );
}

const keysOf = (list: readonly OwnLocation[]): readonly string[] => [...new Set(list.map(({ key }) => key))].sort();

/** With a location that was left behind, and with what a person has made of a rule: what is there is not as before. */
function factsOf({ rules, spare, others, odd }: OwnRules): Facts {
  if (others === null) return {};
  // Whether one that was changed still limits the account to the same ranges is for a person to see.
  if (odd.length > 0) return { [OTHERS]: others };
  const left = keysOf(spare);
  return {
    [FACT]: keysOf(rules),
    ...(left.length === 0 ? {} : { [LEFT]: left }),
    ...(others.length === 0 ? {} : { [OTHERS]: others }),
  };
}

/** Sign-in from these ranges only, by a named location and a policy that Notme makes for this one account. */
export function limitByRule(reader: Reader): Action<'limit_login_ips', Reading> {
  const inOrder = createTurns();
  return {
    can: {
      ...native(PERMISSION.readUsers, ...needs.toReversed(), PERMISSION.readApps),
      effectiveWithinSeconds: GROUP_DELAY_SECONDS,
    },
    residual: UNTIL_ASKED,
    perform: (task) =>
      inOrder(async () => {
        const key = keyOf(task.command.ranges);
        if (key === null) return NO_RANGES;
        return andThen(readOwnRules(reader, task), (present) => bring(reader, { keys: [key] }, present, task));
      }),
    async judge(task, { reading }) {
      const { account, call, command } = task;
      const key = keyOf(command.ranges);
      if (key === null) return ok(cannotTell('No range was named.'));
      return andThen(readOwnRules(reader, task), (present) => {
        const rule = present.rules.find((one) => one.key === key);
        const other = present.rules.find((one) => one.key !== key);
        if (rule === undefined) return ok(judgeMissing(present, command.ranges));
        if (other !== undefined) return ok(doesNotHold(`The policy "${other.name}" limits the account as well.`));
        const binding = forAccount(account, command.ranges, aboutOf(task, reading));
        const effect = effectAmong(reader, present.policies, binding, call).then(ok);
        return withEffect(holds(`The policy "${rule.name}" is there.`), effect);
      });
    },
    undo: {
      capture: (task) => mapped(readOwnRules(reader, task), factsOf),
      restore: (task, before) =>
        inOrder(async () => {
          const saved = savedRules.safeParse({ keys: before[FACT], left: before[LEFT] });
          if (!saved.success) return err(FOREIGN_FACTS);
          return andThen(readOwnRules(reader, task), (present) => restoreRules(reader, saved.data, present, task));
        }),
    },
  };
}
