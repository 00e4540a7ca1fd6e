import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buttons, modals } from '../../blocks/interactions.js';
import { freePort } from '../free-port.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;

describe('what Slack delivers', () => {
  let flow: Flow;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    flow = await startFlow({ publicUrl: url, webPort: port, ackMs: 3000 });
  }, 240_000);
  afterEach(() => flow.world.slack.faults.clear());
  afterAll(() => flow.close());

  let sent = 0;
  async function post(body: string, contentType: string): Promise<{ status: number; answer: string }> {
    // The same signature is taken once only.
    sent += 1;
    const stamp = String(Math.floor(flow.world.now().getTime() / 1000) - (sent % 60));
    const signed = createHmac('sha256', flow.world.slack.signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
    const response = await fetch(`${url}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        connection: 'close',
        'x-slack-request-timestamp': stamp,
        'x-slack-signature': `v0=${signed}`,
      },
      body,
    });
    return { status: response.status, answer: await response.text() };
  }
  const FORM = 'application/x-www-form-urlencoded';
  const interact = (payload: object) =>
    post(
      new URLSearchParams({
        payload: JSON.stringify({ team: { id: flow.world.slack.teamId }, user: { id: eli.id }, ...payload }),
      }).toString(),
      FORM,
    );
  const OLD = 'This card is from an older version';
  const oldCardsTold = (): number =>
    flow.player.messages(flow.player.dmOf(eli.id)).filter((message) => textOf(message).includes(OLD)).length;

  it.each<[string, object]>([
    ['an unknown button', { type: 'block_actions', trigger_id: '1', actions: [{ action_id: 'gone', value: 'x' }] }],
    [
      'a button of an attachment',
      { type: 'interactive_message', callback_id: 'x', actions: [{ name: 'a', value: 'b' }] },
    ],
    ['a dialog', { type: 'dialog_submission', callback_id: 'x', submission: {} }],
    ['an unknown shortcut', { type: 'shortcut', callback_id: 'gone', trigger_id: '1' }],
    ['an unknown shortcut on a message', { type: 'message_action', callback_id: 'gone', trigger_id: '1' }],
    [
      'a known button with a reference that is too long',
      { type: 'block_actions', trigger_id: '1', actions: [{ action_id: 'incident_take', value: 'x'.repeat(2500) }] },
    ],
  ])(
    'acknowledges %s and tells the person that the card is old',
    async (_, payload) => {
      const before = oldCardsTold();
      expect((await interact(payload)).status).toBe(200);
      await flow.player.until('the answer', () => oldCardsTold() === before + 1);
    },
    240_000,
  );

  it.each<[string, object, string]>([
    [
      'an unknown window with the old card',
      { type: 'view_submission', view: { id: 'V1', callback_id: 'gone', private_metadata: '', state: { values: {} } } },
      OLD,
    ],
    [
      'a known window whose reference is too long with the old card',
      {
        type: 'view_submission',
        view: { id: 'V1', callback_id: 'decide', private_metadata: 'x'.repeat(3500), state: { values: {} } },
      },
      OLD,
    ],
    [
      'an unknown list of options with none',
      { type: 'block_suggestion', action_id: 'gone', value: 'a' },
      '"options":[]',
    ],
    ['a closed window with nothing', { type: 'view_closed', view: { id: 'V1', callback_id: 'gone' } }, ''],
    ['a cancelled dialog with nothing', { type: 'dialog_cancellation', callback_id: 'gone' }, ''],
    ['a kind that does not exist yet with nothing', { type: 'thought', thought: 'x' }, ''],
  ])('answers %s', async (_, payload, contained) => {
    const { status, answer } = await interact(payload);
    expect(status).toBe(200);
    expect(answer).toContain(contained);
  });

  it('answers an unknown command', async () => {
    const body = new URLSearchParams({
      command: '/gone',
      text: '',
      team_id: flow.world.slack.teamId,
      user_id: eli.id,
      channel_id: 'C1',
      trigger_id: '1',
    });
    const { status, answer } = await post(body.toString(), FORM);
    expect(status).toBe(200);
    expect(answer).toContain(OLD);
  });

  it.each([
    ['null', 'application/json'],
    [' null ', 'application/json'],
    ['7', 'application/json'],
    ['[]', 'application/json'],
    ['payload=null', FORM],
  ])('refuses a signed %s, and goes on', async (body, contentType) => {
    expect((await post(body, contentType)).status).toBe(400);
    expect((await interact({ type: 'view_closed', view: { id: 'V1', callback_id: 'gone' } })).status).toBe(200);
  });

  it('acknowledges a click of another workspace and says nothing', async () => {
    const { status, answer } = await interact({ type: 'block_actions', team: { id: 'T0ELSE' }, actions: [] });
    expect({ status, answer }).toEqual({ status: 200, answer: '' });
  });

  it.each(Object.keys(buttons))('answers %s, whatever it refers to', async (button) => {
    for (const action of [{}, { value: '' }, { value: '{' }, { value: '{"v":1}' }, { selected_option: null }]) {
      const click = { type: 'block_actions', trigger_id: '1', actions: [{ action_id: button, ...action }] };
      expect((await interact(click)).status).toBe(200);
    }
  });

  it.each(Object.keys(modals))('answers the window %s, whatever it refers to', async (modal) => {
    for (const part of [{}, { private_metadata: '' }, { private_metadata: '{' }, { private_metadata: null }]) {
      const view = { id: 'V1', callback_id: modal, state: { values: {} }, ...part };
      const { status, answer } = await interact({ type: 'view_submission', view });
      expect(status).toBe(200);
      expect(answer).toContain(OLD);
    }
  });

  it.each<[string, object]>([
    ['a click without a user', { type: 'block_actions', user: {}, actions: [{ action_id: 'incident_take' }] }],
    ['a window without its state', { type: 'view_submission', view: { id: 'V1', callback_id: 'decide' } }],
    ['a shortcut without a trigger', { type: 'shortcut', callback_id: 'report_global' }],
  ])('answers %s', async (_, payload) => {
    expect((await interact(payload)).status).toBe(200);
  });

  it('takes a /notme of any length, and clips it', async () => {
    await flow.world.slack.act({
      as: ada.id,
      do: 'command',
      channel: flow.player.channel('general'),
      text: `/notme somebody reset my password ${'and more '.repeat(600)}`,
    });
    expect(textOf(await flow.card(ada.real_name))).toContain('somebody reset my password');
  }, 240_000);

  it('takes a /lockdown whose reason is of any length', async () => {
    const text = `/lockdown @dia ${'she called and said so '.repeat(400)}`;
    await flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text });
    const { id } = await flow.player.modal(bea.id, 'decide');
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id, all: true });
    await flow.card(dia.real_name);
  }, 240_000);

  it('takes no closed window for a mistake of ours, when /lockdown still waits', async () => {
    flow.world.slack.faults.add({ target: 'api', method: 'views.update', type: 'latency', ms: 1500 });
    const text = `/lockdown @cem test of a closed window`;
    await flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text });
    const view = await flow.player.until('the waiting window', () => flow.world.slack.state().views[bea.id]?.at(-1));
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: view.id, all: true });
    const missed = () =>
      flow.world.slack.journal(0, 5000).some(({ name, status }) => name === 'views.update' && status === 'not_found');
    await flow.player.until('the update of a window that is gone', missed);
    // What would be said about it is said before this is.
    await flow.say(bea.id, 'good morning');
    await flow.told(bea.id, 'I am here for one thing');
    const said = flow.player.messages(flow.player.dmOf(bea.id)).map(textOf);
    expect(said.filter((one) => one.includes('Something went wrong'))).toEqual([]);
  }, 240_000);

  it('acknowledges a click before Slack is called, however slow Slack is', async () => {
    const card = await flow.card(ada.real_name);
    flow.world.slack.faults.add({ target: 'api', method: 'views.open', type: 'latency', ms: 3300 });
    // Rejects when nothing was acknowledged within three seconds.
    await flow.player.press(bea.id, flow.channel, card, 'incident_close');
    await flow.toldPrivately(bea.id, 'That took too long for Slack to open the window');
  }, 240_000);

  it('says a refusal under a button of the thread in the thread', async () => {
    await flow.say(cem.id, "I didn't do this");
    await flow.decide(bea.id, cem.real_name, 'disable_account');
    const line = await flow.inChannel('step_undo');
    await flow.player.press(cem.id, flow.channel, line, 'step_undo');
    await flow.toldPrivately(cem.id, 'This incident is about you');
    const { ephemerals } = flow.world.slack.state();
    const said = ephemerals.findLast((one) => JSON.stringify(one).includes('This incident is about you'));
    const thread = line['thread_ts'];
    expect(said).toMatchObject({ thread_ts: thread });
  }, 240_000);

  it('acknowledges a message that can never be answered, so that it does not come again', async () => {
    const { teamId, appId } = flow.world.slack;
    const event = {
      type: 'message',
      channel_type: 'im',
      channel: 'D0GONE0000',
      user: eli.id,
      text: 'good morning',
      ts: '1.000100',
      event_ts: '1.000100',
    };
    const body = { type: 'event_callback', team_id: teamId, api_app_id: appId, event_id: 'Ev9', event_time: 1, event };
    expect((await post(JSON.stringify(body), 'application/json')).status).toBe(200);
  }, 240_000);
});
