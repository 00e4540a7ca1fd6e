import { err, ok, type Result } from '../../result.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type Capability,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { withStanding } from '../standing.js';
import { covers, grantClicks, PERMISSION, type Permission } from './permissions.js';
import { findingOf } from './finding.js';
import { checkPrepared, type Prepared } from './prepared.js';
import type { Reader } from './reader.js';
import { readAccount, type Reading } from './state.js';
import type { Rights } from './token.js';

type Verdict = Pick<Finding, 'verdict' | 'detail' | 'fix'>;

const OK = (detail: string): Verdict => ({ verdict: 'ok', detail, fix: '' });

const verdictOf = (result: Result<unknown, ConnectorFailure>, fine: string): Verdict =>
  result.ok ? OK(fine) : findingOf(result.error);

/** Whether the token holds the permissions that an action needs. */
function permitted(needs: readonly string[], rights: Rights | null): Verdict {
  if (rights === null) {
    return {
      verdict: 'cannot_tell',
      detail: 'The token does not show which permissions were granted.',
      fix: `Check by hand that these are granted: ${needs.join(', ')}.`,
    };
  }
  const known = Object.values(PERMISSION);
  const missing = needs.filter((name) => !known.some((one) => one === name && covers(rights.permissions, one)));
  if (missing.length === 0) return OK(`Granted: ${needs.join(', ')}.`);
  return { verdict: 'missing_permission', detail: `Not granted: ${missing.join(', ')}.`, fix: grantClicks(missing) };
}

/** Actions that Microsoft lets only few roles do to an administrator. */
const SENSITIVE: ReadonlySet<ActionKind> = new Set([
  'reset_password',
  'disable_account',
  'enable_account',
  'remove_factors',
]);

const AT_AUTHORITY: ReadonlySet<ActionKind> = new Set(['disable_account', 'enable_account']);

/** What stands in the way for this very account; `null` when nothing does. */
function blockedFor(reader: Reader, kind: ActionKind, { state }: Reading): Verdict | null {
  if (state.protectedBecause !== null && SENSITIVE.has(kind)) {
    const fix = "Give the application's service principal Privileged Authentication Administrator, or do it by hand.";
    return { verdict: 'blocked', detail: state.protectedBecause, fix };
  }
  const { authority } = state;
  if (authority === null || authority.where === 'here') return null;
  const from = authority.from ?? 'another system';
  if (kind === 'reset_password' && authority.where === 'federated') {
    const detail = `The account proves itself at ${from}; a password in Entra ID opens nothing.`;
    return { verdict: 'blocked', detail, fix: `Reset the password at ${from}.` };
  }
  if (kind === 'reset_password' && !reader.settings.password_writeback) {
    const detail = `The account is copied from ${from}, and password writeback is not switched on.`;
    return {
      verdict: 'blocked',
      detail,
      fix: `Reset the password at ${from}, or set entra_id.password_writeback when writeback is on.`,
    };
  }
  if (AT_AUTHORITY.has(kind) && authority.where === 'synced')
    return OK(`Possible, but ${from} decides: its next copy switches it back unless it is done there too.`);
  return null;
}

async function probe(
  reader: Reader,
  path: string,
  needs: readonly Permission[],
  call: CallContext,
): Promise<Result<null, ConnectorFailure>> {
  const answer = await reader.api.list(path, needs, call, 1);
  return answer.ok ? ok(null) : err(answer.error);
}

interface Seen {
  readonly rights: Rights | null;
  readonly prepared: Prepared;
  readonly risk: Result<null, ConnectorFailure>;
  readonly reading: Result<Reading, ConnectorFailure> | null;
}

function forAction(reader: Reader, kind: ActionKind, capability: Capability, seen: Seen): Verdict {
  if (capability.route === 'none') return OK('Entra ID has no such thing, so there is nothing to do.');
  if (capability.route !== 'native' && capability.route !== 'group')
    return { verdict: 'console', detail: 'A person does this in the console.', fix: 'Do the console steps.' };
  const rights = permitted(capability.permissions, seen.rights);
  if (rights.verdict === 'missing_permission') return rights;
  const prepared = seen.prepared.get(kind);
  if (prepared !== undefined && prepared.verdict !== 'ok') return prepared;
  if (kind === 'confirm_compromised' && !seen.risk.ok) return findingOf(seen.risk.error);
  if (seen.reading !== null) {
    if (!seen.reading.ok) return findingOf(seen.reading.error);
    const blocked = blockedFor(reader, kind, seen.reading.value);
    if (blocked !== null) return blocked;
  }
  return rights.verdict === 'ok' ? (prepared ?? rights) : rights;
}

function withoutAccess(failure: ConnectorFailure): readonly Finding[] {
  const reached = failure.kind === 'auth';
  const found = findingOf(failure);
  const detail = 'Nothing can be said before the application is signed in.';
  return [
    { subject: 'reach', ...(reached ? OK('Entra ID answers.') : found) },
    { subject: 'sign_in', ...(reached ? found : { ...found, verdict: 'cannot_tell' as const }) },
    ...ACTION_KINDS.map((subject) => ({
      subject,
      verdict: reached ? ('cannot_tell' as const) : ('unreachable' as const),
      detail,
      fix: 'Mend the sign-in first.',
    })),
  ];
}

/** What is reachable, permitted, licensed and prepared, by reading alone. */
export async function examine(
  reader: Reader,
  capabilities: Readonly<Record<ActionKind, Capability>>,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const access = await reader.api.access(call);
  if (!access.ok) return withoutAccess(access.error);
  const [users, audits, signIns, risk, prepared, reading] = await Promise.all([
    probe(reader, '/v1.0/users?$top=1&$select=id', [PERMISSION.readUsers], call),
    probe(reader, '/v1.0/auditLogs/directoryAudits?$top=1', [PERMISSION.audit], call),
    probe(reader, '/v1.0/auditLogs/signIns?$top=1', [PERMISSION.audit], call),
    probe(reader, '/v1.0/identityProtection/riskyUsers?$top=1', [PERMISSION.readRisk], call),
    checkPrepared(reader, call),
    account === null ? null : readAccount(reader, { account, call }),
  ]);
  // The probes may have renewed the token; what it says now counts.
  const fresh = await reader.api.access(call);
  const rights = (fresh.ok ? fresh : access).value.rights;
  const unreachable =
    !users.ok && (users.error.kind === 'transient' || users.error.kind === 'auth') ? users.error : null;
  const seen: Seen = { rights, prepared, risk, reading };
  const findings: Finding[] = [
    {
      subject: 'reach',
      ...(unreachable?.kind === 'transient' ? findingOf(unreachable) : OK('Microsoft Graph answers.')),
    },
    {
      subject: 'sign_in',
      ...(unreachable?.kind === 'auth' ? findingOf(unreachable) : OK('The application has a token.')),
    },
    { subject: 'find', ...verdictOf(users, 'Users can be read.') },
    {
      subject: 'events',
      ...verdictOf(reader.settings.sign_in_notices && audits.ok ? signIns : audits, 'The audit log can be read.'),
    },
    { subject: 'evidence', ...verdictOf(signIns, 'The sign-in log can be read.') },
  ];
  const actions = ACTION_KINDS.map((kind): Finding => ({
    subject: kind,
    ...forAction(reader, kind, capabilities[kind], seen),
  }));
  return withStanding([...findings, ...actions], reading?.ok === true ? reading.value.state : null);
}
