import bolt from '@slack/bolt';
import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { ModalView } from '@slack/types';
import type { SlackSandbox, SlackSandboxOptions } from '../src/index.js';
import { createSlackSandbox } from '../src/index.js';

export const SEED = {
  team: { name: 'Harbour', domain: 'harbour' },
  users: [
    { name: 'ada', real_name: 'Ada Byron', email: 'ada@harbour.test', title: 'Pilot', tz: 'America/New_York' },
    { name: 'ben', real_name: 'Ben Cole', email: 'ben@harbour.test', is_admin: true },
  ],
  usergroups: [{ handle: 'crew', name: 'Crew', users: ['ada', 'ben'] }],
  channels: [
    { name: 'general', members: ['ada', 'ben', '@app'] },
    { name: 'elsewhere', members: ['ada'] },
    { name: 'vault', members: ['ada', '@app'], is_private: true },
    { name: 'secret', members: ['ada'], is_private: true },
    { name: 'old', members: ['ada', '@app'], is_archived: true },
  ],
};

const ALL_SCOPES = [
  'app_mentions:read', 'channels:history', 'channels:join', 'channels:read', 'chat:write', 'commands', 'files:write',
  'groups:history', 'groups:read', 'im:history', 'im:read', 'im:write', 'reactions:read', 'reactions:write', 'team:read',
  'usergroups:read', 'users:read', 'users:read.email', 'users.profile:read',
]; // prettier-ignore

const ALL_EVENTS = [
  'app_home_opened', 'app_mention', 'member_joined_channel', 'message.channels', 'message.groups', 'message.im', 'reaction_added',
  'user_change',
]; // prettier-ignore

export interface ManifestChoice {
  readonly scopes?: readonly string[];
  readonly events?: readonly string[];
  readonly socket?: boolean;
  readonly messagesTab?: boolean;
}

/** JSON is YAML. */
export const manifest = ({
  scopes = ALL_SCOPES,
  events = ALL_EVENTS,
  socket = true,
  messagesTab = true,
}: ManifestChoice = {}): string =>
  JSON.stringify({
    display_information: { name: 'Demo' },
    features: {
      bot_user: { display_name: 'demo' },
      app_home: { home_tab_enabled: true, messages_tab_enabled: messagesTab, messages_tab_read_only_enabled: false },
      slash_commands: [
        { command: '/demo', description: 'Shows', usage_hint: '[words]', should_escape: true },
        { command: '/silent', description: 'Nobody listens' },
      ],
      shortcuts: [
        { name: 'Begin', type: 'global', callback_id: 'begin', description: 'Opens a form' },
        { name: 'Inspect', type: 'message', callback_id: 'inspect', description: 'Looks at a message' },
      ],
    },
    oauth_config: { scopes: { bot: scopes, user: ['chat:write'] } },
    settings: {
      event_subscriptions: { bot_events: events },
      interactivity: { is_enabled: true },
      socket_mode_enabled: socket,
    },
  });

const plain = (text: string) => ({ type: 'plain_text' as const, text });

export const form = (title = 'Form', callbackId = 'form'): ModalView => ({
  type: 'modal',
  callback_id: callbackId,
  notify_on_close: true,
  title: plain(title),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'text', min_length: 3, max_length: 20 },
    },
    {
      type: 'section',
      block_id: 'more',
      text: plain('More'),
      accessory: { type: 'button', action_id: 'deeper', text: plain('Deeper') },
    },
  ],
});

export const card = () => [
  { type: 'section' as const, block_id: 's', text: { type: 'mrkdwn' as const, text: 'A *card*' } },
  {
    type: 'actions' as const,
    block_id: 'a',
    elements: [
      { type: 'button' as const, action_id: 'open', text: plain('Open'), value: 'ref-1' },
      {
        type: 'static_select' as const,
        action_id: 'pick',
        placeholder: plain('Pick'),
        options: [
          { text: plain('One'), value: '1' },
          { text: plain('Two'), value: '2' },
        ],
      },
    ],
  },
];

/** An ordinary Bolt app that notes what it was sent. */
export interface Demo {
  readonly app: App;
  readonly seen: { kind: string; body: unknown; retry?: number | undefined }[];
  readonly slack: SlackSandbox;
  readonly ada: string;
  readonly ben: string;
  channel(name: string): string;
  close(): Promise<void>;
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const logger = { ...quiet, setLevel: () => undefined, getLevel: () => bolt.LogLevel.ERROR, setName: () => undefined };

const Named = z.looseObject({
  type: z.string().optional(),
  command: z.string().optional(),
  event: z.looseObject({ type: z.string() }).optional(),
});

function listen(app: App, seen: Demo['seen']): void {
  app.use(async ({ body, context, next }) => {
    const named = Named.parse(body);
    seen.push({ kind: named.event?.type ?? named.type ?? named.command ?? '', body, retry: context.retryNum });
    await next();
  });
  app.message('card', async ({ say }) => {
    await say({ text: 'A card', blocks: card() });
  });
  app.message('in thread', async ({ say, message }) => {
    await say({ text: 'A reply', thread_ts: message.ts });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say(`You called, <@${event.user ?? ''}>?`);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks = [{ type: 'header' as const, text: plain('Home of Demo') }];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
  app.action<BlockAction<ButtonAction>>({ type: 'block_actions', action_id: 'open' }, async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form() });
  });
  app.action('pick', async ({ ack, respond, action }) => {
    await ack();
    const value = 'selected_option' in action && action.selected_option ? JSON.stringify(action.selected_option) : '';
    await respond({ text: `Picked ${value}` });
  });
  app.action<BlockAction<ButtonAction>>('deeper', async ({ ack, body, client }) => {
    await ack();
    await client.views.push({ trigger_id: body.trigger_id, view: form('Deeper', 'deeper_form') });
  });
  app.view<ViewSubmitAction>('form', async ({ ack, view, body, client }) => {
    const why = view.state.values['why']?.['text']?.value;
    if (why === 'wrong') await ack({ response_action: 'errors', errors: { why: 'Say it better' } });
    else if (why === 'update') await ack({ response_action: 'update', view: form('Updated') });
    else if (why === 'push') await ack({ response_action: 'push', view: form('Pushed', 'pushed') });
    else if (why === 'clear') await ack({ response_action: 'clear' });
    else if (why === 'nonsense') await ack({ response_action: 'errors', errors: { nowhere: 'x' } });
    else {
      if (why === 'reopen') {
        await client.views.open({ trigger_id: body.trigger_id, view: form('Reopened', 'reopened') });
      }
      await ack();
    }
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => ack());
  app.view('deeper_form', async ({ ack }) => ack({ response_action: 'clear' }));
  app.command('/demo', async ({ ack, command, respond }) => {
    await ack(`Got ${command.text}`);
    await respond({ text: 'For all', response_type: 'in_channel' });
  });
  app.shortcut('begin', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form('Begun') });
  });
  app.shortcut('inspect', async ({ ack, respond }) => {
    await ack();
    await respond('Inspected');
  });
}

/** Starts the sandbox and connects the app by Socket Mode, or by signed HTTP when the manifest has no socket. */
export async function startDemo(
  choice: ManifestChoice = {},
  options: Partial<SlackSandboxOptions> = {},
): Promise<Demo> {
  const slack = await createSlackSandbox({
    manifest: manifest(choice),
    seed: SEED,
    page: false,
    ackTimeoutMs: 1500,
    ...options,
  });
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 2, minTimeout: 20, maxTimeout: 20 } };
  const seen: Demo['seen'] = [];
  const socketMode = choice.socket ?? true;
  const app = socketMode
    ? new bolt.App({
        token: slack.botToken,
        logger,
        clientOptions,
        receiver: new bolt.SocketModeReceiver({
          appToken: slack.appToken,
          logger,
          clientPingTimeout: 600,
          installerOptions: { clientOptions },
        }),
      })
    : new bolt.App({ token: slack.botToken, logger, clientOptions, signingSecret: slack.signingSecret });
  listen(app, seen);
  const server = await (socketMode ? app.start() : app.start({ port: 0, host: '127.0.0.1' }));
  if (!socketMode && 'address' in server) {
    const address = (server as { address(): unknown }).address() as { port: number };
    slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  }
  const state = slack.state();
  const person = (name: string) => state.users.find((user) => user.name === name)!.id;
  return {
    app,
    seen,
    slack,
    ada: person('ada'),
    ben: person('ben'),
    channel: (name) => slack.state().channels.find((channel) => channel.name === name)!.id,
    close: async () => {
      await app.stop();
      await slack.close();
    },
  };
}
