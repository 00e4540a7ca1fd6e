import type { ActionKind } from '../ports/connector.js';

/** `first` ends before `then` begins, when both are planned. */
export interface OrderRule {
  readonly first: ActionKind;
  readonly then: ActionKind;
  readonly because: string;
}

/** What has to follow what on one account. Everything else runs in parallel. */
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
    first: 'quarantine',
    then: 'revoke_sessions',
    because: 'whoever is signed out first can sign in again before the quarantine is on',
  },
  {
    first: 'unlink_identity_providers',
    then: 'revoke_sessions',
    because: 'whoever is signed out first signs in again through the linked provider',
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
    first: 'unlink_identity_providers',
    then: 'enable_account',
    because: 'nobody comes back while a way in is open that is in doubt',
  },
  {
    first: 'remove_admin_roles',
    then: 'enable_account',
    because: 'nobody comes back with powers that are in doubt',
  },
];

/** Done where the account is managed before it is done in a copy of it. */
export const AUTHORITY_FIRST: readonly { readonly action: ActionKind; readonly because: string }[] = [
  {
    action: 'reset_password',
    because: 'a copy takes its password from there, and the next copy would bring the old one',
  },
  { action: 'disable_account', because: 'the next copy would enable the account again' },
  { action: 'enable_account', because: 'the next copy would disable the account again' },
];

/**
 * What a lockdown does, in the order in which it is drawn. `items`: all that are there, or only what the evidence flags
 * (nothing flagged: left out). `manual`: planned also where only a person in the console can do it; the others are left
 * to the runbook's tasks there.
 */
export const LOCKDOWN: readonly {
  readonly action: ActionKind;
  readonly items?: 'all' | 'odd';
  readonly manual: boolean;
  readonly because: string;
}[] = [
  { action: 'reset_password', manual: true, because: 'the attacker knows the password, or has set it' },
  { action: 'revoke_sessions', manual: true, because: 'sessions and refresh tokens survive a reset' },
  { action: 'invalidate_backup_codes', manual: false, because: 'codes may have been copied' },
  { action: 'delete_app_passwords', items: 'all', manual: false, because: 'they survive a reset and know no 2-step' },
  { action: 'revoke_grants', items: 'all', manual: false, because: 'consents survive a reset' },
  { action: 'remove_factors', items: 'odd', manual: false, because: 'attackers add a factor of their own early' },
  {
    action: 'unlink_identity_providers',
    items: 'odd',
    manual: false,
    because: 'a linked account elsewhere signs in without password and factor',
  },
  { action: 'disable_mail_rules', items: 'odd', manual: false, because: 'forwards and rules read on' },
  { action: 'require_two_step', manual: true, because: 'a password alone must not open anything again' },
  { action: 'limit_login_ips', manual: true, because: 'only when ranges were given' },
  { action: 'confirm_compromised', manual: false, because: "the provider's own protection reacts too" },
  { action: 'disable_account', manual: true, because: 'nobody signs in until somebody has spoken to the person' },
];
