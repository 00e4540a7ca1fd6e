import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ConnectorFailure, Receipt } from '../../ports/connector.js';
import { ALREADY, cannotTell, doesNotHold, FOREIGN_FACTS, holds, native, refuse } from '../kit/action.js';
import type { Answer, Target, Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { METHOD, SCOPE } from './permissions.js';
import { teamOf, type Reader, type Reading, type SlackAction } from './reader.js';
import { organisationRoles, readUser, workspaceRole, type SlackUser, type WorkspaceRole } from './user.js';

const METHOD_OF: Readonly<Record<WorkspaceRole, string>> = {
  member: METHOD.setRegular,
  admin: METHOD.setAdmin,
  owner: METHOD.setOwner,
};
const RANK: Readonly<Record<WorkspaceRole, number>> = { member: 0, admin: 1, owner: 2 };
const saved = z.object({ role: z.enum(['member', 'admin', 'owner']) });

/** A role in the whole organisation is left to a person: restoring it by the API makes its holder owner everywhere. */
export const ORGANISATION: ConnectorFailure = {
  kind: 'protected_account',
  message:
    "This person holds a role in the whole organisation, which Slack's API cannot give back as it was; take it away under Organization settings | Members.",
};

async function setRole(reader: Reader, user: SlackUser, role: WorkspaceRole, { call }: Target): Answer<Receipt> {
  const identity = await reader.identity.get(call);
  if (!identity.ok) return identity;
  const args = { user_id: user.id, team_id: teamOf(reader, identity.value, user) };
  return reader.api.change(METHOD_OF[role], args, call);
}

/** `isProof`: below Enterprise a person removes the roles and says so; a state that was so before proves nothing. */
export function judgeRoles({ state: { adminRoles }, user }: Reading, isProof: boolean): Verdict {
  if (user.deleted !== false)
    return cannotTell('Slack does not tell the roles of a person who is, or may be, deactivated.');
  if (adminRoles === null) return cannotTell("Slack did not tell the person's roles.");
  if (adminRoles.length > 0) return doesNotHold(`The person is still ${adminRoles.join(', ')}.`);
  return (isProof ? holds : cannotTell)('The person holds no administrator role in Slack.');
}

export const removeAdminRoles = (reader: Reader): SlackAction<'remove_admin_roles'> => ({
  can: native(SCOPE.writeAdminUsers, SCOPE.readUsers),
  async perform(task) {
    const user = await readUser(reader.api, task.account.accountId, task.call);
    if (!user.ok) return user;
    if (organisationRoles(user.value).length > 0) return err(ORGANISATION);
    const role = workspaceRole(user.value);
    if (role === null)
      return refuse('conflict', 'Slack does not tell the roles of a deactivated person; activate the account first.');
    // For a guest, Slack would make them a full member.
    return role === 'member' ? ok(ALREADY) : setRole(reader, user.value, 'member', task);
  },
  judge: (_task, { reading }) => judgeRoles(reading, true),
  /** A role is only ever restored, never removed. */
  undo: {
    capture: ({ account, call }) =>
      mapped(readUser(reader.api, account.accountId, call), (user) => ({ role: workspaceRole(user) })),
    async restore(task, before) {
      const facts = saved.safeParse(before);
      if (!facts.success) return err(FOREIGN_FACTS);
      const { role } = facts.data;
      const user = await readUser(reader.api, task.account.accountId, task.call);
      if (!user.ok) return user;
      const present = workspaceRole(user.value);
      if (present === null)
        return refuse('conflict', 'A deactivated person can be given no role in Slack; activate the account first.');
      return RANK[role] <= RANK[present] ? ok(ALREADY) : setRole(reader, user.value, role, task);
    },
  },
});
