import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { ActionKind, CallContext, ConnectorFailure, Finding } from '../port.js';
import { findingOf } from './finding.js';
import { readBlockedLocation } from './locations.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';

type Verdict = Pick<Finding, 'verdict' | 'detail' | 'fix'>;

/** What was found about the things that an administrator prepared; an action without such a thing is absent. */
export type Prepared = ReadonlyMap<ActionKind, Verdict>;

const groupRow = z.object({
  displayName: z.string().catch(''),
  groupTypes: z.array(z.string()).catch([]),
  onPremisesSyncEnabled: z.boolean().nullish().catch(null),
  isAssignableToRole: z.boolean().nullish().catch(null),
});

const strings = z.array(z.string()).nullish().catch(null);
const policyRow = z.object({
  displayName: z.string().catch(''),
  state: z.string(),
  conditions: z.object({
    users: z.object({ includeGroups: strings, includeUsers: strings }).nullish().catch(null),
    locations: z.object({ includeLocations: strings }).nullish().catch(null),
  }),
});
type Policy = z.output<typeof policyRow>;

const misconfigured = (detail: string, fix: string): Verdict => ({ verdict: 'misconfigured', detail, fix });

/** Enabled policies; `null` when they may not be read. */
async function readPolicies({ api }: Reader, call: CallContext): Promise<Result<readonly Policy[], ConnectorFailure>> {
  const path = '/v1.0/identity/conditionalAccess/policies';
  const found = await api.list(path, [PERMISSION.readPolicies], call);
  if (!found.ok) return found;
  const policies = found.value.rows.flatMap((row) => {
    const parsed = policyRow.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  return ok(policies.filter(({ state }) => state === 'enabled'));
}

const PREPARE =
  'Prepare an assigned security group for Notme alone, not role-assignable, and put its object id into the settings.';

async function checkGroup({ api }: Reader, id: string, call: CallContext): Promise<Verdict | null> {
  const select = 'displayName,groupTypes,onPremisesSyncEnabled,isAssignableToRole';
  const path = `/v1.0/groups/${id}?$select=${select}`;
  const answer = await api.send({ method: 'GET', path, needs: [PERMISSION.readGroups], call });
  if (!answer.ok) return findingOf(answer.error);
  const parsed = groupRow.safeParse(answer.value.body);
  if (!parsed.success) return misconfigured(`Microsoft Graph answered something that is not the group ${id}.`, PREPARE);
  const { displayName, groupTypes, onPremisesSyncEnabled, isAssignableToRole } = parsed.data;
  const group = `The group "${displayName}"`;
  if (groupTypes.includes('DynamicMembership'))
    return misconfigured(`${group} has dynamic membership: nobody can be added to it.`, PREPARE);
  if (onPremisesSyncEnabled === true)
    return misconfigured(`${group} is copied from Active Directory: its members are decided there.`, PREPARE);
  if (isAssignableToRole === true)
    return misconfigured(`${group} is role-assignable: changing it takes RoleManagement.ReadWrite.Directory.`, PREPARE);
  return null;
}

const fine = (detail: string): Verdict => ({ verdict: 'ok', detail, fix: '' });

function checkPolicy(
  policies: Result<readonly Policy[], ConnectorFailure>,
  what: string,
  targets: (policy: Policy) => boolean,
): Verdict {
  if (!policies.ok) {
    if (policies.error.kind === 'licence') return findingOf(policies.error);
    return {
      verdict: 'cannot_tell',
      detail: `Whether a Conditional Access policy is bound to ${what} cannot be read (${policies.error.kind}).`,
      fix: `Grant ${PERMISSION.readPolicies}, or check by hand that an enabled policy is bound to it.`,
    };
  }
  const bound = policies.value.find(targets);
  if (bound !== undefined) return fine(`The enabled policy "${bound.displayName}" is bound to ${what}.`);
  return misconfigured(
    `No enabled Conditional Access policy is bound to ${what}, so it does nothing.`,
    'Open Protection | Conditional Access | Policies in the Entra admin center, bind a policy to it and set Enable policy to On.',
  );
}

const worst = (verdicts: readonly Verdict[]): Verdict | undefined =>
  verdicts.find(({ verdict }) => verdict !== 'ok' && verdict !== 'cannot_tell') ??
  verdicts.find(({ verdict }) => verdict !== 'ok') ??
  verdicts[0];

/** Looks at the prepared groups, the blocked location and the policies that give them their meaning. */
export async function checkPrepared(reader: Reader, call: CallContext): Promise<Prepared> {
  const { settings } = reader;
  const { two_step_group: twoStep, quarantine_group: quarantine, blocked_location: blocked } = settings;
  const groups = new Map<ActionKind, readonly string[]>([
    ['require_two_step', twoStep === null ? [] : [twoStep]],
    ['quarantine', quarantine === null ? [] : [quarantine]],
    ['limit_login_ips', settings.login_range_groups.map(({ group }) => group)],
  ]);
  const found = new Map<ActionKind, Verdict>();
  if (blocked === null && [...groups.values()].every((ids) => ids.length === 0)) return found;
  const policies = await readPolicies(reader, call);
  for (const [kind, ids] of groups) {
    const verdicts: Verdict[] = [];
    for (const id of ids) {
      const included = (policy: Policy): boolean => policy.conditions.users?.includeGroups?.includes(id) === true;
      verdicts.push((await checkGroup(reader, id, call)) ?? checkPolicy(policies, `the group ${id}`, included));
    }
    const verdict = worst(verdicts);
    if (verdict !== undefined) found.set(kind, verdict);
  }
  if (blocked !== null) {
    const location = await readBlockedLocation(reader.api, blocked, call);
    const included = (policy: Policy): boolean =>
      policy.conditions.locations?.includeLocations?.includes(blocked) === true;
    found.set(
      'block_address',
      location.ok ? checkPolicy(policies, `the named location ${blocked}`, included) : findingOf(location.error),
    );
  }
  return found;
}
