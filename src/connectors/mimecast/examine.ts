import type { AccountRef, ActionKind, CallContext, ConnectorFailure, Finding } from '../port.js';
import { harmlessCommand } from '../harmless-command.js';
import { ACTION_KINDS } from '../port.js';
import { sayStanding } from '../standing.js';
import { capabilities } from './capabilities.js';
import { consoleSteps } from './console-steps.js';
import { PERMISSION } from './permissions.js';
import { probeAudit, probeDelegates, probeGroup, probeUsers, type Refusal } from './probes.js';
import { groupsOf, preparedGroups } from './prepared-groups.js';
import type { Reader } from './reader.js';
import { readAccount } from './state.js';

const ok = (subject: Finding['subject'], detail: string): Finding => ({ subject, verdict: 'ok', detail, fix: '' });

/** One failure in the doctor's words, with what to do about it. */
function finding(subject: Finding['subject'], failure: ConnectorFailure): Finding {
  const detail = failure.message;
  switch (failure.kind) {
    case 'permission': {
      const missing = failure.missing ?? 'the permission that the message names';
      const fix = `In the Administration Console, open Account | Roles, open the role of the API application, tick "${missing}" and choose Save.`;
      return { subject, verdict: 'missing_permission', detail, fix };
    }
    case 'transient':
    case 'throttled':
      return {
        subject,
        verdict: 'unreachable',
        detail,
        fix: 'Look at the network, the proxy and the base_url, then ask again.',
      };
    case 'auth':
    case 'not_found':
    case 'ambiguous':
    case 'invalid_input':
      return { subject, verdict: 'misconfigured', detail, fix: detail };
    case 'licence':
      return { subject, verdict: 'unlicensed', detail, fix: 'Ask Mimecast to add the product to the account.' };
    default:
      return { subject, verdict: 'cannot_tell', detail, fix: 'Ask again later; if it stays so, look at the log.' };
  }
}

/** What each probe that was made tells; `null` is "permitted". */
interface Probes {
  readonly users: Refusal;
  readonly audit: Refusal;
  readonly delegates: Refusal;
  readonly group: ReadonlyMap<string, Refusal>;
}

async function probe(reader: Reader, call: CallContext): Promise<Probes> {
  const names = preparedGroups(reader.settings);
  const [users, audit, delegates, ...groups] = await Promise.all([
    probeUsers(reader, call),
    probeAudit(reader, call),
    probeDelegates(reader, call),
    ...names.map((name) => probeGroup(reader, name, call)),
  ]);
  return { users, audit, delegates, group: new Map(names.map((name, index) => [name, groups[index] ?? null])) };
}

/** The first refusal that stands in the way of an action. */
function refusalFor(reader: Reader, kind: ActionKind, probes: Probes): Refusal {
  switch (kind) {
    case 'reset_password':
      return probes.users ?? probes.audit;
    case 'disable_account':
    case 'enable_account':
    case 'block_mail_protocols':
      return probes.users;
    case 'disable_mail_rules':
      return probes.delegates;
    case 'require_two_step':
    case 'quarantine':
    case 'limit_login_ips':
      return (
        groupsOf(reader.settings, kind)
          .map((name) => probes.group.get(name) ?? null)
          .find((refusal) => refusal !== null) ?? null
      );
    default:
      return null;
  }
}

function ofAction(reader: Reader, kind: ActionKind, probes: Probes): Finding | null {
  const { route } = capabilities(reader.settings)[kind];
  if (route === 'none') return null;
  if (route === 'console') {
    const fix = clicksFor(reader, kind);
    return {
      subject: kind,
      verdict: 'console',
      detail: "Mimecast's API cannot do it; a person does it in the console.",
      fix,
    };
  }
  if (route === 'effect_of_reset')
    return ok(kind, 'It happens with the password reset; the API has no call of its own.');
  const refusal = refusalFor(reader, kind, probes);
  if (refusal !== null) return finding(kind, refusal);
  if (kind === 'disable_mail_rules') {
    return {
      subject: kind,
      verdict: 'cannot_tell',
      detail: 'Delegate rights can be read; whether they may be changed only shows when one is.',
      fix: `Make sure that the role of the API application holds "${PERMISSION.editDelegates}".`,
    };
  }
  return ok(kind, 'The calls that it needs are permitted.');
}

const ANYBODY: AccountRef = { system: 'mimecast', accountId: 'the person', login: 'the person' };

function clicksFor({ settings }: Reader, kind: ActionKind): string {
  const command = harmlessCommand(kind);
  const steps = command === null ? [] : consoleSteps(settings, command, ANYBODY);
  return steps.map(({ clicks }) => clicks.join(' > ')).join('; ');
}

/** What stands in the way of containing this very account. */
async function ofAccount(reader: Reader, account: AccountRef, call: CallContext): Promise<readonly Finding[]> {
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return [finding('find', reading.error)];
  const { adminRoles, authority } = reading.value.state;
  const roles = adminRoles ?? [];
  const administrator = roles.length > 0 ? `The person is an administrator (${roles.join(', ')}): ` : null;
  const blocked = (['require_two_step', 'limit_login_ips'] as const).flatMap((subject): readonly Finding[] =>
    administrator === null
      ? []
      : [
          {
            subject,
            verdict: 'blocked',
            detail: `${administrator}Account_Administrators_Authentication_Profile overrides the prepared group.`,
            fix: 'Take the administrator role away first (Account | Roles), or change that profile for all administrators.',
          },
        ],
  );
  const synced: readonly Finding[] =
    authority?.where === 'synced'
      ? [
          {
            subject: 'disable_account',
            verdict: 'ok',
            detail: `Mimecast copies people from ${authority.from ?? 'a directory'}: the next copy may enable the account again, so disable it there first.`,
            fix: '',
          },
        ]
      : [];
  return [
    ok('find', `Mimecast has the account ${account.login}. ${sayStanding(reading.value.state)}`),
    ...blocked,
    ...synced,
  ];
}

/** Asks for each action whether it would be let through, changing nothing. */
export async function examine(
  reader: Reader,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const token = await reader.api.authenticate(call);
  if (!token.ok) {
    const reached = token.error.kind === 'auth';
    const signIn = finding('sign_in', token.error);
    return reached ? [ok('reach', 'Mimecast answers.'), signIn] : [{ ...signIn, subject: 'reach' }, signIn];
  }
  const probes = await probe(reader, call);
  const about = account === null ? [] : await ofAccount(reader, account, call);
  const general: readonly Finding[] = [
    ok('reach', 'Mimecast answers.'),
    ok('sign_in', 'Mimecast takes the credentials.'),
    probes.users === null ? ok('find', 'People can be found by their address.') : finding('find', probes.users),
    probes.audit === null ? ok('events', 'The audit log can be read.') : finding('events', probes.audit),
    probes.audit === null
      ? ok('evidence', 'Sign-ins and changes can be read from the audit log.')
      : finding('evidence', probes.audit),
    ...ACTION_KINDS.map((kind) => ofAction(reader, kind, probes)).filter((one) => one !== null),
  ];
  // Of one thing the worse is told: a missing right, else what is known of this very account.
  const stopped = new Set(
    general.filter(({ verdict }) => verdict !== 'ok' && verdict !== 'console').map(({ subject }) => subject),
  );
  const special = about.filter(({ subject }) => !stopped.has(subject));
  const told = new Set(special.map(({ subject }) => subject));
  return [...general.filter(({ subject }) => !told.has(subject)), ...special];
}
