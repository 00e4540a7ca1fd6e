import type { AccountRef, ActionKind, Command, ConsoleStep } from '../port.js';
import { capabilities } from './capabilities.js';
import { groupForRanges } from './commands.js';
import type { ScimSettings } from './settings.js';

interface Words {
  readonly title: string;
  readonly clicks: readonly string[];
}

/** The settings of an unknown application are named by what they do: every product has its own words for them. */
const WORDS: Partial<Record<ActionKind, Words>> = {
  reset_password: {
    title: 'Reset the password',
    clicks: [
      'Choose the reset of the password, with a new one that must be changed at the next sign-in',
      'Hand it over in person; if people come through single sign-on, reset it there instead',
    ],
  },
  revoke_sessions: {
    title: 'End all sessions',
    clicks: [
      'Choose to sign the person out everywhere (often under Security or Sessions)',
      'Revoke remembered devices too',
    ],
  },
  remove_factors: {
    title: 'Remove unknown second factors',
    clicks: ['Open the second factors, and remove each that the person does not recognise'],
  },
  invalidate_backup_codes: {
    title: 'Invalidate backup codes',
    clicks: ['Open the second factors, and make new backup codes so that the old ones end'],
  },
  clear_recovery_contacts: {
    title: 'Check recovery addresses',
    clicks: ["Compare recovery e-mail and phone with the personnel file, and remove what is not the person's"],
  },
  delete_app_passwords: {
    title: 'Delete app passwords and API tokens',
    clicks: ['Open API tokens and app passwords of this person, and revoke all of them'],
  },
  revoke_grants: {
    title: 'Revoke connected applications',
    clicks: ['Open the applications that the person has authorised, and remove each that is not known'],
  },
  require_two_step: {
    title: 'Require a second step',
    clicks: ['Switch on that a second step is required for this person, or for a group that holds the person'],
  },
  quarantine: {
    title: 'Quarantine the account',
    clicks: ['Take the person out of every group and project, and note which they were'],
  },
  remove_admin_roles: {
    title: 'Take administrator roles away',
    clicks: ['Note the administrator roles of this person, then remove them'],
  },
};

function wordsFor(settings: ScimSettings, command: Command): Words | undefined {
  if (command.kind === 'block_address') {
    const clicks = [`In the security settings refuse sign-in from ${command.ranges.join(', ')}`];
    return { title: "Block the attacker's address", clicks };
  }
  if (command.kind === 'limit_login_ips') {
    if (groupForRanges(settings, command.ranges) !== null) return undefined;
    const ranges = command.ranges.join(', ');
    const clicks = [`In the security settings permit only ${ranges}, for this person if that can be chosen`];
    return { title: 'Limit sign-in to addresses', clicks };
  }
  return capabilities(settings)[command.kind].route === 'console' ? WORDS[command.kind] : undefined;
}

/** What a person must do in the application's own console. */
export function consoleSteps(settings: ScimSettings, command: Command, account: AccountRef): readonly ConsoleStep[] {
  const words = wordsFor(settings, command);
  if (words === undefined) return [];
  const where = settings.console_url ?? settings.title;
  const clicks = [
    `Sign in to ${where} as an administrator`,
    `Open the list of users and choose ${account.login} (id ${account.accountId})`,
    ...words.clicks,
  ];
  return [{ title: words.title, clicks }];
}
