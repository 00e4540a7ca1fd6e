import type { ActionKind } from '../../../src/ports/connector.js';
import type { Condition } from '../../world/systems/conditions.js';
import type { Word } from '../everything/sayings.js';

/** The groups of the sandbox's company behind which a policy stands; behind the others there is none. */
const WITH_POLICY: Readonly<Record<string, readonly ActionKind[]>> = {
  okta: ['quarantine', 'require_two_step'],
  entra_id: ['quarantine', 'require_two_step'],
  google_workspace: ['require_two_step'],
};
const BY_GROUP: readonly ActionKind[] = ['quarantine', 'require_two_step', 'limit_login_ips'];
/**
 * The home tenant decides about these (Microsoft Graph, user: revokeSignInSessions "doesn't revoke sign-in sessions for
 * external users"; their password is kept there). Sign-in methods a guest registers here too.
 */
const AT_HOME: readonly ActionKind[] = ['reset_password', 'revoke_sessions'];
/** Keycloak demands the second step of the account itself, at its next sign-in. */
const OF_THE_ACCOUNT: Readonly<Record<string, readonly ActionKind[]>> = { keycloak: ['require_two_step'] };

/**
 * Whether what the directory holds has its effect in this company, while the system is as it is. Told of the company as
 * it was built, not of what anybody read.
 */
export function takesEffect(action: ActionKind, system: string, condition: Condition): boolean {
  if (condition === 'guests') return !AT_HOME.includes(action);
  if (!BY_GROUP.includes(action) || OF_THE_ACCOUNT[system]?.includes(action) === true) return true;
  return condition !== 'report_only' && WITH_POLICY[system]?.includes(action) === true;
}

/** What the thread says of a step, beside what is so. */
export interface Claimed {
  readonly said: Word | null;
  /** Whether it names the moment from which it holds everywhere. */
  readonly effectiveBy: boolean;
  /** `null`: the directory shows nothing of the kind. */
  readonly isSo: boolean | null;
  readonly acts: boolean;
}

/** The sentence about a line that claims more than is so; else `null`. */
export function claimsTooMuch({ said, effectiveBy, isSo, acts }: Claimed): string | null {
  switch (said) {
    case 'verified':
      if (isSo === null) return 'is verified in the thread, and the directory shows nothing that could be checked';
      if (!isSo) return 'is verified in the thread, and in the directory it is not so';
      return acts ? null : 'is verified in the thread, and it has no effect';
    case 'accepted':
      if (isSo === false) return 'is accepted in the thread, and in the directory it is not so';
      return effectiveBy && !acts ? 'is said to take effect, and nothing makes it' : null;
    case 'undone':
      return 'was undone elsewhere according to the thread, and nobody undid it';
    case 'needs_human':
    case 'retrying':
    case 'console':
    case null:
      return null;
  }
}
