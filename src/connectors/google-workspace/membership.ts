import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { doesNotHold, holds, lasting, native } from '../kit/action.js';
import type { Action, Answer, ByPerson, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { acts, unseen, withEffect, type Effect } from '../kit/effect.js';
import { undoOfTexts } from '../kit/flags.js';
import {
  flaggedFacts,
  preparedAction,
  rangesAction,
  type Groups,
  membershipsBy,
  type RangeWords,
} from '../kit/groups.js';
import type { GoogleApi } from './api.js';
import { isDuplicate, type GoogleFailure } from './errors.js';
import { SCOPE, type Scope } from './scopes.js';
import type { Tools } from './tools.js';
import { patchUser, readUser, type GoogleAction, type Reading } from './user.js';

/** Google's own figure for a policy of a group or organizational unit; mostly it is minutes. */
const POLICY_DELAY_SECONDS = 24 * 60 * 60;
const APPLIES = 'Google applies a policy within minutes, a day at the latest';

const UNTIL_APPLIED = lasting(
  'The old rules, until Google has applied the policy (mostly minutes, a day at the latest)',
  POLICY_DELAY_SECONDS,
);

const byPolicy = (permission: Scope): Action<never, never>['can'] => ({
  ...native(SCOPE.readUsers, permission),
  route: 'group',
  effectiveWithinSeconds: POLICY_DELAY_SECONDS,
});

const members = (group: string): string => `/admin/directory/v1/groups/${encodeURIComponent(group)}/members`;
const memberOf = (group: string, { account }: Target): string =>
  `${members(group)}/${encodeURIComponent(account.accountId)}`;

const isAway = ({ kind, refusal }: GoogleFailure): boolean => kind === 'not_found' && refusal !== 'no_such_group';

/** Direct membership only: that is what this connector adds and removes. */
export async function isMember(api: GoogleApi, group: string, target: Target): Answer<boolean> {
  const what = `the membership of ${target.account.login} in ${group}`;
  const request = { path: memberOf(group, target), scope: SCOPE.members, what, call: target.call };
  // Whatever the member looks like: one who is none is answered with "not found".
  const found = await api.read(request, z.looseObject({}));
  if (found.ok) return ok(true);
  return isAway(found.error) ? ok(false) : found;
}

export const groupsOf = ({ api }: Tools): Groups => ({
  memberships: (names, target) =>
    membershipsBy(names, (group) => mapped(isMember(api, group, target), (found) => (found ? 'inside' : 'outside'))),
  join(group, { account, call }) {
    const json: Bodies['member'] = { email: account.login, role: 'MEMBER' };
    const what = `adding ${account.login} to ${group}`;
    return api.change({ method: 'POST', path: members(group), json, scope: SCOPE.members, what, call }, isDuplicate);
  },
  leave(group, target) {
    const { account, call } = target;
    const what = `taking ${account.login} out of ${group}`;
    const path = memberOf(group, target);
    return api.change({ method: 'DELETE', path, scope: SCOPE.members, what, call }, isAway);
  },
});

const facts = flaggedFacts((group) => `member of ${group}`);

interface Policy {
  /** What was prepared for it: a group, else a unit, else a person does it. */
  readonly group: string | null;
  readonly orgUnit: string | null;
  /** Whether the policy of the group or unit is in force, as far as Google shows it. */
  readonly effect: (reading: Reading) => Effect;
}
/** The account itself shows whether 2-Step Verification is enforced for it, whichever policy does it. */
export function twoStepEnforced({ user: { isEnforcedIn2Sv: enforced } }: Reading): Effect {
  if (enforced === null) return unseen('Google does not show whether 2-Step Verification is enforced for it');
  if (enforced) return acts('Google shows 2-Step Verification as enforced for it');
  return unseen(`Google does not show 2-Step Verification as enforced for it: ${APPLIES}`);
}

/** Services, access levels and their assignment to groups and units are not in the Directory API. */
export const notRead = (what: string) => (): Effect =>
  unseen(`that ${what} could not be read, because Google's Directory API does not show it; ${APPLIES}`);

type ByPolicy = GoogleAction<'require_two_step' | 'quarantine'>;

/** Membership of one prepared group, or a move to a prepared organizational unit. */
export function byPrepared(
  tools: Tools,
  { group, orgUnit, effect }: Policy,
  byPerson: ByPerson<never, Reading>,
): ByPolicy {
  if (group === null && orgUnit !== null) return orgUnitRoute(tools, orgUnit, effect);
  const words = {
    inside: (name: string) => `The account is in the group ${name}.`,
    outside: (name: string) => `The account is not in the group ${name}.`,
    unknown: (name: string) => `Google does not show who is in the group ${name}; look in the Admin console.`,
  };
  return preparedAction<'require_two_step' | 'quarantine', Reading>(
    group,
    { groups: groupsOf(tools), words, facts, effect: (_target, reading) => effect(reading) },
    { can: byPolicy(SCOPE.members), residual: [UNTIL_APPLIED] },
    byPerson,
  );
}

function orgUnitRoute({ api }: Tools, orgUnitPath: string, effect: Policy['effect']): ByPolicy {
  return {
    can: byPolicy(SCOPE.writeUsers),
    residual: [UNTIL_APPLIED],
    perform: (task) => patchUser(api, task, { orgUnitPath }),
    judge(_task, { reading }) {
      const now = reading.user.orgUnitPath;
      return now?.toLowerCase() === orgUnitPath.toLowerCase()
        ? withEffect(holds(`The account is in the organizational unit ${orgUnitPath}.`), effect(reading))
        : doesNotHold(
            `The account is in the organizational unit ${now ?? 'that Google does not show'}, not in ${orgUnitPath}.`,
          );
    },
    undo: undoOfTexts(['org_unit'], {
      read: ({ account, call }) =>
        mapped(readUser(api, account.accountId, call), ({ orgUnitPath: now }) => ({ org_unit: now })),
      set: (texts, target) => patchUser(api, target, { orgUnitPath: texts.get('org_unit') ?? '' }),
    }),
  };
}

/** Context-aware access: a group to which the access level with these ranges is assigned; the account leaves the others. */
export function limitLoginIps(
  tools: Tools,
  clicks: NonNullable<GoogleAction<'limit_login_ips'>['clicks']>,
): GoogleAction<'limit_login_ips'> {
  const words: RangeWords = {
    unprepared:
      'No prepared group of Google Workspace has just these login ranges; choose a prepared set, or do the manual steps.',
    notShown: 'Google does not show which of the prepared range groups the account is in; look in the Admin console.',
    inside: (group, ranges) => `The account is in the group ${group}, prepared for ${ranges}.`,
    outside: (ranges) =>
      `The account is in ${ranges === '' ? 'none of the prepared range groups' : `the groups prepared for ${ranges}`}.`,
  };
  const residual = [UNTIL_APPLIED, lasting('Apps that Context-Aware Access does not cover, and app passwords')];
  return rangesAction(
    tools.settings.login_range_groups,
    { groups: groupsOf(tools), words, facts, effect: notRead('an access level lets it in from these only') },
    { can: byPolicy(SCOPE.members), residual, clicks },
  );
}
