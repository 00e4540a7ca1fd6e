import type { KeycloakDirectory } from 'identity-sandbox/keycloak';
import { ADA, connect, startDirectory } from '../keycloak-subject.js';
import { describeBentAnswers } from './describe.js';

const open = new Map<string, KeycloakDirectory>();

describeBentAnswers(
  'Keycloak',
  {
    lists: [],
    keys: [
      'id',
      'type',
      'clientId',
      'client',
      'additionalGrants',
      'path',
      'name',
      'userId',
      'email',
      'resourcePath',
      'identityProvider',
    ],
    optional: ['email', 'error', 'additionalGrants', 'federatedIdentities', 'userName'],
    emails: { person: ADA, ambiguous: 'twin@example.com' },
    isSignIn: (path) => path.endsWith('/token'),
    async start(clock) {
      const directory = await startDirectory(clock);
      open.set(directory.url, directory);
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare() {
          directory.addFactor(ADA, 'otp', 'Phone');
          directory.addFactor(ADA, 'webauthn', 'Key');
          directory.addFactor(ADA, 'recovery-authn-codes', 'Codes');
          directory.intrude(ADA, { ip: '198.51.100.66' });
          directory.grantAdminRole(ADA, 'view-users');
          directory.link(ADA, 'google', 'mallory@evil.example');
        },
        report() {
          directory.lockOut(ADA, 'temporary', '198.51.100.66');
          directory.lockOut(ADA, 'permanent', '198.51.100.66');
        },
      };
    },
    connect: (url, runtime, log, directory) => {
      const adminClientUuid = (): string => open.get(directory.url)?.adminClientUuid() ?? '';
      return connect({ url, adminClientUuid }, runtime, {}, log);
    },
  },
  { decoders: 19 },
);
