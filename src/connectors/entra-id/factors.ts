import { z } from 'zod';
import { native, lastingUntil, unsupported } from '../kit/action.js';
import type { Action, Answer, Reading, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { filled, joined } from '../kit/evidence.js';
import { itemAction, type Listed } from '../kit/items.js';
import { unread } from './api.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';
import { ACCESS_TOKEN_SECONDS, APP_PASSWORDS, CERTIFICATES, HARDWARE_TOKENS } from './residual.js';
import { time, words } from './user.js';

/** Graph's type of a method without its prefix: what people call it, and the collection that it is deleted from. */
const KINDS: Readonly<Record<string, readonly [name: string, segment: string]>> = {
  phoneAuthenticationMethod: ['Phone', 'phoneMethods'],
  emailAuthenticationMethod: ['E-mail for password resets', 'emailMethods'],
  microsoftAuthenticatorAuthenticationMethod: ['Microsoft Authenticator', 'microsoftAuthenticatorMethods'],
  fido2AuthenticationMethod: ['Security key', 'fido2Methods'],
  softwareOathAuthenticationMethod: ['One-time code app', 'softwareOathMethods'],
  windowsHelloForBusinessAuthenticationMethod: ['Windows Hello for Business', 'windowsHelloForBusinessMethods'],
  temporaryAccessPassAuthenticationMethod: ['Temporary Access Pass', 'temporaryAccessPassMethods'],
  platformCredentialAuthenticationMethod: ['Platform credential', 'platformCredentialMethods'],
  qrCodePinAuthenticationMethod: ['QR code with PIN', 'qrCodePinMethod'],
  externalAuthenticationMethod: ['External method', 'externalAuthenticationMethods'],
};
const SINGLE: ReadonlySet<string> = new Set(['qrCodePinMethod']);
const PASSWORD = 'passwordAuthenticationMethod';
/** It may be the password, which is no factor to remove. */
const UNTOLD = 'authentication method of a kind that is not told';

export const factor = z
  .object({
    '@odata.type': z.string().min(1).catch(UNTOLD),
    id: z.string().min(1),
    createdDateTime: time,
    displayName: words,
    phoneNumber: words,
    phoneType: words,
    emailAddress: words,
    model: words,
    deviceTag: words,
  })
  .transform(({ '@odata.type': odataType, id, createdDateTime: at, model, deviceTag, ...row }) => {
    const type = odataType.replace(/^#microsoft\.graph\./, '');
    const name = KINDS[type]?.[0] ?? type;
    const title = joined([name, row.phoneNumber ?? row.emailAddress ?? row.displayName], ' ');
    const device = model ?? (deviceTag === 'SoftwareTokenActivated' ? null : deviceTag);
    return { type, item: { id, title, at, ...filled({ device }) } };
  });
export type Factor = z.output<typeof factor>;

/** Methods by which a forgotten password can be reset. */
export const isRecovery = ({ type }: Factor): boolean =>
  type === 'emailAuthenticationMethod' || type === 'phoneAuthenticationMethod';

export function readFactors({ api }: Reader, { account, call }: Target): Answer<Listed<Factor>> {
  const path = `${userPath(account)}/authentication/methods`;
  const factors = api.whole(factor, 'authentication methods', { path, needs: [PERMISSION.methods], call });
  return mapped(factors, (all) => ({ ...all, items: all.items.filter(({ type }) => type !== PASSWORD) }));
}

export const removeFactors = (reader: Reader): Action<'remove_factors', Reading> =>
  itemAction<'remove_factors', Reading, Factor>(
    {
      words: {
        nothingLeft: 'None of the chosen authentication methods that Microsoft Graph shows is left.',
        unread: unread('authentication methods'),
      },
      list: (target) => readFactors(reader, target),
      id: ({ item }) => item.id,
      title: ({ item }) => item.title,
      harmless: ({ type }) => (type === UNTOLD ? null : false),
      async change({ type, item: { id, title } }, { account, call }) {
        const segment = KINDS[type]?.[1];
        if (segment === undefined)
          return unsupported(
            `Microsoft Graph cannot delete "${title}"; delete it in the Entra admin center under the person's Authentication methods.`,
          );
        // Of these a person has one at most, and it stands under its name.
        const which = SINGLE.has(segment) ? segment : `${segment}/${encodeURIComponent(id)}`;
        const path = `${userPath(account)}/authentication/${which}`;
        return reader.api.change({ method: 'DELETE', path, needs: [PERMISSION.methods], sensitive: true, call });
      },
    },
    {
      can: native(PERMISSION.readUsers, PERMISSION.methods),
      residual: [
        {
          ...lastingUntil(
            'A session that is still open may register new methods, until sessions are revoked',
            'revoke_sessions',
          ),
          forSeconds: ACCESS_TOKEN_SECONDS,
        },
        APP_PASSWORDS,
        CERTIFICATES,
        HARDWARE_TOKENS,
      ],
    },
  );
