import { err } from '../../platform/result.js';
import type { AccountRef, ConsoleStep, Receipt } from '../../ports/connector.js';
import {
  absent,
  cannotTell,
  doesNotHold,
  holds,
  lasting,
  manual,
  native,
  refuse,
  step,
  unsupported,
} from '../kit/action.js';
import type { Action, Actions, Answer, Target, Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { unseen } from '../kit/effect.js';
import { undoOfFlags } from '../kit/flags.js';
import { memberAction, preparedAction, rangesAction, type GroupWords, type RangeWords } from '../kit/groups.js';
import { change } from './change.js';
import { rangeGroups, readShown, type Reader, type Reading } from './state.js';

const USERS = 'a SCIM token that may read and change users';
const GROUPS = 'a SCIM token that may read and change groups';
const BY_GROUP = { ...native(USERS, GROUPS), route: 'group' as const };

/**
 * Clicks in an unknown application: its settings are named by what they do, because every product has its own words.
 */
const stepIn =
  ({ settings }: Reader, title: string, ...clicks: readonly string[]) =>
  (_command: unknown, { login, accountId }: AccountRef): readonly ConsoleStep[] =>
    step(
      title,
      `Sign in to ${settings.console_url ?? settings.title} as an administrator`,
      `Open the list of users and choose ${login} (id ${accountId})`,
      ...clicks,
    );

function residualAccess({ settings: { title, provisioned_from: from } }: Reader) {
  const open = lasting(`Sessions and API tokens of ${title} that are already open: SCIM does not say that they end`);
  const rules = lasting(`Sessions of ${title} from before, until it applies the group`);
  const password = lasting(
    `The new password itself: SCIM has no "must change", so the person sets another one in ${title}`,
  );
  const next = `Nothing yet, but the next provisioning from ${from ?? ''} may write its own state over this: act there too`;
  const synced = from === null ? [] : [lasting(next)];
  return { reset: [open, password], disabled: [open, ...synced], group: [rules, ...synced] };
}

const hidden = (title: string): string =>
  `${title} shows no such account any more, as servers do that hide whoever was deactivated.`;

function judgeActive({ user, state }: Reading, wanted: boolean, title: string): Verdict {
  if (user === 'hidden') return wanted ? doesNotHold(hidden(title)) : holds(hidden(title));
  if (state.enabled === null) return cannotTell(`${title} does not show whether the account is active.`);
  const observed = `The ${title} account is ${state.enabled ? 'active' : 'not active'}.`;
  return state.enabled === wanted ? holds(observed) : doesNotHold(observed);
}

export async function setActive(reader: Reader, { account, call }: Target, active: boolean): Answer<Receipt> {
  const { title } = reader.settings;
  const sent = await change(reader, account.accountId, { attribute: 'active', value: active }, call);
  if (sent.ok || sent.error.kind !== 'not_found') return sent;
  if (active)
    return refuse(
      'not_found',
      `${title} shows no such account, as servers do that hide whoever was deactivated, and takes no change of it; activate it in its console.`,
    );
  // A server that hides deactivated accounts may answer the deactivation itself with "not found": the result is read
  // back.
  return refuse(
    'unknown_outcome',
    `${title} answered that there is no such account, as after a deactivation; it is read back.`,
  );
}

function activation(reader: Reader, active: boolean): Action<'disable_account' | 'enable_account', Reading> {
  return {
    can: native(USERS),
    residual: active ? [] : residualAccess(reader).disabled,
    perform: (task) => setActive(reader, task, active),
    judge: (_task, { reading }) => judgeActive(reading, active, reader.settings.title),
    undo: undoOfFlags(['active'], {
      read: ({ account, call }) =>
        mapped(readShown(reader.api, account.accountId, call), (user) => ({
          // A hidden account is not active: an undo shows it again.
          active: user === null ? false : (user.active ?? null),
        })),
      set: (flags, target) => setActive(reader, target, flags.get('active') === true),
    }),
  };
}

/** A password is never shown; a later modification of the account is an indication, not a proof. */
function judgeReset({ user }: Reading, since: Date, title: string): Verdict {
  if (user === 'hidden' || user === 'unseen') return cannotTell(hidden(title));
  const modified = Date.parse(user.meta?.lastModified ?? '');
  if (Number.isNaN(modified))
    return cannotTell(`SCIM does not show passwords, and ${title} does not tell when the account was modified.`);
  const at = new Date(modified).toISOString();
  if (modified < since.getTime() - 60_000)
    return doesNotHold(`${title} last modified the account at ${at}, before the reset.`);
  return cannotTell(`SCIM does not show passwords; ${title} last modified the account at ${at}.`);
}

async function setPassword(reader: Reader, { account, call }: Target, value: string): Answer<Receipt> {
  const { title } = reader.settings;
  const provider = await reader.provider(call);
  if (!provider.ok) return provider;
  if (provider.value.changePassword === false)
    return unsupported(
      `${title} says that it does not take passwords over SCIM (changePassword); do the manual steps.`,
    );
  const sent = await change(reader, account.accountId, { attribute: 'password', value }, call);
  if (sent.ok || sent.error.kind !== 'invalid_input') return sent;
  return err({
    kind: 'invalid_input',
    message: `${title} did not take the new password; check its password policy.`,
    field: 'password',
  });
}

function resetPassword(reader: Reader): Action<'reset_password', Reading> {
  const { title, set_password: taken } = reader.settings;
  const residual = residualAccess(reader).reset;
  const judge: Action<'reset_password', Reading>['judge'] = (_task, { reading, since }) =>
    judgeReset(reading, since, title);
  if (taken)
    return {
      can: native(USERS),
      residual,
      judge,
      perform: (task) => setPassword(reader, task, task.command.password.reveal()),
    };
  return manual({
    why: `Passwords of ${title} are not set by Notme; do the manual steps, or set set_password for it.`,
    observed: '',
    judge,
    residual,
    clicks: stepIn(
      reader,
      'Reset the password',
      'Choose the reset of the password, with a new one that must be changed at the next sign-in',
      'Hand it over in person; if people come through single sign-on, reset it there instead',
    ),
  });
}

/** SCIM has users and groups, and nothing of what an application does with them. */
const unseenRule = (title: string, what: string) =>
  unseen(`that ${title} ${what} could not be read, because SCIM shows no such rules`);

interface ByOneGroup {
  /** What the application is to do with its members. */
  readonly rule: string;
  readonly clicked: readonly [title: string, click: string];
}

function byOneGroup(reader: Reader, group: string | null, { rule, clicked }: ByOneGroup) {
  const { groups, settings } = reader;
  const { title } = settings;
  const words: GroupWords = {
    inside: (id) => `The account is in the group "${groups.nameOf(id)}" of ${title}.`,
    outside: (id) => `The account is not in the group "${groups.nameOf(id)}" of ${title}.`,
    unknown: (id) => `${title} does not show who is in the group "${groups.nameOf(id)}"; look there.`,
  };
  return preparedAction<'require_two_step' | 'quarantine', Reading>(
    group,
    { groups, words, effect: () => unseenRule(title, rule) },
    { can: BY_GROUP, residual: residualAccess(reader).group },
    {
      why: `SCIM has no call for this and no group of ${title} was prepared for it; do the manual steps.`,
      observed: `No group of ${title} is configured for this.`,
      clicks: stepIn(reader, ...clicked),
    },
  );
}

function limitLoginIps(reader: Reader): Action<'limit_login_ips', Reading> {
  const { groups, settings } = reader;
  const { title } = settings;
  const words: RangeWords = {
    unprepared: `No prepared group of ${title} has just these ranges; choose a prepared set, or do the manual steps.`,
    notShown: `${title} does not show which login ranges are in force.`,
    inside: (_group, ranges) => `The account is in the group prepared for ${ranges}.`,
    outside: (ranges) =>
      `The account is in ${ranges === '' ? 'none of the prepared range groups' : `the group prepared for ${ranges}`}.`,
  };
  return rangesAction(
    rangeGroups(settings),
    { groups, words, effect: () => unseenRule(title, 'lets the group in from these only') },
    {
      can: BY_GROUP,
      residual: residualAccess(reader).group,
      clicks(command, account) {
        const click = `In the security settings permit only ${command.ranges.join(', ')}, for this person if that can be chosen`;
        return stepIn(reader, 'Limit sign-in to addresses', click)(command, account);
      },
    },
  );
}

function removeAdminRoles(reader: Reader): Action<'remove_admin_roles', Reading> {
  const { title, admin_groups: configured } = reader.settings;
  const residual = residualAccess(reader).group;
  const notShown = `Which groups of ${title} make administrators is not configured, or ${title} does not show who is in them; look there.`;
  if (configured.length === 0)
    return manual({
      why: `No groups of ${title} are configured as those of administrators; do the manual steps, or set admin_groups.`,
      observed: notShown,
      residual,
      clicks: stepIn(
        reader,
        'Take administrator roles away',
        'Note the administrator roles of this person, then remove them',
      ),
    });
  const words: GroupWords = {
    inside: (groups) => `The account is in the groups of administrators ${groups}.`,
    outside: () => 'The account is in none of the groups of administrators.',
    unknown: () => notShown,
    nameOf: (id) => configured.find(({ group_id }) => group_id === id)?.title ?? id,
  };
  return memberAction(
    configured.map(({ group_id }) => group_id),
    { groups: reader.groups, words },
    { can: BY_GROUP, residual, out: true },
  );
}

/** What can be done here: accounts over SCIM itself, the rest through prepared groups, or by a person. */
export function actionsOf(reader: Reader): Actions<Reading> {
  const { title, two_step_group_id, quarantine_group_id } = reader.settings;
  const why = `SCIM has no call for this; if ${title} has the thing, a person does it in its console.`;
  const observed = `SCIM does not show anything of this kind; ask an administrator of ${title}.`;
  const byPerson = (name: string, ...clicks: readonly string[]) =>
    manual<never, Reading>({ why, observed, clicks: stepIn(reader, name, ...clicks) });
  const nothing = absent<never, Reading>(why, observed);
  return {
    reset_password: resetPassword(reader),
    revoke_sessions: byPerson(
      'End all sessions',
      'Choose to sign the person out everywhere (often under Security or Sessions)',
      'Revoke remembered devices too',
    ),
    disable_account: activation(reader, false),
    enable_account: activation(reader, true),
    remove_factors: byPerson(
      'Remove unknown second factors',
      'Open the second factors, and remove each that the person does not recognise',
    ),
    unlink_identity_providers: byPerson(
      'Unlink sign-ins elsewhere',
      "Open the linked sign-ins (Google, Microsoft, GitHub and others), and unlink each that is not the company's own",
    ),
    invalidate_backup_codes: byPerson(
      'Invalidate backup codes',
      'Open the second factors, and make new backup codes so that the old ones end',
    ),
    clear_recovery_contacts: byPerson(
      'Check recovery addresses',
      "Compare recovery e-mail and phone with the personnel file, and remove what is not the person's",
    ),
    require_two_step: byOneGroup(reader, two_step_group_id, {
      rule: 'demands a second step of its members',
      clicked: [
        'Require a second step',
        'Switch on that a second step is required for this person, or for a group that holds the person',
      ],
    }),
    delete_app_passwords: byPerson(
      'Delete app passwords and API tokens',
      'Open API tokens and app passwords of this person, and revoke all of them',
    ),
    revoke_grants: byPerson(
      'Revoke connected applications',
      'Open the applications that the person has authorised, and remove each that is not known',
    ),
    disable_mail_rules: nothing,
    block_mail_protocols: nothing,
    block_devices: nothing,
    remove_admin_roles: removeAdminRoles(reader),
    quarantine: byOneGroup(reader, quarantine_group_id, {
      rule: 'shuts its members out',
      clicked: ['Quarantine the account', 'Take the person out of every group and project, and note which they were'],
    }),
    limit_login_ips: limitLoginIps(reader),
    block_address: manual({
      why,
      observed,
      clicks(command, account) {
        const click = `In the security settings refuse sign-in from ${command.ranges.join(', ')}`;
        return stepIn(reader, "Block the attacker's address", click)(command, account);
      },
    }),
    confirm_compromised: nothing,
  };
}
