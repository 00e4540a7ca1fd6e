import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { lasting, lastingUntil, type Action, type Answer, type Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { itemAction, type Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import type { EvidenceItem } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import { readRoles, rolesPath } from './roles.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { time, userPath } from './user.js';

export const consent = z.object({
  id: z.string().min(1),
  status: z.string().catch('ACTIVE'),
  clientId: z.string().catch(''),
  scopeId: z.string().catch(''),
  source: z.string().optional().catch(undefined),
  created: time,
});
export const client = z.object({ client_id: z.string().min(1), client_name: z.string().catch('') });
export const refreshToken = z.object({ created: time, scopes: z.array(z.string()).catch([]) });
export const apiToken = z.object({
  id: z.string().min(1),
  name: z.string().catch(''),
  userId: z.string().catch(''),
  created: time,
});

export interface Grant {
  /** Where it is deleted. */
  readonly path: string;
  readonly item: EvidenceItem;
}

function consents(api: OktaApi, { account, call }: Target): Answer<Listed<Grant>> {
  const base = userPath(account.accountId, '/grants');
  return mapped(api.list(`${base}?limit=100`, consent, call), ({ items: rows, complete }) => {
    // A status that is not known is not overlooked.
    const active = rows.filter(({ status }) => status !== 'REVOKED');
    const items = active.map(({ id, clientId, scopeId, source, created: at }) => {
      const by = source === 'ADMIN' ? 'given by an administrator' : 'given by the person';
      const title = `Consent of ${scopeId} to ${clientId}`;
      const item = { id: `consent/${id}`, title, at, ...(source === undefined ? {} : { detail: by }) };
      return { path: `${base}/${segment(id)}`, item };
    });
    return { items, complete };
  });
}

/** Refresh tokens are revoked application by application. */
async function refreshTokens(api: OktaApi, { account, call }: Target): Answer<Listed<Grant>> {
  const base = userPath(account.accountId, '/clients');
  const clients = await api.list(base, client, call);
  if (!clients.ok) return clients;
  const items: Grant[] = [];
  for (const { client_id: clientId, client_name: name } of clients.value.items) {
    const path = `${base}/${segment(clientId)}/tokens`;
    const tokens = await api.list(`${path}?limit=20`, refreshToken, call, 1);
    if (!tokens.ok) return tokens;
    const [newest] = tokens.value.items.toSorted((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0));
    // Unreadable tokens still count: they are revoked together.
    if (newest === undefined && tokens.value.complete) continue;
    const title = `Refresh tokens of ${name === '' ? clientId : name}`;
    const detail = newest?.scopes.join(' ') ?? '';
    items.push({ path, item: { id: `client/${clientId}`, title, at: newest?.created ?? null, detail } });
  }
  return ok({ ...clients.value, items });
}

/** Okta lists the tokens of all administrators; only those of this account are kept. */
async function apiTokens(api: OktaApi, { account, call }: Target): Answer<Listed<Grant>> {
  const rows = await api.list('/api/v1/api-tokens?limit=200', apiToken, call);
  if (!rows.ok) {
    if (!ifShown(rows).ok) return rows;
    // Only administrators can have API tokens; for others nothing was left unread.
    const roles = await readRoles(api, rolesPath(account.accountId), call);
    return ok({
      items: [],
      complete: roles.ok && roles.value.complete && roles.value.items.length === 0,
      because: rows.error,
    });
  }
  const items = rows.value.items
    .filter(({ userId }) => userId === account.accountId)
    .map(({ id, name, created: at }): Grant => {
      const title = `API token ${name === '' ? id : name}`;
      return { path: `/api/v1/api-tokens/${segment(id)}`, item: { id: `api_token/${id}`, title, at } };
    });
  // A token that names nobody may be this account's.
  const complete = rows.value.complete && rows.value.items.every(({ userId }) => userId !== '');
  return ok({ items, complete });
}

/** What applications may do in the person's name, and the person's own API tokens. */
export const readGrants = (api: OktaApi, on: Target): Answer<Listed<Grant>> =>
  mapped(allOf([consents(api, on), refreshTokens(api, on), apiTokens(api, on)]), (lists) => ({
    ...lists[2],
    items: lists.flatMap(({ items }) => items),
    complete: lists.every(({ complete }) => complete),
  }));

/** What neither a new password nor the end of the sessions ends. */
export const API_TOKENS = lastingUntil(
  'API tokens, if the account is or was an administrator: they end with the grants, revoke those too',
  'revoke_grants',
);

export const revokeGrants = ({ api }: Parts): Action<'revoke_grants', Reading> =>
  itemAction(
    {
      words: {
        nothingLeft: 'Okta lists none of the chosen grants and tokens any more.',
        unread: 'Okta lists a grant or token that cannot be read; look at the account in its console.',
      },
      list: (on) => readGrants(api, on),
      id: ({ item }) => item.id,
      title: ({ item }) => item.title,
      change: ({ path }, { call }) => api.change({ method: 'DELETE', path, call }),
    },
    {
      can: scopes(SCOPE.manageUsers, SCOPE.readTokens, SCOPE.manageTokens),
      residual: [lasting('Access tokens that were handed out already', 3600)],
    },
  );
