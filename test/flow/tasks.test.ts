import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { buttons } from '../../blocks/interactions.js';
import type { TaskKey, TaskMove } from '../../src/incidents/task-keys.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem } = PEOPLE;

type Placed = readonly { readonly block_id?: string }[];
const isPlaced = (blocks: unknown): blocks is Placed => Array.isArray(blocks);

describe("the runbook's tasks for people", () => {
  let flow: Flow;
  let incident: string;
  let web: WebClient;
  beforeAll(async () => {
    flow = await startFlow();
    web = new WebClient(flow.world.addresses.botToken, { slackApiUrl: flow.world.addresses.slackApiUrl });
    await flow.report(ada);
    const { rows } = await flow.app.core.db.query<{ id: string }>('select id from incidents');
    incident = rows[0]?.id ?? '';
  }, 240_000);
  afterAll(() => flow.close());

  const list = (text: string) =>
    flow.player.message(
      `the list of tasks with "${text}"`,
      () => flow.channel,
      (message) => textOf(message).includes('what only people can do') && textOf(message).includes(text),
    );
  const taskLine = async (task: TaskKey): Promise<string> => {
    const { blocks } = await list('Runbook');
    const lines: unknown[] = Array.isArray(blocks) ? blocks : [];
    return JSON.stringify(lines.find((line) => JSON.stringify(line).includes(`task_move.${task}`)));
  };
  /** What somebody chooses in a menu that Notme drew some time ago: the moves and references that it offered then. */
  const choose = async (as: string, task: TaskKey, value: string): Promise<void> => {
    const option = { text: { type: 'plain_text' as const, text: 'chosen' }, value };
    const accessory = { type: 'overflow' as const, action_id: `task_move.${task}`, options: [option] };
    const text = 'a list that was drawn earlier';
    const block = { type: 'section' as const, block_id: 'earlier', text: { type: 'mrkdwn' as const, text }, accessory };
    const { ts } = await web.chat.postMessage({ channel: flow.channel, text, blocks: [block] });
    await flow.world.slack.act({
      as,
      do: 'action',
      channel: flow.channel,
      ts: ts ?? '',
      block_id: 'earlier',
      action_id: accessory.action_id,
      selected_option: option,
    });
  };
  /** The same in the list as it stands now, which offers only what fits. */
  const move = async (as: string, task: TaskKey, what: TaskMove): Promise<void> => {
    const message = await list('Runbook');
    const blocks = isPlaced(message['blocks']) ? message['blocks'] : [];
    const place = blocks.find((block) => JSON.stringify(block).includes(`task_move.${task}"`));
    await flow.world.slack.act({
      as,
      do: 'action',
      channel: flow.channel,
      ts: message.ts,
      block_id: place?.block_id ?? '',
      action_id: `task_move.${task}`,
      selected_option: { text: { type: 'plain_text', text: 'chosen' }, value: reference(incident, task, what) },
    });
  };
  const reference = (of: string, task: TaskKey, what: TaskMove): string =>
    buttons.task_move.encode({ incident: of, task, move: what });
  const stored = async (task: TaskKey) => {
    const { rows } = await flow.app.core.db.query<{ status: string; owner: string | null }>(
      'select status, owner from tasks where task = $1',
      [task],
    );
    return rows[0];
  };

  it('are opened once, whoever presses again', async () => {
    const card = await flow.card('Ada Okafor');
    await flow.player.press(bea.id, flow.channel, card, 'incident_tasks');
    await list('0 of 9 finished');
    await flow.player.press(cem.id, flow.channel, await flow.card('Ada Okafor'), 'incident_tasks');
    await move(bea.id, 'whose_event', 'take');
    await list(`<@${bea.id}>`);
    const lists = flow.player.messages(flow.channel).filter((one) => textOf(one).includes('what only people can do'));
    expect(lists).toHaveLength(1);
  }, 240_000);

  it('are what the Runbook button leads to, each time: a window with what is left to do by hand', async () => {
    const window = (): string => textOf(flow.world.slack.state().views[cem.id]?.at(-1) ?? {});
    // The window of the last press.
    for (const as of [bea.id, cem.id])
      await flow.world.slack.act({ as, do: 'close', view_id: (await flow.player.modal(as, 'left')).id });
    await flow.player.press(cem.id, flow.channel, await flow.card('Ada Okafor'), 'incident_tasks');
    const { id } = await flow.player.modal(cem.id, 'left');
    expect(window()).toContain('wait for a person:* none');
    expect(window()).toContain('Rotate every secret');
    // What is done in the window shows there, and in the thread.
    const blocks: unknown[] = flow.world.slack.state().views[cem.id]?.at(-1)?.blocks ?? [];
    const place = blocks.find((block) => JSON.stringify(block).includes('task_move.tell_people"'));
    await flow.world.slack.act({
      as: cem.id,
      do: 'action',
      view_id: id,
      block_id: isPlaced([place]) ? (([place] as Placed)[0]?.block_id ?? '') : '',
      action_id: 'task_move.tell_people',
      selected_option: {
        text: { type: 'plain_text', text: 'chosen' },
        value: reference(incident, 'tell_people', 'take'),
      },
    });
    await flow.player.until('the window to show who does it', () => window().includes(`<@${cem.id}>`));
    await list(`<@${cem.id}>`);
    await flow.world.slack.act({ as: cem.id, do: 'close', view_id: id });
  }, 240_000);

  it('stand in that window beside the steps that wait for a person, with the way to them', async () => {
    await flow.decide(bea.id, 'Ada Okafor', 'revoke_sessions');
    const post = await flow.inChannel('is a manual step');
    await flow.player.press(bea.id, flow.channel, await flow.card('Ada Okafor'), 'incident_tasks');
    const { id } = await flow.player.modal(bea.id, 'left');
    const shown = textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    expect(shown).toContain('*Mimecast*: Revoke sessions is done by hand');
    expect(shown).toContain(`/archives/${flow.channel}/p${post.ts.replace('.', '')}`);
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id });
  }, 240_000);

  it('are taken and ticked off, with owner and time in the list, a line in the thread and an entry in the record', async () => {
    await move(cem.id, 'rotate_secrets', 'take');
    await flow.inChannel(`<@${cem.id}> is doing this: Rotate every secret`);
    expect(await stored('rotate_secrets')).toEqual({ status: 'open', owner: cem.id });
    await move(bea.id, 'rotate_secrets', 'done');
    await list('1 of 9 finished');
    await flow.inChannel(`<@${bea.id}> finished this: Rotate every secret`);
    expect(await taskLine('rotate_secrets')).toMatch(new RegExp(`done, <@${bea.id}>_ \\(<!date\\^\\d+\\^`));
    await move(bea.id, 'unblock_sending', 'not_needed');
    await list('2 of 9 finished');
    expect(await taskLine('unblock_sending')).toContain('not needed');
    expect(await flow.record(ada.email)).toEqual(expect.arrayContaining(['task.take', 'task.done', 'task.not_needed']));
  }, 240_000);

  it('are put back, and belong to nobody then', async () => {
    await move(cem.id, 'rotate_secrets', 'reopen');
    await list('1 of 9 finished');
    await flow.inChannel(`<@${cem.id}> opened this again: Rotate every secret`);
    expect(await stored('rotate_secrets')).toEqual({ status: 'open', owner: null });
    expect(await taskLine('rotate_secrets')).toContain('open, nobody yet');
  }, 240_000);

  it('answer a move that does not fit any more with who was faster, and stay', async () => {
    await move(bea.id, 'lessons', 'done');
    await list('2 of 9 finished');
    for (const late of ['take', 'done', 'not_needed'] as const) {
      await choose(cem.id, 'lessons', reference(incident, 'lessons', late));
      await flow.toldPrivately(cem.id, `already in the state that the thread shows: done, <@${bea.id}>`);
      expect(await stored('lessons')).toEqual({ status: 'done', owner: bea.id });
    }
  }, 240_000);

  it('refuse cards of another version and of incidents that are not known, each with a sentence', async () => {
    await choose(bea.id, 'clean_device', JSON.stringify({ v: 0, p: { incident, task: 'clean_device', move: 'done' } }));
    await flow.toldPrivately(bea.id, 'from an older version of Notme');
    await choose(bea.id, 'clean_device', JSON.stringify({ v: 1, p: { incident, task: 'no_such_task', move: 'done' } }));
    const foreign = `inc_${'0'.repeat(32)}`;
    await choose(bea.id, 'clean_device', reference(foreign, 'clean_device', 'done'));
    await flow.toldPrivately(bea.id, 'from an incident that is not known here');
    await flow.report(cem);
    const { rows } = await flow.app.core.db.query<{ id: string }>('select id from incidents where id <> $1', [
      incident,
    ]);
    const other = rows[0]?.id ?? '';
    await choose(bea.id, 'clean_device', reference(other, 'clean_device', 'done'));
    await flow.toldPrivately(bea.id, 'was not opened in this incident');
    expect(await stored('clean_device')).toEqual({ status: 'open', owner: null });
  }, 240_000);

  it('are moved by approvers only, never by the person whom it is about, and by nobody once it is closed', async () => {
    const { rows } = await flow.app.core.db.query<{ id: string }>('select id from incidents where id <> $1', [
      incident,
    ]);
    const own = rows[0]?.id ?? '';
    await choose(cem.id, 'clean_device', reference(own, 'clean_device', 'take'));
    await flow.toldPrivately(cem.id, 'somebody else has to decide');
    await flow.closeIncident(bea.id, 'Ada Okafor');
    await choose(bea.id, 'clean_device', reference(incident, 'clean_device', 'done'));
    await flow.toldPrivately(bea.id, 'already closed');
    expect(await stored('clean_device')).toEqual({ status: 'open', owner: null });
    await flow.player.until('a list without menus', async () => {
      const text = textOf(await list('Runbook'));
      return !text.includes('task_move');
    });
  }, 240_000);
});
