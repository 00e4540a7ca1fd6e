import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ConnectorFailure, Receipt } from '../../ports/connector.js';
import { cannotTell, changed, doesNotHold, failure, holds, lasting, native, refuse } from '../kit/action.js';
import type { Answer, Target, Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { undoOfFlags } from '../kit/flags.js';
import { SCOPE } from './permissions.js';
import type { Reader, Reading, SlackAction } from './reader.js';
import { APPS } from './sessions.js';
import { organisationRoles, readUser, workspaceRole } from './user.js';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const patched = z.object({ active: z.boolean() });

/**
 * A wrong token and a missing scope `admin` look alike to SCIM; and what the token's owner may not do is refused
 * without a reason. Calls to the Web API distinguish them.
 */
async function explained(
  { api, identity }: Reader,
  { account, call }: Target,
  refused: ConnectorFailure,
): Promise<ConnectorFailure> {
  if (refused.kind !== 'auth') return refused;
  const who = await identity.fresh(call);
  if (!who.ok) return refused;
  const owner = await readUser(api, who.value.userId, call);
  if (owner.ok && workspaceRole(owner.value) === 'member' && organisationRoles(owner.value).length === 0)
    return failure(
      'permission',
      `The Slack token's owner is no administrator any more, so ${account.login} cannot be changed; install the app as an owner or administrator.`,
    );
  return {
    kind: 'permission',
    message:
      'SCIM refuses the Slack token, which the Web API takes: it lacks the scope admin, or was not installed by an owner or administrator. Add admin under OAuth & Permissions | User Token Scopes and install the app again.',
    missing: 'admin',
  };
}

async function setActive(reader: Reader, target: Target, active: boolean): Answer<Receipt> {
  const { account, call } = target;
  const json = { schemas: [PATCH_SCHEMA], Operations: [{ op: 'replace', path: 'active', value: active }] };
  const answer = await reader.api.patch(`/Users/${encodeURIComponent(account.accountId)}`, json, call);
  if (!answer.ok) return err(await explained(reader, target, answer.error));
  const { body, requestId } = answer.value;
  const shown = patched.safeParse(body);
  // 204 has no body: then only the read-back shows the result.
  if (body === undefined || (shown.success && shown.data.active === active)) return ok(changed(requestId));
  return refuse(
    'unknown_outcome',
    'Slack took the change but did not show it; read the account back before repeating it.',
  );
}

function judge({ user: { deleted } }: Reading, wanted: boolean): Verdict {
  if (deleted === null) return cannotTell('Slack does not show whether the account is active.');
  const observed = `The Slack account is ${deleted ? 'deactivated' : 'active'}.`;
  return deleted === wanted ? doesNotHold(observed) : holds(observed);
}

const activation = (reader: Reader, active: boolean): SlackAction<'disable_account' | 'enable_account'> => ({
  can: native(SCOPE.admin, SCOPE.readUsers),
  async perform(task) {
    const own = active ? ok(null) : await reader.identity.get(task.call);
    if (!own.ok) return own;
    if (own.value?.userId !== task.account.accountId) return setActive(reader, task, active);
    return refuse(
      'protected_account',
      "The Slack token belongs to this account, which would be cut off with it; another owner deactivates it in Slack's administration.",
    );
  },
  judge: (_task, { reading }) => judge(reading, active),
  undo: undoOfFlags(['active'], {
    read: ({ account, call }) =>
      mapped(readUser(reader.api, account.accountId, call), ({ deleted }) =>
        deleted === null ? {} : { active: !deleted },
      ),
    set: (flags, target) => setActive(reader, target, flags.get('active') === true),
  }),
});

export const enableAccount = (reader: Reader): SlackAction<'enable_account'> => activation(reader, true);

export const disableAccount = (reader: Reader): SlackAction<'disable_account'> => ({
  ...activation(reader, false),
  residual: [
    APPS,
    lasting(
      'Nothing yet, but the identity provider that provisions Slack may activate the account again: disable it there too',
    ),
  ],
});
