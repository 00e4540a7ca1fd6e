import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('people who ask, and who go on telling', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const notme = (user: string, words: string): Promise<unknown> =>
    flow.world.slack.act({
      as: user,
      do: 'command',
      channel: flow.player.channel('general'),
      text: `/notme ${words}`,
    });
  const ephemeralsTo = (user: string) => flow.world.slack.state().ephemerals.filter((one) => one.user === user);
  const incidents = async (email: string): Promise<number> => {
    const { rows } = await flow.app.core.db.query(
      'select i.id from incidents i join people p on p.id = i.person_id where p.email = $1',
      [email],
    );
    return rows.length;
  };

  it.each(['help', '?', 'status', 'Help me!', '-h', 'hilfe'])(
    'answers /notme %s privately, with the button, and opens no incident',
    async (words) => {
      const before = ephemeralsTo(dia.id).length;
      await notme(dia.id, words);
      const answer = ephemeralsTo(dia.id).at(-1);
      expect(ephemeralsTo(dia.id)).toHaveLength(before + 1);
      expect(textOf(answer ?? {})).toContain('Did something happen on your account');
      expect(textOf(answer ?? {})).toContain('ask_yes');
      expect(await incidents(dia.email)).toBe(0);
    },
    60_000,
  );

  it('answers /notme status with how the own report stands', async () => {
    const card = await flow.report(cem);
    await notme(cem.id, 'status');
    expect(textOf(ephemeralsTo(cem.id).at(-1) ?? {})).toContain('nobody has taken it yet');
    await flow.player.press(bea.id, flow.channel, card, 'incident_take');
    await flow.inChannel('has taken this');
    await notme(cem.id, 'status');
    expect(textOf(ephemeralsTo(cem.id).at(-1) ?? {})).toContain(`<@${bea.id}> is looking at it`);
  }, 240_000);

  it('opens the window for /notme alone, and reports with words', async () => {
    await notme(ada.id, '');
    const { id } = await flow.player.modal(ada.id, 'report');
    await flow.world.slack.act({ as: ada.id, do: 'close', view_id: id });
    await notme(ada.id, 'somebody needs help to get out of my mailbox');
    await flow.inChannel('somebody needs help');
  }, 240_000);

  it("holds no administrators' log in the employee's message, while steps run and when one needs a human", async () => {
    flow.world.mimecast.permit('Directories | Internal | Edit', false);
    await flow.decide(bea.id, cem.real_name, 'disable_account');
    await flow.inChannel('*Mimecast: Disable* needs a human');
    const told = textOf(await flow.told(cem.id, 'has begun to secure your accounts'));
    flow.world.mimecast.permit('Directories | Internal | Edit', true);
    expect(told).not.toMatch(/Mimecast|Disable|needs a human|permission|verified|console|queued|step|@meadow/i);
    expect(told).toContain(`<@${bea.id}>`);
  }, 240_000);

  it("passes on what a reporter adds in the direct messages to the incident's thread, as the reporter's words", async () => {
    const thread = (await flow.inChannel('has taken this'))['thread_ts'];
    const reply = await flow.told(cem.id, 'Thank you for telling us');
    const dm = await flow.say(cem.id, 'is somebody looking at this?');
    const first = await flow.inChannel('adds, in a direct message: is somebody looking at this?');
    expect(textOf(first)).toContain(`<@${cem.id}> adds`);
    expect(first['thread_ts']).toBe(thread);
    expect(textOf(await flow.told(cem.id, 'Passed on'))).toContain(`<@${bea.id}> is looking at your report`);
    const text = 'I also see a new phone on my account';
    await flow.world.slack.act({ as: cem.id, do: 'message', channel: dm, text, thread_ts: reply.ts });
    await flow.inChannel(`adds, in a direct message: ${text}`);
    const answers = flow.player.messages(dm).filter((one) => textOf(one).includes('Passed on'));
    expect(answers.at(-1)?.['thread_ts']).toBe(reply.ts);
    expect(await flow.record(cem.email)).toContain('report.added');
  }, 240_000);

  it('tells nobody of an incident that others opened about them', async () => {
    const text = `/lockdown @dia seen in a breach list`;
    await flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text });
    const { id } = await flow.player.modal(bea.id, 'decide');
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id });
    await flow.say(dia.id, 'what is for lunch?');
    await flow.told(dia.id, 'I am here for one thing');
    expect(flow.player.messages(flow.channel).filter((one) => textOf(one).includes('lunch'))).toEqual([]);
  }, 240_000);

  it('answers @Notme in a channel privately, with the button that carries the words', async () => {
    const general = flow.player.channel('general');
    const before = { ephemerals: ephemeralsTo(ada.id).length, posts: flow.player.messages(general).length };
    await flow.world.slack.act({
      as: ada.id,
      do: 'message',
      channel: general,
      text: '@Notme that new phone is not mine',
    });
    await flow.toldPrivately(ada.id, 'Only you see this answer');
    expect(ephemeralsTo(ada.id)).toHaveLength(before.ephemerals + 1);
    expect(flow.player.messages(general)).toHaveLength(before.posts + 1);
    const answer = ephemeralsTo(ada.id).at(-1);
    expect(textOf(answer ?? {})).toContain('that new phone is not mine');
    expect(answer?.channel).toBe(general);
    expect(
      await flow.app.core.db.query("select 1 from reports where said like '%new phone is not mine%'"),
    ).toMatchObject({
      rows: [],
    });
  }, 240_000);
});
