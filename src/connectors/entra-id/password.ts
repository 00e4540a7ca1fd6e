import { err, ok } from '../../result.js';
import type { Secret } from '../../secret.js';
import { PERMISSION } from './permissions.js';
import { cannotTell, doesNotHold, done, holds, SKEW_MS, userPath, utc, type Handler, type Reader } from './reader.js';
import { irreversible } from './unsupported.js';

/** Sets the given password and demands a new one. A repeat sets the same one again. */
export function resetPassword({ api, settings }: Reader, password: Secret): Handler {
  return {
    async perform({ account, call }) {
      const force = settings.force_change_with_mfa
        ? { forceChangePasswordNextSignInWithMfa: true }
        : { forceChangePasswordNextSignIn: true };
      // Nothing else in this call: if one right is missing, Graph refuses all of it.
      const json = { passwordProfile: { password: password.reveal(), ...force } };
      const needs = [PERMISSION.passwords];
      const answer = await api.send({ method: 'PATCH', path: userPath(account), json, needs, sensitive: true, call });
      return answer.ok ? done(answer.value.requestId) : err(answer.error);
    },
    capture: () => Promise.resolve(ok({})),
    restore: irreversible('A password reset cannot be undone; nobody knows the old password.'),
    judge(_target, state, since) {
      const { passwordChangedAt: changed, mustChangePassword: must } = state;
      const judge = () => {
        if (changed === null) return cannotTell('Entra ID does not show when the password was changed.');
        if (changed.getTime() < since.getTime() - SKEW_MS)
          return doesNotHold(`The password was last changed at ${utc(changed)}, before this reset.`);
        if (must === null)
          return cannotTell(
            `The password was changed at ${utc(changed)}; Entra ID does not show whether a new one is demanded.`,
          );
        if (must)
          return holds(`The password was changed at ${utc(changed)}, and a new one is demanded at the next sign-in.`);
        return doesNotHold(
          `The password was changed at ${utc(changed)}, but no new one is demanded: somebody else set it.`,
        );
      };
      return Promise.resolve(judge());
    },
  };
}
