import { z } from 'zod';
import type { Given } from '../json.js';

const json: z.ZodType<Given> = z.record(z.string(), z.unknown());
const text = z.string();
const flag = z.boolean();
const count = z.number().int();

/** Slack's plans, from the smallest: which of the administrators' interfaces there are depends on it. */
export const PLANS = ['free', 'pro', 'business_plus', 'enterprise'] as const;

export const TeamRecord = z.object({
  id: text,
  name: text,
  domain: text,
  plan: z.enum(PLANS).default('pro'),
  /** Where people sign in instead of with a password of Slack's. */
  sso_provider: z.object({ type: text, name: text, label: text }).optional(),
});

/** One browser or app that a person is signed in with. */
export const SessionRecord = z.object({
  session_id: count,
  user_id: text,
  device_hardware: text,
  os: text,
  os_version: text,
  slack_client_version: text,
  ip: text,
});

/** A row of the access log: one address and one client of one person, with the first and the last time. */
export const AccessRecord = z.object({
  user_id: text,
  username: text,
  date_first: count,
  date_last: count,
  count,
  ip: text,
  user_agent: text,
  isp: text,
  country: text,
  region: text,
});

/** A row of the integration log: who added, changed or removed an app. `date` is seconds since 1970, as text. */
export const IntegrationRecord = z.object({
  user_id: text,
  user_name: text,
  date: text,
  change_type: z.enum(['added', 'removed', 'enabled', 'disabled', 'expanded', 'updated']),
  app_id: text,
  app_type: text,
  scope: text,
});

/** A row of the audit log. `actor` and `entity` are ids of people. */
export const AuditRecord = z.object({
  id: text,
  date_create: count,
  action: text,
  actor: text,
  entity: text,
  ip_address: text,
  ua: text,
  session_id: count.optional(),
});

/** What only administrators see. */
export const OfficeRecord = z.object({
  sessions: z.array(SessionRecord).default([]),
  /** People whose sessions were ended: they sign in again before they do anything. */
  signed_out: z.array(text).default([]),
  access: z.array(AccessRecord).default([]),
  integrations: z.array(IntegrationRecord).default([]),
  audit: z.array(AuditRecord).default([]),
});

export const UserRecord = z.object({
  id: text,
  team_id: text,
  name: text,
  deleted: flag,
  color: text,
  real_name: text,
  tz: text,
  tz_label: text,
  tz_offset: count,
  profile: z.object({
    title: text,
    phone: text,
    skype: text,
    real_name: text,
    real_name_normalized: text,
    display_name: text,
    display_name_normalized: text,
    status_text: text,
    status_emoji: text,
    status_expiration: count,
    avatar_hash: text,
    email: text.optional(),
    first_name: text,
    last_name: text,
    image_72: text.optional(),
    api_app_id: text.optional(),
    bot_id: text.optional(),
    team: text,
  }),
  is_admin: flag,
  is_owner: flag,
  is_primary_owner: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_bot: flag,
  is_app_user: flag,
  updated: count,
  is_email_confirmed: flag,
  /** Shown to administrators alone. */
  has_2fa: flag.optional(),
});

export const UsergroupRecord = z.object({
  id: text,
  handle: text,
  name: text,
  description: text,
  users: z.array(text),
});

export const ChannelRecord = z.object({
  id: text,
  name: text,
  is_im: flag,
  is_private: flag,
  is_archived: flag,
  created: count,
  creator: text,
  /** The human of an im. */
  user: text.optional(),
  members: z.array(text),
  topic: text,
});

export const FileRecord = z.object({
  id: text,
  name: text,
  title: text,
  mimetype: text,
  size: count,
  user: text,
  created: count,
  complete: flag,
  content_base64: text,
  channels: z.array(text),
});

/** Of an app without a picture of its own: docs.slack.dev/reference/methods/bots.info */
const bot = 'https://a.slack-edge.com/80588/img/plugins/app/bot_';
export const BOT_ICONS = { image_36: `${bot}36.png`, image_48: `${bot}48.png`, image_72: `${bot}72.png` };
const BotIcons = z.object({ image_36: text, image_48: text, image_72: text });
const BotProfile = z.object({
  id: text,
  app_id: text,
  name: text,
  deleted: flag,
  updated: count,
  team_id: text,
  icons: BotIcons.default(BOT_ICONS),
});

export const MessageRecord = z.object({
  type: z.literal('message'),
  subtype: z.enum(['file_share', 'thread_broadcast']).optional(),
  ts: text,
  thread_ts: text.optional(),
  parent_user_id: text.optional(),
  client_msg_id: text.optional(),
  user: text,
  bot_id: text.optional(),
  app_id: text.optional(),
  bot_profile: BotProfile.optional(),
  username: text.optional(),
  team: text,
  text: text,
  blocks: z.array(json).optional(),
  attachments: z.array(json).optional(),
  metadata: json.optional(),
  edited: z.object({ user: text, ts: text }).optional(),
  reactions: z.array(z.object({ name: text, count, users: z.array(text) })).optional(),
  files: z.array(json).optional(),
  reply_count: count.optional(),
  reply_users_count: count.optional(),
  reply_users: z.array(text).optional(),
  latest_reply: text.optional(),
});

export const EphemeralRecord = MessageRecord.extend({ channel: text, for: text });

export const ViewRecord = z.object({
  id: text,
  team_id: text,
  type: z.enum(['modal', 'home']),
  title: json.nullable(),
  submit: json.nullable(),
  close: json.nullable(),
  blocks: z.array(json),
  private_metadata: text,
  callback_id: text,
  external_id: text,
  state: z.object({ values: z.record(z.string(), z.record(z.string(), json)) }),
  hash: text,
  clear_on_close: flag,
  notify_on_close: flag,
  submit_disabled: flag,
  root_view_id: text,
  previous_view_id: text.nullable(),
  app_id: text,
  app_installed_team_id: text,
  bot_id: text,
});

export const FailureRecord = z.object({ at: text, user: text, what: text, message: text });

export const ScheduledRecord = z.object({ id: text, channel: text, post_at: count, draft: json });

/** Everything a workspace remembers; the form of a snapshot. */
export const WorkspaceData = z.object({
  version: z.literal(1),
  counter: count,
  last_ts_us: count,
  team: TeamRecord,
  app: z.object({ id: text, bot_id: text, bot_user_id: text }),
  users: z.array(UserRecord),
  usergroups: z.array(UsergroupRecord),
  channels: z.array(ChannelRecord),
  messages: z.record(z.string(), z.array(MessageRecord)),
  ephemerals: z.array(EphemeralRecord),
  views: z.record(z.string(), z.array(ViewRecord)),
  homes: z.record(z.string(), ViewRecord),
  files: z.array(FileRecord),
  scheduled: z.array(ScheduledRecord),
  failures: z.array(FailureRecord),
  office: OfficeRecord.prefault({}),
});

export type Session = z.infer<typeof SessionRecord>;
export type AuditRow = z.infer<typeof AuditRecord>;
export type User = z.infer<typeof UserRecord>;
export type Channel = z.infer<typeof ChannelRecord>;
export type Message = z.infer<typeof MessageRecord>;
export type Ephemeral = z.infer<typeof EphemeralRecord>;
export type View = z.infer<typeof ViewRecord>;
export type ViewState = View['state']['values'];
export type StoredFile = z.infer<typeof FileRecord>;
export type WorkspaceState = z.infer<typeof WorkspaceData>;
