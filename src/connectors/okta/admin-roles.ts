import { ok } from '../../result.js';
import { doesNotHold, holds, textsOf, type Action } from './action.js';
import { assign, describeDirectRoles, isDirect, nameOf, readRoles, unassign } from './roles.js';
import type { Parts } from './state.js';

/** How often each text stands in a list: a role may be assigned twice with other limits. */
const without = (texts: readonly string[], taken: readonly string[]): readonly string[] => {
  const left = [...taken];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

export const removeAdminRoles = (parts: Parts): Action => ({
  async perform({ account, call }) {
    const roles = await readRoles(parts.api, account, call);
    if (!roles.ok) return roles;
    const direct = roles.value.filter(isDirect);
    let requestId: string | null = null;
    for (const role of direct) {
      const taken = await unassign(parts.api, account, role, call);
      if (!taken.ok) return taken;
      requestId = taken.value ?? requestId;
    }
    return ok({ alreadyDone: direct.length === 0, requestId });
  },
  async judge({ account, call }) {
    const roles = await readRoles(parts.api, account, call);
    if (!roles.ok) return roles;
    if (roles.value.length === 0) return ok(holds('The account holds no administrator role in Okta.'));
    const names = (chosen: typeof roles.value): string => chosen.map(nameOf).join(', ');
    const direct = roles.value.filter(isDirect);
    if (direct.length > 0)
      return ok(doesNotHold(`The account holds the administrator roles ${names(direct)} in Okta.`));
    return ok(
      doesNotHold(
        `The account holds ${names(roles.value)} through membership of a group; take it out of that group in Okta.`,
      ),
    );
  },
  undo: {
    async capture({ account, call }) {
      const roles = await describeDirectRoles(parts.api, account, call);
      return roles.ok ? ok({ roles: roles.value }) : roles;
    },
    async restore({ account, call }, before) {
      const present = await describeDirectRoles(parts.api, account, call);
      if (!present.ok) return present;
      const missing = without(textsOf(before, 'roles'), present.value);
      for (const role of missing) {
        const given = await assign(parts.api, account, role, call);
        if (!given.ok) return given;
      }
      return ok({ alreadyDone: missing.length === 0, requestId: null });
    },
  },
  survives: [
    { what: 'Roles that come with membership of a group: take the person out of the group', forSeconds: null },
  ],
});
