import { z } from 'zod';
import type { Answer, Target } from '../kit/action.js';
import { filled, joined } from '../kit/evidence.js';
import type { Listed } from '../kit/items.js';
import type { AccountRef, EvidenceItem } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import { text, time, userPath, type OktaUser } from './user.js';

export const factor = z.object({
  id: z.string().min(1),
  factorType: z.string().catch('factor'),
  provider: z.string().catch(''),
  status: z.string().catch(''),
  created: time,
  lastUpdated: time,
  profile: z
    .object({
      phoneNumber: text,
      email: text,
      name: text,
      platform: text,
      deviceType: text,
      authenticatorName: text,
      credentialId: text,
    })
    .nullable()
    .catch(null),
});
export type Factor = z.output<typeof factor>;

const KINDS: Readonly<Record<string, string>> = {
  call: 'Voice call',
  email: 'E-mail',
  push: 'Okta Verify push',
  question: 'Security question',
  signed_nonce: 'Okta FastPass',
  sms: 'SMS',
  'token:hardware': 'Hardware token',
  'token:hotp': 'One-time code token',
  'token:software:totp': 'One-time code app',
  u2f: 'U2F key',
  web: 'Web',
  webauthn: 'Passkey or security key',
};

export function titleOf({ factorType, provider, profile }: Factor): string {
  const kind = KINDS[factorType] ?? factorType;
  const by = provider === '' || provider === 'OKTA' || provider === 'FIDO' ? '' : ` (${provider})`;
  const which =
    profile?.phoneNumber ?? profile?.email ?? profile?.authenticatorName ?? profile?.name ?? profile?.credentialId;
  return joined([`${kind}${by}`, which], ' ');
}

/** The factors that the policies of this account permit; Okta does not list others. */
export const readFactors = (api: OktaApi, { account, call }: Target): Answer<Listed<Factor>> =>
  api.list(userPath(account.accountId, '/factors'), factor, call);

/**
 * The e-mail factor of the person's own address: Okta enrols it again by itself (Okta's help, "Email authenticator": an
 * account with a verified address has it).
 */
export const isOfPrimaryAddress = ({ factorType, profile }: Factor, { profile: { email } }: OktaUser): boolean =>
  factorType === 'email' && email !== null && profile?.email?.toLowerCase() === email.toLowerCase();

/**
 * Whether an address is one that the account is known by: its login, or one of the login's domain. The primary address of
 * the profile is none: a person may change it in the own settings (developer.okta.com, "Change primary email"), and so may
 * whoever holds the session.
 */
export function isKnownAddress(address: string, { login }: AccountRef): boolean {
  const [known, asked] = [login.toLowerCase(), address.toLowerCase()];
  const [domain = '', from = ''] = [known, asked].map((one) => one.split('@')[1]);
  return known === asked || (domain !== '' && (from === domain || from.endsWith(`.${domain}`)));
}

export function factorItem(row: Factor): EvidenceItem {
  const device = joined([row.profile?.deviceType, row.profile?.platform]);
  const detail = row.status === 'ACTIVE' ? '' : row.status;
  return { id: row.id, title: titleOf(row), at: row.created ?? row.lastUpdated, ...filled({ device, detail }) };
}

/** A phone number also serves recovery, and keeps doing so unless Okta is told otherwise. */
export const isPhone = ({ factorType }: Factor): boolean => factorType === 'sms' || factorType === 'call';

/**
 * "removes the phone number as both a recovery method and a factor", default false (Okta's management API, `DELETE
 * /users/{userId}/factors/{factorId}`).
 */
export const factorPath = ({ account }: Target, row: Factor): string =>
  userPath(account.accountId, `/factors/${segment(row.id)}${isPhone(row) ? '?removeRecoveryEnrollment=true' : ''}`);
