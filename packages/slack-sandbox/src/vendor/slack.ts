import type {
  BasicElementAction,
  BlockAction,
  BlockSuggestion,
  EnvelopedEvent,
  GlobalShortcut,
  MessageShortcut,
  SlashCommand,
  ViewClosedAction,
  ViewOutput,
  ViewSubmitAction,
} from '@slack/bolt';
import type {
  AppHomeOpenedEvent,
  AppMentionEvent,
  FileShareMessageEvent,
  GenericMessageEvent,
  MemberJoinedChannelEvent,
  MessageChangedEvent,
  MessageDeletedEvent,
  ReactionAddedEvent,
  ThreadBroadcastMessageEvent,
  UserChangeEvent,
} from '@slack/types';
import type {
  ChatPostMessageResponse,
  ChatUpdateResponse,
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsRepliesResponse,
  FilesCompleteUploadExternalResponse,
  UsersInfoResponse,
  ViewsOpenResponse,
  WebClient,
} from '@slack/web-api';

/**
 * Slack's types, and by name what they lack or get wrong: each with the page of Slack's that shows it.
 */

/** Without index signatures (`[key: string]: any`), behind which every key would fit. */
type Named<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };

type Of<T, Key extends keyof T> = NonNullable<T[Key]>;
type RowOf<T, Key extends keyof T> = Of<T, Key> extends readonly (infer Row)[] ? Row : never;

type In<Client, Name extends string> = Name extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Client
    ? In<Client[Head], Rest>
    : never
  : Name extends keyof Client
    ? Client[Name]
    : never;

/** What Slack's own client says that the method of this name answers; `never` when it knows no such method. */
type InClient<Name extends string> =
  In<WebClient, Name> extends (...args: never[]) => Promise<infer Answer> ? Answer : never;

/** docs.slack.dev/reference/methods/views.publish: `null` where there is none. */
interface Absent {
  close?: Of<Of<ViewsOpenResponse, 'view'>, 'close'> | null;
  submit?: Of<Of<ViewsOpenResponse, 'view'>, 'submit'> | null;
  previous_view_id?: string | null;
  /** Typed as `{}`. */
  state?: Pick<ViewOutput['state'], 'values'>;
}
type WithView = Omit<ViewsOpenResponse, 'view'> & {
  view?: Omit<Of<ViewsOpenResponse, 'view'>, keyof Absent> & Absent;
};

/** The types are made of samples, none of which was a direct message: docs.slack.dev/reference/objects/conversation-object */
interface Direct {
  user?: string;
}

/** Any message of a history; the types of single methods lack keys that their samples did not have. */
export type Message = RowOf<ConversationsHistoryResponse, 'messages'>;

/** docs.slack.dev/reference/methods/api.test: whatever was sent comes back. */
interface Echo {
  ok: boolean;
  args?: object;
}

interface Mended {
  'api.test': Echo;
  'chat.postMessage': Omit<ChatPostMessageResponse, 'message'> & { message?: Message };
  'chat.update': Omit<ChatUpdateResponse, 'message'> & { message?: Message };
  'conversations.info': ConversationsInfoResponse & { channel?: Direct };
  'conversations.replies': Omit<ConversationsRepliesResponse, 'messages'> & { messages?: Message[] };
  /** A user like any other, also one of an app: docs.slack.dev/reference/methods/users.lookupByEmail */
  'users.lookupByEmail': UsersInfoResponse;
  'views.open': WithView;
  'views.push': WithView;
  'views.update': WithView;
  'views.publish': WithView;
}

/** What the method of this name answers when all is well. */
export type Answer<Name> = Name extends keyof Mended ? Mended[Name] : Name extends string ? InClient<Name> : never;

/** docs.slack.dev/reference/interaction-payloads/block_actions-payload: `null` without an Enterprise organization. */
interface Enterprise {
  enterprise?: Of<BlockAction, 'enterprise'> | null;
}
/** docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
interface Username {
  user: { username?: string };
}
/** docs.slack.dev/reference/views/modal-views: `submit_disabled` */
export type View = ViewOutput & { submit_disabled?: boolean };

/** Typed as anything: docs.slack.dev/reference/interaction-payloads/block_actions-payload */
interface Container {
  type: 'message' | 'view';
  view_id?: string;
  message_ts?: string;
  channel_id?: string;
  thread_ts?: string;
  is_ephemeral?: boolean;
}
interface InPlace {
  container: Container;
  /** Typed with any further key. */
  message?: Message;
  view?: View;
}
type Told<T, Instead = Enterprise> = Omit<Named<T>, keyof Instead | 'enterprise'> & Instead & Enterprise;

/** An element's own keys are the app's, and come back as it gave them. */
type Actions = InPlace & { actions: BasicElementAction[]; /** Of messages alone. */ response_url?: string };

export interface Interactions {
  block_actions: Told<BlockAction, Actions>;
  block_suggestion: Told<BlockSuggestion, InPlace> & Username;
  view_submission: Told<ViewSubmitAction, { view: View }> & Username;
  view_closed: Told<ViewClosedAction, { view: View }> & Username;
  shortcut: Told<GlobalShortcut>;
  message_action: Told<MessageShortcut, { message: Message }>;
}
export type Command = Named<SlashCommand>;

/** docs.slack.dev/messaging/retrieving-messages: of a message that begins a thread. */
interface Thread {
  reply_count?: number;
  reply_users_count?: number;
  reply_users?: string[];
  latest_reply?: string;
}
/** JSON has no `undefined`, and Bolt's types ask for one. */
type Plain = Omit<GenericMessageEvent, 'subtype'>;
/** A message within an event is no event: docs.slack.dev/reference/events/message/message_changed */
type Nested = Omit<GenericMessageEvent, 'subtype' | 'channel' | 'channel_type' | 'event_ts'> &
  Thread & { subtype?: 'file_share' | 'thread_broadcast' };

/** docs.slack.dev/reference/objects/file-object; `channels` and `groups` are not told with a message. */
export type File = Omit<RowOf<FileShareMessageEvent, 'files'>, 'channels' | 'groups'> & {
  timestamp: number;
  user_team?: string;
};
export type CompletedFile = RowOf<FilesCompleteUploadExternalResponse, 'files'>;

/** A bot's message has no `client_msg_id`: docs.slack.dev/reference/events/message/thread_broadcast */
type Broadcast = Omit<ThreadBroadcastMessageEvent, 'root' | 'client_msg_id'> & {
  client_msg_id?: string;
  root: Nested;
};

/** What the local Slack does not know of a person is left out, and is optional here. */
type Person = Omit<Partial<UserChangeEvent['user']>, 'profile'> & {
  /** Of an app: docs.slack.dev/reference/objects/user-object */
  profile: Partial<UserChangeEvent['user']['profile']> & { api_app_id?: string; bot_id?: string };
};

export interface Messages {
  plain: Plain;
  file_share: FileShareMessageEvent;
  thread_broadcast: Broadcast;
  message_changed: Omit<MessageChangedEvent, 'message' | 'previous_message'> & {
    message: Nested;
    previous_message: Nested;
  };
  message_deleted: Omit<MessageDeletedEvent, 'previous_message'> & { previous_message: Nested };
}
export interface Events {
  app_mention: AppMentionEvent;
  /** Typed as a view that an app gives: docs.slack.dev/reference/events/app_home_opened */
  app_home_opened: Omit<AppHomeOpenedEvent, 'view'> & { view?: View };
  member_joined_channel: MemberJoinedChannelEvent;
  reaction_added: ReactionAddedEvent;
  user_change: Omit<UserChangeEvent, 'user'> & { user: Person };
}
/** docs.slack.dev/apis/events-api: `event_context` */
export type Envelope = Omit<Named<EnvelopedEvent>, 'event'> & { event: object; event_context?: string };
