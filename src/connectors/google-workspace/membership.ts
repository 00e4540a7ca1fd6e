import { z } from 'zod';
import { err, ok } from '../../result.js';
import type { AccountRef, CallContext, Capability, Facts, Receipt, Survivor } from '../port.js';
import type { GoogleApi } from './api.js';
import {
  doesNotHold,
  each,
  holds,
  NOTHING_TO_DO,
  refuse,
  type Answer,
  type Handler,
  type Task,
  type Tools,
} from './handler.js';
import { rangeSetKey } from '../ranges.js';
import { SCOPE } from './scopes.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { patchUser, readUser } from './user.js';

/** Google's own figure for a policy of a group or organizational unit; mostly it is minutes. */
const POLICY_DELAY_SECONDS = 24 * 60 * 60;

const UNTIL_APPLIED: Survivor = {
  what: 'The old rules, until Google has applied the policy (mostly minutes, a day at the latest)',
  forSeconds: POLICY_DELAY_SECONDS,
};

const members = (group: string): string => `/admin/directory/v1/groups/${encodeURIComponent(group)}/members`;

const noSuchGroup = (group: string) =>
  err({
    kind: 'not_found',
    message: `Google has no group ${group}; create it in the Admin console under Directory > Groups, or correct its address in the settings.`,
  } as const);

/** Google says "not found" of the group and of the member alike; the words tell which. */
const isGroupMissing = (failure: { readonly message: string }): boolean => /groupKey/.test(failure.message);

/** Direct membership only: that is what this connector gives and takes. */
export async function isMember(api: GoogleApi, group: string, account: AccountRef, call: CallContext): Answer<boolean> {
  const path = `${members(group)}/${encodeURIComponent(account.accountId)}`;
  const what = `the membership of ${account.login} in ${group}`;
  const answer = await api.send({ method: 'GET', path, scope: SCOPE.members, what, call });
  if (answer.ok) {
    if (z.object({ id: z.string() }).safeParse(answer.value.body).success) return ok(true);
    return err({ kind: 'transient', message: `Google answered something else than ${what}; it is safe to ask again.` });
  }
  if (answer.error.failure.kind !== 'not_found') return err(answer.error.failure);
  return isGroupMissing(answer.error) ? noSuchGroup(group) : ok(false);
}

export async function join(api: GoogleApi, group: string, account: AccountRef, call: CallContext): Answer<Receipt> {
  const json = { email: account.login, role: 'MEMBER' };
  const what = `adding ${account.login} to ${group}`;
  const answer = await api.send({ method: 'POST', path: members(group), json, scope: SCOPE.members, what, call });
  if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
  const { failure } = answer.error;
  if (answer.error.reasons.includes('duplicate')) return ok(NOTHING_TO_DO);
  return failure.kind === 'not_found' && isGroupMissing(answer.error) ? noSuchGroup(group) : err(failure);
}

export async function leave(api: GoogleApi, group: string, account: AccountRef, call: CallContext): Answer<Receipt> {
  const path = `${members(group)}/${encodeURIComponent(account.accountId)}`;
  const what = `taking ${account.login} out of ${group}`;
  const answer = await api.send({ method: 'DELETE', path, scope: SCOPE.members, what, call });
  if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
  const { failure } = answer.error;
  if (failure.kind !== 'not_found') return err(failure);
  return isGroupMissing(answer.error) ? noSuchGroup(group) : ok(NOTHING_TO_DO);
}

const policyCapability = (...permissions: readonly string[]): Capability => ({
  route: 'group',
  undo: 'restore',
  effectiveWithinSeconds: POLICY_DELAY_SECONDS,
  permissions,
});

async function membershipFacts(api: GoogleApi, groups: readonly string[], { account, call }: Task): Answer<Facts> {
  const facts: Record<string, boolean> = {};
  for (const group of groups) {
    const inside = await isMember(api, group, account, call);
    if (!inside.ok) return inside;
    facts[`member of ${group}`] = inside.value;
  }
  return ok(facts);
}

/** Joins before it leaves: in between the account is never without a limit that it had before. */
async function putBack(
  api: GoogleApi,
  groups: readonly string[],
  { account, call }: Task,
  before: Facts,
): Answer<Receipt> {
  const wanted = groups.map((group) => ({ group, inside: before[`member of ${group}`] }));
  const joined = await each(
    wanted.filter(({ inside }) => inside === true),
    ({ group }) => join(api, group, account, call),
  );
  if (!joined.ok) return joined;
  const left = await each(
    wanted.filter(({ inside }) => inside === false),
    ({ group }) => leave(api, group, account, call),
  );
  if (!left.ok) return left;
  return ok(left.value.alreadyDone ? joined.value : left.value);
}

/** Membership of one prepared group; `effect` says what the group brings about. */
export function groupRoute({ api }: Tools, group: string, effect: string): Handler {
  return {
    capability: policyCapability(SCOPE.readUsers, SCOPE.members),
    survives: [UNTIL_APPLIED],
    perform: ({ account, call }) => join(api, group, account, call),
    async judge({ account, call }) {
      const inside = await isMember(api, group, account, call);
      if (!inside.ok) return inside;
      return ok(
        inside.value
          ? holds(
              `The account is in the group ${group}, which ${effect}; Google applies that within minutes, a day at the latest.`,
            )
          : doesNotHold(`The account is not in the group ${group}.`),
      );
    },
    capture: (task) => membershipFacts(api, [group], task),
    restore: (task, before) => putBack(api, [group], task, before),
  };
}

/** A move to a prepared organizational unit; `effect` says what the unit brings about. */
export function orgUnitRoute({ api }: Tools, orgUnit: string, effect: string): Handler {
  const read = async ({ account, call }: Task) => {
    const user = await readUser(api, account.accountId, call);
    return user.ok ? ok(user.value.orgUnitPath) : user;
  };
  return {
    capability: policyCapability(SCOPE.readUsers, SCOPE.writeUsers),
    survives: [UNTIL_APPLIED],
    perform: ({ account, call }) => patchUser(api, account, { orgUnitPath: orgUnit }, call),
    async judge(task) {
      const now = await read(task);
      if (!now.ok) return now;
      return ok(
        now.value?.toLowerCase() === orgUnit.toLowerCase()
          ? holds(
              `The account is in the organizational unit ${orgUnit}, which ${effect}; Google applies that within minutes, a day at the latest.`,
            )
          : doesNotHold(
              `The account is in the organizational unit ${now.value ?? 'that Google does not show'}, not in ${orgUnit}.`,
            ),
      );
    },
    async capture(task) {
      const now = await read(task);
      return now.ok ? ok({ org_unit: now.value }) : now;
    },
    async restore(task, before) {
      const now = await read(task);
      if (!now.ok) return now;
      const orgUnitPath = before['org_unit'];
      if (typeof orgUnitPath !== 'string' || orgUnitPath === now.value) return ok(NOTHING_TO_DO);
      return patchUser(api, task.account, { orgUnitPath }, task.call);
    },
  };
}

const rangesOf = ({ command }: Task): readonly string[] => (command.kind === 'limit_login_ips' ? command.ranges : []);

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: GoogleWorkspaceSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

/** The prepared range groups that hold the account. */
export async function rangeGroupsOf(
  { api, settings }: Tools,
  account: AccountRef,
  call: CallContext,
): Answer<readonly string[]> {
  const inside: string[] = [];
  for (const { group } of settings.login_range_groups) {
    const member = await isMember(api, group, account, call);
    if (!member.ok) return member;
    if (member.value) inside.push(group);
  }
  return ok(inside);
}

/** Context-aware access: a group to which the access level with these ranges is assigned; the account leaves the others. */
export function limitLoginIps(tools: Tools): Handler {
  const { api, settings } = tools;
  const groups = settings.login_range_groups.map(({ group }) => group);
  return {
    capability: policyCapability(SCOPE.readUsers, SCOPE.members),
    survives: [
      UNTIL_APPLIED,
      { what: 'Apps that Context-Aware Access does not cover, and app passwords', forSeconds: null },
    ],
    async perform(task) {
      const { account, call } = task;
      const wanted = groupForRanges(settings, rangesOf(task));
      if (wanted === null)
        return refuse(
          'No prepared group of Google Workspace has just these login ranges; choose a prepared set, or do the console steps.',
        );
      const joined = await join(api, wanted, account, call);
      if (!joined.ok || groups.length === 1) return joined;
      const left = await each(
        groups.filter((group) => group !== wanted),
        (group) => leave(api, group, account, call),
      );
      if (!left.ok) return left;
      return ok(left.value.alreadyDone ? joined.value : left.value);
    },
    async judge(task) {
      const wanted = groupForRanges(settings, rangesOf(task));
      const inside = await rangeGroupsOf(tools, task.account, task.call);
      if (!inside.ok) return inside;
      if (wanted !== null && inside.value.length === 1 && inside.value[0] === wanted)
        return ok(
          holds(
            `The account is in the group ${wanted} alone, whose access level lets it in from ${rangesOf(task).join(', ')} only; Google applies that within minutes, a day at the latest.`,
          ),
        );
      const present = inside.value.length === 0 ? 'none of the prepared range groups' : inside.value.join(', ');
      return ok(doesNotHold(`The account is in ${present}.`));
    },
    capture: (task) => membershipFacts(api, groups, task),
    restore: (task, before) => putBack(api, groups, task, before),
  };
}
