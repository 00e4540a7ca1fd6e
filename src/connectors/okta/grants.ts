import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, ConnectorFailure, EvidenceItem } from '../port.js';
import { cannotTell, holds, type Action } from './action.js';
import { part } from './api.js';
import { chosenOf, each, judgeGone } from './items.js';
import { tell, type Parts } from './state.js';
import { time, userPath } from './user.js';

const text = z.string().optional().catch(undefined);

const consent = z.object({
  id: z.string().min(1),
  status: z.string().catch('ACTIVE'),
  clientId: z.string().catch(''),
  scopeId: z.string().catch(''),
  source: text,
  created: time,
});
const client = z.object({ client_id: z.string().min(1), client_name: z.string().catch('') });
const refreshToken = z.object({ id: z.string().min(1), created: time, scopes: z.array(z.string()).catch([]) });
const apiToken = z.object({
  id: z.string().min(1),
  name: z.string().catch(''),
  userId: z.string().catch(''),
  created: time,
});

export interface Grant {
  readonly id: string;
  readonly title: string;
  /** Where it is deleted. */
  readonly path: string;
  readonly item: EvidenceItem;
}

const grantAt = (path: string, item: EvidenceItem): Grant => ({ id: item.id, title: item.title, path, item });

type Read = Promise<Result<readonly Grant[], ConnectorFailure>>;

async function consents({ api }: Parts, { accountId }: AccountRef, call: CallContext): Read {
  const base = `${userPath(accountId)}/grants`;
  const rows = await api.list(`${base}?limit=100`, consent, call);
  if (!rows.ok) return rows;
  return ok(
    rows.value.rows
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ id, clientId, scopeId, source, created }) =>
        grantAt(`${base}/${part(id)}`, {
          id: `consent/${id}`,
          title: `Consent of ${scopeId} to ${clientId}`,
          at: created,
          ...(source === undefined
            ? {}
            : { detail: source === 'ADMIN' ? 'given by an administrator' : 'given by the person' }),
        }),
      ),
  );
}

/** Refresh tokens are revoked application by application. */
async function refreshTokens({ api }: Parts, { accountId }: AccountRef, call: CallContext): Read {
  const base = `${userPath(accountId)}/clients`;
  const clients = await api.list(base, client, call);
  if (!clients.ok) return clients;
  const found: Grant[] = [];
  for (const { client_id: clientId, client_name: name } of clients.value.rows) {
    const path = `${base}/${part(clientId)}/tokens`;
    const tokens = await api.list(`${path}?limit=20`, refreshToken, call, 1);
    if (!tokens.ok) return tokens;
    const [newest] = tokens.value.rows.toSorted((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0));
    if (newest === undefined) continue;
    const title = `Refresh tokens of ${name === '' ? clientId : name}`;
    found.push(grantAt(path, { id: `client/${clientId}`, title, at: newest.created, detail: newest.scopes.join(' ') }));
  }
  return ok(found);
}

/** Okta lists the tokens of all administrators; only those of this account are taken. */
async function apiTokens({ api }: Parts, { accountId }: AccountRef, call: CallContext): Read {
  const rows = await api.list('/api/v1/api-tokens?limit=200', apiToken, call);
  if (!rows.ok) return rows;
  return ok(
    rows.value.rows
      .filter(({ userId }) => userId === accountId)
      .map(({ id, name, created }) =>
        grantAt(`/api/v1/api-tokens/${part(id)}`, {
          id: `api_token/${id}`,
          title: `API token ${name === '' ? id : name}`,
          at: created,
        }),
      ),
  );
}

export interface Grants {
  readonly items: readonly Grant[];
  /** Why API tokens are not among them; `null` when they are. */
  readonly withoutApiTokens: string | null;
}

export async function readGrants(
  parts: Parts,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Grants, ConnectorFailure>> {
  const [granted, refreshed, administrative] = await Promise.all([
    consents(parts, account, call),
    refreshTokens(parts, account, call),
    apiTokens(parts, account, call),
  ]);
  if (!granted.ok) return granted;
  if (!refreshed.ok) return refreshed;
  const tokens = tell(administrative);
  if (!tokens.ok) return tokens;
  return ok({
    items: [...granted.value, ...refreshed.value, ...(tokens.value ?? [])],
    withoutApiTokens: administrative.ok ? null : administrative.error.message,
  });
}

export function revokeGrants(parts: Parts, items: Chosen): Action {
  return {
    async perform({ account, call }) {
      const present = await readGrants(parts, account, call);
      if (!present.ok) return present;
      const { items: found, withoutApiTokens } = present.value;
      const wantsToken = items !== 'all' && items.some((id) => id.startsWith('api_token/'));
      if (wantsToken && withoutApiTokens !== null) {
        return err({ kind: 'permission', message: withoutApiTokens, missing: 'okta.apiTokens.manage' });
      }
      return each(chosenOf(found, items), ({ path }) => parts.api.change({ method: 'DELETE', path, call }));
    },
    async judge({ account, call }, { reading }) {
      const present = await readGrants(parts, account, call);
      if (!present.ok) return present;
      const { items: found, withoutApiTokens } = present.value;
      const verdict = judgeGone(ok(chosenOf(found, items)), 'the chosen grants and tokens');
      // Only administrators can have API tokens; of others nothing was left unread.
      const unread = withoutApiTokens !== null && (reading.state.adminRoles ?? ['unknown']).length > 0;
      if (!verdict.ok || verdict.value.verdict !== 'holds' || !unread) return verdict;
      return ok(
        cannotTell(`${holds(verdict.value.observed).observed} API tokens may not be read: ${withoutApiTokens}`),
      );
    },
    undo: null,
    survives: [{ what: 'Access tokens that were handed out already', forSeconds: 3600 }],
  };
}
