import type { Result } from '../../result.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { readAudit } from './audit.js';
import { capabilities } from './capabilities.js';
import { withStanding } from '../standing.js';
import type { Identity } from './identity.js';
import { METHOD, SCOPE } from './permissions.js';
import type { Reader } from './reader.js';
import { probeSessions } from './sessions.js';
import { readAccount, type Reading } from './state.js';
import { organisationRoles, readUser, standing } from './user.js';

type Verdict = Omit<Finding, 'subject'>;

const OK = (detail: string): Verdict => ({ verdict: 'ok', detail, fix: '' });
const WHERE = 'under OAuth & Permissions | User Token Scopes of the app, and install it again as an owner';

/** What a failed probe means. */
function verdictOf(failure: ConnectorFailure): Verdict {
  const { message: detail } = failure;
  switch (failure.kind) {
    case 'permission':
    case 'auth':
      return { verdict: 'missing_permission', detail, fix: `Add what is missing ${WHERE}.` };
    case 'licence':
      return { verdict: 'unlicensed', detail, fix: 'Upgrade the plan, or name the present one in the setting plan.' };
    case 'transient':
    case 'throttled':
      return { verdict: 'cannot_tell', detail, fix: 'Ask again in a minute.' };
    default:
      return {
        verdict: 'misconfigured',
        detail,
        fix: 'Check the plan, the workspace id and the base URLs in the settings.',
      };
  }
}

function scopes({ scopes: given }: Identity, needed: readonly string[]): Verdict | null {
  if (given === null)
    return {
      verdict: 'cannot_tell',
      detail: 'Slack did not tell the scopes of the token.',
      fix: 'Look at OAuth & Permissions | User Token Scopes, or ask Slack directly: a proxy may have cut its headers.',
    };
  const missing = needed.filter((scope) => !given.has(scope));
  if (missing.length === 0) return null;
  const names = missing.join(', ');
  return {
    verdict: 'missing_permission',
    detail: `The token lacks ${names}.`,
    fix: `Add ${names} ${WHERE}.`,
  };
}

interface Probes {
  readonly scim: Result<unknown, ConnectorFailure>;
  readonly accessLog: Result<unknown, ConnectorFailure>;
  /** `null` below Enterprise. */
  readonly sessions: Result<unknown, ConnectorFailure> | null;
  readonly audit: Result<unknown, ConnectorFailure> | null;
  /** How high the token's owner stands; `null` when it cannot be told. */
  readonly standing: number | null;
}

/** Reads that change nothing, one for each interface that is needed. */
export async function probe(reader: Reader, identity: Identity, call: CallContext): Promise<Probes> {
  const { api, settings } = reader;
  const enterprise = settings.plan === 'enterprise';
  const read = { write: false, call };
  const team = settings.team_id === null ? {} : { team_id: settings.team_id };
  const [scim, accessLog, sessions, audit, owner] = await Promise.all([
    api.scim('GET', '/Users?count=1', read),
    api.web(METHOD.accessLog, { limit: '1', ...team }, read),
    enterprise ? probeSessions(api, call) : null,
    enterprise ? readAudit(api, { actions: ['user_login'], from: reader.runtime.now() }, 1, call) : null,
    readUser(api, identity.userId, call),
  ]);
  return { scim, accessLog, sessions, audit, standing: owner.ok ? standing(owner.value) : null };
}

function notAdmin({ standing: height }: Probes): Verdict | null {
  if (height === null || height > 0) return null;
  return {
    verdict: 'misconfigured',
    detail: "The token's owner is no administrator.",
    fix: 'Make its owner an administrator of the organisation, or install the app as one.',
  };
}

/** Why this very person cannot be acted on by the API. */
function blocked(kind: ActionKind, { user, state }: Reading): Verdict | null {
  if (state.protectedBecause !== null)
    return {
      verdict: 'blocked',
      detail: state.protectedBecause,
      fix: "Let another owner do it in Slack's administration.",
    };
  if (kind !== 'remove_admin_roles' || organisationRoles(user).length === 0) return null;
  return {
    verdict: 'blocked',
    detail: "The person holds a role in the whole organisation, which Slack's API cannot give back as it was.",
    fix: 'Take it away under Organization settings | Members.',
  };
}

interface Need {
  readonly scopes: readonly string[];
  readonly probe: Result<unknown, ConnectorFailure> | null;
}

/** The scopes of an action, and the harmless read that shows whether its interface is there. */
function needOf(kind: ActionKind, { scim, sessions }: Probes): Need {
  if (kind === 'disable_account' || kind === 'enable_account')
    return { scopes: [SCOPE.admin, SCOPE.readUsers], probe: scim };
  const scopes = [SCOPE.writeAdminUsers, SCOPE.readUsers];
  if (kind === 'revoke_sessions') return { scopes: [...scopes, SCOPE.readAdminUsers], probe: sessions };
  // Reading sessions takes a scope that roles do not need: its failure tells of the plan alone.
  const unlicensed = sessions?.ok === false && sessions.error.kind === 'licence';
  return { scopes, probe: unlicensed ? sessions : null };
}

function native(kind: ActionKind, identity: Identity, probes: Probes): Verdict {
  const unfit = notAdmin(probes);
  if (unfit !== null) return unfit;
  const need = needOf(kind, probes);
  const lacking = scopes(identity, need.scopes);
  if (lacking?.verdict === 'missing_permission') return lacking;
  if (need.probe?.ok === false) return verdictOf(need.probe.error);
  return lacking ?? OK(`The token holds ${need.scopes.join(', ')}.`);
}

function events({ settings }: Reader, probes: Probes): Verdict {
  if (settings.plan !== 'enterprise')
    return {
      verdict: 'unlicensed',
      detail: 'Slack tells of sign-ins as they happen on Enterprise alone.',
      fix: 'Watch the sign-ins of the identity provider that people sign in to Slack through.',
    };
  const { audit } = probes;
  return audit?.ok === false ? verdictOf(audit.error) : OK('The audit logs can be read.');
}

const unasked = (detail: string): Verdict => ({ verdict: 'cannot_tell', detail, fix: 'Mend the sign-in first.' });

/** What is told when not even the token could be tried. */
function withoutIdentity(reader: Reader, failure: ConnectorFailure): readonly Finding[] {
  const reached = failure.kind !== 'transient';
  const reach: Finding = reached
    ? { subject: 'reach', ...OK('Slack answers.') }
    : {
        subject: 'reach',
        verdict: 'unreachable',
        detail: failure.message,
        fix: 'Let this machine reach slack.com and api.slack.com over HTTPS, and check the base URLs in the settings.',
      };
  const signIn: Verdict = {
    verdict: reached && failure.kind !== 'throttled' ? 'misconfigured' : 'cannot_tell',
    detail: failure.message,
    fix: reached ? 'Install the app again and put its user token into the settings.' : 'Mend the connection first.',
  };
  const routes = capabilities(reader.settings);
  const rest = [
    ...(['find', 'events', 'evidence'] as const),
    ...ACTION_KINDS.filter((kind) => routes[kind].route !== 'none'),
  ];
  return [
    reach,
    { subject: 'sign_in', ...signIn },
    ...rest.map((subject) => ({ subject, ...unasked('Slack did not take the token.') })),
  ];
}

/** What is reachable, permitted and licensed; with an account also whether that one can be contained. */
export async function examine(
  reader: Reader,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const identity = await reader.identity.fresh(call);
  if (!identity.ok) return withoutIdentity(reader, identity.error);
  const [probes, reading] = await Promise.all([
    probe(reader, identity.value, call),
    account === null ? null : readAccount(reader, account, call),
  ]);
  const found = scopes(identity.value, [SCOPE.readUsers, SCOPE.readEmails]);
  const { accessLog } = probes;
  const routes = capabilities(reader.settings);
  const about = (kind: ActionKind): Finding | null => {
    const { route } = routes[kind];
    if (route === 'none') return null;
    if (route === 'console')
      return { subject: kind, verdict: 'console', detail: "A person does it in Slack's administration.", fix: '' };
    if (reading !== null && !reading.ok) return { subject: kind, ...verdictOf(reading.error) };
    const stop = reading === null ? null : blocked(kind, reading.value);
    return { subject: kind, ...(stop ?? native(kind, identity.value, probes)) };
  };
  const findings: readonly Finding[] = [
    { subject: 'reach', ...OK('Slack answers.') },
    { subject: 'sign_in', ...OK('Slack takes the token.') },
    { subject: 'find', ...(found ?? OK('People can be found by their address.')) },
    { subject: 'events', ...events(reader, probes) },
    {
      subject: 'evidence',
      ...(accessLog.ok ? OK('The access log can be read.') : verdictOf(accessLog.error)),
    },
    ...ACTION_KINDS.map(about).filter((finding) => finding !== null),
  ];
  return withStanding(findings, reading?.ok === true ? reading.value.state : null);
}
