import type { TaskKey } from '../incidents/task-keys.js';
import type { ActionKind } from '../ports/connector.js';

/** The source of a runbook step: the abbreviations of docs/runbook.md. */
export type Source = 'MDO' | 'REV' | 'IDP' | 'GOO' | 'OKT' | 'MIM' | 'NIS' | 'SCA' | 'EXP';

/** How Notme carries a step out. */
export type Means =
  /** actions of the catalogue */
  | { readonly kind: 'actions'; readonly actions: readonly ActionKind[] }
  /** happens automatically, as `how` says */
  | { readonly kind: 'automatic'; readonly how: string }
  /** a task in the thread with an owner; `how` is what the person does */
  | { readonly kind: 'task'; readonly task: TaskKey };

export interface RunbookStep {
  readonly number: number;
  readonly title: string;
  readonly sources: readonly Source[];
  readonly means: readonly Means[];
}

const actions = (...kinds: ActionKind[]): Means => ({ kind: 'actions', actions: kinds });
const automatic = (how: string): Means => ({ kind: 'automatic', how });
const task = (key: TaskKey): Means => ({ kind: 'task', task: key });

/** The runbook of a compromised account: 26 steps, gathered from the vendors and agencies that docs/runbook.md names. */
export const RUNBOOK: readonly RunbookStep[] = [
  {
    number: 1,
    title: 'Treat an unexpected notice as a compromise; open a record with times',
    sources: ['MIM', 'NIS'],
    means: [automatic('the report opens an incident with its thread, timeline and chained record')],
  },
  {
    number: 2,
    title: 'Verify the reporter out of band',
    sources: ['SCA', 'MDO'],
    means: [task('verify_reporter')],
  },
  {
    number: 3,
    title: 'Was the event ours? Find the actor, the address and the ticket',
    sources: ['MDO', 'GOO', 'OKT'],
    means: [automatic('the notice names actor and address; the evidence lists recent changes'), task('whose_event')],
  },
  {
    number: 4,
    title: 'Preserve evidence before any change',
    sources: ['NIS', 'GOO'],
    means: [automatic('a sealed snapshot of every account is kept before its first change')],
  },
  {
    number: 5,
    title: 'Reset the password to a strong unknown value',
    sources: ['MDO', 'MIM', 'GOO'],
    means: [actions('reset_password')],
  },
  {
    number: 6,
    title: 'Force a change at the next sign-in',
    sources: ['MIM', 'GOO'],
    means: [automatic('part of every reset, never the flag alone'), actions('reset_password')],
  },
  {
    number: 7,
    title: 'Active Directory: act there first, reset twice',
    sources: ['REV', 'MDO'],
    means: [automatic('the plan goes to the authority of a copied account first'), actions('reset_password')],
  },
  {
    number: 8,
    title: 'Revoke sessions and refresh tokens',
    sources: ['REV', 'OKT', 'GOO', 'MIM'],
    means: [actions('revoke_sessions')],
  },
  {
    number: 9,
    title: 'Block sign-in until it is safe',
    sources: ['MDO', 'GOO', 'IDP', 'EXP'],
    means: [actions('disable_account')],
  },
  { number: 10, title: 'Turn off mail protocols', sources: ['MDO'], means: [actions('block_mail_protocols')] },
  {
    number: 11,
    title: 'Remove unknown sign-in methods, linked identity providers, recovery contacts and backup codes',
    sources: ['GOO', 'MIM'],
    means: [
      actions('remove_factors', 'unlink_identity_providers', 'clear_recovery_contacts', 'invalidate_backup_codes'),
    ],
  },
  { number: 12, title: 'Enforce 2-step', sources: ['MIM', 'MDO', 'GOO', 'SCA'], means: [actions('require_two_step')] },
  { number: 13, title: 'Delete app passwords', sources: ['MDO', 'GOO'], means: [actions('delete_app_passwords')] },
  {
    number: 14,
    title: 'Revoke OAuth grants and API tokens',
    sources: ['MDO', 'GOO', 'OKT'],
    means: [actions('revoke_grants')],
  },
  {
    number: 15,
    title: 'Remove forwarding, inbox rules and delegates',
    sources: ['MDO', 'GOO'],
    means: [actions('disable_mail_rules')],
  },
  { number: 16, title: 'Block suspicious devices', sources: ['REV', 'GOO', 'IDP'], means: [actions('block_devices')] },
  {
    number: 17,
    title: 'Remove administrator roles after recording them',
    sources: ['MDO'],
    means: [actions('remove_admin_roles')],
  },
  {
    number: 18,
    title: "Restrict login addresses, block the attacker's",
    sources: ['MIM'],
    means: [actions('limit_login_ips', 'block_address')],
  },
  {
    number: 19,
    title: "Tell the provider's risk engine",
    sources: ['IDP', 'OKT'],
    means: [actions('confirm_compromised')],
  },
  {
    number: 20,
    title: 'Reset reused passwords, and accounts that recover through this mailbox',
    sources: ['MIM', 'MDO'],
    means: [automatic('one decision resets every linked account'), task('reused_passwords')],
  },
  {
    number: 21,
    title: 'Rotate everything that the identity could see',
    sources: ['NIS'],
    means: [actions('quarantine'), task('rotate_secrets')],
  },
  {
    number: 22,
    title: 'Warn recipients; find other victims of the same address',
    sources: ['MDO', 'GOO'],
    means: [actions('block_address'), task('other_victims')],
  },
  { number: 23, title: 'Unblock sending', sources: ['MDO'], means: [task('unblock_sending')] },
  {
    number: 24,
    title: 'Tell the person on another channel, the manager, legal and privacy as needed',
    sources: ['MIM'],
    means: [automatic("the reporter's direct message is kept current"), task('tell_people')],
  },
  {
    number: 25,
    title: 'Recover: clean device, enrol anew, re-enable, watch',
    sources: ['NIS', 'GOO', 'MDO'],
    means: [
      task('clean_device'),
      automatic(
        'Re-enable, and Undo of what shut the person out, wait for this and for the call of step 2, or for a reason that the thread and the record keep',
      ),
      actions('enable_account'),
      automatic('proven changes are read again after 5, 15 and 60 minutes'),
    ],
  },
  { number: 26, title: 'Learn from it', sources: ['NIS'], means: [task('lessons')] },
];
