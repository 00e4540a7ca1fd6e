import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { bea, cem } = PEOPLE;

describe('whom /lockdown is about', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const lockdown = (text: string): Promise<unknown> =>
    flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text: `/lockdown ${text}`.trim() });
  const answer = (): string => textOf(flow.world.slack.state().ephemerals.findLast((one) => one.user === bea.id) ?? {});
  const count = async (): Promise<number> => (await flow.app.core.db.query('select 1 from incidents')).rows.length;
  const windowOf = async (): Promise<string> => {
    const { id } = await flow.player.modal(bea.id, 'decide');
    const shown = textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id });
    return shown;
  };

  it.each([
    ['', 'Use it like this: `/lockdown'],
    ['help', 'Use it like this: `/lockdown'],
    ['@dia @eli phished both', '2 people are named'],
    ['@dia phished by @eli', '2 people are named'],
    ['@dia @ellli phished both', 'I do not know the person "@ellli"'],
    ['#general phished', '#general is not one person'],
    ['@here phished', '@here is not one person'],
    ['@Notme phished', 'That is an app'],
  ])(
    'drops nobody silently: "%s" is answered with a sentence, and nothing is opened',
    async (text, sentence) => {
      const before = await count();
      await lockdown(text);
      expect(answer()).toContain(sentence);
      if (text.includes('@eli ')) expect(answer()).toMatch(/<@U\w+>, <@U\w+>/);
      expect(await count()).toBe(before);
    },
    240_000,
  );

  it('takes words before the mention as the reason', async () => {
    await lockdown('phished this morning @cem');
    const shown = await windowOf();
    expect(shown).toContain('phished this morning');
    expect(shown).toContain(cem.id);
  }, 240_000);

  it('takes a person without Slack, whom a linked system knows', async () => {
    await lockdown(`${CONTRACTOR.email} lost laptop`);
    const shown = await windowOf();
    expect(shown).toContain('lost laptop');
    expect(shown).toContain(CONTRACTOR.email);
    const { rows } = await flow.app.core.db.query<{ slack_user_id: string | null }>(
      'select p.slack_user_id from incidents i join people p on p.id = i.person_id where p.email = $1',
      [CONTRACTOR.email],
    );
    expect(rows).toEqual([{ slack_user_id: null }]);
  }, 240_000);

  it('names the person without Slack who stands in the reason', async () => {
    const before = await count();
    await lockdown(`@eli phished, and ${CONTRACTOR.email} too`);
    await flow.player.until('the answer that names both', () => answer().includes(`, ${CONTRACTOR.email})`));
    expect(await count()).toBe(before);
  }, 240_000);

  it('names whom neither Slack nor a linked system knows', async () => {
    await lockdown('nobody.here phished');
    await flow.toldPrivately(bea.id, 'I do not know the person "nobody.here", and no linked system does');
  }, 240_000);
});
