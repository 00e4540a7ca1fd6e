import { err, ok, type Result } from '../../result.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type ConnectorFailure,
  type Finding,
} from '../port.js';
import { harmlessCommand } from '../harmless-command.js';
import { type Account, protectedBecause, readAccount, SYSTEM } from './account.js';
import { capabilities, RIGHTS } from './capabilities.js';
import { consoleSteps } from './console-steps.js';
import { mayReset, ownIdentifiers } from './control-right.js';
import type { Directory } from './directory.js';
import { groupsFor } from './prepared-groups.js';
import { grantMember, grantReset, grantWrite, groupAccess, sampleOf } from './rights.js';
import { sayStanding } from '../standing.js';
import { read } from './reading.js';
import { NO_ACTIVE_DIRECTORY, readRootDse } from './root-dse.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

const fine = (subject: Finding['subject'], detail: string): Finding => ({ subject, verdict: 'ok', detail, fix: '' });

/** Reads what would be permitted, for a sample of people or for this very account; changes nothing. */
export async function examine(
  directory: Directory,
  ref: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const answer = await directory.run(call, (session) => look(directory, session, ref));
  if (answer.ok)
    return [
      fine('reach', 'The domain controller answers.'),
      fine('sign_in', 'It takes the service account.'),
      ...answer.value,
    ];
  return notIn(answer.error);
}

/** What a failure before anything could be read tells. */
function notIn(failure: ConnectorFailure): readonly Finding[] {
  const { kind, message } = failure;
  if (kind === 'not_found')
    return [
      fine('reach', 'The domain controller answers.'),
      fine('sign_in', 'It takes the service account.'),
      {
        subject: 'find',
        verdict: 'misconfigured',
        detail: message,
        fix: 'Look the account up again, or correct base_dn.',
      },
    ];
  if (kind === 'transient' || kind === 'throttled') {
    const fix = 'Check the url, its port, and the way through the firewall, then ask again.';
    return [
      { subject: 'reach', verdict: 'unreachable', detail: message, fix },
      { subject: 'sign_in', verdict: 'unreachable', detail: message, fix },
    ];
  }
  return [
    fine('reach', 'Something answers at the url.'),
    { subject: 'sign_in', verdict: 'misconfigured', detail: message, fix: message },
  ];
}

async function look(
  directory: Directory,
  session: Session,
  ref: AccountRef | null,
): Promise<Result<readonly Finding[], ConnectorFailure>> {
  if ((await readRootDse(session)) === null) return err({ kind: 'unsupported', message: NO_ACTIVE_DIRECTORY });
  const subject = await subjectOf(directory, session, ref);
  if (!subject.ok) return subject;
  const account = subject.value;
  const reading = ref === null ? null : await read(directory, session, ref);
  if (reading !== null && !reading.ok) return reading;
  const seen =
    reading === null
      ? 'People can be seen.'
      : `The account ${account.login} can be seen. ${sayStanding(reading.value.state)}`;
  const blocked = ref === null || !account.adminCount ? null : protectedBecause(account);
  const findings: Finding[] = [
    fine('find', seen),
    eventsOf(account),
    fine('evidence', 'Logons, groups and changes can be read.'),
  ];
  const sight: Sight = { directory, session, account, blocked };
  for (const kind of ACTION_KINDS) {
    const finding = await ofAction(sight, kind);
    if (finding !== null) findings.push(finding);
  }
  return ok(findings);
}

async function subjectOf(
  directory: Directory,
  session: Session,
  ref: AccountRef | null,
): Promise<Result<Account, ConnectorFailure>> {
  if (ref !== null) return readAccount(session, ref);
  const sample = await sampleOf(directory, session);
  if (!sample.ok) return sample;
  const { account, base } = sample.value;
  if (account !== null) return ok(account);
  return err({
    kind: 'not_found',
    message: `No ordinary user can be seen under ${base}; grant Read there, or correct base_dn.`,
  });
}

const eventsOf = (account: Account): Finding =>
  account.stamps.length > 0
    ? fine('events', 'The replication metadata can be read, which tells of password changes.')
    : {
        subject: 'events',
        verdict: 'missing_permission',
        detail: 'The service account may not read replPropertyMetaData, which tells of password changes.',
        fix: 'Grant the service account Read on the users.',
      };

interface Sight {
  readonly directory: Directory;
  readonly session: Session;
  readonly account: Account;
  /** Why nothing can be written to this account, `null` when it can or when it is a sample. */
  readonly blocked: string | null;
}

async function ofAction(sight: Sight, kind: ActionKind): Promise<Finding | null> {
  const { settings } = sight.directory;
  const { route } = capabilities(settings)[kind];
  if (route === 'none') return null;
  if (route === 'console')
    return {
      subject: kind,
      verdict: 'console',
      detail: 'LDAP cannot do it, or no group was prepared for it: a person does the named steps.',
      fix: stepsFor(settings, kind),
    };
  switch (kind) {
    case 'reset_password':
      return ofReset(sight);
    case 'disable_account':
      return ofWrite(sight, kind, ['userAccountControl']);
    case 'enable_account':
      return ofWrite(sight, kind, ['userAccountControl', 'lockoutTime']);
    default:
      return ofGroups(sight, kind, settings);
  }
}

const ANYBODY: AccountRef = { system: SYSTEM, accountId: '', login: 'the user' };

function stepsFor(settings: ActiveDirectorySettings, kind: ActionKind): string {
  const command = harmlessCommand(kind);
  const steps = command === null ? [] : consoleSteps(settings, command, ANYBODY);
  return steps.flatMap(({ clicks }) => clicks).join(' ');
}

/** A write to the account itself: `allowedAttributesEffective` names what the service account may write. */
function ofWrite({ directory, account, blocked }: Sight, subject: ActionKind, needed: readonly string[]): Finding {
  if (blocked !== null) return { subject, verdict: 'blocked', detail: blocked, fix: BY_HAND };
  const missing = needed.filter((name) => account.unwritable.includes(name));
  if (missing.length === 0) return fine(subject, `The service account may write ${needed.join(' and ')}.`);
  return {
    subject,
    verdict: 'missing_permission',
    detail: `The service account may not write ${missing.join(' and ')} of ${account.login}.`,
    fix: `Run as a domain administrator: ${grantWrite(account, directory.settings.bind_dn, missing)}`,
  };
}

const BY_HAND = 'A domain administrator does it by hand, with an account of their own.';

/** The reset needs a control access right as well, which only the access list tells. */
async function ofReset(sight: Sight): Promise<Finding> {
  const { directory, session, account } = sight;
  const subject = 'reset_password';
  const flag = ofWrite(sight, subject, ['pwdLastSet']);
  if (flag.verdict !== 'ok') return flag;
  const may = await mayReset(session, account.dn, await ownIdentifiers(session));
  if (may === true) return fine(subject, 'The service account holds Reset Password and may write pwdLastSet.');
  const fix = `Run as a domain administrator: ${grantReset(account, directory.settings.bind_dn)}`;
  if (may === null) {
    const detail = 'The access list of the account cannot be read, so nobody can say whether a reset is permitted.';
    return { subject, verdict: 'cannot_tell', detail, fix };
  }
  const detail = `The service account lacks ${RIGHTS.reset} on ${account.login}.`;
  return { subject, verdict: 'missing_permission', detail, fix };
}

/** A change of membership is a write to the group, also for accounts that are protected themselves. */
async function ofGroups({ session }: Sight, subject: ActionKind, settings: ActiveDirectorySettings): Promise<Finding> {
  for (const groupDn of groupsFor(settings, subject)) {
    const access = await groupAccess(session, groupDn);
    if (access === 'missing') {
      const detail = `There is no group ${groupDn}.`;
      return { subject, verdict: 'misconfigured', detail, fix: 'Correct its name in the configuration.' };
    }
    if (access === 'read_only') {
      const detail = `The service account may not write member of ${groupDn}.`;
      const fix = `Run as a domain administrator: ${grantMember(groupDn, settings.bind_dn)}`;
      return { subject, verdict: 'missing_permission', detail, fix };
    }
  }
  return fine(subject, 'The service account may change the members of the prepared groups.');
}
