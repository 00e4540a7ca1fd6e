import { ADA, connect, intrude, startSlack } from '../slack-workspace-subject.js';
import { systemRuntime } from '../../../src/platform/runtime.js';
import { describeBentAnswers } from './describe.js';

/** Slack's Web API takes every call by POST: what changes something is told by its name. */
const CHANGES = /\/(?:admin\.users\.(?:session\.reset|setRegular|setAdmin|setOwner))$/;

describeBentAnswers(
  'Slack',
  {
    lists: ['active_sessions', 'logs', 'logins', 'entries', 'Resources'],
    keys: [
      'app_id',
      'id',
      'ok',
      'user',
      'user_id',
      'session_id',
      'team_id',
      'action',
      'date_create',
      'date_first',
      'actor',
      'entity',
    ],
    // Slack, user object: "or the field may not appear at all"; what is shown to administrators alone.
    optional: ['deleted', 'has_2fa'],
    cursors: [['response_metadata', 'next_cursor']],
    emails: { person: ADA.email },
    isSignIn: () => false,
    isWrite: (method, path) => method === 'PATCH' || CHANGES.test(path),
    async start(clock) {
      const slack = await startSlack({ ...systemRuntime(), now: clock }, 'enterprise');
      return {
        url: new URL(slack.apiUrl).origin,
        close: () => slack.close(),
        prepare(kind) {
          if (kind === null || kind === 'remove_admin_roles')
            slack.administer({ do: 'role', user: ADA.id, role: 'admin', by: ADA.id });
          intrude(slack, ADA.id);
        },
      };
    },
    connect: (url, runtime, log) =>
      connect({ apiUrl: `${url}/api`, scimUrl: `${url}/scim/v2`, auditUrl: `${url}/audit/v1` }, runtime, {}, log),
  },
  { decoders: 10, one_in: 12 },
);
