import type { ActionKind, CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { Actions, Answer, Outcome } from '../kit/action.js';
import { blocked, fine, misconfigured, notPermitted, permissionProbes, reads, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Subject, Told } from '../kit/examine.js';
import { readAudit } from './audit.js';
import type { Identity } from './identity.js';
import { METHOD, SCOPE } from './permissions.js';
import { isEnterprise, type Reader, type Reading } from './reader.js';
import { ORGANISATION } from './roles.js';
import { probeSessions } from './sessions.js';
import { organisationRoles, readUser, standing } from './user.js';

const WHERE = 'under OAuth & Permissions | User Token Scopes of the app, and install it again as an owner';

const NETWORK = 'Let this machine reach slack.com and api.slack.com over HTTPS, and ask again in a minute.';
const FIXES: Readonly<Partial<Record<ConnectorFailure['kind'], string>>> = {
  permission: `Add what is missing ${WHERE}.`,
  auth: 'Install the app again and put its user token into the settings.',
  licence: 'Upgrade the plan, or name the present one in the setting plan.',
  transient: NETWORK,
  throttled: NETWORK,
};
const fix = ({ kind }: ConnectorFailure): string =>
  FIXES[kind] ?? 'Check the plan, the workspace id and the base URLs in the settings.';

/** The Web API has accepted the token: a later refusal means a missing scope. */
async function lacking(answer: Answer<unknown>): Answer<unknown> {
  const outcome = await answer;
  if (outcome.ok || outcome.error.kind !== 'auth') return outcome;
  return { ok: false, error: { ...outcome.error, kind: 'permission' } };
}

function scopesTell({ scopes: given }: Identity, needed: readonly string[]): Told {
  if (given === null)
    return untold(
      'Slack did not tell the scopes of the token.',
      'Look at OAuth & Permissions | User Token Scopes, or ask Slack directly: a proxy may have cut its headers.',
    );
  const lacks = needed.filter((scope) => !given.has(scope));
  const missing = lacks.join(', ');
  return missing === ''
    ? fine(`The token holds ${needed.join(', ')}.`)
    : notPermitted(`The token lacks ${missing}.`, `Add ${missing} ${WHERE}.`, lacks);
}

const NO_EVENTS: Told = {
  verdict: 'unlicensed',
  detail: 'Slack tells of sign-ins as they happen on Enterprise alone.',
  fix: 'Watch the sign-ins of the identity provider that people sign in to Slack through.',
};

const named = (name: string, subjects: readonly Subject[], detail: string, read: () => Answer<unknown>): Probe =>
  reads({ fix }, { name, subjects, ok: detail }, read);
const unnamed = (subjects: readonly Subject[], ask: Probe['ask']): Probe => ({ name: null, subjects, ask });

const SWITCHES = ['disable_account', 'enable_account'] as const;

/** What only Enterprise has: sessions, roles and the audit logs. */
function enterpriseProbes({ api, runtime }: Reader, call: CallContext): readonly Probe[] {
  const sessions = lacking(probeSessions(api, call));
  const logs = { actions: ['user_login'], from: runtime.now() };
  return [
    named(`sessions (${SCOPE.readAdminUsers})`, ['revoke_sessions'], 'Sessions can be read.', () => sessions),
    unnamed(['remove_admin_roles'], async () => {
      // Reading sessions needs a scope that roles do not need: its failure only says something about the plan.
      const read: Outcome<unknown> = await sessions;
      return !read.ok && read.error.kind === 'licence'
        ? toldOf(read.error, fix(read.error))
        : fine('Roles can be changed.');
    }),
    named(`audit logs (${SCOPE.readAudit})`, ['events'], 'The audit logs can be read.', () =>
      lacking(readAudit(api, logs, 1, call)),
    ),
  ];
}

async function probesOf(reader: Reader, actions: Actions<Reading>, call: CallContext): Promise<readonly Probe[]> {
  const { api, settings } = reader;
  const identity = await reader.identity.get(call);
  if (!identity.ok) return [];
  const owner = await readUser(api, identity.value.userId, call);
  const team = settings.team_id === null ? {} : { team_id: settings.team_id };
  const tell = (needed: readonly string[]): Told => scopesTell(identity.value, needed);
  // The audit logs only make a proof more certain: without them sessions are ended all the same.
  const permissions = permissionProbes(actions, (_kind, needed) =>
    tell(needed.filter((scope) => scope !== SCOPE.readAudit)),
  );
  const unfit = unnamed(
    permissions.flatMap(({ subjects }) => subjects),
    () =>
      misconfigured(
        "The token's owner is no administrator.",
        'Make its owner an administrator of the organisation, or install the app as one.',
      ),
  );
  return [
    ...(owner.ok && standing(owner.value) === 0 ? [unfit] : []),
    unnamed(['find'], () => tell([SCOPE.readUsers, SCOPE.readEmails])),
    ...permissions,
    named(`SCIM (${SCOPE.admin})`, SWITCHES, 'SCIM answers.', () => lacking(api.scim('/Users?count=1', call))),
    named(`access log (${SCOPE.admin})`, ['evidence'], 'The access log can be read.', () =>
      lacking(api.web(METHOD.accessLog, { limit: '1', ...team }, call)),
    ),
    ...(isEnterprise(reader) ? enterpriseProbes(reader, call) : [unnamed(['events'], () => NO_EVENTS)]),
  ];
}

/** Why the API cannot act on this very person. */
function standsInTheWay(kind: ActionKind, { user, state: { protectedBecause } }: Reading): Told | null {
  if (protectedBecause !== null) return blocked(protectedBecause, "Let another owner do it in Slack's administration.");
  return kind === 'remove_admin_roles' && organisationRoles(user).length > 0 ? toldOf(ORGANISATION) : null;
}

export const examinationOf = (reader: Reader, actions: Actions<Reading>): Examination<Reading> => ({
  credentials: 'token',
  granting: { where: 'OAuth & Permissions | User Token Scopes of the app, then install it again', separator: ' ' },
  fix,
  enter: (call) => reader.identity.fresh(call),
  probes: (call) => probesOf(reader, actions, call),
  blocked: standsInTheWay,
});
