import type { ActionKind, Chosen, Command } from '../../src/ports/connector.js';
import type { ThingKind, Truth } from './reader/truth.js';

/** What was wanted of an account, and what its directory held before and after. */
export interface Case {
  readonly command: Command;
  readonly before: Truth;
  readonly now: Truth;
  /** The sentence of the line: where it says more than the action, that is compared too. */
  readonly said: string;
}

type Expectation = (on: Case) => boolean;

const without = (some: readonly string[], those: readonly string[]): readonly string[] =>
  some.filter((one) => !those.includes(one));

/** Things that may come during a step are told of; whoever says so has not been silent. */
const TELLS_OF_LATER = /came after the command|began after it/;

/** The chosen things do nothing any more, and without a choice none does but those that came later and are told of. */
const ended =
  (kind: ThingKind, isMeant: (id: string) => boolean = () => true): Expectation =>
  ({ command, before, now, said }) => {
    const chosen: Chosen = 'items' in command ? command.items : 'all';
    const left = [...now[kind]].filter(([id, { on }]) => on && isMeant(id)).map(([id]) => id);
    if (chosen !== 'all') return left.every((id) => !chosen.includes(id));
    const old = left.filter((id) => before[kind].get(id)?.since === now[kind].get(id)?.since);
    return old.length === 0 && (left.length === 0 || TELLS_OF_LATER.test(said));
  };

function passwordIsSet({ command, before, now }: Case): boolean {
  if (command.kind !== 'reset_password') return false;
  return now.opens(command.password.reveal()) && now.passwordMark !== before.passwordMark && now.mustChange !== false;
}

/** None of those of before holds; a line that says that there is none at all is held to that. */
function sessionsEnded({ before, now, said }: Case): boolean {
  const later = without(now.sessions, before.sessions);
  const isNoneSaid = /none has begun since|no active session|none of the chosen sessions any more\.$/.test(said);
  return later.length === now.sessions.length && (later.length === 0 || !isNoneSaid);
}

function onlyFrom({ command, now }: Case): boolean {
  return command.kind === 'limit_login_ips' && now.rangeSets.join(' | ') === command.ranges.join(' ');
}

/** Consents; an assignment to an application lets the person in and nobody else. */
const isAssignment = (id: string): boolean => id.startsWith('assignment:');

function grantsEnded(on: Case): boolean {
  const isMeant = (id: string): boolean => !isAssignment(id) || ('items' in on.command && on.command.items !== 'all');
  return ended('grants', isMeant)(on);
}

/** What must be true of a directory when a line says that the action is done. */
export const DONE: Readonly<Record<ActionKind, Expectation>> = {
  reset_password: passwordIsSet,
  revoke_sessions: sessionsEnded,
  disable_account: ({ now, said }) => !now.canSignIn && !(/POP and SMTP/.test(said) && now.protocols.length > 0),
  enable_account: ({ now }) => now.canSignIn && !now.locked,
  remove_factors: ended('factors'),
  unlink_identity_providers: ended('identity_providers'),
  invalidate_backup_codes: ({ now, said }) => now.backupCodes === 0 || TELLS_OF_LATER.test(said),
  clear_recovery_contacts: ({ now }) => now.contacts.length === 0,
  require_two_step: ({ now, before, said }) =>
    now.twoStep ||
    (/was enrolled after/.test(said) && without([...now.factors.keys()], [...before.factors.keys()]).length > 0),
  delete_app_passwords: ended('app_passwords'),
  revoke_grants: grantsEnded,
  disable_mail_rules: ended('mail_rules'),
  block_mail_protocols: ({ now }) => now.protocols.length === 0,
  block_devices: ended('devices'),
  remove_admin_roles: ({ now, said }) =>
    now.ownRoles.length === 0 && (now.groupRoles.length === 0 || /of its own/.test(said)),
  quarantine: ({ now }) => now.quarantined,
  limit_login_ips: onlyFrom,
  block_address: ({ command, now }) =>
    'ranges' in command && without(command.ranges, now.blocked).length === 0 && command.ranges.length > 0,
  confirm_compromised: ({ now }) => now.compromised,
};

const stillOn = (truth: Truth, kind: ThingKind): readonly string[] =>
  [...truth[kind].values()].flatMap(({ on, said }) => (on ? [said] : []));

/** What an undo of the action gives back, each as one text; what it takes away again begins with `no `. */
export const GIVEN_BACK: Readonly<Partial<Record<ActionKind, (truth: Truth) => readonly string[]>>> = {
  disable_account: ({ canSignIn, protocols }) => [canSignIn ? 'enabled' : 'no enabled', ...protocols],
  enable_account: ({ canSignIn }) => [canSignIn ? 'enabled' : 'no enabled'],
  clear_recovery_contacts: ({ contacts }) => contacts,
  require_two_step: ({ twoStep }) => [twoStep ? 'two-step' : 'no two-step'],
  unlink_identity_providers: (truth) => stillOn(truth, 'identity_providers'),
  revoke_grants: (truth) => stillOn(truth, 'grants'),
  disable_mail_rules: (truth) => stillOn(truth, 'mail_rules'),
  block_mail_protocols: ({ protocols }) => protocols,
  block_devices: (truth) => stillOn(truth, 'devices'),
  remove_admin_roles: ({ ownRoles }) => ownRoles,
  quarantine: ({ quarantined }) => [quarantined ? 'quarantined' : 'no quarantined'],
  limit_login_ips: ({ rangeSets }) => (rangeSets.length === 0 ? ['no range'] : rangeSets),
  confirm_compromised: ({ compromised }) => [compromised ? 'compromised' : 'no compromised'],
};

/** Whether everything is back that was there before the undone action. */
export function isGivenBack(command: Command, before: Truth, now: Truth): boolean {
  if (command.kind === 'block_address') {
    const added = without(command.ranges, before.blocked);
    return added.every((range) => !now.blocked.includes(range));
  }
  const of = GIVEN_BACK[command.kind];
  if (of === undefined) return false;
  const [was, is] = [of(before), of(now)];
  if (command.kind === 'limit_login_ips') return was.join('|') === is.join('|');
  return without(was, is).length === 0;
}
