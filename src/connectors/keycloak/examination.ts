import { z } from 'zod';
import type { ActionKind, CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { Actions, Answer, Target } from '../kit/action.js';
import { blocked, fine, misconfigured, notPermitted, permissionProbes, reads, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Subject, Told } from '../kit/examine.js';
import { segment } from '../http/path.js';
import { readGroupByPath } from './holdings.js';
import { readLogConfig } from './log.js';
import { grantRole, ROLE, roleTitle, type Role } from './permissions.js';
import { holdsRole, type Parts, type Reading } from './state.js';

function fix({ kind }: ConnectorFailure): string | null {
  if (kind === 'transient' || kind === 'throttled')
    return 'Try again when Keycloak answers; check keycloak.base_url and the network.';
  if (kind !== 'auth') return null;
  return 'Check KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET, and that the client has "Service accounts roles" on.';
}

/** Whether the token shows that we have a role. */
async function hasRole({ api, settings }: Parts, role: Role, call: CallContext): Promise<Told> {
  const identity = await api.identity(call);
  if (!identity.ok) return toldOf(identity.error, fix(identity.error));
  const grant = grantRole(settings.client_id, role);
  switch (holdsRole(settings, identity.value, role)) {
    case true:
      return fine(`The service account has the role "${role}".`);
    case false:
      return notPermitted(`The service account lacks the role "${role}".`, grant, [roleTitle(role)]);
    case null:
      return untold(
        `The access token does not show our roles, so "${role}" could not be checked.`,
        `Switch the client's lightweight access tokens off. ${grant}`,
      );
  }
}

/** Keycloak returns an empty list to a caller who may not see the users in it. */
async function canFind(parts: Parts, call: CallContext): Promise<Told> {
  const { api, settings } = parts;
  const users = await api.read({ path: '/users?max=1&first=0', schema: z.array(z.unknown()), call });
  if (!users.ok) return toldOf(users.error, fix(users.error) ?? grantRole(settings.client_id, ROLE.manageUsers));
  const seen = users.value.length > 0 ? null : await hasRole(parts, ROLE.viewUsers, call);
  return seen === null || seen.verdict === 'ok' ? fine('Accounts can be read.') : seen;
}

export const switched = z.object({ enabled: z.boolean() });

async function requiredAction({ api, settings }: Parts, call: CallContext): Promise<Told> {
  const { two_step_action: alias, client_id } = settings;
  const path = `/authentication/required-actions/${segment(alias)}`;
  const found = await api.read({ path, schema: switched, need: ROLE.viewRealm, call });
  const where = `Authentication | Required actions | ${alias} | Enabled`;
  if (found.ok && found.value.enabled) return fine(`The required action ${alias} is switched on.`);
  if (found.ok)
    return misconfigured(
      `The required action ${alias} is switched off: nobody would be asked for it.`,
      `Switch on ${where}.`,
    );
  if (found.error.kind === 'permission')
    return untold(
      `Whether the required action ${alias} is switched on may not be read.`,
      grantRole(client_id, ROLE.viewRealm),
    );
  return toldOf(found.error, fix(found.error) ?? `Check keycloak.two_step_action against ${where}.`);
}

/** What the realm logs; whether that may be read is another probe. */
async function keepsEvents({ api }: Parts, call: CallContext): Promise<Told> {
  const config = await readLogConfig(api, call);
  const { eventsEnabled = true, adminEventsEnabled = true } = config.ok ? config.value : {};
  const off = [
    ...(eventsEnabled ? [] : ['User events settings | Save events']),
    ...(adminEventsEnabled ? [] : ['Admin events settings | Save events']),
  ];
  if (off.length === 0) return fine('The realm keeps its events.');
  return misconfigured(
    `The realm does not keep all events (${off.join(', ')} is off).`,
    `Switch on Realm settings | Events | ${off.join(' and ')}.`,
  );
}

/** Administrator roles, of this account or of our own. */
async function readRoles({ api, roles }: Parts, target: Target['account'] | null, call: CallContext): Answer<unknown> {
  const identity = await api.identity(call);
  if (!identity.ok) return identity;
  const accountId = target?.accountId ?? identity.value.userId;
  return accountId === null ? identity : roles.effective({ account: { system: '', accountId, login: '' }, call });
}

/** Why this very account cannot be contained by some actions. */
function blockedFor(kind: ActionKind, { state: { protectedBecause, authority } }: Reading): Told | null {
  if (protectedBecause !== null)
    return blocked(
      protectedBecause,
      'An administrator contains it in the admin console; or change keycloak.protected_roles, or the permissions.',
    );
  if (authority === null || authority.where === 'here') return null;
  const from = authority.from ?? 'another system';
  if (authority.where === 'federated' && kind === 'reset_password')
    return blocked(`The person signs in through ${from} and has no password here.`, `Reset the password in ${from}.`);
  const touched = kind === 'reset_password' || kind === 'disable_account' || kind === 'enable_account';
  if (authority.where === 'federated' || !touched) return null;
  return untold(
    `The account comes from ${from}; whether Keycloak may write there is not shown.`,
    `Act in ${from} first.`,
  );
}

/** What is reachable and permitted, for each action. The doctor renews the token, so that its roles are today's. */
export function examinationOf(parts: Parts, actions: Actions<Reading>): Examination<Reading> {
  const { api, settings } = parts;
  const { client_id, admin_client, quarantine_group: group } = settings;
  return {
    credentials: 'access token',
    fix,
    granting: {
      where: `Clients | ${client_id} | Service accounts roles | Assign role | Filter by clients`,
      separator: '\n',
      // Whoever manages users sees them.
      form: (right) => [right === roleTitle(ROLE.viewUsers) ? roleTitle(ROLE.manageUsers) : right],
    },
    async enter(call, fresh) {
      const reached = fresh ? await api.reach(call) : null;
      return reached?.ok === false ? reached : api.identity(call, fresh);
    },
    probes(call, account) {
      const probe = (subjects: readonly Subject[], ask: () => Promise<Told>): Probe => ({ name: null, subjects, ask });
      /** `how` is what to do about it, unless Keycloak is down. */
      const readable = (about: Parameters<typeof reads>[1], how: string, ask: () => Answer<unknown>): Probe =>
        reads({ fix: (failure) => fix(failure) ?? how }, about, ask);
      return [
        ...permissionProbes(actions, () => hasRole(parts, ROLE.manageUsers, call)),
        { name: 'users', subjects: ['find'], ask: () => canFind(parts, call) },
        readable(
          { name: 'events', subjects: ['events', 'reports', 'evidence'], ok: 'Events can be read.' },
          grantRole(client_id, ROLE.viewEvents),
          () => readLogConfig(api, call),
        ),
        probe(['events', 'reports', 'evidence'], () => keepsEvents(parts, call)),
        probe(['require_two_step'], () => requiredAction(parts, call)),
        readable(
          { name: null, subjects: ['remove_admin_roles'], ok: 'Administrator roles can be read.' },
          `Set keycloak.admin_client_uuid to the UUID of the client "${admin_client}" (Clients, in the address bar).`,
          () => readRoles(parts, account, call),
        ),
        ...(group === null
          ? []
          : [
              readable(
                { name: `group ${group}`, subjects: ['quarantine'], ok: `The group ${group} is there.` },
                `Create the group ${group} under Groups, or correct keycloak.quarantine_group.`,
                () => readGroupByPath(api, group, call),
              ),
            ]),
      ];
    },
    blocked: blockedFor,
  };
}
