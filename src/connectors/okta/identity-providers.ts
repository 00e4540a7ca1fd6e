import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { segment } from '../http/path.js';
import { lasting, lastingUntil, type Action, type Answer, type Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { unlinkAction, type Link } from '../kit/linked-providers.js';
import { ifShown } from '../kit/partial.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { authorityOf, readUser, text, time, userPath, type OktaUser } from './user.js';

// Okta's management API, tag IdentityProviderUsers: `GET /users/{userId}/idps` lists the providers, `GET`, `DELETE` and
// `POST /idps/{idpId}/users/{userId}` show, end and make one link. okta.idps.read and okta.idps.manage; making one takes
// okta.users.manage.

export const provider = z.object({ id: z.string().min(1), name: text, type: text });
type Provider = z.output<typeof provider>;
export const linked = z.object({ externalId: text, created: time });

/** Each is one more question. */
const MOST_LINKS = 20;

const linkPath = (providerId: string, { account }: Target): string =>
  `/api/v1/idps/${segment(providerId)}/users/${segment(account.accountId)}`;

/**
 * Whether the account proves itself there. Okta names the source of a federated account by the provider's name or kind,
 * or only as FEDERATION: then it may be each of them.
 */
function isOwn(user: OktaUser, { name, type }: Provider, all: readonly Provider[]): boolean | null {
  const authority = authorityOf(user);
  if (authority === null) return null;
  if (authority.where !== 'federated') return false;
  const from = authority.from?.toLowerCase();
  const isNamed = (one: Pick<Provider, 'name' | 'type'>): boolean =>
    [one.name, one.type].some((word) => word?.toLowerCase() === from);
  const named = all.filter(isNamed).length;
  // An org may have several providers of one kind: which of them is meant, Okta does not say.
  if (named > 0) return isNamed({ name, type }) && (named === 1 || null);
  return all.length === 1 ? true : null;
}

async function readLink({ api }: Parts, on: Target, one: Provider, own: boolean | null): Answer<Link> {
  const found = ifShown(await api.one(linkPath(one.id, on), linked, on.call));
  return mapped(found, (link) => ({
    provider: one.id,
    title: `${one.name ?? one.id}${one.type === null ? '' : ` (${one.type})`}`,
    at: link?.created ?? null,
    own,
    saved: link?.externalId ?? null,
  }));
}

/** The accounts elsewhere that sign in to this one. */
export const readLinks = (parts: Parts, on: Target): Answer<Listed<Link>> => {
  const { api } = parts;
  const providers = api.list(userPath(on.account.accountId, '/idps'), provider, on.call);
  return andThen(allOf([readUser(api, on), providers]), async ([user, { items, complete }]) => {
    const links: Link[] = [];
    for (const one of items.slice(0, MOST_LINKS)) {
      const link = await readLink(parts, on, one, isOwn(user, one, items));
      if (!link.ok) return link;
      links.push(link.value);
    }
    return ok({ items: links, complete: complete && items.length <= MOST_LINKS });
  });
};

/** What neither a new password nor new factors end. */
export const LINKED = lastingUntil(
  'Sign-in through a linked identity provider, if the account has one: it takes neither password nor factor from Okta',
  'unlink_identity_providers',
);

export const unlinkIdentityProviders = (parts: Parts): Action<'unlink_identity_providers', Reading> => {
  const { api } = parts;
  return unlinkAction(
    {
      title: 'Okta',
      list: (on) => readLinks(parts, on),
      unlink: (link, on) => api.change({ method: 'DELETE', path: linkPath(link.provider, on), call: on.call }),
      link(providerId, externalId, on) {
        if (typeof externalId !== 'string') return null;
        return api.change({ method: 'POST', path: linkPath(providerId, on), json: { externalId }, call: on.call });
      },
    },
    {
      can: scopes(SCOPE.manageUsers, SCOPE.readProviders, SCOPE.manageProviders),
      residual: [
        lastingUntil('Sessions that were opened through them, until they are revoked', 'revoke_sessions'),
        lasting(
          'An identity provider whose account link policy is automatic: it links the account again at the next sign-in through it (Security | Identity Providers)',
        ),
      ],
    },
  );
};
