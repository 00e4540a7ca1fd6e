import { z } from 'zod';
import { ok } from '../../result.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type Connector,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { withStanding } from '../standing.js';
import { powerOf } from './admin-power.js';
import { groupOf } from './membership.js';
import type { OktaRole } from './roles.js';
import { grants } from './scopes.js';
import { readAccount, type Parts, type Reading } from './state.js';
import { oktaUser, userPath } from './user.js';
import { readZone } from './zone.js';

type Abilities = Connector['capabilities'];
type Told = Omit<Finding, 'subject'>;

const FINE: Told = { verdict: 'ok', detail: 'Nothing is missing.', fix: '' };

/** A failed read as a finding. */
function failed(failure: ConnectorFailure): Told {
  const { kind, message: detail } = failure;
  switch (kind) {
    case 'permission':
      return {
        verdict: 'missing_permission',
        detail,
        fix: `Under Applications | Notme's service app | Okta API Scopes, grant ${failure.missing ?? 'the scope that is named'}.`,
      };
    case 'licence':
      return { verdict: 'unlicensed', detail, fix: 'Buy or enable the feature in Okta, or do this step by hand.' };
    case 'auth':
      return {
        verdict: 'misconfigured',
        detail,
        fix: 'Correct client_id, private_key and key_id of the service app, or make a new API token.',
      };
    case 'not_found':
    case 'ambiguous':
    case 'unsupported':
    case 'invalid_input':
      return { verdict: 'misconfigured', detail, fix: 'Correct the name in the configuration, or the object in Okta.' };
    case 'throttled':
      return { verdict: 'cannot_tell', detail, fix: 'Ask again in a minute.' };
    default:
      return {
        verdict: 'unreachable',
        detail,
        fix: 'Check base_url, and that this machine reaches it through the firewall and proxy.',
      };
  }
}

/** What was learnt once for all actions. */
interface Learnt {
  readonly scopes: readonly string[] | null;
  readonly roles: readonly OktaRole[] | null;
  /** What single actions need besides rights: their groups, the zone, licences. */
  readonly needs: ReadonlyMap<ActionKind, ConnectorFailure>;
  readonly reading: Reading | null;
}

async function needsOf(parts: Parts, call: CallContext): Promise<Learnt['needs']> {
  const { api, groups, settings } = parts;
  const needs = new Map<ActionKind, ConnectorFailure>();
  const note = (kind: ActionKind, answer: { ok: true } | { ok: false; error: ConnectorFailure }): void => {
    if (!answer.ok) needs.set(kind, answer.error);
  };
  for (const kind of ['require_two_step', 'quarantine'] as const) {
    const name = groupOf(settings, kind);
    if (name !== null) note(kind, await groups.idOf(name, call));
  }
  for (const { group } of settings.login_range_groups) note('limit_login_ips', await groups.idOf(group, call));
  if (settings.block_zone !== null) note('block_address', await readZone(parts, call));
  note('block_devices', await api.list('/api/v1/devices?limit=1', z.unknown(), call, 1));
  note('revoke_grants', await api.list('/api/v1/api-tokens?limit=1', z.unknown(), call, 1));
  const anybody = await api.list('/api/v1/users?limit=1', oktaUser, call, 1);
  const id = anybody.ok ? anybody.value.rows[0]?.id : undefined;
  if (id !== undefined) note('confirm_compromised', await api.get(`${userPath(id)}/risk`, call));
  return needs;
}

/** Whether this very account stands in the way. */
function hindrance(kind: ActionKind, { state, user }: Reading): Told | null {
  const blocked = (detail: string, fix: string): Told => ({ verdict: 'blocked', detail, fix });
  if (state.protectedBecause !== null && kind !== 'block_address') {
    return blocked(state.protectedBecause, 'Have a super administrator contain it by hand in the Okta Admin Console.');
  }
  if (user.status === 'DEPROVISIONED') {
    return blocked('The account is deactivated in Okta.', 'Nothing is left to contain; take it off this person.');
  }
  const { authority } = state;
  const kept = kind === 'reset_password' || kind === 'clear_recovery_contacts';
  if (kept && authority !== null && authority.where !== 'here') {
    const from = authority.from ?? 'another directory';
    return blocked(`The account's password and profile are kept in ${from}.`, `Do this in ${from}.`);
  }
  return null;
}

function judge(kind: ActionKind, abilities: Abilities, learnt: Learnt): Told {
  const { route, permissions } = abilities[kind];
  if (route === 'none') return { ...FINE, detail: 'Okta has no such thing.' };
  if (route === 'console') {
    return {
      verdict: 'console',
      detail: 'A person does this in the Okta Admin Console: nothing was prepared for it.',
      fix: '',
    };
  }
  const { scopes } = learnt;
  const missing = scopes === null ? [] : permissions.filter((scope) => !grants(scopes, scope));
  if (missing.length > 0) {
    return {
      verdict: 'missing_permission',
      detail: `The service app was not granted ${missing.join(', ')}.`,
      fix: `Under Applications | Notme's service app | Okta API Scopes, grant ${missing.join(', ')}.`,
    };
  }
  const power = powerOf(kind, learnt.roles);
  if (power.reaches === 'no') return { verdict: 'missing_permission', detail: power.detail, fix: power.fix };
  const need = learnt.needs.get(kind);
  if (need !== undefined) return failed(need);
  const hindered = learnt.reading === null ? null : hindrance(kind, learnt.reading);
  if (hindered !== null) return hindered;
  return power.reaches === 'unknown' ? { verdict: 'cannot_tell', detail: power.detail, fix: power.fix } : FINE;
}

/** When there is no way in, nothing else can be learnt. */
function locked(reach: Told, signIn: Told): readonly Finding[] {
  const rest: Told =
    reach.verdict === 'ok'
      ? { verdict: 'cannot_tell', detail: 'Okta does not let Notme in.', fix: signIn.fix }
      : { ...reach, detail: 'Okta could not be reached.' };
  const subjects = ['find', 'events', 'evidence', ...ACTION_KINDS] as const;
  return [
    { subject: 'reach', ...reach },
    { subject: 'sign_in', ...signIn },
    ...subjects.map((subject) => ({ subject, ...rest })),
  ];
}

async function readings(parts: Parts, call: CallContext): Promise<readonly Finding[]> {
  const users = await parts.api.list('/api/v1/users?limit=1', z.unknown(), call, 1);
  const log = await parts.api.list('/api/v1/logs?limit=1', z.unknown(), call, 1);
  const ofLog = log.ok ? FINE : failed(log.error);
  return [
    { subject: 'find', ...(users.ok ? FINE : failed(users.error)) },
    { subject: 'events', ...ofLog },
    { subject: 'evidence', ...ofLog },
  ];
}

/** Everything that can be learnt by reading alone. */
export async function examine(
  parts: Parts,
  abilities: Abilities,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const scopes = await parts.api.scopes(call);
  const identity = scopes.ok ? await parts.self.fresh(call) : scopes;
  const failure = scopes.ok ? (identity.ok ? null : identity.error) : scopes.error;
  if (failure !== null || !scopes.ok || !identity.ok) {
    const told = failed(failure ?? { kind: 'transient', message: 'Okta gave no answer.' });
    return locked(told.verdict === 'unreachable' ? told : FINE, told);
  }
  const reading = account === null ? ok(null) : await readAccount(parts, account, call);
  const learnt: Learnt = {
    scopes: scopes.value,
    roles: identity.value.roles,
    needs: await needsOf(parts, call),
    reading: reading.ok ? reading.value : null,
  };
  const findings: readonly Finding[] = [
    { subject: 'reach', ...FINE },
    { subject: 'sign_in', ...FINE },
    ...(await readings(parts, call)),
    ...ACTION_KINDS.map((kind) => {
      const told = judge(kind, abilities, learnt);
      return { subject: kind, ...(told.verdict === 'ok' && !reading.ok ? failed(reading.error) : told) };
    }),
  ];
  return withStanding(findings, learnt.reading?.state ?? null);
}
