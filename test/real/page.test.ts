import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import type { App, ViewStateValue } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createSlackSandbox, type PanelHost, type PanelsView, type SlackSandbox } from '../../sandbox/slack/index.js';
import { launchBrowser } from './browser.js';

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** Set to a folder to keep pictures of what the tests saw. */
const SHOTS = process.env['PAGE_SHOTS'];

const MANIFEST = JSON.stringify({
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

const SEED = {
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

function listen(app: App): void {
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
function kitchen(announce: () => void): PanelHost {
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

let browser: Browser;
let sandbox: SlackSandbox;
let app: App;
let context: BrowserContext;
let page: Page;
let complaints: string[];

async function open(hash = '', viewport = WIDE, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  context = await browser.newContext({ viewport, colorScheme });
  page = await context.newPage();
  // A missing element is named before the whole test runs out of time.
  page.setDefaultTimeout(6000);
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    // An answer of 4xx or 5xx is told to the person and logged by the browser as well.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) complaints.push(line.text());
  });
  await page.goto(`${sandbox.url}/${hash}`);
  await page
    .getByRole('button', { name: /^You are:/ })
    .first()
    .waitFor();
}

async function shoot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

const chat = () => page.getByRole('main');
const composer = () => chat().getByRole('combobox');
const dialog = () => page.getByRole('dialog');
const focused = () =>
  page.evaluate<string>(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent ?? document.activeElement.tagName',
  );
const sideways = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

/** Asks the app for its card in the direct messages. */
async function askForCard(text = 'hello'): Promise<void> {
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: 'Canteen' }).click();
  await chat().getByRole('combobox', { name: 'Message Canteen' }).fill(text);
  await composer().press('Enter');
  await chat().getByRole('heading', { name: 'Your table' }).last().waitFor();
}

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  sandbox = await createSlackSandbox({
    manifest: MANIFEST,
    seed: SEED,
    page: true,
    panels: kitchen(() => sandbox.announcePanels()),
    ackTimeoutMs: 700,
  });
  app = new bolt.App({
    token: sandbox.botToken,
    appToken: sandbox.appToken,
    socketMode: true,
    logLevel: bolt.LogLevel.ERROR,
    clientOptions: { slackApiUrl: sandbox.apiUrl },
  });
  listen(app);
  await app.start();
  await sandbox.wait({ timeout_ms: 5000, until: { connected: true } });
});
afterEach(async () => {
  await context.close();
  await app.stop();
  await sandbox.close();
  expect(complaints).toEqual([]);
});

describe('writing and pressing', () => {
  it('sends a direct message and shows the answer of the app with its blocks', async () => {
    await open();
    expect(await page.title()).toBe('Harbour - local simulator');
    await askForCard('a *table* <b>for</b> two');
    await chat().getByText('a table <b>for</b> two').first().waitFor();
    // Ada lives in Tokyo: midnight UTC is nine in the morning there.
    await chat().getByText('2100-01-01 09:00').waitFor();
    await chat().getByText('block not drawn: video').waitFor();
    await shoot('card-1280-light');
  });

  it('asks before it does what wants a confirmation, and says so when it is done', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Clear the table' }).click();
    await dialog().getByRole('button', { name: 'Keep' }).click();
    expect(sandbox.journal().filter((entry) => entry.kind === 'delivery' && entry.name === 'block_actions')).toEqual(
      [],
    );
    await page.getByRole('button', { name: 'Clear the table' }).click();
    await dialog().getByRole('button', { name: 'Clear', exact: true }).click();
    await chat().getByText('Only visible to you').waitFor();
    await chat().getByText('Done: cleared').waitFor();
  });

  it('tells what a select and an overflow menu chose', async () => {
    await open();
    await askForCard();
    await chat().getByRole('combobox', { name: 'Choose a drink' }).selectOption('tea');
    await chat().getByText('Done: tea').waitFor();
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('menuitem', { name: 'Print' }).click();
    await chat().getByText('Done: print').waitFor();
  });

  it('shows an error beside its field, then sends the mended form', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Open the form' }).click();
    const dish = dialog().getByRole('textbox', { name: 'Dish' });
    await dish.waitFor();
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().getByText('Please complete this required field.').waitFor();
    await dish.fill('soup');
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().getByText('There is no soup today.').waitFor();
    expect(await dish.getAttribute('aria-invalid')).toBe('true');
    const told = (await dish.getAttribute('aria-describedby')) ?? '';
    expect(
      await page.evaluate<string>(`document.getElementById(${JSON.stringify(told.split(' ')[0])}).textContent`),
    ).toBe('There is no soup today.');
    await shoot('modal-1280-light');
    await dish.fill('fish');
    await dialog().getByRole('combobox', { name: 'Side' }).selectOption('salad');
    await dialog().locator('summary').click();
    await dialog().getByRole('checkbox', { name: /Ben/ }).check();
    await dialog().getByRole('combobox', { name: 'Cook' }).pressSequentially('car');
    await dialog().getByRole('option', { name: 'Carlo' }).click();
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().waitFor({ state: 'detached' });
    await chat().getByText('Ordered: fish | salad | UBEN | 2030-01-02 | carlo').waitFor();
  });

  it('answers in a thread, opens the home tab, and runs a shortcut on a message', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('Hello @ben and @crew');
    await composer().press('Enter');
    await chat().getByText('Hello @Ben Cole and @crew').hover();
    await chat().getByRole('button', { name: 'Reply in thread' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('combobox').fill('one more thing');
    await thread.getByRole('combobox').press('Enter');
    await chat()
      .getByRole('button', { name: /^1 reply/ })
      .waitFor();
    await page.reload();
    await thread.getByText('one more thing').waitFor();
    await chat().getByText('Hello @Ben').hover();
    await chat().getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: /^Order this/ }).click();
    await dialog().getByRole('heading', { name: 'From a message' }).waitFor();
    await dialog().getByRole('button', { name: 'Never mind' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: 'Canteen' }).click();
    await chat().getByRole('button', { name: 'Home' }).click();
    await chat().getByText('Welcome, @Ada Byron').waitFor();
  });

  it('says when the app does not answer', async () => {
    await open();
    await composer().fill('/silent');
    await composer().press('Enter');
    await page.getByRole('alert').getByText('/silent').waitFor();
  });

  it('puts nothing a message says into the page as markup', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('<img src=x onerror="document.title=1"> <javascript:alert(1)|press> <https://example.com|a>');
    await composer().press('Enter');
    await chat().getByText('<img src=x').waitFor();
    expect(await chat().locator('.message img').count()).toBe(0);
    expect(await chat().locator('a[href^="javascript"]').count()).toBe(0);
  });
});

describe('two people', () => {
  it('changes from one person to another and marks what is new', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('news for Ben');
    await composer().press('Enter');
    await chat().getByText('news for Ben').waitFor();
    await page.getByRole('button', { name: /^You are:/ }).click();
    await page.getByRole('menuitemradio', { name: /Ben Cole/ }).click();
    await page.getByRole('button', { name: 'back-office' }).click();
    await page.getByRole('heading', { name: 'back-office' }).waitFor();
    await page.getByRole('button', { name: 'pier' }).click();
    await composer().waitFor();
    expect(await page.getByRole('button', { name: 'general' }).textContent()).not.toContain('unread');
    await sandbox.act({ as: 'UADA', do: 'message', channel: 'CGENERAL', text: 'more news' });
    await page.getByRole('button', { name: /general.*unread/ }).click();
    await page.getByRole('button', { name: /^general$/ }).waitFor();
  });

  it('shows both at once where there is room', async () => {
    await open('#as=UADA&c=CGENERAL');
    await page.getByRole('button', { name: 'Two people side by side' }).click();
    const ben = page.getByRole('region', { name: "Ben Cole's window" });
    await ben.getByRole('main').getByRole('combobox').fill('hello from Ben');
    await ben.getByRole('button', { name: 'Channels' }).click();
    await ben.getByRole('button', { name: 'general' }).click();
    await ben.getByRole('main').getByRole('combobox').fill('hello from Ben');
    await ben.getByRole('main').getByRole('combobox').press('Enter');
    await page.getByRole('region', { name: "Ada Byron's window" }).getByText('hello from Ben').waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot('side-1280-light');
    await page.reload();
    await ben.getByText('hello from Ben').first().waitFor();
  });
});

describe('the systems beside it', () => {
  it('changes a value, lights it up, says it, and moves the hints on', async () => {
    await open();
    const systems = page.getByRole('complementary', { name: 'Systems' });
    await page.getByText('Switch the lamp on.').waitFor();
    await systems.getByRole('combobox', { name: 'To' }).selectOption('broken');
    await systems.getByRole('button', { name: 'Switch the lamp' }).click();
    await systems.getByText('The lamp is broken: choose another.').waitFor();
    await systems.getByRole('combobox', { name: 'To' }).selectOption('on');
    await systems.getByRole('button', { name: 'Switch the lamp' }).click();
    await systems.locator('.fact.is-fresh').getByText('on').waitFor();
    await page.locator('#announcer').getByText('Kitchen, Stove, Lamp: on').waitFor();
    await page.getByRole('button', { name: 'As Ben' }).click();
    await page.getByRole('heading', { name: 'back-office' }).waitFor();
  });

  it('shows panels of one group as lines of which one is open, by keyboard too', async () => {
    await open();
    await page.getByRole('tab', { name: 'Rooms' }).click();
    const line = (name: RegExp) => page.getByRole('button', { name });
    await line(/^Cellar.*lamp off/).waitFor();
    expect(await line(/^Cellar/).getAttribute('aria-expanded')).toBe('false');
    await line(/^Cellar/).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Jars').waitFor();
    expect(await line(/^Cellar/).getAttribute('aria-expanded')).toBe('true');
    expect(await page.getByText('Bolt').isVisible()).toBe(false);
    await page.getByText('Hatch').click();
    await page.getByText('Bolt').waitFor();
    // The address names the open line.
    await page.reload();
    await page.getByText('Jars').waitFor();
    await line(/^Attic/).click();
    await page.getByText('Under the roof.').waitFor();
    expect(await page.getByText('Jars').isVisible()).toBe(false);
    await line(/^Attic/).click();
    await page.getByText('Under the roof.').waitFor({ state: 'detached' });
  });

  it('opens a mail; its links open apart and never run code', async () => {
    await open();
    await page.getByRole('tab', { name: 'Post' }).click();
    await page.getByText('The menu', { exact: true }).click();
    await page.getByText('<b>Not bold</b>').waitFor();
    const links = page.getByRole('tabpanel').getByRole('link');
    expect(await links.count()).toBe(1);
    expect(await links.first().getAttribute('target')).toBe('_blank');
    expect(await links.first().getAttribute('rel')).toContain('noopener');
    await page.getByRole('tab', { name: 'Deliveries' }).click();
    await page.getByText('apps.connections.open').first().waitFor();
  });

  it('says plainly what it is and what it is not', async () => {
    await open();
    await page.getByText('Local simulator - this is not Slack.').waitFor();
    await page.getByText('What is not simulated').click();
    await page.getByText(/^workflows, functions, canvases/).waitFor();
  });
});

describe('by keyboard alone', () => {
  it('goes from the skip link through a command, a form and back', async () => {
    await open('#as=UADA&c=CGENERAL');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('Skip to the conversation');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Message #general');
    await page.keyboard.type('/l');
    await page.getByRole('option', { name: /\/lunch/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('dumplings');
    await page.getByText('/lunch [dish] - Orders a lunch').waitFor();
    await page.keyboard.press('Enter');
    await chat().getByText('You ordered dumplings.').waitFor();
    await page.locator('#announcer').getByText('You ordered dumplings.').waitFor();

    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Shortcuts');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /Order something/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog().getByRole('heading', { name: 'Shortcut' }).waitFor();
    await page.keyboard.type('stew');
    // Around the dialog and back: the focus never leaves it.
    for (let step = 0; step < 14; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate<boolean>('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.getAttribute("aria-label") === "Shortcuts"');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await page.keyboard.type('stew');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await sandbox.wait({ timeout_ms: 5000, until: { message: { text_contains: 'Ordered: stew' } } });
  });

  it('presses a button of a card and finds the focus again after the card changed', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Open the form' }).focus();
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.textContent === "Open the form"');
  });
});

const READABLE = `(() => {
  const rgb = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return text.startsWith('color(') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const light = ([r, g, b]) => { const c = [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  const ground = (el) => { for (let at = el; at; at = at.parentElement) { const c = rgb(getComputedStyle(at).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !el.checkVisibility({ opacityProperty: true }) || el.closest('[aria-disabled=true], option, noscript, .unseen')) continue;
    const [a, b] = [light(rgb(getComputedStyle(el).color)), light(ground(el))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push(walker.currentNode.data.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return bad;
})()`;

describe('sizes and colours', () => {
  it.each(['light', 'dark'] as const)(
    'is readable in %s, at every width, without scrolling sideways',
    async (scheme) => {
      await open('', WIDE, scheme);
      await askForCard(`a ${'very'.repeat(60)} long word`);
      expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(
        scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 25, 29)',
      );
      expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
      await shoot(`wide-1280-${scheme}`);
      await page.getByRole('button', { name: 'Open the form' }).click();
      await dialog().waitFor();
      expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
      for (const width of [390, 760, 761, 1099, 1100]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await sideways()).toBeLessThanOrEqual(0);
      }
    },
  );

  it.each(['light', 'dark'] as const)('is one column with a navigation below on a phone, in %s', async (scheme) => {
    await open('#as=UADA&c=CGENERAL', PHONE, scheme);
    const views = page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('button', { name: 'Channels' }).click();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-channels-${scheme}`);
    await askForCard(`a ${'very'.repeat(60)} long word`);
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-chat-${scheme}`);
    const small = `[...document.querySelectorAll('button, summary, textarea, select, .button')].filter((el) => el.checkVisibility() && el.getBoundingClientRect().height < 44).map((el) => (el.textContent || el.tagName) + el.getBoundingClientRect().height)`;
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await page.getByRole('button', { name: 'Open the form' }).click();
    await dialog().waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-modal-${scheme}`);
    await page.getByRole('button', { name: 'Never mind' }).click();
    await chat().getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    await page.getByRole('combobox', { name: 'Reply in the thread' }).waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-thread-${scheme}`);
    await views.getByRole('button', { name: 'Systems' }).click();
    await page.getByRole('complementary', { name: 'Systems' }).getByText('Lamp').first().waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-systems-${scheme}`);
    await page.getByRole('tab', { name: 'Rooms' }).click();
    await page.getByRole('button', { name: /^Cellar/ }).click();
    await page.getByText('Jars').waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-rooms-${scheme}`);
  });

  it('keeps the chosen theme over a reload', async () => {
    await open();
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await composer().waitFor();
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(22, 25, 29)');
  });
});

describe('mrkdwn', () => {
  const parse = (text: string) =>
    page.evaluate<unknown>(`import('/mrkdwn.js').then((m) => m.parseMrkdwn(${JSON.stringify(text)}))`);
  const text = (v: string) => ({ t: 'text', v });

  it('reads marks, code, quotes and references as Slack does', async () => {
    await open();
    expect(await parse('*a* _b_ ~c~')).toEqual([
      { t: 'b', c: [text('a')] },
      text(' '),
      { t: 'i', c: [text('b')] },
      text(' '),
      { t: 's', c: [text('c')] },
    ]);
    expect(await parse('2*3*4 and snake_case_name')).toEqual([text('2*3*4 and snake_case_name')]);
    expect(await parse('*bold _both_*')).toEqual([{ t: 'b', c: [text('bold '), { t: 'i', c: [text('both')] }] }]);
    expect(await parse('`*a* &amp;`')).toEqual([{ t: 'code', v: '*a* &' }]);
    expect(await parse('```\n*a*\n```')).toEqual([{ t: 'pre', v: '*a*' }]);
    expect(await parse('&gt; one\n&gt; two\nthree')).toEqual([
      { t: 'quote', c: [text('one'), { t: 'br' }, text('two')] },
      text('three'),
    ]);
    expect(await parse('<https://a.test/?x=1&amp;y|label> <javascript:x|no>')).toEqual([
      { t: 'link', url: 'https://a.test/?x=1&y', label: 'label' },
      text(' <javascript:x|no>'),
    ]);
    expect(await parse('<!date^10^{time}|ten>')).toEqual([
      { t: 'date', seconds: 10, pattern: '{time}', url: '', fallback: 'ten' },
    ]);
    expect(await parse('<@U1> <#C1|x> <!here>')).toEqual([
      { t: 'user', id: 'U1', label: '' },
      text(' '),
      { t: 'channel', id: 'C1', label: 'x' },
      text(' '),
      { t: 'special', id: 'here', label: '' },
    ]);
    expect(await parse('not ``` closed *x')).toEqual([text('not ``` closed *x')]);
  });
});
