import { randomBytes, randomInt } from 'node:crypto';
import type { UserRecord } from './model.js';
import { newId } from './seeds.js';
import type { Doer, GoogleWorkspaceState } from './state.js';

export interface Intrusion {
  readonly ip: string;
  /** ISO 3166 code of the country that the address belongs to. */
  readonly country: string;
  /** Where mail is sent to; an address outside the company when left out. */
  readonly forwardTo?: string;
}

/** Somebody else sets the password: the person's own, in the person's name, or an administrator's. */
export function resetBySomebody(state: GoogleWorkspaceState, user: UserRecord, password: string, doer: Doer): void {
  state.setPassword(user, password);
  user.changePasswordAtNextLogin = false;
  if (doer.actor === user.primaryEmail) {
    state.log({ application: 'login', type: 'password_change', name: 'password_edit' }, doer);
    state.log({ application: 'user_accounts', type: 'password_change', name: 'password_edit' }, doer);
  } else {
    const parameters = { USER_EMAIL: user.primaryEmail };
    state.log({ application: 'admin', type: 'USER_SETTINGS', name: 'CHANGE_PASSWORD', parameters }, doer);
  }
  state.changed();
}

/** The person's own sign-in, on a device that Google knows. */
export function signInAtHome(
  state: GoogleWorkspaceState,
  user: UserRecord,
  { ip, country }: { readonly ip: string; readonly country: string },
): void {
  const parameters = { login_type: 'google_password', is_suspicious: false, user_agent: 'Mozilla/5.0 (Macintosh)' };
  const doer: Doer = { actor: user.primaryEmail, ip, region: country };
  state.log({ application: 'login', type: 'login', name: 'login_success', parameters }, doer);
  user.sessions.push({ ip, device: 'Mac', at: state.clock().toISOString() });
  state.changed();
}

function signIn(state: GoogleWorkspaceState, user: UserRecord, doer: Doer): void {
  const parameters = {
    login_type: 'google_password',
    is_suspicious: true,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  };
  state.log(
    { application: 'login', type: 'login', name: 'login_failure', parameters: { login_type: 'google_password' } },
    doer,
  );
  state.log({ application: 'login', type: 'login', name: 'login_success', parameters }, doer);
  user.sessions.push({ ip: doer.ip ?? '', device: 'Linux', at: state.clock().toISOString() });
}

function enrol(state: GoogleWorkspaceState, user: UserRecord, doer: Doer): void {
  const at = state.clock().toISOString();
  user.factors.push({ name: `Phone ending in ${randomInt(10, 99)}`, addedAt: at });
  user.backupCodes = Array.from({ length: 10 }, () => String(randomInt(1e7, 1e8)));
  user.recoveryEmail = `recovery-${randomInt(1000)}@mailbox.example`;
  user.recoveryPhone = `+1555010${randomInt(1000, 9999)}`;
  for (const application of ['login', 'user_accounts'] as const) {
    state.log({ application, type: '2sv_change', name: '2sv_enroll' }, doer);
    state.log({ application, type: 'recovery_info_change', name: 'recovery_email_edit' }, doer);
    state.log({ application, type: 'recovery_info_change', name: 'recovery_phone_edit' }, doer);
  }
}

function letAppsIn(state: GoogleWorkspaceState, user: UserRecord, doer: Doer): void {
  const apps = [
    { displayText: 'Mail Backup Pro', scopes: ['https://mail.google.com/'] },
    { displayText: 'Calendar Helper', scopes: ['https://www.googleapis.com/auth/calendar.readonly'] },
  ];
  for (const { displayText, scopes } of apps) {
    const clientId = `${newId().slice(0, 12)}.apps.googleusercontent.com`;
    user.grants.push({ clientId, displayText, scopes, nativeApp: false, anonymous: false });
    const parameters = { client_id: clientId, app_name: displayText };
    state.log({ application: 'token', type: 'auth', name: 'authorize', parameters }, doer);
  }
  const now = state.clock().getTime();
  for (const name of ['Thunderbird', 'Mail on my Mac'])
    user.appPasswords.push({ codeId: randomInt(1, 1e6), name, creationTime: now, lastTimeUsed: 0 });
}

function bringDevices(state: GoogleWorkspaceState, user: UserRecord): void {
  const at = state.clock().toISOString();
  for (const [model, os, type] of [
    ['Pixel 4a', 'Android 13', 'ANDROID'],
    ['iPhone 8', 'iOS 16.7', 'IOS_SYNC'],
  ] as const) {
    const resourceId = `AFiQxQ${randomBytes(20).toString('base64url')}`;
    user.devices.push({
      resourceId,
      deviceId: newId(),
      model,
      os,
      type,
      status: 'APPROVED',
      firstSync: at,
      lastSync: at,
    });
  }
}

function bendMail(state: GoogleWorkspaceState, user: UserRecord, to: string, doer: Doer): void {
  const { mailbox } = user;
  if (mailbox === null) return;
  if (!mailbox.forwardingAddresses.some(({ forwardingEmail }) => forwardingEmail === to))
    mailbox.forwardingAddresses.push({ forwardingEmail: to, verificationStatus: 'accepted' });
  mailbox.autoForwarding = { enabled: true, emailAddress: to, disposition: 'leaveInInbox' };
  mailbox.filters.push(
    {
      id: `ANe1Bm${randomBytes(30).toString('base64url')}`,
      criteria: { query: `invoice ${randomInt(1e6)}` },
      action: { forward: to },
    },
    {
      id: `ANe1Bm${randomBytes(30).toString('base64url')}`,
      criteria: { from: `security-${randomInt(1e6)}@example.com` },
      action: { addLabelIds: ['TRASH'], removeLabelIds: ['INBOX'] },
    },
  );
  mailbox.imap.enabled = true;
  mailbox.pop = { accessWindow: 'allMail', disposition: 'leaveInInbox' };
  const inside = to.endsWith(user.primaryEmail.slice(user.primaryEmail.indexOf('@')));
  const entry = {
    application: 'user_accounts',
    type: 'email_forwarding_change',
    name: 'email_forwarding_out_of_domain',
  } as const;
  if (!inside) state.log({ ...entry, parameters: { email_forwarding_destination_address: to } }, doer);
}

/** Leaves in an account what an attacker leaves, with the rows of the audit log that Google would write. */
export function intrude(state: GoogleWorkspaceState, user: UserRecord, { ip, country, forwardTo }: Intrusion): void {
  const doer: Doer = { actor: user.primaryEmail, ip, region: country };
  signIn(state, user, doer);
  enrol(state, user, doer);
  letAppsIn(state, user, doer);
  bringDevices(state, user);
  bendMail(state, user, forwardTo ?? 'collector@evil.example', doer);
  state.changed();
}
