import { z } from 'zod';
import type { AccountRef, ActionKind, CallContext } from '../../ports/connector.js';
import type { Outcome } from '../kit/action.js';
import type { Listed } from '../kit/items.js';
import { fine, misconfigured, toldOf, untold, type Probe, type Told } from '../kit/examine.js';
import { BLOCKS, DEMANDS, forGroup, forLocation, LIMITS, standingOf, type About, type Binding } from './effects.js';
import { readBlockedLocation } from './locations.js';
import { readMemberships } from './memberships.js';
import { fix, PERMISSION } from './permissions.js';
import { othersExcluded, readPolicies, sayLacks, type Policy } from './policies.js';
import type { Reader } from './reader.js';

export const group = z.object({
  displayName: z.string().catch(''),
  groupTypes: z.array(z.string()).catch([]),
  onPremisesSyncEnabled: z.boolean().nullish().catch(null),
  isAssignableToRole: z.boolean().nullish().catch(null),
});

const PREPARE =
  'Prepare an assigned security group for Notme alone, not role-assignable, and put its object id into the settings.';

/** Why nobody could be put into this group; `null` when nothing prevents it. */
async function judgeGroup({ api }: Reader, id: string, call: CallContext): Promise<Told | null> {
  const path = `/v1.0/groups/${id}?$select=${Object.keys(group.shape).join(',')}`;
  const found = await api.get(group, `the group ${id}`, { path, needs: [PERMISSION.readGroups], call });
  if (!found.ok) return toldOf(found.error, fix(found.error));
  const { displayName, groupTypes, onPremisesSyncEnabled, isAssignableToRole } = found.value;
  const named = `The group "${displayName}"`;
  if (groupTypes.includes('DynamicMembership'))
    return misconfigured(`${named} has dynamic membership: nobody can be added to it.`, PREPARE);
  if (onPremisesSyncEnabled === true)
    return misconfigured(`${named} is copied from Active Directory: its members are decided there.`, PREPARE);
  if (isAssignableToRole === true)
    return misconfigured(`${named} is role-assignable: changing it takes RoleManagement.ReadWrite.Directory.`, PREPARE);
  return null;
}

/** Who is let through although nobody is named, for those who plan with the policy. */
function exempt({ conditions: { users } }: Policy): string {
  const roles = users?.excludeRoles?.length ?? 0;
  return roles === 0
    ? ''
    : ` It exempts the administrators of ${roles} roles (excludeRoles): they are not contained by it.`;
}

async function judgePolicies(
  reader: Reader,
  policies: Outcome<Listed<Policy>>,
  binding: Binding,
  call: CallContext,
): Promise<Told> {
  const { what } = binding;
  if (!policies.ok) {
    if (policies.error.kind === 'licence') return toldOf(policies.error, fix(policies.error));
    return untold(
      `Whether a Conditional Access policy is bound to ${what} cannot be read (${policies.error.kind}).`,
      `Grant ${PERMISSION.readPolicies}, or check by hand that an enabled policy is bound to it.`,
    );
  }
  const { working, near } = await standingOf(reader, policies.value.items, binding, call);
  if (working !== null)
    return fine(`The enabled policy "${working.displayName}" is bound to ${what}.${exempt(working)}`);
  if (near !== null)
    return misconfigured(
      `The policy "${near.policy.displayName}" is bound to ${what}, but ${sayLacks(near.lacks)}.`,
      'Open Protection | Conditional Access | Policies in the Entra admin center: All resources, the grant that is wanted, and nobody excluded but the emergency accounts.',
    );
  return misconfigured(
    `No enabled Conditional Access policy is bound to ${what}, so it does nothing.`,
    'Open Protection | Conditional Access | Policies in the Entra admin center, bind a policy to it and set Enable policy to On.',
  );
}

/** Queried only where a policy excludes groups: it matters for nothing else. */
async function groupsHolding(
  reader: Reader,
  account: AccountRef | null,
  policies: Outcome<Listed<Policy>>,
  call: CallContext,
): Promise<readonly string[] | null> {
  if (
    account === null ||
    !policies.ok ||
    !policies.value.items.some((policy) => othersExcluded(policy, null).length > 0)
  )
    return [];
  const found = await readMemberships(reader, { account, call }, 'transitiveMemberOf');
  return found.ok && found.value.complete ? found.value.groups.map(({ id }) => id) : null;
}

/** Checks the prepared groups, the blocked location and the policies that give them their meaning. */
export async function preparedProbes(reader: Reader, call: CallContext, account: AccountRef | null): Promise<Probe[]> {
  const { two_step_group: twoStep, quarantine_group: quarantine, blocked_location: blocked } = reader.settings;
  const { login_range_groups: ranges } = reader.settings;
  const groups: readonly (readonly [ActionKind, string | null])[] = [
    ['require_two_step', twoStep],
    ['quarantine', quarantine],
    ...ranges.map(({ group: id }) => ['limit_login_ips', id] as const),
  ];
  if (blocked === null && groups.every(([, id]) => id === null)) return [];
  const policies = await readPolicies(reader, call);
  const heldBy = await groupsHolding(reader, account, policies, call);
  const about: About = { account, heldBy, roles: null, guest: null };

  const judgeBound = async (kind: ActionKind, id: string): Promise<Told> => {
    const plain = kind === 'require_two_step' ? DEMANDS : BLOCKS;
    const limited = ranges.find(({ group: one }) => one === id);
    const wanted = kind === 'limit_login_ips' && limited !== undefined ? { ...LIMITS, ranges: limited.ranges } : plain;
    const binding = forGroup(id, wanted, about);
    return (await judgeGroup(reader, id, call)) ?? judgePolicies(reader, policies, binding, call);
  };
  const judgeLocation = async (id: string): Promise<Told> => {
    const location = await readBlockedLocation(reader, id, call);
    if (!location.ok) return toldOf(location.error, fix(location.error));
    return judgePolicies(reader, policies, forLocation(id, about), call);
  };
  const probe = (kind: ActionKind, id: string | null, ask: (id: string) => Promise<Told>): Probe[] =>
    id === null ? [] : [{ name: `prepared for ${kind}`, subjects: [kind], ask: () => ask(id) }];
  return [
    ...groups.flatMap(([kind, id]) => probe(kind, id, (one) => judgeBound(kind, one))),
    ...probe('block_address', blocked, judgeLocation),
  ];
}
