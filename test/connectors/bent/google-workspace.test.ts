import { ADA, BOB, connect, startDirectory } from '../google-workspace-subject.js';
import { describeBentAnswers } from './describe.js';

describeBentAnswers(
  'Google Workspace',
  {
    lists: [
      'users',
      'items',
      'alerts',
      'groups',
      'members',
      'mobiledevices',
      'filter',
      'forwardingAddresses',
      'delegates',
      'sendAs',
    ],
    keys: [
      'id',
      'kind',
      'clientId',
      'codeId',
      'resourceId',
      'roleAssignmentId',
      'roleId',
      'assignedTo',
      'email',
      'delegateEmail',
      'sendAsEmail',
      'forwardingEmail',
      'name',
      'events',
      'action',
      'addLabelIds',
      'removeLabelIds',
      'time',
      'alertId',
      'createTime',
      'status',
      'forward',
      'parameters',
      'value',
      'uniqueQualifier',
    ],
    optional: [
      '',
      'items',
      'alerts',
      'users',
      'groups',
      'filter',
      'mobiledevices',
      'delegates',
      'forwardingAddresses',
      'displayName',
      'replyToAddress',
      'signature',
      'treatAsAlias',
      'isDefault',
      'smtpMsa',
      'enabled',
      'accessWindow',
      'disposition',
      'emailAddress',
      'autoExpunge',
      'expungeBehavior',
      'maxFolderSize',
      'criteria',
      'recoveryEmail',
      'recoveryPhone',
      'addLabelIds',
      'removeLabelIds',
      'action',
      'forward',
      'from',
      'query',
    ],
    cursors: [['nextPageToken']],
    emails: { person: ADA },
    isSignIn: (path) => path.endsWith('/token'),
    async start(clock) {
      const directory = await startDirectory(clock);
      return {
        url: directory.url,
        close: () => directory.close(),
        prepare(kind) {
          if (kind === null || kind === 'remove_admin_roles') directory.assignRole(ADA, 'Groups Admin');
          if (kind !== 'remove_admin_roles')
            directory.intrude(ADA, { ip: '198.51.100.66', country: 'RO', forwardTo: BOB });
          if (kind === null || kind === 'disable_mail_rules')
            directory.sendAs(ADA, { sendAsEmail: 'billing@meadow.example', replyTo: 'ada@meadow.example' });
        },
        report() {
          directory.warn(ADA, 'hijacked', '198.51.100.66');
          directory.warn(ADA, 'suspicious_login', '198.51.100.66');
        },
      };
    },
    connect: (url, runtime, log, directory) => connect(url, runtime, { token_url: `${directory.url}/token` }, log),
  },
  { decoders: 22 },
);
