import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Demo } from './demo-app.js';
import { startDemo } from './demo-app.js';

const Posted = z.looseObject({
  ts: z.string(),
  channel: z.string(),
  text: z.string(),
  thread_ts: z.string().optional(),
});
const Open = z.looseObject({ id: z.string(), hash: z.string() });
const entered = (value: string) => ({ values: { why: { text: { type: 'plain_text_input', value } } } });

describe.each([
  ['Socket Mode', true],
  ['signed HTTP', false],
])('an unmodified Bolt app over %s', (_name, socket) => {
  let demo: Demo;
  let general: string;
  beforeAll(async () => {
    demo = await startDemo({ socket });
    general = demo.channel('general');
  });
  afterAll(() => demo.close());

  const say = async (text: string, channel = general) => {
    const { ts } = z
      .object({ ts: z.string() })
      .parse(await demo.slack.act({ as: demo.ada, do: 'message', channel, text }));
    return ts;
  };
  const answer = async (text: string, since: string) =>
    Posted.parse(
      await demo.slack.wait({
        until: { message: { user: demo.slack.botUserId, text_contains: text, since_ts: since } },
        timeout_ms: 5000,
      }),
    );
  const openForm = async () => {
    const { ts } = await answer('A card', await say('card'));
    await demo.slack.act({ as: demo.ada, do: 'action', channel: general, ts, block_id: 'a', action_id: 'open' });
    const view = Open.parse(await demo.slack.wait({ until: { view: { user: demo.ada, callback_id: 'form' } } }));
    return { view_id: view.id, ts };
  };
  const ephemeral = (text: string) =>
    demo.slack.wait({ until: { ephemeral: { user: demo.ada, text_contains: text } }, timeout_ms: 5000 });

  it('answers a message, a mention and a thread', async () => {
    const inThread = await say('in thread please');
    expect((await answer('A reply', inThread)).thread_ts).toBe(inThread);
    const mention = await say('hello @demo');
    expect((await answer('You called', mention)).text).toBe(`You called, <@${demo.ada}>?`);
    const state = demo.slack.state().messages[general]!;
    expect(state.find((one) => one.ts === inThread)).toMatchObject({ reply_count: 1, thread_ts: inThread });
  });

  it('answers in a direct message', async () => {
    const opened = await demo.slack.act({ as: demo.ben, do: 'open_dm', with: demo.slack.botUserId });
    const im = z.object({ channel: z.string() }).parse(opened).channel;
    const { ts } = z
      .object({ ts: z.string() })
      .parse(await demo.slack.act({ as: demo.ben, do: 'message', channel: im, text: 'card' }));
    expect((await answer('A card', ts)).channel).toBe(im);
  });

  it('opens a modal from a button and validates, errors, updates, pushes and clears', async () => {
    const { view_id } = await openForm();
    const submit = (value?: string) =>
      demo.slack.act({
        as: demo.ada,
        do: 'submit',
        view_id,
        ...(value === undefined ? {} : { state: entered(value) }),
      });
    expect(await submit()).toMatchObject({ result: 'errors', errors: { why: 'Please complete this required field.' } });
    expect(await submit('x')).toMatchObject({
      result: 'errors',
      errors: { why: 'Please enter at least 3 characters.' },
    });
    expect(await submit('wrong')).toMatchObject({ result: 'errors', errors: { why: 'Say it better' } });
    await expect(submit('nonsense')).rejects.toMatchObject({ code: 'bad_response' });
    expect(await submit('update')).toMatchObject({ result: 'updated' });
    expect(demo.slack.state().views[demo.ada]!.at(-1)!.title).toMatchObject({ text: 'Updated' });
    expect(await submit('push')).toMatchObject({ result: 'pushed' });
    expect(demo.slack.state().views[demo.ada]).toHaveLength(2);
    await expect(submit('wrong')).rejects.toMatchObject({ code: 'view_not_on_top' });
    await demo.slack.act({ as: demo.ada, do: 'close', view_id: demo.slack.state().views[demo.ada]!.at(-1)!.id });
    expect(await submit('clear')).toMatchObject({ result: 'cleared' });
    expect(demo.slack.state().views[demo.ada]).toEqual([]);
  });

  it('pushes a view from a button in a modal, which can clear the stack', async () => {
    const { view_id } = await openForm();
    await demo.slack.act({ as: demo.ada, do: 'action', view_id, block_id: 'more', action_id: 'deeper' });
    const top = Open.parse(await demo.slack.wait({ until: { view: { user: demo.ada, callback_id: 'deeper_form' } } }));
    const result = await demo.slack.act({ as: demo.ada, do: 'submit', view_id: top.id, state: entered('deep') });
    expect(result).toMatchObject({ result: 'cleared' });
  });

  it('keeps a modal that the app opened while another was submitted', async () => {
    const { view_id } = await openForm();
    await demo.slack.act({ as: demo.ada, do: 'submit', view_id, state: entered('reopen') });
    const titles = demo.slack.state().views[demo.ada]!.map((view) => view.title?.['text']);
    expect(titles).toEqual(['Reopened']);
    await demo.slack.act({ as: demo.ada, do: 'close', view_id: demo.slack.state().views[demo.ada]![0]!.id });
  });

  it('tells of a closed modal when asked to', async () => {
    const { view_id } = await openForm();
    await demo.slack.act({ as: demo.ada, do: 'close', view_id });
    await demo.slack.wait({ until: { journal: { kind: 'ack', name: 'form', status: 'acked' } } });
    expect(demo.seen.some((one) => one.kind === 'view_closed')).toBe(true);
  });

  it('takes a select and responds through the response_url', async () => {
    const { ts } = await answer('A card', await say('card'));
    const option = { text: { type: 'plain_text', text: 'Two' }, value: '2' };
    const at = { as: demo.ada, do: 'action', channel: general, ts, block_id: 'a', action_id: 'pick' } as const;
    await demo.slack.act({ ...at, selected_option: option });
    expect(await ephemeral('Picked')).toMatchObject({ text: expect.stringContaining('"value":"2"') });
    await expect(demo.slack.act({ ...at, selected_option: { ...option, value: '3' } })).rejects.toMatchObject({
      code: 'unknown_option',
    });
  });

  it('runs a slash command with an ack that speaks and a response for all', async () => {
    const since = await say('before');
    await demo.slack.act({ as: demo.ada, do: 'command', channel: general, text: '/demo @ben now' });
    expect(await ephemeral('Got')).toMatchObject({ text: `Got <@${demo.ben}|ben> now` });
    await answer('For all', since);
  });

  it('tells the person when a command is unknown, or nobody acks it', async () => {
    const run = (text: string) => demo.slack.act({ as: demo.ada, do: 'command', channel: general, text });
    await expect(run('/nothing')).rejects.toMatchObject({ code: 'unknown_command' });
    await expect(run('/silent')).rejects.toMatchObject({ status: 504 });
    const told = demo.slack.state().delivery_failures.map((one) => one.message);
    expect(told.some((one) => one.startsWith('/nothing is not a valid command'))).toBe(true);
    expect(told.some((one) => /^\/silent failed with the error "(operation_timeout|dispatch_failed)"/.test(one))).toBe(
      true,
    );
  });

  it('runs a global and a message shortcut', async () => {
    await demo.slack.act({ as: demo.ben, do: 'shortcut', callback_id: 'begin' });
    await demo.slack.wait({ until: { view: { user: demo.ben, title_contains: 'Begun' } } });
    const ts = await say('look at me');
    await demo.slack.act({ as: demo.ada, do: 'message_shortcut', callback_id: 'inspect', channel: general, ts });
    await ephemeral('Inspected');
  });

  it('publishes the home tab when it is opened', async () => {
    await demo.slack.act({ as: demo.ada, do: 'home' });
    await demo.slack.wait({ until: { home: { user: demo.ada, text_contains: 'Home of Demo' } }, timeout_ms: 5000 });
  });
});
