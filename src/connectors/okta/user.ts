import { z } from 'zod';
import type { Result } from '../../result.js';
import type { AccountRef, AccountState, CallContext } from '../port.js';
import { part, type OktaApi } from './api.js';
import type { OktaFailure } from './failures.js';
import type { OktaSettings } from './settings.js';

const text = z.string().nullable().catch(null);

/** A time as Okta writes it, `2026-03-02T09:00:00.000Z`; `null` when it is missing or no time. */
export const time = z.unknown().transform((value): Date | null => {
  const at = typeof value === 'string' && value !== '' ? new Date(value) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
});

const STATUSES = [
  'ACTIVE',
  'DEPROVISIONED',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'PROVISIONED',
  'RECOVERY',
  'STAGED',
  'SUSPENDED',
] as const;

/** The parts of Okta's user that are used; a status that is not known makes the whole unreadable. */
export const oktaUser = z.object({
  id: z.string().min(1),
  status: z.enum(STATUSES),
  passwordChanged: time,
  lastLogin: time,
  profile: z.object({
    login: z.string().min(1),
    email: text,
    secondEmail: text,
    mobilePhone: text,
    employeeNumber: text,
    userType: text,
  }),
  credentials: z
    .object({
      provider: z
        .object({ type: z.string().catch('OKTA'), name: text })
        .nullable()
        .catch(null),
      recovery_question: z.object({ question: text }).nullable().catch(null),
    })
    .catch({ provider: null, recovery_question: null }),
});
export type OktaUser = z.output<typeof oktaUser>;

export const userPath = (accountId: string): string => `/api/v1/users/${part(accountId)}`;

export const readUser = (
  api: OktaApi,
  { accountId }: AccountRef,
  call: CallContext,
): Promise<Result<OktaUser, OktaFailure>> => api.one(userPath(accountId), oktaUser, call);

/** Where the password is kept. Okta names a directory by its kind; only Active Directory is a system that Notme knows. */
export function authorityOf({ credentials }: OktaUser): NonNullable<AccountState['authority']> | null {
  const { provider } = credentials;
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
    default:
      return { where: 'here' };
  }
}

/** STAGED was never activated and DEPROVISIONED is gone: neither can sign in, as with SUSPENDED. */
export const isEnabled = ({ status }: OktaUser): boolean =>
  status !== 'SUSPENDED' && status !== 'DEPROVISIONED' && status !== 'STAGED';

/** Only what the org's own `userType` says; without configured values nothing is told. */
export function useOf({ profile }: OktaUser, settings: OktaSettings): AccountState['use'] {
  const { service_user_types: service, shared_user_types: shared } = settings;
  const type = profile.userType?.toLowerCase() ?? '';
  const among = (names: readonly string[]): boolean => names.some((name) => name.toLowerCase() === type);
  if (type !== '' && among(service)) return 'service';
  if (type !== '' && among(shared)) return 'shared';
  return service.length + shared.length > 0 ? 'person' : null;
}
