import { z } from 'zod';
import type { AccountRef } from '../../ports/connector.js';
import { native } from '../kit/action.js';
import { itemAction, type ItemKind } from '../kit/items.js';
import type { GoogleApi } from './api.js';
import { isGone } from './errors.js';
import { SCOPE } from './scopes.js';
import { text } from './shapes.js';
import { notAllShown, type Tools } from './tools.js';
import { userPath, type GoogleAction } from './user.js';
import { ACCESS_TOKENS, SCRIPTS } from './residual.js';

export const grant = z.object({
  clientId: z.string().min(1),
  displayText: text,
  scopes: z.array(z.string()).catch([]).default([]),
  nativeApp: z.boolean().catch(false).default(false),
  anonymous: z.boolean().catch(false).default(false),
});
type Grant = z.output<typeof grant>;

/** Milliseconds since 1970 as text; `0` where it never happened. */
const moment = z
  .union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()])
  .transform((value) => (Number(value) === 0 ? null : new Date(Number(value))))
  .nullable()
  .catch(null)
  .default(null);

export const appPassword = z.object({
  codeId: z.union([z.number().int(), z.string().min(1)]).transform(String),
  name: text,
  creationTime: moment,
  lastTimeUsed: moment,
});
type AppPassword = z.output<typeof appPassword>;

interface Part<Item> extends Pick<ItemKind<Item>, 'id' | 'title'> {
  readonly name: 'tokens' | 'asps';
  readonly many: string;
  readonly item: z.ZodType<Item>;
}

/** Items in a list of the user, each deleted by its id. An item that no longer exists counts as deleted. */
function deletion<Item>(api: GoogleApi, { name, many, item, id, title }: Part<Item>): ItemKind<Item> {
  const { security: scope } = SCOPE;
  const pathOf = ({ accountId }: AccountRef): string => `${userPath(accountId)}/${name}`;
  return {
    words: { nothingLeft: `None of the chosen ${many} is left.`, unread: notAllShown(many) },
    id,
    title,
    list({ account, call }) {
      const request = { path: pathOf(account), scope, what: `the ${many}`, call };
      return api.list(request, { key: 'items', item, mostPages: 10 });
    },
    change(one, { account, call }) {
      const path = `${pathOf(account)}/${encodeURIComponent(id(one))}`;
      return api.change(
        { method: 'DELETE', path, scope, what: `one of the ${many} of ${account.login}`, call },
        isGone,
      );
    },
  };
}

/** Tokens that the person gave to third-party apps. */
export const grantsOf = (api: GoogleApi): ItemKind<Grant> =>
  deletion(api, {
    name: 'tokens',
    many: 'grants to apps',
    item: grant,
    id: ({ clientId }) => clientId,
    title: ({ clientId, displayText }) => displayText || clientId,
  });

export const appPasswordsOf = (api: GoogleApi): ItemKind<AppPassword> =>
  deletion(api, {
    name: 'asps',
    many: 'app passwords',
    item: appPassword,
    id: ({ codeId }) => codeId,
    title: ({ codeId, name }) => name || `App password ${codeId}`,
  });

export const revokeGrants = ({ api }: Tools): GoogleAction<'revoke_grants'> =>
  itemAction(grantsOf(api), {
    can: native(SCOPE.security),
    residual: [ACCESS_TOKENS, SCRIPTS],
  });

export const deleteAppPasswords = ({ api }: Tools): GoogleAction<'delete_app_passwords'> =>
  itemAction(appPasswordsOf(api), { can: native(SCOPE.security) });
