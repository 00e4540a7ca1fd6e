/** What the app asks of Slack and reads from it, against Slack's types. */
import type { AllMessageEvents, AppMentionEvent, GenericMessageEvent, KnownBlock, ModalView } from '@slack/types';
import type { ButtonAction, OverflowAction, StaticSelectAction } from '@slack/bolt';
import type {
  AuthTestResponse,
  ChatPostMessageResponse,
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsListResponse,
  ConversationsOpenResponse,
  ConversationsRepliesResponse,
  UsergroupsUsersListResponse,
  UsersConversationsResponse,
  UsersInfoResponse,
  UsersListResponse,
  UsersLookupByEmailResponse,
  WebClient,
} from '@slack/web-api';
import type { None, Unread } from 'identity-sandbox/vendor';
import type { Slack } from '../../packages/slack-sandbox/src/vendor/index.js';
import type { whoAndWhere } from '../../src/slack/app.js';
import type { authTest, channelPage } from '../../src/slack/client.js';
import type { members, slackUser } from '../../src/slack/directory.js';
import type { page } from '../../src/slack/find-member.js';
import type {
  appMention,
  clickPayload,
  commandPayload,
  directMessage,
  editedMessage,
  homeOpened,
  shortcutPayload,
  submitPayload,
} from '../../src/slack/listeners/payloads.js';
import type { unknownPayload } from '../../src/slack/listeners/unknown.js';
import type { found, opened, placed } from '../../src/slack/messenger.js';
import type { channelPage as directPage, messagePage } from '../../src/slack/missed-messages.js';
import type { describedChannel } from '../../src/slack/private-channel.js';
import type { user } from '../../src/slack/standing.js';
import type { ReadBy } from './read-by.js';

/** The metadata of a message is the app's own: docs.slack.dev/messaging/message-metadata */
interface Posted {
  metadata?: { event_type?: string; event_payload?: { post_id?: string } };
}
type WithMetadata = Omit<ConversationsHistoryResponse, 'messages'> & {
  messages?: (Omit<Slack.Message, 'metadata'> & Posted)[];
};

export type Answers = [
  None<Unread<AuthTestResponse, ReadBy<typeof authTest>>>,
  None<Unread<UsersConversationsResponse, ReadBy<typeof channelPage>>>,
  None<Unread<ConversationsListResponse, ReadBy<typeof channelPage>>>,
  None<Unread<UsersConversationsResponse, ReadBy<typeof directPage>>>,
  None<Unread<ConversationsHistoryResponse, ReadBy<typeof messagePage>>>,
  None<Unread<ConversationsRepliesResponse, ReadBy<typeof messagePage>>>,
  None<Unread<UsersInfoResponse, ReadBy<typeof slackUser>>>,
  None<Unread<UsersLookupByEmailResponse, ReadBy<typeof slackUser>>>,
  None<Unread<NonNullable<UsersInfoResponse['user']>, ReadBy<typeof user>>>,
  None<Unread<UsergroupsUsersListResponse, ReadBy<typeof members>>>,
  None<Unread<UsersListResponse, ReadBy<typeof page>>>,
  None<Unread<ChatPostMessageResponse, ReadBy<typeof placed>>>,
  None<Unread<WithMetadata, ReadBy<typeof found>>>,
  None<Unread<NonNullable<ConversationsInfoResponse['channel']>, ReadBy<typeof describedChannel>>>,
  None<Unread<ConversationsOpenResponse, ReadBy<typeof opened>>>,
];

type Interactions = Slack.Interactions;
/** Of all elements, Notme has buttons and menus. */
type Click = Omit<Interactions['block_actions'], 'actions'> & {
  actions: (Pick<ButtonAction, 'action_id' | 'action_ts' | 'value'> &
    Pick<StaticSelectAction | OverflowAction, 'selected_option'>)[];
};
type Message = Omit<GenericMessageEvent, 'subtype'> & Pick<AllMessageEvents, 'subtype'>;

/** What is not meant for Notme, or not written by a person, is passed over. */
type PassedOver =
  | `.channel_type: ${'channel' | 'group' | 'mpim' | 'app_home'} is not read`
  | `.subtype: ${string} is not read`
  | `.bot_id: ${string} is not read`;

export type Deliveries = [
  None<Unread<Click, ReadBy<typeof clickPayload>>>,
  None<Unread<Interactions['view_submission'], ReadBy<typeof submitPayload>>>,
  None<Unread<Slack.Command, ReadBy<typeof commandPayload>>>,
  None<Unread<Interactions['message_action'], ReadBy<typeof shortcutPayload>>>,
  None<Unread<Interactions['shortcut'], Omit<ReadBy<typeof shortcutPayload>, 'message'>>>,
  None<Exclude<Unread<Message, ReadBy<typeof directMessage>>, PassedOver>>,
  None<Exclude<Unread<Slack.Messages['message_changed'], ReadBy<typeof editedMessage>>, PassedOver>>,
  None<Exclude<Unread<AppMentionEvent, ReadBy<typeof appMention>>, PassedOver>>,
  None<Unread<Slack.Events['app_home_opened'], ReadBy<typeof homeOpened>>>,
  None<Unread<Click, Omit<ReadBy<typeof unknownPayload>, 'command'>>>,
  None<Unread<Slack.Command, Pick<ReadBy<typeof unknownPayload>, 'command' | 'response_url'>>>,
  None<Unread<Click, Pick<ReadBy<typeof whoAndWhere>, 'user'>>>,
  None<Unread<Slack.Command, Pick<ReadBy<typeof whoAndWhere>, 'user_id'>>>,
  None<Unread<{ event: AppMentionEvent }, Pick<ReadBy<typeof whoAndWhere>, 'event'>>>,
];

// @ts-expect-error What Slack does not have cannot be read.
export type Unheard = None<Unread<Click, { user: { locked: boolean } }>>;
// @ts-expect-error A text comes where a number is read.
export type Misread = None<Unread<Click, { trigger_id: number }>>;
// @ts-expect-error An app may be installed for an organization, and then there is no team.
export type Surprised = None<Unread<Click, { team: { id: string } }>>;
// @ts-expect-error Nor deeper, in a list.
export type Deeper = None<Unread<Click, { actions: { values: string }[] }>>;
type Entered<Input> = { view: { state: { values: Record<string, Record<string, Input>> } } };
// @ts-expect-error Nor in what was entered in a window.
export type Chosen = None<Unread<Interactions['view_submission'], Entered<{ chosen: string }>>>;
// @ts-expect-error Nor in a list that is read item by item.
export type Item = None<Unread<{ channels?: { id?: string }[] }, ReadBy<typeof channelPage>>>;
// @ts-expect-error Nor by a schema that is lenient: a mention does not say of what type its channel is.
export type Mention = None<Exclude<Unread<AppMentionEvent, ReadBy<typeof directMessage>>, PassedOver>>;

/** What is asked is typed by Slack's own client where it is written; this shows that it is. */
export async function asks(client: WebClient): Promise<void> {
  const to = { channel: 'C1', text: 'hello' };
  // @ts-expect-error The method has no such argument.
  await client.chat.postMessage({ ...to, colour: 'red' });
  // @ts-expect-error A text is a text.
  await client.chat.postMessage({ ...to, text: 1 });
  // @ts-expect-error No thread is no argument.
  await client.chat.postMessage({ ...to, thread_ts: null });
  // @ts-expect-error Slack has to be told whom.
  await client.users.info({});
}
// @ts-expect-error Slack has no such method.
export type Lock = WebClient['users']['lock'];
const text = { type: 'plain_text', text: 'hello' } as const;
// @ts-expect-error A button has no such key.
export const actions: KnownBlock = { type: 'actions', elements: [{ type: 'button', text, size: 1 }] };
// @ts-expect-error A section has no such key.
export const block: KnownBlock = { type: 'section', text: { type: 'mrkdwn', text: 'hello' }, colour: 'red' };
// @ts-expect-error A title is plain.
export const view: ModalView = { type: 'modal', title: { type: 'mrkdwn', text: 'hello' }, blocks: [] };
