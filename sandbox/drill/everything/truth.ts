import type { ActionKind } from '../../../src/ports/connector.js';
import { DOMAIN, TWO_STEP_GROUP } from '../../world/people.js';
import type { TrueAccount } from '../../world/systems/system.js';

/** What a directory truly holds about the account, at the moments that count. */
export interface Held {
  readonly system: string;
  /** With what the intruder left, right before the decision. */
  readonly intruded: TrueAccount;
  readonly now: TrueAccount;
  readonly decidedAt: Date;
}

/** The groups that were prepared to demand a second step, by the names that the directories show. */
const TWO_STEP: Readonly<Record<string, string>> = {
  mimecast: TWO_STEP_GROUP,
  active_directory: TWO_STEP_GROUP,
  okta: 'containment-2fa',
  entra_id: 'containment-mfa',
  google_workspace: `containment-2sv@${DOMAIN}`,
  scim_wiki: 'Second step',
};
/** Those that were prepared to keep people out. */
const QUARANTINE: Readonly<Record<string, string>> = {
  okta: 'containment-quarantine',
  entra_id: 'containment-quarantine',
  google_workspace: `containment-quarantine@${DOMAIN}`,
  keycloak: '/containment/quarantine',
  scim_wiki: 'Quarantine',
};
const ENROL_AT_SIGN_IN = 'CONFIGURE_TOTP';
/** These write whole seconds. */
const SECOND_MS = 1000;

const listed = (account: TrueAccount, name: string): readonly string[] => account.lists[name] ?? [];

/** Keycloak keeps its recovery codes among the sign-in methods. */
const isCodes = (method: string): boolean => method.startsWith('recovery-authn-codes');

/** What attackers plant in the sandbox, as the directories list it: sign-in methods, and rules that send mail out or hide it. */
const PLANTED: Readonly<Record<string, RegExp>> = {
  Factors: /^(sms |token:software:totp|softwareOath|Phone ending|otp: New phone)/,
  'Mail rules': /^forward|collector@|TRASH/,
  'Inbox rules': /^"\.\.?"$/,
};

/** Nothing is left of what the intruder planted. */
const isRid = ({ now }: Held, name: string): boolean =>
  !listed(now, name).some((item) => PLANTED[name]?.test(item) === true);

/** SCIM has no mark for "must be changed"; a directory that shows no time has only that mark. */
function hasNewPassword({ system, now, decidedAt }: Held): boolean {
  const changed =
    now.passwordChangedAt === null ||
    new Date(now.passwordChangedAt).getTime() >= Math.floor(decidedAt.getTime() / SECOND_MS) * SECOND_MS;
  return changed && (now.mustChange || !now.enabled || system.startsWith('scim_'));
}

const demandsTwoStep = ({ system, now }: Held): boolean =>
  listed(now, 'Groups').includes(TWO_STEP[system] ?? '') ||
  listed(now, 'Required at next sign-in').includes(ENROL_AT_SIGN_IN);

const TRUTHS: Partial<Record<ActionKind, (held: Held) => boolean | null>> = {
  reset_password: hasNewPassword,
  revoke_sessions: ({ now }) => (now.sessions === null ? null : now.sessions === 0),
  disable_account: ({ now }) => !now.enabled,
  require_two_step: demandsTwoStep,
  quarantine: ({ system, now }) => {
    const group = QUARANTINE[system];
    return group === undefined ? null : listed(now, 'Groups').includes(group);
  },
  revoke_grants: ({ now }) => listed(now, 'Grants').length === 0,
  delete_app_passwords: ({ now }) => listed(now, 'App passwords').length === 0,
  invalidate_backup_codes: ({ now }) =>
    listed(now, 'Backup codes').length === 0 && !listed(now, 'Factors').some(isCodes),
  remove_factors: (held) => isRid(held, 'Factors'),
  disable_mail_rules: (held) => isRid(held, 'Mail rules') && isRid(held, 'Inbox rules'),
  confirm_compromised: ({ now }) =>
    listed(now, 'Risk').some((risk) => risk === 'HIGH' || risk === 'confirmedCompromised'),
};

/** Whether the directory truly holds what the action is to bring about; `null` when it shows nothing of the kind. */
export const truthOf = (action: ActionKind, held: Held): boolean | null => TRUTHS[action]?.(held) ?? null;
