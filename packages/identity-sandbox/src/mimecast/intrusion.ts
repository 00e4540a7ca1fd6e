import type { MimecastUserRecord } from './model.js';
import type { MimecastState } from './state.js';
import { setPassword } from './users.js';

const PORTAL = 'Mimecast Personal Portal';

/** What an intruder leaves in Mimecast: guesses and a sign-in from elsewhere, and the right to read somebody's mail. */
export function intrude(state: MimecastState, email: string, ip: string): void {
  const user = state.known(email);
  const address = user.emailAddress;
  const row = { user: address, category: 'authentication_logs' };
  for (let guess = 0; guess < 2; guess += 1) {
    state.writeAudit({
      ...row,
      auditType: 'Logon Authentication Failed',
      eventInfo: `Failed authentication for ${address} <${user.name}>, IP: ${ip}, Application: ${PORTAL}, Method: Cloud, Reason: Wrong password`,
    });
  }
  state.writeAudit({
    ...row,
    auditType: 'User Logged On',
    eventInfo: `Successful authentication for ${address} <${user.name}>, IP: ${ip}, Application: ${PORTAL}, Method: Cloud`,
  });
  const victim =
    [...state.users.values()].find((other) => other !== user)?.emailAddress ?? `finance@${address.split('@')[1] ?? ''}`;
  delegate(state, address, victim);
}

/** Somebody in the console lets a person open another mailbox; once is enough. */
export function delegate(state: MimecastState, email: string, mailbox: string): void {
  const user = state.known(email);
  const address = mailbox.toLowerCase();
  if (user.delegates.some((known) => known.address === address)) return;
  state.giveDelegate(user, address, { source: 'ADCON', actor: user.emailAddress });
}

/** Somebody else sets the person's password, without the demand to change it. */
export function resetByAttacker(
  state: MimecastState,
  email: string,
  change: { readonly actor: string; readonly ip: string; readonly password: string },
): void {
  const user = state.known(email);
  user.forcePasswordChange = false;
  setPassword(state, user, change);
  state.took('attacker_reset', user.emailAddress, change.actor);
}

/** What an administrator may switch in the console. */
export type ConsoleFlags = Pick<MimecastUserRecord, 'accountDisabled' | 'accountLocked' | 'allowPop' | 'allowSmtp'>;

/** Throws when there is no such user. */
export function changeInConsole(state: MimecastState, email: string, flags: Partial<ConsoleFlags>): void {
  Object.assign(state.known(email), flags);
  state.took('change_flags', email, 'console');
}
