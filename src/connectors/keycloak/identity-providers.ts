import { z } from 'zod';
import { segment } from '../http/path.js';
import { lasting, lastingUntil, type Action, type Answer, type Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { unlinkAction, type Link } from '../kit/linked-providers.js';
import { ifShown } from '../kit/partial.js';
import { isOwnType, PASSWORD, readCredentials, type Credential } from './holdings.js';
import { readUserEvents, type UserEvent } from './log.js';
import { managing } from './permissions.js';
import type { KeycloakSettings } from './settings.js';
import { permittedAction, type Parts, type Reading } from './state.js';
import { readUser, userPath, type KeycloakUser } from './user.js';

// Keycloak's admin REST API: `GET`, `POST` and `DELETE users/{id}/federated-identity[/{provider}]`
// (UserResource.java: view-users to read, manage-users to change, 404 for a link that is not there, 409 for one that is).

/** An empty one is none: no link is made again with it. */
const text = z.string().min(1).nullish().catch(null);
export const identity = z.object({ identityProvider: z.string().min(1), userId: text, userName: text });
type Identity = z.output<typeof identity>;

const LINKED = 'FEDERATED_IDENTITY_LINK';
const MOST_ROWS = 50;

/** `null`: not told. */
function isFederated({ federationLink }: KeycloakUser, credentials: Listed<Credential> | null): boolean | null {
  if (federationLink === undefined) return null;
  if (federationLink !== null) return false;
  if (credentials?.items.some(({ type }) => type === PASSWORD) === true) return false;
  // One of an unknown type may be a password.
  return credentials?.complete === true && credentials.items.every(isOwnType) ? true : null;
}

/**
 * Whether the account proves itself there. A provider of the company (`upstream`) stays its own when there is a password
 * as well: whoever holds the session can set one. Of the others, being the only link says nothing: somebody with a passkey
 * has neither password nor link, until another links one.
 */
function isOwn(
  alias: string,
  all: readonly string[],
  { federated, upstream }: { readonly federated: boolean | null } & Pick<KeycloakSettings, 'upstream'>,
): boolean | null {
  const named = all.filter((one) => Object.hasOwn(upstream, one));
  if (named.length > 0) return named.includes(alias);
  return federated === false ? false : null;
}

/** When it was linked, as far as the log of users still tells. */
const linkedAt = (rows: readonly UserEvent[], alias: string): Date | null =>
  rows.find(({ details, error }) => error === null && details?.['identity_provider'] === alias)?.time ?? null;

/** The accounts elsewhere that sign in to this one. */
export function readLinks({ api, settings }: Parts, on: Target): Answer<Listed<Link>> {
  const { account, call } = on;
  const query = { max: MOST_ROWS, userId: account.accountId, types: [LINKED] };
  const found = allOf([
    api.list({ path: userPath(on, '/federated-identity'), schema: identity, call }),
    readUser(api, on),
    readCredentials(api, on).then(ifShown),
    readUserEvents(api, query, call).then(ifShown),
  ]);
  return mapped(found, ([links, user, credentials, log]) => {
    const federated = isFederated(user, credentials);
    const aliases = links.items.map(({ identityProvider }) => identityProvider);
    const linkOf = ({ identityProvider: alias, userId, userName }: Identity): Link => ({
      provider: alias,
      title: `${alias} as ${userName ?? userId ?? 'somebody'}`,
      at: linkedAt(log?.items ?? [], alias),
      own: isOwn(alias, aliases, { federated, upstream: settings.upstream }),
      // Without one of both the link could not be made as it was.
      saved: !userId || !userName ? null : [userId, userName],
    });
    return { items: links.items.map(linkOf), complete: links.complete };
  });
}

export function unlinkIdentityProviders(parts: Parts): Action<'unlink_identity_providers', Reading> {
  const { api } = parts;
  const path = (alias: string, on: Target): string => userPath(on, `/federated-identity/${segment(alias)}`);
  const action = unlinkAction<Reading>(
    {
      title: 'Keycloak',
      list: (on) => readLinks(parts, on),
      unlink: (link, on) => api.write({ method: 'DELETE', path: path(link.provider, on), call: on.call }),
      link(identityProvider, saved, on) {
        if (!Array.isArray(saved)) return null;
        const [userId = '', userName = ''] = z.array(z.string()).parse(saved);
        const json = { identityProvider, userId, userName };
        return api.write({ method: 'POST', path: path(identityProvider, on), json, call: on.call });
      },
    },
    {
      can: managing(),
      residual: [
        lastingUntil('Sessions that were opened through them, until they are revoked', 'revoke_sessions'),
        lasting(
          'Whoever signs in with the account elsewhere may link it again, where the first login flow of the provider lets him',
        ),
      ],
    },
  );
  return permittedAction(parts, action);
}
