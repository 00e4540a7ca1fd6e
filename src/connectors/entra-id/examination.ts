import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { ActionKind } from '../../ports/connector.js';
import type { Actions, Answer, Outcome } from '../kit/action.js';
import { blocked, fine, notPermitted, permissionProbes, reads, switchedBack, toldOf, untold } from '../kit/examine.js';
import type { Examination, Subject, Told } from '../kit/examine.js';
import { decidedAtHome } from './account.js';
import type { Untold } from './domains.js';
import { covers, fix, grantClicks, PERMISSION, type Permission } from './permissions.js';
import { preparedProbes } from './prepared.js';
import { ruleProbe } from './range-rule-probe.js';
import type { Reader } from './reader.js';
import { RISK } from './risk.js';
import type { EntraIdSettings } from './settings.js';
import type { Reading } from './state.js';
import type { Rights } from './token.js';

/** Whether the token has the permissions that an action needs. */
function permitted(needs: readonly string[], rights: Rights | null): Told {
  if (rights === null)
    return untold(
      'The token does not show which permissions were granted.',
      `Check by hand that these are granted: ${needs.join(', ')}.`,
    );
  const known = Object.values(PERMISSION);
  const missing = needs.filter((name) => !known.some((one) => one === name && covers(rights.permissions, one)));
  if (missing.length === 0) return fine(`Granted: ${needs.join(', ')}.`);
  return notPermitted(`Not granted: ${missing.join(', ')}.`, grantClicks(missing), missing);
}

/** Actions that Microsoft lets only few roles do to an administrator. */
const SENSITIVE: ReadonlySet<ActionKind> = new Set([
  'reset_password',
  'disable_account',
  'enable_account',
  'remove_factors',
]);

/** What prevents it for this very account; `null` when nothing does. */
function blockedFor(settings: EntraIdSettings, kind: ActionKind, { state, user }: Reading): Told | null {
  const home = decidedAtHome(kind, user);
  if (home !== null)
    return blocked(
      `The account is a guest: ${home} decides this.`,
      `Ask for it at ${home}, and disable the account here.`,
    );
  if (state.protectedBecause !== null && SENSITIVE.has(kind))
    return blocked(
      state.protectedBecause,
      "Give the application's service principal Privileged Authentication Administrator, or do it by hand.",
    );
  const { authority } = state;
  if (authority === null || authority.where === 'here') return null;
  const from = authority.from ?? 'another system';
  if (kind === 'reset_password' && authority.where === 'federated')
    return blocked(
      `The account proves itself at ${from}; a password in Entra ID opens nothing.`,
      `Reset the password at ${from}.`,
    );
  if (kind === 'reset_password' && !settings.password_writeback)
    return blocked(
      `The account is copied from ${from}, and password writeback is not switched on.`,
      `Reset the password at ${from}, or set entra_id.password_writeback when writeback is on.`,
    );
  return switchedBack(kind, authority, 'copy');
}

/** A domain known only in part hides which system comes first. */
function judgeDomains(domains: Outcome<Untold>): Told {
  if (!domains.ok) {
    const found = toldOf(domains.error, fix(domains.error));
    return { ...found, detail: `Users can be read, but not where they prove who they are: ${found.detail}` };
  }
  const { forbidden, unclear } = domains.value;
  const hidden = (names: readonly string[]): string =>
    `Users can be read, but not where those of ${names.join(', ')} prove who they are`;
  if (forbidden.length > 0)
    return notPermitted(
      `${hidden(forbidden)}: ${PERMISSION.federation} is not granted.`,
      grantClicks([PERMISSION.federation]),
      [PERMISSION.federation],
    );
  if (unclear.length > 0)
    return untold(
      `${hidden(unclear)}: Microsoft Graph does not tell how they sign in, or through which provider.`,
      'Look at Identity | Settings | Domain names in the Entra admin center, and reset such passwords where they are proven.',
    );
  return fine('Users can be read.');
}

/** What is reachable, permitted, licensed and prepared, by reading alone. */
export function examinationOf(reader: Reader, actions: Actions<Reading>): Examination<Reading> {
  const { api, domains, settings } = reader;
  return {
    credentials: 'access token',
    enter: (call, fresh) => api.access(call, fresh),
    fix,
    granting: {
      where:
        'App registrations | the Notme application | API permissions | Add a permission | Microsoft Graph | Application permissions, then Grant admin consent',
      separator: '\n',
    },
    async probes(call, account) {
      const first = (path: string, permission: Permission) =>
        api.list(z.unknown(), { path, needs: [permission], call }, 1);
      const log = (name: string) => () => first(`/v1.0/auditLogs/${name}?$top=1`, PERMISSION.audit);
      // One call: Identity Protection takes one a second.
      const risky = first(`${RISK}?$top=1`, PERMISSION.readRisk);
      const users = first('/v1.0/users?$top=1&$select=id', PERMISSION.readUsers);
      const probe = (name: string | null, subjects: readonly Subject[], detail: string, read: () => Answer<unknown>) =>
        reads({ fix }, { name, subjects, ok: detail }, read);
      const signIns: readonly Subject[] = settings.sign_in_notices ? ['evidence', 'events'] : ['evidence'];
      return [
        probe(`users (${PERMISSION.readUsers})`, ['find'], 'Users can be read.', () => users),
        { name: null, subjects: ['find'], ask: async () => judgeDomains(await domains.untold(call)) },
        probe(null, ['sign_in'], 'The application has a token.', async () => {
          const found = await users;
          return !found.ok && found.error.kind === 'auth' ? found : ok(null);
        }),
        probe(`audit log (${PERMISSION.audit})`, ['events'], 'The audit log can be read.', log('directoryAudits')),
        probe(null, signIns, 'The sign-in log can be read.', log('signIns')),
        {
          name: null,
          subjects: ['reports'],
          async ask() {
            const access = await api.access(call);
            if (!access.ok) return toldOf(access.error, fix(access.error));
            return permitted([PERMISSION.readDetections], access.value.rights);
          },
        },
        probe(null, ['reports'], 'Risky users can be read.', () => risky),
        ...permissionProbes(actions, async (_kind, permissions) => {
          const access = await api.access(call);
          return access.ok ? permitted(permissions, access.value.rights) : toldOf(access.error, fix(access.error));
        }),
        ...(await preparedProbes(reader, call, account)),
        ...(settings.login_ranges === 'rule' ? [ruleProbe(reader, call)] : []),
        probe(null, ['confirm_compromised'], 'Its permission is granted, and risk can be read.', () => risky),
      ];
    },
    blocked: (kind, reading) => blockedFor(settings, kind, reading),
  };
}
