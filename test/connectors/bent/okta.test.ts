import { createOktaConnector } from '../../../src/connectors/okta/connector.js';
import { oktaSettings } from '../../../src/connectors/okta/settings.js';
import { ADA, API_TOKEN, GROUPS, startDirectory } from '../okta-subject.js';
import { describeBentAnswers } from './describe.js';

describeBentAnswers(
  'Okta',
  {
    lists: [],
    keys: ['id', 'uuid', 'client_id', 'userId', 'name', 'riskLevel'],
    optional: [
      'secondEmail',
      'mobilePhone',
      'credentials',
      'recovery_question',
      'question',
      'gateways',
      'pushOnlyResponseType',
    ],
    headers: [{ link: '<https://elsewhere>; rel="next"' }, { link: '<nonsense>; rel="next"' }],
    emails: { person: ADA, ambiguous: 'twins@example.com' },
    isSignIn: (path) => path.startsWith('/oauth2/v1/token'),
    async start(clock) {
      const directory = await startDirectory(clock);
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare(kind) {
          const left = ['remove_factors', 'revoke_grants', 'block_devices', 'clear_recovery_contacts'];
          if (kind === null || kind === 'remove_admin_roles') directory.promote(ADA, 'USER_ADMIN');
          if (kind === null || kind === 'remove_factors') directory.addAccessCode(ADA);
          if (kind === null || kind === 'unlink_identity_providers')
            directory.link(ADA, { name: 'Private Google', type: 'GOOGLE' });
          if (kind === null || left.includes(kind)) directory.intrude(ADA, { ip: '198.51.100.66', country: 'Brazil' });
        },
        report() {
          directory.reportSuspicious(ADA, { ip: '198.51.100.66', country: 'Brazil' });
          directory.rejectPush(ADA, { ip: '198.51.100.66', country: 'Brazil' });
          directory.rejectPush(ADA, { ip: '198.51.100.66', country: 'Brazil' }, 'classic');
        },
      };
    },
    connect: (url, runtime, log) =>
      createOktaConnector(
        oktaSettings.parse({ base_url: url, api_token: API_TOKEN, deadline_ms: 2000, ...GROUPS }),
        runtime,
        log,
      ),
  },
  { decoders: 22 },
);
