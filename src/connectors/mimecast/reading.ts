import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { AccountState } from '../../ports/connector.js';
import { UNTOLD, type Answer, type Outcome, type Target } from '../kit/action.js';
import { allOf } from '../kit/answers.js';
import { isInside, readRanges } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import { readUser, type MimecastUser } from './account.js';
import type { MimecastApi } from './api.js';
import { passwordChanges, type AuditRows } from './audit.js';
import type { DirectorySync } from './directory-sync.js';
import type { ProfileGroups } from './groups.js';
import type { Roles } from './roles.js';
import type { MimecastSettings } from './settings.js';

/** What every read and every command of this connector needs. */
export interface Reader {
  readonly api: MimecastApi;
  readonly groups: ProfileGroups;
  readonly roles: Roles;
  /** `null`: Notme starts none. */
  readonly sync: DirectorySync | null;
  readonly settings: MimecastSettings;
  readonly runtime: Runtime;
}

export interface Reading {
  readonly state: AccountState;
  readonly user: MimecastUser;
  /** Those of the account, or why the audit log could not be read. */
  readonly passwordChanges: Outcome<AuditRows>;
}

/** The last one, unless the log contains more rows than are read. */
const lastOf = ({ complete, events }: AuditRows): Date | null =>
  complete ? (events.at(-1)?.occurredAt ?? null) : null;

/** One user with everything that Mimecast can tell. */
export async function readAccount(reader: Reader, target: Target): Answer<Reading> {
  const { api, groups, roles, runtime, settings } = reader;
  // Read first: the answer shows Mimecast's clock, by which its log is written.
  const user = await readUser(api, target.account.accountId, target.call);
  if (!user.ok) return user;
  const changes = passwordChanges(api, runtime, target);
  const parts = await allOf([
    isInside(groups, settings.two_step_group, target),
    readRanges(groups, settings.login_range_groups, target),
    changes.then(ifShown),
    roles(target).then(ifShown),
  ]);
  if (!parts.ok) return parts;
  const [twoStepRequired, loginRanges, log, adminRoles] = parts.value;
  const { synced_from: from } = settings;
  const { accountDisabled, accountLocked, forcePasswordChange } = user.value;
  return ok({
    user: user.value,
    passwordChanges: await changes,
    state: {
      ...UNTOLD,
      enabled: accountDisabled === null ? null : !accountDisabled,
      locked: accountLocked,
      mustChangePassword: forcePasswordChange,
      passwordChangedAt: log && lastOf(log),
      twoStepRequired,
      loginRanges,
      // No answer for one address shows whether this account is copied; the deployment says it for all of them.
      authority: from === null ? null : { where: 'synced', from },
      adminRoles,
      readAt: runtime.now(),
    },
  });
}
