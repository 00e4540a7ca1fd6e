import { partyOf, type OktaState } from './state.js';
import { newRole, oktaId } from './seed.js';
import type { Party, ProviderRecord, StandardRole, UserRecord } from './model.js';

export interface Intrusion {
  readonly ip: string;
  /** As Okta writes it: the country's English name. */
  readonly country: string;
}

const AGENT = 'python-requests/2.31';

const system: Party = {
  id: 'okta',
  type: 'SystemPrincipal',
  alternateId: 'system@okta.com',
  displayName: 'Okta System',
};

/** What somebody who got in leaves behind, each with its rows in the log. */
export function intrude(state: OktaState, user: UserRecord, { ip, country }: Intrusion): void {
  const self = partyOf(user);
  const origin = { actor: self, ip, country, userAgent: AGENT };
  const now = state.now();
  state.writeLog('user.session.start', [], { ...origin, result: 'FAILURE' });
  user.sessions += 1;
  user.lastLogin = now;
  state.writeLog('user.session.start', [], origin);
  user.factors.push({
    id: oktaId('sms'),
    factorType: 'sms',
    provider: 'OKTA',
    vendorName: 'OKTA',
    created: now,
    profile: { phoneNumber: '+15550100999' },
  });
  user.factors.push({
    id: oktaId('uft'),
    factorType: 'token:software:totp',
    provider: 'GOOGLE',
    vendorName: 'GOOGLE',
    created: now,
    profile: { credentialId: user.profile['login'] ?? '' },
  });
  state.writeLog('user.mfa.factor.activate', [self], origin);
  state.writeLog('user.mfa.factor.activate', [self], origin);
  user.profile['secondEmail'] = `collect@${user.id.toLowerCase()}.example`;
  state.writeLog('user.account.update_profile', [self], origin);
  const clientId = oktaId('0oa');
  for (const scopeId of ['offline_access', 'okta.users.read.self']) {
    user.consents.push({ id: oktaId('oag'), clientId, scopeId, source: 'END_USER', created: now });
  }
  state.writeLog('app.oauth2.as.consent.grant', [self], origin);
  user.refreshTokens.push({
    id: oktaId('oar'),
    clientId,
    clientName: 'Mail Helper',
    scopes: ['offline_access', 'profile'],
    created: now,
  });
  state.devices.push({
    id: oktaId('guo'),
    userId: user.id,
    displayName: 'DESKTOP-7Q2',
    platform: 'WINDOWS',
    osVersion: '10.0.19045',
    created: now,
    status: 'ACTIVE',
  });
  state.writeLog('device.user.add', [self], origin);
  if (user.roles.length > 0) state.apiTokens.push({ id: oktaId('00T'), name: 'sync', userId: user.id, created: now });
}

/** An account at another identity provider is linked, which then signs in to this one. */
export function linkProvider(
  state: OktaState,
  user: UserRecord,
  about: Pick<ProviderRecord, 'name' | 'type'> & { readonly keepsNameId?: boolean },
): void {
  const created = state.now();
  const known = state.providers.find(({ name }) => name === about.name);
  const provider = known ?? { keepsNameId: true, ...about, id: oktaId('0oa'), created };
  if (known === undefined) state.providers.push(provider);
  const others = (user.links ?? []).filter(({ providerId }) => providerId !== provider.id);
  user.links = [...others, { providerId: provider.id, externalId: oktaId('ext'), created }];
  state.changed();
}

/** The rest of what an attacker may take: a role, with a token of its own. */
export function promote(state: OktaState, user: UserRecord, role: StandardRole): void {
  user.roles.push(newRole(role, state.now()));
  state.writeLog('user.account.privilege.grant', [partyOf(user)], { actor: system });
  state.apiTokens.push({ id: oktaId('00T'), name: 'sync', userId: user.id, created: state.now() });
  state.changed();
}
