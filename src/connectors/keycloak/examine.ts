import { z } from 'zod';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { withStanding } from '../standing.js';
import { segment } from './api.js';
import { capabilities } from './capabilities.js';
import { readGroupByPath } from './holdings.js';
import { readLogConfig } from './log.js';
import { grantRole, ROLE, type Role } from './permissions.js';
import { holdsRole, readAccount, type Reader } from './state.js';
import type { Identity } from './token.js';

const finding = (subject: Finding['subject'], verdict: Finding['verdict'], detail: string, fix = ''): Finding => ({
  subject,
  verdict,
  detail,
  fix,
});

interface Examination {
  readonly reader: Reader;
  readonly identity: Identity;
  readonly account: AccountRef | null;
  readonly call: CallContext;
}

/** What a failed probe means, with the way out of it. */
function fromFailure(subject: Finding['subject'], failure: ConnectorFailure, fix: string): Finding {
  switch (failure.kind) {
    case 'permission':
      return finding(subject, 'missing_permission', failure.message, fix);
    case 'transient':
    case 'throttled':
      return finding(
        subject,
        'unreachable',
        failure.message,
        'Try again when Keycloak answers; check keycloak.base_url and the network.',
      );
    default:
      return finding(subject, 'misconfigured', failure.message, fix);
  }
}

/** `null`: the token shows that we have it. */
function lacks({ reader, identity }: Examination, subject: Finding['subject'], role: Role): Finding | null {
  const { settings } = reader;
  const fix = grantRole(settings.client_id, role);
  const held = holdsRole(settings, identity, role);
  if (held === true) return null;
  return held === null
    ? finding(
        subject,
        'cannot_tell',
        `The access token does not show our roles, so "${role}" could not be checked.`,
        `Switch the client's lightweight access tokens off. ${fix}`,
      )
    : finding(subject, 'missing_permission', `The service account lacks the role "${role}".`, fix);
}

const action = z.object({ enabled: z.boolean() });

async function examineTwoStep(examination: Examination): Promise<Finding> {
  const { reader, call } = examination;
  const { two_step_action: alias, client_id } = reader.settings;
  const path = `/authentication/required-actions/${segment(alias)}`;
  const found = await reader.api.read({ path, schema: action, need: ROLE.viewRealm, call });
  const where = `Authentication | Required actions | ${alias} | Enabled`;
  if (found.ok) {
    return found.value.enabled
      ? finding('require_two_step', 'ok', `The required action ${alias} is switched on.`)
      : finding(
          'require_two_step',
          'misconfigured',
          `The required action ${alias} is switched off: nobody would be asked for it.`,
          `Switch on ${where}.`,
        );
  }
  if (found.error.kind === 'permission')
    return finding(
      'require_two_step',
      'cannot_tell',
      `Whether the required action ${alias} is switched on may not be read.`,
      grantRole(client_id, ROLE.viewRealm),
    );
  return fromFailure('require_two_step', found.error, `Check keycloak.two_step_action against ${where}.`);
}

async function examineRoles({ reader, identity, account, call }: Examination): Promise<Finding> {
  const id = account?.accountId ?? identity.userId;
  if (id === null)
    return finding(
      'remove_admin_roles',
      'cannot_tell',
      'The access token does not tell who we are.',
      'Switch the lightweight access tokens of the client off.',
    );
  const probe = await reader.roles.effective(id, call);
  const fix = `Set keycloak.admin_client_uuid to the UUID of the client "${reader.settings.admin_client}" (Clients, in the address bar).`;
  if (!probe.ok) return fromFailure('remove_admin_roles', probe.error, fix);
  const detail =
    account === null ? 'Administrator roles can be read.' : `Administrator roles: ${probe.value.join(', ') || 'none'}.`;
  return finding('remove_admin_roles', 'ok', detail);
}

async function examineGroup({ reader, call }: Examination, path: string): Promise<Finding> {
  const group = await readGroupByPath(reader.api, path, call);
  if (group.ok) return finding('quarantine', 'ok', `The group ${path} is there.`);
  return fromFailure(
    'quarantine',
    group.error,
    `Create the group ${path} under Groups, or correct keycloak.quarantine_group.`,
  );
}

async function examineAction(examination: Examination, kind: ActionKind): Promise<Finding> {
  const missing = lacks(examination, kind, ROLE.manageUsers);
  if (missing !== null) return missing;
  const { quarantine_group: group } = examination.reader.settings;
  if (kind === 'require_two_step') return examineTwoStep(examination);
  if (kind === 'remove_admin_roles') return examineRoles(examination);
  if (kind === 'quarantine' && group !== null) return examineGroup(examination, group);
  return finding(kind, 'ok', `The service account has the role "${ROLE.manageUsers}".`);
}

async function examineEvents({ reader, call }: Examination): Promise<readonly Finding[]> {
  const config = await readLogConfig(reader.api, call);
  const fix = grantRole(reader.settings.client_id, ROLE.viewEvents);
  if (!config.ok) return [fromFailure('events', config.error, fix), fromFailure('evidence', config.error, fix)];
  const { eventsEnabled, adminEventsEnabled } = config.value;
  const off = [
    ...(eventsEnabled ? [] : ['User events settings | Save events']),
    ...(adminEventsEnabled ? [] : ['Admin events settings | Save events']),
  ];
  if (off.length === 0)
    return [
      finding('events', 'ok', 'The realm keeps its events.'),
      finding('evidence', 'ok', 'The realm keeps its events.'),
    ];
  const detail = `The realm does not keep all events (${off.join(', ')} is off).`;
  const on = `Switch on Realm settings | Events | ${off.join(' and ')}.`;
  return [finding('events', 'misconfigured', detail, on), finding('evidence', 'misconfigured', detail, on)];
}

async function examineFind(examination: Examination): Promise<Finding> {
  const { reader, call } = examination;
  const probe = await reader.api.read({
    path: '/users?max=1&first=0',
    schema: z.array(z.unknown()),
    need: ROLE.viewUsers,
    call,
  });
  const fix = grantRole(reader.settings.client_id, ROLE.manageUsers);
  if (!probe.ok) return fromFailure('find', probe.error, fix);
  return (
    (probe.value.length > 0 ? null : lacks(examination, 'find', ROLE.viewUsers)) ??
    finding('find', 'ok', 'Accounts can be read.')
  );
}

type Read = Awaited<ReturnType<typeof readAccount>>;

/** Why this very account cannot be contained by some actions. */
function blocks(examination: Examination, reading: Read): (kind: ActionKind) => Finding | null {
  if (!reading.ok) {
    const { error } = reading;
    return (kind) => fromFailure(kind, error, grantRole(examination.reader.settings.client_id, ROLE.manageUsers));
  }
  const { protectedBecause, authority } = reading.value.state;
  if (protectedBecause !== null)
    return (kind) =>
      finding(
        kind,
        'blocked',
        protectedBecause,
        'An administrator contains it in the admin console; or change keycloak.protected_roles, or the permissions.',
      );
  if (authority?.where === 'federated') {
    const from = authority.from ?? 'another system';
    return (kind) =>
      kind === 'reset_password'
        ? finding(
            kind,
            'blocked',
            `The person signs in through ${from} and has no password here.`,
            `Reset the password in ${from}.`,
          )
        : null;
  }
  if (authority?.where === 'synced') {
    const from = authority.from ?? 'a user federation';
    const touched: readonly ActionKind[] = ['reset_password', 'disable_account', 'enable_account'];
    return (kind) =>
      touched.includes(kind)
        ? finding(
            kind,
            'cannot_tell',
            `The account comes from ${from}; whether Keycloak may write there is not shown.`,
            `Act in ${from} first.`,
          )
        : null;
  }
  return () => null;
}

/** What is reachable and permitted, for each action; changes nothing. The token is renewed, so that its roles are today's. */
export async function examine(
  reader: Reader,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const reach = await reader.api.reach(call);
  if (!reach.ok) return [fromFailure('reach', reach.error, 'Check keycloak.base_url and keycloak.realm.')];
  const reached = finding('reach', 'ok', 'The realm answers.');
  const identity = await reader.api.identity(call, true);
  if (!identity.ok)
    return [
      reached,
      fromFailure(
        'sign_in',
        identity.error,
        'Check KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET, and that the client has "Service accounts roles" on.',
      ),
    ];
  const examination: Examination = { reader, identity: identity.value, account, call };
  const can = capabilities(reader.settings);
  const reading = account === null ? null : await readAccount(reader, account, call);
  const blocked = reading === null ? () => null : blocks(examination, reading);
  const [find, events, actions] = await Promise.all([
    examineFind(examination),
    examineEvents(examination),
    Promise.all(
      ACTION_KINDS.filter((kind) => can[kind].route !== 'none').map(async (kind) => {
        if (can[kind].route === 'console')
          return finding(kind, 'console', 'A person does this, Keycloak has no call for it or nothing was prepared.');
        const examined = await examineAction(examination, kind);
        return examined.verdict === 'missing_permission' ? examined : (blocked(kind) ?? examined);
      }),
    ),
  ]);
  const findings = [reached, finding('sign_in', 'ok', 'Keycloak gave an access token.'), find, ...events, ...actions];
  return withStanding(findings, reading?.ok === true ? reading.value.state : null);
}
