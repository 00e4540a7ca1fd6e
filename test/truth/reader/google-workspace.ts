import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
import { memberships, NOTHING, things, type PreparedNames, type Thing, type Truth } from './truth.js';

type Snapshot = ReturnType<GoogleWorkspaceDirectory['snapshot']>;
type Mailbox = Snapshot['users'][number]['mailbox'];

/** A filter that only sorts harms nobody. */
const isSuspect = ({ action }: NonNullable<Mailbox>['filters'][number]): boolean =>
  action.forward !== undefined ||
  (action.addLabelIds ?? []).some((label) => label === 'TRASH' || label === 'SPAM') ||
  (action.removeLabelIds ?? []).some((label) => label === 'INBOX' || label === 'UNREAD');

function rulesOf(mailbox: Mailbox): ReadonlyMap<string, Thing> {
  if (mailbox === null) return new Map();
  const { autoForwarding, filters, delegates, forwardingAddresses, sendAs, replyTo } = mailbox;
  return new Map([
    ...(autoForwarding.enabled
      ? [['auto_forwarding', { on: true, said: `to ${autoForwarding.emailAddress ?? ''}`, since: '' }] as const]
      : []),
    ...things(filters.filter(isSuspect), ({ id, criteria, action }) => ({
      id: `filter:${id}`,
      said: JSON.stringify([criteria, action.forward, action.addLabelIds, action.removeLabelIds]),
    })),
    ...things(delegates, (one) => ({ id: `delegate:${one}` })),
    ...things(forwardingAddresses, ({ forwardingEmail }) => ({ id: `forwarding_address:${forwardingEmail}` })),
    ...things(sendAs, (one) => ({ id: `send_as:${one.sendAsEmail}`, said: JSON.stringify(one.replyToAddress ?? '') })),
    ...(replyTo === '' ? [] : [['reply_to', { on: true, said: replyTo, since: '' }] as const]),
  ]);
}

export function readGoogleWorkspace(
  directory: GoogleWorkspaceDirectory,
  email: string,
  prepared: PreparedNames,
): Truth {
  const state = directory.snapshot();
  const user = state.users.find(({ primaryEmail }) => primaryEmail === email);
  if (user === undefined) throw new Error(`Google Workspace has nobody called ${email}`);
  const inside = state.groups.filter(({ members }) => members.includes(user.id));
  const { mailbox } = user;
  const rolesOf = (type: 'user' | 'group', ids: readonly string[]): readonly string[] =>
    state.assignments
      .filter(({ assigneeType, assignedTo }) => assigneeType === type && ids.includes(assignedTo))
      .map(({ roleId, scopeType }) => `${roleId} ${scopeType}`);
  return {
    ...NOTHING,
    ...memberships((group) => inside.some((one) => one.email === group), prepared),
    canSignIn: !user.suspended && !user.archived,
    mustChange: user.changePasswordAtNextLogin,
    passwordMark: user.passwordHash,
    opens: (password) => directory.checkPassword(email, password),
    sessions: user.sessions.map(({ at, ip }) => `${at} ${ip}`),
    tokens: { 'app password': user.appPasswords.length, grant: user.grants.length },
    // No API shows the single ones: all of them are one thing.
    factors: new Map(
      user.factors.length === 0
        ? []
        : [['two_step_verification', { on: true, said: 'all factors', since: '' }] as const],
    ),
    grants: things(user.grants, ({ clientId }) => ({ id: clientId })),
    app_passwords: things(user.appPasswords, ({ codeId }) => ({ id: String(codeId) })),
    mail_rules: rulesOf(mailbox),
    devices: things(user.devices, ({ resourceId, status }) => ({ id: resourceId, on: status !== 'BLOCKED' })),
    backupCodes: user.backupCodes.length,
    contacts: [user.recoveryEmail, user.recoveryPhone].filter((one) => one !== ''),
    ownRoles: rolesOf('user', [user.id]),
    groupRoles: rolesOf(
      'group',
      inside.map(({ id }) => id),
    ),
    protocols: [
      ...(mailbox?.imap.enabled === true ? ['IMAP'] : []),
      ...(mailbox !== null && mailbox.pop.accessWindow !== 'disabled' ? ['POP'] : []),
    ],
  };
}
