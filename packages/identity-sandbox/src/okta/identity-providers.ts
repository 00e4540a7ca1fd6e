import { answer, change, empty, refuse, withUser, type Context, type Handler } from './context.js';
import { forbidden, invalid, notFound } from './errors.js';
import type { LinkRecord, ProviderRecord, UserRecord } from './model.js';
import { linkJson, providerJson } from './wire.js';

// Tag IdentityProviderUsers of Okta's management API.

const linksOf = ({ links = [] }: UserRecord): readonly LinkRecord[] => links;

export const listProvidersOf = withUser(({ state }, user) =>
  answer(
    linksOf(user).flatMap(({ providerId }) => {
      const provider = state.providers.find(({ id }) => id === providerId);
      return provider === undefined ? [] : [providerJson(provider)];
    }),
  ),
);

interface Found {
  readonly provider: ProviderRecord;
  readonly user: UserRecord;
  readonly link: LinkRecord | undefined;
}

/** The provider of the path's first part and the person of its second, by id alone. */
const withBoth =
  (handle: (context: Context, found: Found) => ReturnType<Handler>): Handler =>
  (context) => {
    const [providerId = '', userId = ''] = context.params;
    const provider = context.state.providers.find(({ id }) => id === providerId);
    if (provider === undefined) return refuse(notFound(providerId, 'IdpAppInstance'));
    const user = context.state.byId(userId);
    if (user === undefined) return refuse(notFound(userId, 'User'));
    return handle(context, { provider, user, link: linksOf(user).find((one) => one.providerId === providerId) });
  };

export const getLink = withBoth((context, { user, link }) =>
  link === undefined ? refuse(notFound(user.id, 'AppUser')) : answer(linkJson(link, user.id, context.base)),
);

export const unlink = withBoth((context, { provider, user, link }) => {
  if (link === undefined) return refuse(notFound(user.id, 'AppUser'));
  if (!context.reaches(user)) return refuse(forbidden());
  return change(user, () => {
    user.links = linksOf(user).filter(({ providerId }) => providerId !== provider.id);
    context.state.changed();
    return empty();
  });
});

/** Links anew, also where the account was linked with another name there: that is replaced. */
export const link = withBoth((context, { provider, user }) => {
  const externalId = context.json['externalId'];
  if (typeof externalId !== 'string' || externalId === '')
    return refuse(invalid('externalId', 'externalId: The field cannot be left blank'));
  if (!provider.keepsNameId)
    return refuse(invalid('idp', 'honorPersistentNameId must be true for the identity provider'));
  return change(user, () => {
    const made: LinkRecord = { providerId: provider.id, externalId, created: context.state.now() };
    user.links = [...linksOf(user).filter(({ providerId }) => providerId !== provider.id), made];
    context.state.changed();
    return { status: 200, body: linkJson(made, user.id, context.base) };
  });
});
