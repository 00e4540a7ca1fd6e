import { createEntraIdConnector } from '../../../src/connectors/entra-id/connector.js';
import { entraIdSettings } from '../../../src/connectors/entra-id/settings.js';
import { ADA, settingsFor, startDirectory } from '../entra-id-subject.js';
import { describeBentAnswers } from './describe.js';

const FROM = '198.51.100.66';

describeBentAnswers(
  'Entra ID',
  {
    lists: ['value'],
    keys: ['id', '@odata.type', 'clientId', 'resourceId', 'roleDefinitionId', 'directoryScopeId', 'cidrAddress'],
    optional: ['actions', 'forwardTo', 'redirectTo', 'moveToFolder', 'markAsRead', 'delete'],
    cursors: [['@odata.nextLink']],
    emails: { person: ADA, ambiguous: 'shared@contoso.example' },
    isSignIn: (path) => path.endsWith('/token'),
    async start(clock) {
      const directory = await startDirectory(clock);
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare(kind) {
          if (kind === null || kind === 'remove_admin_roles') {
            directory.setRole(ADA, 'Helpdesk Administrator', true);
            directory.setEligible(ADA, 'Exchange Administrator', {});
          }
          directory.intrude(ADA, { ip: FROM, country: 'BR' });
        },
        report: () => directory.reportSuspicious(ADA, FROM),
      };
    },
    connect: (url, runtime, log) =>
      createEntraIdConnector(
        entraIdSettings.parse(
          settingsFor(url, {
            app_assignments: true,
            sign_in_notices: true,
            login_ranges: 'rule',
            login_range_groups: [],
          }),
        ),
        runtime,
        log,
      ),
  },
  { decoders: 28 },
);
