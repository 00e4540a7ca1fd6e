import type { ActionKind } from '../../src/connectors/port.js';

/** `first` ends before `then` begins, when both are planned. */
export interface OrderRule {
  readonly first: ActionKind;
  readonly then: ActionKind;
  readonly because: string;
}

/** What has to follow what on one account. Everything else runs side by side. */
export const ON_ONE_ACCOUNT: readonly OrderRule[] = [
  {
    first: 'reset_password',
    then: 'revoke_sessions',
    because: 'a session that was ended before is opened again with the old password',
  },
  {
    first: 'reset_password',
    then: 'disable_account',
    because: 'the password of a disabled account cannot be reset in every system',
  },
  {
    first: 'revoke_sessions',
    then: 'disable_account',
    because: 'some systems end sessions of active accounts only',
  },
  {
    first: 'remove_factors',
    then: 'require_two_step',
    because: "a second step must not be answered with the attacker's own factor",
  },
  {
    first: 'remove_factors',
    then: 'disable_account',
    because: 'some systems change sign-in methods of active accounts only',
  },
  {
    first: 'disable_mail_rules',
    then: 'disable_account',
    because: 'the mailbox of a suspended account may not be changed',
  },
  {
    first: 'remove_admin_roles',
    then: 'enable_account',
    because: 'nobody comes back with powers that are in doubt',
  },
];

/** Done where the account is decided before it is done in a copy of it. */
export const AUTHORITY_FIRST: readonly { readonly action: ActionKind; readonly because: string }[] = [
  {
    action: 'reset_password',
    because: 'a copy takes its password from there, and the next copy would bring the old one',
  },
  { action: 'disable_account', because: 'the next copy would enable the account again' },
  { action: 'enable_account', because: 'the next copy would disable the account again' },
];

/**
 * What a lockdown does, in the order in which it is drawn. `items`: all that are there, or only what the evidence found
 * odd (nothing odd: left out). `by_hand`: planned also where only a person in the console can do it; the others are left
 * to the runbook's tasks there.
 */
export const LOCKDOWN: readonly {
  readonly action: ActionKind;
  readonly items?: 'all' | 'odd';
  readonly by_hand: boolean;
  readonly because: string;
}[] = [
  { action: 'reset_password', by_hand: true, because: 'the attacker knows the password, or has set it' },
  { action: 'revoke_sessions', by_hand: true, because: 'sessions and refresh tokens survive a reset' },
  { action: 'invalidate_backup_codes', by_hand: false, because: 'codes may have been copied' },
  { action: 'delete_app_passwords', items: 'all', by_hand: false, because: 'they survive a reset and know no 2-step' },
  { action: 'revoke_grants', items: 'all', by_hand: false, because: 'consents survive a reset' },
  { action: 'remove_factors', items: 'odd', by_hand: false, because: 'attackers add a factor of their own early' },
  { action: 'disable_mail_rules', items: 'odd', by_hand: false, because: 'forwards and rules read on' },
  { action: 'require_two_step', by_hand: true, because: 'a password alone must not open anything again' },
  { action: 'limit_login_ips', by_hand: true, because: 'only when ranges were given' },
  { action: 'confirm_compromised', by_hand: false, because: "the provider's own protection reacts too" },
  { action: 'disable_account', by_hand: true, because: 'nobody signs in until somebody has spoken to the person' },
];
