import { z } from 'zod';
import type { ActionKind, CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { Actions, Answer, Target } from '../kit/action.js';
import { blocked, fine, misconfigured, notPermitted, permissionProbes, reads, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Subject, Told } from '../kit/examine.js';
import { usesOf } from '../kit/groups.js';
import { powerOf } from './admin-power.js';
import { readEffect, type Demand } from './effects.js';
import { riskPath } from './risk.js';
import { grants, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { oktaUser } from './user.js';
import { readZone } from './zone.js';

const grant = (missing: string): string =>
  `Under Applications | Notme's service app | Okta API Scopes, grant ${missing}.`;

function fix(failure: ConnectorFailure): string | null {
  switch (failure.kind) {
    case 'permission':
      return failure.missing === undefined
        ? "Grant scopes under Applications | Notme's service app | Okta API Scopes, and name in the setting okta.scopes only those that are granted."
        : grant(failure.missing);
    case 'licence':
      return 'Buy or enable the feature in Okta, or do this step by hand.';
    case 'auth':
      return 'Correct client_id, private_key and key_id of the service app, or make a new API token.';
    case 'not_found':
    case 'ambiguous':
    case 'unsupported':
    case 'invalid_input':
      return 'Correct the name in the configuration, or the object in Okta.';
    case 'throttled':
      return 'Ask again in a minute.';
    default:
      return 'Check base_url, and that this machine reaches it through the firewall and proxy.';
  }
}

/** What prevents it for this very account. */
function blockedFor(kind: ActionKind, { state: { protectedBecause, authority }, user }: Reading): Told | null {
  if (protectedBecause !== null && kind !== 'block_address')
    return blocked(protectedBecause, 'Have a super administrator contain it by hand in the Okta Admin Console.');
  if (user.status === 'DEPROVISIONED')
    return blocked('The account is deactivated in Okta.', 'Nothing is left to contain; take it off this person.');
  const kept = kind === 'reset_password' || kind === 'clear_recovery_contacts';
  if (!kept || authority === null || authority.where === 'here') return null;
  const from = authority.from ?? 'another directory';
  return blocked(`The account's password and profile are kept in ${from}.`, `Do this in ${from}.`);
}

const WHERE = 'Security | Global Session Policy';

/** Whether the policies would do with a member of the group what it was prepared for; with an account, with that one. */
async function policiesFor(parts: Parts, group: string, demand: Demand, { account, call }: Asked): Promise<Told> {
  const { api, groups } = parts;
  const id = await groups.idOf(group, call);
  if (!id.ok) return fine('The group is not there.');
  const held = account === null ? null : await groups.of({ account, call });
  const known = held?.ok === true ? held.value : { items: [], complete: false };
  const who = {
    userId: account?.accountId ?? null,
    groups: [...known.items.map((one) => one.id), id.value],
    complete: known.complete,
  };
  const effect = await readEffect(parts, who, demand, call);
  if (!effect.ok) return toldOf(effect.error, fix(effect.error));
  const { is, words } = effect.value;
  if (is === 'acts') return fine(`Of whoever is in the group "${group}": ${words}.`);
  if (is === 'idle')
    return misconfigured(
      `Being in the group "${group}" does nothing, ${words}.`,
      `Under ${WHERE}, add a policy for the group above all the others, with its rule, and activate it.`,
    );
  const scopes = await api.scopes(call);
  const granted = scopes.ok && (scopes.value === null || grants(scopes.value, SCOPE.readPolicies));
  return untold(
    `The group "${group}" is there; ${words}.`,
    granted
      ? `Look under ${WHERE}, and examine one person.`
      : `${grant(SCOPE.readPolicies)} Where okta.scopes is set, name it there too.`,
  );
}

/** Every prepared group with what its policy is to do. */
function demandsOf({ two_step_group, quarantine_group, login_range_groups }: Parts['settings']) {
  const all: readonly (readonly [ActionKind, string | null, Demand])[] = [
    ['require_two_step', two_step_group, { kind: 'factor' }],
    ['quarantine', quarantine_group, { kind: 'deny' }],
    ...login_range_groups.map(({ group, ranges }) => ['limit_login_ips', group, { kind: 'ranges', ranges }] as const),
  ];
  return all.flatMap(([kind, group, demand]) => (group === null ? [] : [[kind, group, demand] as const]));
}

interface Asked {
  readonly account: Target['account'] | null;
  readonly call: CallContext;
}

export function examinationOf(parts: Parts, actions: Actions<Reading>): Examination<Reading> {
  const { api, groups, self, settings } = parts;
  const one = (path: string, call: CallContext) => api.list(path, z.unknown(), call, 1);

  /** Whether the scopes of our token, and our administrator roles, are sufficient for an action. */
  const mayDo = async (kind: ActionKind, permissions: readonly string[], call: CallContext): Promise<Told> => {
    const scopes = await api.scopes(call);
    const granted = scopes.ok ? scopes.value : null;
    const missing = granted === null ? [] : permissions.filter((scope) => !grants(granted, scope));
    const named = missing.join(', ');
    if (named !== '') return notPermitted(`The service app was not granted ${named}.`, grant(named), missing);
    const identity = await self.identity(call);
    return powerOf(kind, identity.ok ? identity.value.roles : null);
  };

  /** The risk level of this account, or of any account: whether the org has the feature. */
  const readRisk = async (call: CallContext, target: Target['account'] | null): Answer<unknown> => {
    if (target !== null) return api.one(riskPath(target.accountId), z.unknown(), call);
    const anybody = await api.list('/api/v1/users?limit=1', oktaUser, call, 1);
    const id = anybody.ok ? anybody.value.items[0]?.id : undefined;
    return id === undefined ? anybody : api.one(riskPath(id), z.unknown(), call);
  };

  return {
    credentials: 'credentials',
    fix,
    granting: { where: "Applications | Notme's service app | Okta API Scopes", separator: ' ' },
    async enter(call, fresh) {
      const scopes = await api.scopes(call, fresh);
      return scopes.ok && fresh ? self.identity(call, fresh) : scopes;
    },
    probes(call, account) {
      const read = (name: string | null, subjects: readonly Subject[], ask: () => Answer<unknown>): Probe =>
        reads({ fix }, { name, subjects, ok: 'Nothing is missing.' }, ask);
      const zone = settings.block_zone;
      const prepared = [
        ...usesOf({
          require_two_step: [settings.two_step_group],
          quarantine: [settings.quarantine_group],
          limit_login_ips: settings.login_range_groups.map(({ group }) => group),
        }),
      ];
      return [
        ...permissionProbes(actions, (kind, permissions) => mayDo(kind, permissions, call)),
        read(`users (${SCOPE.readUsers})`, ['find'], () => one('/api/v1/users?limit=1', call)),
        read(`system log (${SCOPE.readLogs})`, ['events', 'reports', 'evidence'], () =>
          one('/api/v1/logs?limit=1', call),
        ),
        ...(zone === null
          ? []
          : [read(`zone "${zone}" (${SCOPE.readZones})`, ['block_address'], () => readZone(parts, zone, call))]),
        ...prepared.map(([name, subjects]) =>
          read(`group "${name}" (${SCOPE.readGroups})`, subjects, () => groups.idOf(name, call)),
        ),
        read(null, ['block_devices'], () => one('/api/v1/devices?limit=1', call)),
        read(null, ['revoke_grants'], () => one('/api/v1/api-tokens?limit=1', call)),
        read(null, ['confirm_compromised'], () => readRisk(call, account)),
        ...demandsOf(settings).map(([kind, group, demand]): Probe => ({
          name: null,
          subjects: [kind],
          ask: () => policiesFor(parts, group, demand, { account, call }),
        })),
      ];
    },
    blocked: blockedFor,
  };
}
