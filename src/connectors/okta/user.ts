import { z } from 'zod';
import { contact } from '../http/contact.js';
import type { Answer, Target } from '../kit/action.js';
import type { AccountState } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import type { OktaSettings } from './settings.js';

/** A text that may be missing; an empty one counts as missing. */
export const text = z
  .string()
  .nullable()
  .catch(null)
  .transform((value) => (value === '' ? null : value));

/** A time as Okta writes it, `2026-03-02T09:00:00.000Z`; `null` when it is missing or not a time. */
export const time = z
  .unknown()
  .optional()
  .transform((value): Date | null => {
    const at = typeof value === 'string' && value !== '' ? new Date(value) : null;
    return at === null || Number.isNaN(at.getTime()) ? null : at;
  });

/** The statuses that Okta documents: `UserStatus` of its management API. */
const CAN_SIGN_IN: Readonly<Record<string, boolean>> = {
  ACTIVE: true,
  DEPROVISIONED: false,
  LOCKED_OUT: true,
  PASSWORD_EXPIRED: true,
  PROVISIONED: true,
  RECOVERY: true,
  STAGED: false,
  SUSPENDED: false,
};

/** Where Okta shows no status, or none that can be read. */
export const UNREAD_STATUS = 'UNKNOWN';

/** In an unreadable profile, nothing counts as empty. */
const NO_PROFILE = {
  login: '',
  email: null,
  secondEmail: undefined,
  mobilePhone: undefined,
  employeeNumber: null,
  userType: null,
} as const;

/**
 * The used parts of Okta's user. A status missing from Okta's list (its note names ACTIVATING) is kept as it is: what
 * it permits is then unknown.
 */
export const oktaUser = z.object({
  id: z.string().min(1),
  status: z.string().min(1).catch(UNREAD_STATUS),
  passwordChanged: time,
  profile: z
    .object({
      login: z.string().catch(''),
      email: text,
      secondEmail: contact,
      mobilePhone: contact,
      employeeNumber: text,
      userType: text,
    })
    // A profile without any name is none.
    .transform((profile) => (profile.login === '' && profile.email === null ? NO_PROFILE : profile))
    .catch(NO_PROFILE),
  credentials: z
    .object({
      provider: z
        .object({ type: z.string().catch(''), name: text })
        .nullable()
        .catch(null),
      /** `null`: there is none. One that cannot be read is one. */
      recovery_question: z.object({ question: text }).nullable().default(null).catch({ question: null }),
    })
    .catch({ provider: null, recovery_question: { question: null } }),
});
export type OktaUser = z.output<typeof oktaUser>;

/** Of an account; Okta accepts a login in place of the id. */
export const userPath = (idOrLogin: string, rest = ''): string => `/api/v1/users/${segment(idOrLogin)}${rest}`;

export const readUser = (api: OktaApi, { account, call }: Target): Answer<OktaUser> =>
  api.one(userPath(account.accountId), oktaUser, call);

/**
 * Where the password is kept. Okta names a directory by its kind; Active Directory is the only system that Notme knows.
 */
export function authorityOf({ credentials: { provider } }: OktaUser): AccountState['authority'] {
  if (provider === null) return null;
  const { type, name } = provider;
  switch (type) {
    case 'ACTIVE_DIRECTORY':
      return { where: 'synced', from: 'active_directory' };
    case 'LDAP':
      return { where: 'synced', from: name ?? 'LDAP' };
    case 'FEDERATION':
    case 'SOCIAL':
      return { where: 'federated', from: name ?? type };
    case 'OKTA':
    case 'IMPORT':
      return { where: 'here' };
    default:
      return null;
  }
}

/**
 * STAGED was never activated and DEPROVISIONED is deleted: neither can sign in, as with SUSPENDED. `null`: an unknown
 * status, so it cannot be told.
 */
export const isEnabled = ({ status }: OktaUser): boolean | null =>
  Object.hasOwn(CAN_SIGN_IN, status) ? (CAN_SIGN_IN[status] ?? null) : null;

/** Only what the org's own `userType` says; without configured values nothing is known. */
export function useOf({ profile }: OktaUser, settings: OktaSettings): AccountState['use'] {
  const { service_user_types: service, shared_user_types: shared } = settings;
  const type = profile.userType?.toLowerCase() ?? '';
  const among = (names: readonly string[]): boolean => names.some((name) => name.toLowerCase() === type);
  if (type !== '' && among(service)) return 'service';
  if (type !== '' && among(shared)) return 'shared';
  return service.length + shared.length > 0 ? 'person' : null;
}
