import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, ConnectorFailure, EvidenceItem } from '../port.js';
import type { Action } from './action.js';
import { part } from './api.js';
import { chosenOf, each, judgeGone } from './items.js';
import type { Parts } from './state.js';
import { time, userPath } from './user.js';

const text = z.string().optional().catch(undefined);

const factor = z.object({
  id: z.string().min(1),
  factorType: z.string().catch('factor'),
  provider: z.string().catch(''),
  vendorName: text,
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
    .optional()
    .catch(undefined),
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
  return which === undefined ? `${kind}${by}` : `${kind}${by} ${which}`;
}

/** The factors that the policies of this account permit; Okta does not list others. */
export async function readFactors(
  { api }: Parts,
  { accountId }: AccountRef,
  call: CallContext,
): Promise<Result<readonly EvidenceItem[], ConnectorFailure>> {
  const rows = await api.list(`${userPath(accountId)}/factors`, factor, call);
  if (!rows.ok) return rows;
  const items = rows.value.rows.map((row): EvidenceItem => {
    const device = [row.profile?.deviceType, row.profile?.platform].filter((value) => value !== undefined).join(', ');
    return {
      id: row.id,
      title: titleOf(row),
      at: row.created ?? row.lastUpdated,
      ...(device === '' ? {} : { device }),
      ...(row.status === '' || row.status === 'ACTIVE' ? {} : { detail: row.status }),
    };
  });
  return ok(items);
}

export function removeFactors(parts: Parts, items: Chosen): Action {
  return {
    async perform({ account, call }) {
      const present = await readFactors(parts, account, call);
      if (!present.ok) return present;
      const base = `${userPath(account.accountId)}/factors`;
      return each(chosenOf(present.value, items), ({ id }) =>
        parts.api.change({ method: 'DELETE', path: `${base}/${part(id)}`, call }),
      );
    },
    async judge({ account, call }) {
      const present = await readFactors(parts, account, call);
      return judgeGone(present.ok ? ok(chosenOf(present.value, items)) : present, 'the chosen factors');
    },
    undo: null,
    survives: [
      { what: 'Factors that no policy of this person permits: Okta does not list them', forSeconds: null },
      {
        what: 'The right to enrol new factors at the next sign-in: hand the person a way in over another channel',
        forSeconds: null,
      },
    ],
  };
}
