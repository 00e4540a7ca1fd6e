import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { withStanding } from '../standing.js';
import type { Actions } from './actions.js';
import type { Tools } from './handler.js';
import { probePolicies, probeScopes, type Probe } from './probes.js';
import { SCOPE, type Scope } from './scopes.js';
import { readState } from './state.js';
import { protection, readUser, type GoogleUser } from './user.js';

type Verdict = Finding['verdict'];

const VERDICTS: Readonly<Record<ConnectorFailure['kind'], Verdict>> = {
  auth: 'misconfigured',
  permission: 'missing_permission',
  protected_account: 'blocked',
  not_found: 'misconfigured',
  ambiguous: 'misconfigured',
  conflict: 'cannot_tell',
  invalid_input: 'misconfigured',
  throttled: 'unreachable',
  licence: 'unlicensed',
  unsupported: 'misconfigured',
  transient: 'unreachable',
  unknown_outcome: 'cannot_tell',
};

/** Failures say what is wrong and, after the last semicolon, how to mend it. */
function findingOf(subject: Finding['subject'], failure: ConnectorFailure): Finding {
  const at = failure.message.lastIndexOf('; ');
  const mend = at < 0 ? failure.message : failure.message.slice(at + 2);
  return {
    subject,
    verdict: VERDICTS[failure.kind],
    detail: failure.message,
    fix: `${mend.charAt(0).toUpperCase()}${mend.slice(1)}`,
  };
}

const good = (subject: Finding['subject'], detail: string): Finding => ({ subject, verdict: 'ok', detail, fix: '' });

const firstOf = (probes: readonly (Probe | undefined)[]): Probe =>
  probes.find((probe) => probe !== null && probe !== undefined) ?? null;

function basics(scopes: ReadonlyMap<Scope, Probe>): readonly Finding[] {
  const failures = [...scopes.values()].filter((probe) => probe !== null);
  const away = failures.find(({ kind }) => kind === 'transient' || kind === 'throttled');
  const refused =
    failures.find(({ kind }) => kind === 'auth') ??
    (scopes.get(SCOPE.readUsers)?.kind === 'not_found' ? scopes.get(SCOPE.readUsers) : null);
  const unreached = failures.length === scopes.size && away !== undefined;
  return [
    unreached ? findingOf('reach', away) : good('reach', 'Google answers.'),
    unreached
      ? findingOf('sign_in', away)
      : refused
        ? findingOf('sign_in', refused)
        : good('sign_in', "Google takes the service account's key."),
  ];
}

function whole(
  subject: 'find' | 'events' | 'evidence',
  needed: readonly Scope[],
  scopes: ReadonlyMap<Scope, Probe>,
): Finding {
  const failure = firstOf(needed.map((scope) => scopes.get(scope)));
  return failure === null ? good(subject, `Granted and answered: ${needed.join(', ')}.`) : findingOf(subject, failure);
}

const WRITES: ReadonlySet<string> = new Set([SCOPE.writeUsers, SCOPE.security, SCOPE.members, SCOPE.actOnDevices]);

interface Seen {
  readonly tools: Tools;
  readonly all: Actions;
  readonly scopes: ReadonlyMap<Scope, Probe>;
  readonly policies: ReadonlyMap<ActionKind, Probe>;
  readonly adminIsSuper: boolean | null;
}

function action(kind: ActionKind, { tools, all, scopes, policies, adminIsSuper }: Seen): Finding {
  const capability = all[kind]?.capability;
  if (capability === undefined)
    return { subject: kind, verdict: 'console', detail: 'A person does it in the Admin console.', fix: '' };
  const needed = Object.values(SCOPE).filter((scope) => capability.permissions.includes(scope));
  const failure = firstOf([...needed.map((scope) => scopes.get(scope)), policies.get(kind)]);
  if (failure !== null) return findingOf(kind, failure);
  const { admin_email: adminEmail } = tools.settings;
  if (kind === 'remove_admin_roles' && adminIsSuper === false) {
    const detail = `${adminEmail} is no super administrator, and only those take roles away.`;
    return {
      subject: kind,
      verdict: 'misconfigured',
      detail,
      fix: 'Set super_admin to false, or name a super administrator in admin_email.',
    };
  }
  if (adminIsSuper === true || !needed.some((scope) => WRITES.has(scope)))
    return good(kind, `Granted: ${needed.join(', ')}.`);
  return {
    subject: kind,
    verdict: 'cannot_tell',
    detail: `Granted: ${needed.join(', ')}; whether the role of ${adminEmail} permits it shows only when it is done.`,
    fix: `Compare the role of ${adminEmail} in the Admin console under Account > Admin roles with the table in the README.`,
  };
}

const GMAIL_ACTIONS: ReadonlySet<ActionKind> = new Set(['disable_mail_rules', 'block_mail_protocols']);
const FEDERATED_ACTIONS: ReadonlySet<ActionKind> = new Set(['reset_password', 'require_two_step']);
const SYNCED_ACTIONS: ReadonlySet<ActionKind> = new Set(['disable_account', 'enable_account']);

interface Block {
  readonly detail: string;
  readonly fix: string;
}

/** Why this very account cannot be contained so, though everything is granted. */
function blockOf(kind: ActionKind, user: GoogleUser, { settings }: Tools): Block | null {
  const { admin_email, super_admin, sso, synced_from } = settings;
  const because = protection(user, admin_email, super_admin);
  const isSelf = user.primaryEmail.toLowerCase() === admin_email.toLowerCase();
  if (because !== null && (isSelf || !GMAIL_ACTIONS.has(kind)))
    return { detail: because, fix: 'Let a super administrator do it in the Admin console.' };
  if (sso !== null && user.isAdmin !== true && FEDERATED_ACTIONS.has(kind))
    return {
      detail: `People sign in through ${sso}; what is set here opens and closes nothing there.`,
      fix: `Do it at ${sso} as well.`,
    };
  if (synced_from !== null && SYNCED_ACTIONS.has(kind))
    return {
      detail: `The account is copied from ${synced_from}, and the next copy may undo this.`,
      fix: `Do it at ${synced_from} first.`,
    };
  if (kind === 'remove_factors' && user.isEnforcedIn2Sv === true)
    return {
      detail: '2-Step Verification is enforced for this account, so Google does not turn it off.',
      fix: 'Take the account out of the group or organizational unit that enforces it, remove the factors, put it back.',
    };
  if (kind === 'remove_factors' && user.suspended === true)
    return {
      detail: 'Google turns 2-Step Verification off for active accounts only.',
      fix: 'Remove the factors before the account is suspended.',
    };
  return null;
}

function withAccount(finding: Finding, user: GoogleUser, tools: Tools): Finding {
  const kind = ACTION_KINDS.find((one) => one === finding.subject);
  if (kind === undefined || (finding.verdict !== 'ok' && finding.verdict !== 'cannot_tell')) return finding;
  const block = blockOf(kind, user, tools);
  return block === null ? finding : { subject: kind, verdict: 'blocked', ...block };
}

/** What is reachable and granted for each action, and with an account what stands in the way of containing it. Only reads. */
export async function examine(
  tools: Tools,
  all: Actions,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const [scopes, policies, admin, user, state] = await Promise.all([
    probeScopes(tools, all, { account, call }),
    probePolicies(tools, call),
    readUser(tools.api, tools.settings.admin_email, call),
    account === null ? null : readUser(tools.api, account.accountId, call),
    account === null ? null : readState(tools, account, call),
  ]);
  const seen: Seen = { tools, all, scopes, policies, adminIsSuper: admin.ok ? admin.value.isAdmin : null };
  const findings = [
    ...basics(scopes),
    whole('find', [SCOPE.readUsers], scopes),
    whole('events', [SCOPE.reports], scopes),
    whole(
      'evidence',
      [SCOPE.readUsers, SCOPE.security, SCOPE.reports, SCOPE.readGroups, SCOPE.readDevices, SCOPE.gmailSettings],
      scopes,
    ),
    ...ACTION_KINDS.map((kind) => action(kind, seen)),
  ];
  const known = withStanding(findings, state?.ok === true ? state.value : null);
  return user?.ok === true ? known.map((finding) => withAccount(finding, user.value, tools)) : known;
}
