import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;

describe('what one person may do in an hour', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ limitsPerHour: { messages: 3, home: 2, lookups: 1, doctor: 1, lockdowns: 1 } });
  }, 240_000);
  afterAll(() => flow.close());

  const answersTo = (user: string): readonly string[] =>
    flow.player
      .messages(flow.player.dmOf(user) ?? '')
      .filter((one) => one['user'] !== user)
      .map((one) => textOf(one));
  const lockdown = (text: string): Promise<unknown> =>
    flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text: `/lockdown ${text}` });
  const window = async (): Promise<void> => {
    const { id } = await flow.player.modal(bea.id, 'decide');
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id });
  };
  const heard = (count: number): Promise<unknown> =>
    flow.player.until(`${count} messages heard`, async () => {
      const { rows } = await flow.app.core.db.query('select 1 from heard_messages');
      return rows.length === count;
    });

  it('is answered, then told once that it is too much, and then not answered; a report is taken at any time', async () => {
    for (let said = 0; said < 6; said += 1) await flow.say(eli.id, `what is for lunch? ${said}`);
    await heard(6);
    const answers = answersTo(eli.id);
    expect(answers.filter((text) => text.includes('I am here for one thing'))).toHaveLength(3);
    expect(answers.filter((text) => text.includes('You have written very often'))).toHaveLength(1);
    expect(answers).toHaveLength(4);
    await flow.say(eli.id, 'please help, I clicked a link in a strange mail and typed my password');
    await flow.told(eli.id, "Did something happen on your account that wasn't you?");
    await flow.say(eli.id, "that wasn't me");
    await flow.told(eli.id, 'The security team has been told');
    await flow.say(eli.id, "that wasn't me, really");
    await heard(9);
    expect(answersTo(eli.id).filter((text) => text.includes('You have written very often'))).toHaveLength(1);
  }, 240_000);

  it('answers a mention beyond the limit where it may be a report', async () => {
    const mention = (words: string): Promise<unknown> =>
      flow.world.slack.act({
        as: cem.id,
        do: 'message',
        channel: flow.player.channel('general'),
        text: `@Notme ${words}`,
      });
    const answers = () => flow.world.slack.state().ephemerals.filter((one) => one.user === cem.id);
    for (let said = 0; said < 5; said += 1) await mention(`what is for lunch? ${said}`);
    await flow.player.until('five counted', async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 from used_limits where actor = $1 and what = 'messages' and used = 5",
        [cem.id],
      );
      return rows.length === 1;
    });
    await mention('my phone was stolen');
    await flow.player.until('an answer', () => answers().length === 4);
    expect(textOf(answers().at(-1) ?? {})).toContain('my phone was stolen');
  }, 240_000);

  it('tells a reporter calmly, once, that the report stands', async () => {
    for (let said = 0; said < 5; said += 1) await flow.say(ada.id, `that wasn't me ${said}`);
    await heard(14);
    const answers = answersTo(ada.id).filter((text) =>
      text.includes('is with the security team, and nothing of it is lost'),
    );
    expect(answers).toHaveLength(1);
    const { rows } = await flow.app.core.db.query("select 1 from reports where said like 'that wasn%me _'");
    expect(rows).toHaveLength(3);
  }, 240_000);

  it('draws App Home no oftener', async () => {
    const drawn = (): number =>
      flow.world.slack.journal(0, 10_000).filter(({ kind, name }) => kind === 'api_call' && name === 'views.publish')
        .length;
    const before = drawn();
    for (let opened = 0; opened < 4; opened += 1) await flow.world.slack.act({ as: dia.id, do: 'home' });
    await flow.player.until('two counted', async () => {
      const { rows } = await flow.app.core.db.query("select 1 from used_limits where what = 'home' and used = 4");
      return rows.length === 1;
    });
    await flow.player.until('two drawn', () => drawn() - before === 2);
    const { rows } = await flow.app.core.db.query("select used from used_limits where what = 'home'");
    expect([drawn() - before, rows]).toEqual([2, [{ used: 4 }]]);
  }, 240_000);

  it('never holds up a lockdown: the channel is told, and both windows open', async () => {
    await lockdown('@dia seen in a breach list');
    await window();
    await lockdown('@eli seen in a breach list');
    await window();
    await lockdown('finn@meadow.example seen in a breach list');
    await window();
    await flow.inChannel('has opened more than 1 incidents by /lockdown');
    const { rows } = await flow.app.core.db.query("select 1 from record_entries where action = 'lockdowns.many'");
    expect(rows).toHaveLength(1);
  }, 240_000);

  it('bounds who is looked up, and says how it goes on', async () => {
    await lockdown('nobody@meadow.example phished');
    await flow.toldPrivately(bea.id, 'Name the person by @mention');
  }, 240_000);

  it('bounds the doctor', async () => {
    const ask = async (): Promise<unknown> => {
      await flow.world.slack.act({ as: bea.id, do: 'home' });
      const view = await flow.player.until('the home', () => flow.world.slack.state().homes[bea.id]);
      const place = { view_id: view.id, block_id: 'doctor', action_id: 'home_doctor' };
      return flow.world.slack.act({ as: bea.id, do: 'action', ...place });
    };
    await ask();
    await ask();
    await flow.told(bea.id, 'The doctor was asked very often');
    const { rows } = await flow.app.core.db.query(
      "select 1 from record_entries where action = 'attempt.refused' and actor_id = $1 and detail->>'action' = 'doctor'",
      [bea.id],
    );
    expect(rows).toHaveLength(1);
  }, 240_000);
});
