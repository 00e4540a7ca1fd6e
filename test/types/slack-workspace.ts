/** What the connector reads of Slack, against the types of Slack's own Web API client. */
import type {
  AdminUsersSessionListResponse,
  AuthTestResponse,
  TeamAccessLogsResponse,
  TeamInfoResponse,
  TeamIntegrationLogsResponse,
  UsersInfoResponse,
} from '@slack/web-api';
import type { None, Unread } from 'identity-sandbox/vendor';
import type { login } from '../../src/connectors/slack-workspace/evidence/access-log.js';
import type { log } from '../../src/connectors/slack-workspace/evidence/apps.js';
import type { body } from '../../src/connectors/slack-workspace/identity.js';
import type { session } from '../../src/connectors/slack-workspace/sessions.js';
import type { teamInfo } from '../../src/connectors/slack-workspace/state.js';
import type { slackUser } from '../../src/connectors/slack-workspace/user.js';
import type { ReadBy } from './read-by.js';

type Of<T, Key extends keyof T> = NonNullable<T[Key]>;
type RowOf<T, Key extends keyof T> = Of<T, Key> extends readonly (infer Row)[] ? Row : never;

type User = Of<UsersInfoResponse, 'user'>;
type Session = RowOf<AdminUsersSessionListResponse, 'active_sessions'>;
type Login = RowOf<TeamAccessLogsResponse, 'logins'>;
type Integration = RowOf<TeamIntegrationLogsResponse, 'logs'>;

export type Reads = [
  None<Unread<User, ReadBy<typeof slackUser>>>,
  None<Unread<Session, ReadBy<typeof session>>>,
  None<Unread<Login, ReadBy<typeof login>>>,
  None<Unread<Integration, ReadBy<typeof log>>>,
  None<Unread<TeamInfoResponse, ReadBy<typeof teamInfo>>>,
  None<Unread<AuthTestResponse, ReadBy<typeof body>>>,
];

// @ts-expect-error What Slack does not have cannot be read.
export type Unheard = None<Unread<User, { locked: boolean }>>;
// @ts-expect-error A number comes where a text is read.
export type Misread = None<Unread<Session, { session_id: string }>>;
