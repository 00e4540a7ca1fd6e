import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { whole, type ItemKind } from './items.js';
import { PERMISSION } from './permissions.js';
import { done, userPath, type Reader, type Target } from './reader.js';
import { time } from './user.js';

const words = z.string().nullish().catch(null);

const row = z.object({
  '@odata.type': z.string().min(1),
  id: z.string().min(1),
  createdDateTime: time,
  displayName: words,
  phoneNumber: words,
  phoneType: words,
  emailAddress: words,
  model: words,
  deviceTag: words,
});

export interface Factor {
  readonly id: string;
  /** Graph's type without its prefix, e.g. `phoneAuthenticationMethod`. */
  readonly type: string;
  readonly title: string;
  readonly at: Date | null;
  readonly device: string | null;
}

interface KindOfFactor {
  readonly name: string;
  /** The collection it is deleted from; `null`: Graph cannot delete it. */
  readonly segment: string | null;
}

const KINDS: Readonly<Record<string, KindOfFactor>> = {
  phoneAuthenticationMethod: { name: 'Phone', segment: 'phoneMethods' },
  emailAuthenticationMethod: { name: 'E-mail for password resets', segment: 'emailMethods' },
  microsoftAuthenticatorAuthenticationMethod: {
    name: 'Microsoft Authenticator',
    segment: 'microsoftAuthenticatorMethods',
  },
  fido2AuthenticationMethod: { name: 'Security key', segment: 'fido2Methods' },
  softwareOathAuthenticationMethod: { name: 'One-time code app', segment: 'softwareOathMethods' },
  windowsHelloForBusinessAuthenticationMethod: {
    name: 'Windows Hello for Business',
    segment: 'windowsHelloForBusinessMethods',
  },
  temporaryAccessPassAuthenticationMethod: { name: 'Temporary Access Pass', segment: 'temporaryAccessPassMethods' },
  platformCredentialAuthenticationMethod: { name: 'Platform credential', segment: 'platformCredentialMethods' },
  externalAuthenticationMethod: { name: 'External method', segment: 'externalAuthenticationMethods' },
};
const PASSWORD = 'passwordAuthenticationMethod';

/** By which a forgotten password can be reset. */
export const isRecovery = ({ type }: Factor): boolean =>
  type === 'emailAuthenticationMethod' || type === 'phoneAuthenticationMethod';

function readFactor(raw: unknown): Factor | null {
  const parsed = row.safeParse(raw);
  if (!parsed.success) return null;
  const { id, createdDateTime: at, displayName, phoneNumber, emailAddress, model, deviceTag } = parsed.data;
  const type = parsed.data['@odata.type'].replace(/^#microsoft\.graph\./, '');
  const name = KINDS[type]?.name ?? type;
  const which = phoneNumber ?? emailAddress ?? displayName;
  const device = model ?? (deviceTag === 'SoftwareTokenActivated' ? null : deviceTag) ?? null;
  return { id, type, title: which === null || which === undefined ? name : `${name} ${which}`, at, device };
}

export async function readFactors(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<readonly Factor[], ConnectorFailure>> {
  const found = await api.list(`${userPath(account)}/authentication/methods`, [PERMISSION.methods], call);
  if (!found.ok) return err(found.error);
  const factors = whole(found.value, readFactor, 'authentication methods');
  return factors.ok ? ok(factors.value.filter(({ type }) => type !== PASSWORD)) : factors;
}

export function factorItems(reader: Reader): ItemKind<Factor> {
  return {
    words: { many: 'authentication methods', nothingLeft: 'None of the chosen authentication methods is left.' },
    list: (target) => readFactors(reader, target),
    id: ({ id }) => id,
    title: ({ title }) => title,
    fact: ({ title }) => title,
    harmless: () => false,
    async change({ id, type, title }, { account, call }) {
      const segment = KINDS[type]?.segment ?? null;
      if (segment === null) {
        const message = `Microsoft Graph cannot delete "${title}"; delete it in the Entra admin center under the person's Authentication methods.`;
        return err({ kind: 'unsupported', message });
      }
      const path = `${userPath(account)}/authentication/${segment}/${encodeURIComponent(id)}`;
      const request = { method: 'DELETE', path, needs: [PERMISSION.methods], sensitive: true, call } as const;
      const answer = await reader.api.send(request);
      return answer.ok ? done(answer.value.requestId) : err(answer.error);
    },
    putBack: null,
  };
}
