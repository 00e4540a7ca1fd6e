import { z } from 'zod';
import { lasting, type Action, type Answer, type Target } from '../kit/action.js';
import { filled, joined } from '../kit/evidence.js';
import { itemAction, type Listed } from '../kit/items.js';
import type { EvidenceItem } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { text, time, userPath } from './user.js';

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
type Factor = z.output<typeof factor>;

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

function titleOf({ factorType, provider, profile }: Factor): string {
  const kind = KINDS[factorType] ?? factorType;
  const by = provider === '' || provider === 'OKTA' || provider === 'FIDO' ? '' : ` (${provider})`;
  const which =
    profile?.phoneNumber ?? profile?.email ?? profile?.authenticatorName ?? profile?.name ?? profile?.credentialId;
  return joined([`${kind}${by}`, which], ' ');
}

/** The factors that the policies of this account permit; Okta does not list others. */
export const readFactors = (api: OktaApi, { account, call }: Target): Answer<Listed<Factor>> =>
  api.list(userPath(account.accountId, '/factors'), factor, call);

export function factorItem(row: Factor): EvidenceItem {
  const device = joined([row.profile?.deviceType, row.profile?.platform]);
  const detail = row.status === 'ACTIVE' ? '' : row.status;
  return { id: row.id, title: titleOf(row), at: row.created ?? row.lastUpdated, ...filled({ device, detail }) };
}

/**
 * A phone number also serves recovery, and keeps doing so unless Okta is told otherwise: "removes the phone number as
 * both a recovery method and a factor", default false (Okta's management API, `DELETE
 * /users/{userId}/factors/{factorId}`).
 */
const alsoForRecovery = ({ factorType }: Factor): string =>
  factorType === 'sms' || factorType === 'call' ? '?removeRecoveryEnrollment=true' : '';

export const removeFactors = ({ api }: Parts): Action<'remove_factors', Reading> =>
  itemAction(
    {
      words: {
        nothingLeft: 'Okta lists none of the chosen factors any more.',
        unread: 'Okta lists a factor that cannot be read; look at the account in its console.',
      },
      list: (on) => readFactors(api, on),
      id: ({ id }) => id,
      title: titleOf,
      change(row, { account, call }) {
        const path = userPath(account.accountId, `/factors/${segment(row.id)}${alsoForRecovery(row)}`);
        return api.change({ method: 'DELETE', path, call });
      },
    },
    {
      can: scopes(SCOPE.manageUsers),
      residual: [
        lasting('Factors that no policy of this person permits: Okta does not list them'),
        lasting('The right to enrol new factors at the next sign-in: hand the person a way in over another channel'),
      ],
    },
  );
