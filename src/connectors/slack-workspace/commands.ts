import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Receipt } from '../port.js';
import { METHOD } from './permissions.js';
import { teamOf, type Reader } from './reader.js';
import { organisationRoles, readUser, workspaceRole, type SlackUser, type WorkspaceRole } from './user.js';

export type Outcome = Result<Receipt, ConnectorFailure>;

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const patched = z.looseObject({ active: z.boolean() });

const unsupported = (message: string): ConnectorFailure => ({ kind: 'unsupported', message });

/**
 * A wrong token and a missing scope `admin` look alike to SCIM; and what the token's owner may not do is told without
 * its reason. Both are found out by asking the Web API.
 */
async function explained(
  { api, identity }: Reader,
  account: AccountRef,
  failure: ConnectorFailure,
  call: CallContext,
): Promise<ConnectorFailure> {
  if (failure.kind !== 'auth') return failure;
  const who = await identity.fresh(call);
  if (!who.ok) return failure;
  const owner = await readUser(api, who.value.userId, call);
  if (owner.ok && workspaceRole(owner.value) === 'member' && organisationRoles(owner.value).length === 0)
    return {
      kind: 'permission',
      message: `The Slack token's owner is no administrator any more, so ${account.login} cannot be changed; install the app as an owner or administrator.`,
    };
  return {
    kind: 'permission',
    message:
      'SCIM refuses the Slack token, which the Web API takes: it lacks the scope admin, or was not installed by an owner or administrator. Add admin under OAuth & Permissions | User Token Scopes and install the app again.',
    missing: 'admin',
  };
}

async function setActive(reader: Reader, account: AccountRef, active: boolean, call: CallContext): Promise<Outcome> {
  const answer = await reader.api.scim('PATCH', `/Users/${encodeURIComponent(account.accountId)}`, {
    write: true,
    call,
    body: { schemas: [PATCH_SCHEMA], Operations: [{ op: 'replace', path: 'active', value: active }] },
  });
  if (!answer.ok) return err(await explained(reader, account, answer.error, call));
  const { body, requestId } = answer.value;
  const shown = patched.safeParse(body);
  // 204 has no body: then the read-back alone tells.
  if (body === undefined || (shown.success && shown.data.active === active))
    return ok({ alreadyDone: false, requestId });
  return err({
    kind: 'unknown_outcome',
    message: 'Slack took the change but did not show it; read the account back before repeating it.',
  });
}

async function resetSessions({ api }: Reader, account: AccountRef, call: CallContext): Promise<Outcome> {
  const answer = await api.web(METHOD.resetSessions, { user_id: account.accountId }, { write: true, call });
  return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : answer;
}

const METHOD_OF: Readonly<Record<WorkspaceRole, string>> = {
  member: METHOD.setRegular,
  admin: METHOD.setAdmin,
  owner: METHOD.setOwner,
};

async function setRole(reader: Reader, user: SlackUser, role: WorkspaceRole, call: CallContext): Promise<Outcome> {
  const identity = await reader.identity.get(call);
  if (!identity.ok) return identity;
  const args = { user_id: user.id, team_id: teamOf(reader, identity.value, user) };
  const answer = await reader.api.web(METHOD_OF[role], args, { write: true, call });
  return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : answer;
}

/** A role in the whole organisation is left to a person: giving it back by the API makes its holder owner everywhere. */
const ORGANISATION: ConnectorFailure = {
  kind: 'protected_account',
  message:
    "This person holds a role in the whole organisation, which Slack's API cannot give back as it was; take it away under Organization settings | Members.",
};

async function removeRoles(reader: Reader, account: AccountRef, call: CallContext): Promise<Outcome> {
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return user;
  if (organisationRoles(user.value).length > 0) return err(ORGANISATION);
  const role = workspaceRole(user.value);
  if (role === null)
    return err({
      kind: 'conflict',
      message: 'Slack does not tell the roles of a deactivated person; activate the account first.',
    });
  // Asked of a guest, Slack would make a full member of them.
  if (role === 'member') return ok({ alreadyDone: true, requestId: null });
  return setRole(reader, user.value, 'member', call);
}

export const enterpriseOnly = (what: string): ConnectorFailure =>
  unsupported(`Slack's API ${what} on Enterprise alone; do the console steps.`);

/** Carries out one command. Repeating it with the same values leaves the same state. */
export async function perform(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  const enterprise = reader.settings.plan === 'enterprise';
  switch (command.kind) {
    case 'disable_account': {
      const identity = await reader.identity.get(call);
      if (!identity.ok) return identity;
      if (identity.value.userId !== account.accountId) return setActive(reader, account, false, call);
      return err({
        kind: 'protected_account',
        message:
          "The Slack token belongs to this account, which would be cut off with it; another owner deactivates it in Slack's administration.",
      });
    }
    case 'enable_account':
      return setActive(reader, account, true, call);
    case 'revoke_sessions':
      return enterprise ? resetSessions(reader, account, call) : err(enterpriseOnly('ends sessions'));
    case 'remove_admin_roles':
      return enterprise ? removeRoles(reader, account, call) : err(enterpriseOnly('changes roles'));
    default:
      return err(unsupported("Slack's API cannot do this; do the console steps, if there are any."));
  }
}

/** Puts an account's activity, or its role, back. */
export const restoring = { setActive, setRole };
