/** An app that people order their lunch from, and the systems beside it: what the page is tried with. */
import type { App, ViewStateValue } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import type { PanelHost, PanelsView } from '../../src/index.js';

export const MANIFEST = JSON.stringify({
  display_information: { name: 'Canteen' },
  features: {
    bot_user: { display_name: 'canteen' },
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    slash_commands: [
      { command: '/lunch', description: 'Orders a lunch', usage_hint: '[dish]' },
      { command: '/silent', description: 'Nobody listens' },
    ],
    shortcuts: [
      { name: 'Order something', type: 'global', callback_id: 'order', description: 'Opens the order form' },
      { name: 'Order this', type: 'message', callback_id: 'order_this', description: 'Orders what a message says' },
    ],
  },
  oauth_config: {
    scopes: { bot: ['channels:history', 'chat:write', 'commands', 'im:history', 'im:write', 'users:read'] },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened', 'message.im', 'message.channels'] },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
});

export const SEED = {
  team: { name: 'Harbour', domain: 'harbour' },
  users: [
    { id: 'UADA', name: 'ada', real_name: 'Ada Byron', email: 'ada@harbour.test', title: 'Pilot', tz: 'Asia/Tokyo' },
    {
      id: 'UBEN',
      name: 'ben',
      real_name: 'Ben Cole',
      email: 'ben@harbour.test',
      is_admin: true,
      tz: 'America/New_York',
    },
  ],
  usergroups: [{ id: 'SCREW', handle: 'crew', name: 'Crew', users: ['ada', 'ben'] }],
  channels: [
    { id: 'CGENERAL', name: 'general', members: ['ada', 'ben', '@app'], topic: 'Whatever concerns the whole harbour' },
    { id: 'CBACK', name: 'back-office', members: ['ben', '@app'], is_private: true },
    { id: 'CPIER', name: 'pier', members: ['ben'] },
  ],
};

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const markdown = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() });

const orderForm = (title = 'Order'): ModalView => ({
  type: 'modal',
  callback_id: 'order_form',
  title: plain(title),
  submit: plain('Place order'),
  close: plain('Never mind'),
  blocks: [
    { type: 'section', block_id: 'intro', text: markdown('What would you like *today*?') },
    {
      type: 'input',
      block_id: 'dish',
      label: plain('Dish'),
      hint: plain('No soup on Mondays.'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
    {
      type: 'input',
      block_id: 'side',
      optional: true,
      label: plain('Side'),
      element: { type: 'static_select', action_id: 'pick', options: [option('Bread'), option('Salad')] },
    },
    {
      type: 'input',
      block_id: 'extras',
      optional: true,
      label: plain('Extras'),
      element: { type: 'checkboxes', action_id: 'boxes', options: [option('Salt'), option('Pepper')] },
    },
    {
      type: 'input',
      block_id: 'friends',
      optional: true,
      label: plain('Friends'),
      element: { type: 'multi_users_select', action_id: 'people' },
    },
    {
      type: 'input',
      block_id: 'day',
      optional: true,
      label: plain('Day'),
      element: { type: 'datepicker', action_id: 'date', initial_date: '2030-01-02' },
    },
    {
      type: 'input',
      block_id: 'cook',
      optional: true,
      label: plain('Cook'),
      element: { type: 'external_select', action_id: 'name', min_query_length: 1 },
    },
  ],
});

const card = (said: string): KnownBlock[] => [
  { type: 'header', block_id: 'head', text: plain('Your table') },
  { type: 'section', block_id: 'said', text: markdown(`You said: ${said}`) },
  {
    type: 'section',
    block_id: 'facts',
    fields: [markdown('*When*\n<!date^4102444800^{date_num} {time}|later>'), markdown('*Who*\n<@UADA>')],
  },
  { type: 'divider' },
  {
    type: 'actions',
    block_id: 'buttons',
    elements: [
      { type: 'button', action_id: 'open_form', text: plain('Open the form'), style: 'primary' },
      {
        type: 'button',
        action_id: 'clear',
        text: plain('Clear the table'),
        style: 'danger',
        confirm: {
          title: plain('Clear it?'),
          text: plain('The plates go.'),
          confirm: plain('Clear'),
          deny: plain('Keep'),
        },
      },
      {
        type: 'static_select',
        action_id: 'choose',
        placeholder: plain('Choose a drink'),
        options: [option('Tea'), option('Water')],
      },
      { type: 'overflow', action_id: 'more', options: [option('Hide'), option('Print')] },
    ],
  },
  { type: 'context', block_id: 'small', elements: [markdown('Kitchen closes at *ten*')] },
  {
    type: 'video',
    block_id: 'film',
    video_url: 'https://example.com/v',
    thumbnail_url: 'https://example.com/t',
    alt_text: 'film',
    title: plain('Film'),
  },
];

type Values = Record<string, Record<string, ViewStateValue>>;

function whatWasOrdered(values: Values): string {
  const parts = [
    values['dish']?.['text']?.value,
    values['side']?.['pick']?.selected_option?.value,
    values['friends']?.['people']?.selected_users?.join(),
    values['day']?.['date']?.selected_date,
    values['cook']?.['name']?.selected_option?.value,
  ];
  return parts.map((part) => part ?? '-').join(' | ');
}

export function listen(app: App): void {
  app.message(/.*/, async ({ message, say }) => {
    if (message.channel_type === 'im' && 'text' in message)
      await say({ text: `A card about ${message.text ?? ''}`, blocks: card(message.text ?? '') });
  });
  app.action('open_form', async ({ ack, body, client }) => {
    await ack();
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: orderForm() });
  });
  app.action(/^(clear|choose|more)$/, async ({ ack, action, respond }) => {
    await ack();
    const what =
      action.type === 'button'
        ? 'cleared'
        : 'selected_option' in action && action.selected_option !== null && 'value' in action.selected_option
          ? action.selected_option.value
          : '?';
    await respond({ replace_original: false, response_type: 'ephemeral', text: `Done: ${what}` });
  });
  app.options('name', ({ ack, options }) =>
    ack({
      options: ['Carla', 'Carlo', 'Dora'].filter((name) => name.toLowerCase().startsWith(options.value)).map(option),
    }),
  );
  app.view('order_form', async ({ ack, view, body, client }) => {
    const dish = view.state.values['dish']?.['text']?.value ?? '';
    if (dish === 'soup') return ack({ response_action: 'errors', errors: { dish: 'There is no soup today.' } });
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: `Ordered: ${whatWasOrdered(view.state.values)}` });
    return undefined;
  });
  app.command('/lunch', async ({ ack, command }) => ack(`You ordered ${command.text}.`));
  app.shortcut('order', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: orderForm('Shortcut') });
  });
  app.shortcut('order_this', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: orderForm('From a message') });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'section', text: markdown(`Welcome, <@${event.user}>`) }] },
    });
  });
}

/** Systems beside the conversations, as a host would supply them. */
export function kitchen(announce: () => void): PanelHost {
  let lamp = 'off';
  const read = (): PanelsView => ({
    panels: [
      {
        id: 'kitchen',
        title: 'Kitchen',
        sections: [
          {
            kind: 'facts',
            title: 'Stove',
            items: [{ label: 'Lamp', value: lamp, tone: lamp === 'on' ? 'good' : 'bad' }],
          },
          { kind: 'table', title: 'Stock', columns: ['What', 'How many'], rows: [['Plates', '12']] },
          {
            kind: 'actions',
            title: 'Switches',
            actions: [
              {
                id: 'lamp',
                label: 'Switch the lamp',
                description: 'By hand.',
                fields: [
                  {
                    name: 'to',
                    label: 'To',
                    type: 'select',
                    options: [
                      { label: 'On', value: 'on' },
                      { label: 'Broken', value: 'broken' },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        id: 'post',
        title: 'Post',
        sections: [
          {
            kind: 'mail',
            title: 'Inbox',
            messages: [
              {
                id: 'm1',
                from: 'cook@harbour.test',
                to: 'ada@harbour.test',
                subject: 'The menu',
                date: '2030-01-02T10:00:00Z',
                text: 'Fish.\n<b>Not bold</b>',
                links: [
                  { label: 'See the menu', url: 'http://127.0.0.1:9/menu' },
                  { label: 'Bad', url: 'javascript:alert(1)' },
                ],
              },
            ],
          },
        ],
      },
      {
        id: 'cellar',
        title: 'Cellar',
        group: 'Rooms',
        status: { value: 'lamp off', tone: 'bad' },
        sections: [
          { kind: 'facts', title: 'Shelf', items: [{ label: 'Jars', value: '40', tone: 'neutral' }] },
          { kind: 'facts', title: 'Hatch', folded: true, items: [{ label: 'Bolt', value: 'shut', tone: 'good' }] },
        ],
      },
      {
        id: 'attic',
        title: 'Attic',
        group: 'Rooms',
        status: { value: 'lamp on', tone: 'good' },
        sections: [{ kind: 'text', title: '', text: 'Under the roof.' }],
      },
    ],
    tour: {
      steps: [
        {
          id: 'one',
          text: 'Switch the lamp on.',
          done: lamp === 'on',
          go: { panel: 'kitchen', label: 'To the kitchen' },
        },
        { id: 'two', text: 'Look at it as Ben.', done: false, go: { as: 'UBEN', channel: 'CBACK', label: 'As Ben' } },
      ],
      finished_text: 'All done.',
    },
    note: 'Made up.',
  });
  return {
    read: () => Promise.resolve(read()),
    act: (_panel, _action, fields) => {
      if (fields['to'] === 'broken')
        return Promise.resolve({ ok: false, message: 'The lamp is broken: choose another.' });
      lamp = fields['to'] ?? lamp;
      announce();
      return Promise.resolve({ ok: true, message: `The lamp is ${lamp}.` });
    },
  };
}
