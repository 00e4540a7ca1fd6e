import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;

describe('a trouble of Slack that passes', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterEach(() => flow.world.slack.faults.clear());
  afterAll(() => flow.close());

  const tries = (): number =>
    flow.world.slack.journal(0, 5000).filter(({ kind, name }) => kind === 'api_call' && name === 'chat.postMessage')
      .length;

  const cardOf = (name: string) =>
    flow.player.messages(flow.channel).find((message) => new RegExp(`N-\\d+: ${name}`).test(textOf(message)));

  async function refused(): Promise<string[]> {
    const { rows } = await flow.app.core.db.query<{ kind: string }>(
      "select body ->> 'kind' as kind from posts where status = 'refused'",
    );
    return rows.map(({ kind }) => kind);
  }

  it.each([
    ["a proxy's page", { type: 'nonsense' }, ada],
    ['a 500', { type: 'http_500' }, bea],
    ['rate limits', { type: 'rate_limited', retry_after_s: 1 }, eli],
    ['a code that is not known here', { type: 'error', error: 'rate_limited' }, dia],
  ] as const)(
    'loses no card, no line and no message when every post gets %s',
    async (_, fault, person) => {
      flow.world.slack.faults.add({ target: 'api', method: 'chat.postMessage', times: 10_000, ...fault });
      const before = tries();
      await flow.say(person.id, "I didn't do this");
      await flow.player.until('four tries in vain', () => tries() >= before + 4);
      flow.world.slack.faults.clear();
      await flow.card(person.real_name);
      await flow.told(person.id, 'has opened incident');
      // Lines of the other incidents may be refused meanwhile.
      expect(await refused()).not.toContain('card');
    },
    240_000,
  );

  it('tells the approvers directly when Slack refuses the card with and without its blocks, and posts it later', async () => {
    const { channel } = flow;
    flow.world.slack.faults.add({
      target: 'api',
      method: 'chat.postMessage',
      channel,
      type: 'error',
      error: 'invalid_blocks',
      times: 10_000,
    });
    await flow.say(cem.id, "I didn't do this");
    const told = await flow.told(bea.id, `is not in <#${channel}> yet`);
    expect(textOf(told)).toContain('invalid_blocks');
    // Lines of the other incidents may be refused meanwhile.
    expect(await refused()).not.toContain('card');
    flow.world.slack.faults.clear();
    await flow.player.until('the card, after the pause that has grown meanwhile', () => cardOf(cem.real_name), 240_000);
    expect(await flow.record(cem.email)).toContain('channel.unreachable');
  }, 240_000);

  it('posts the card anew when somebody deleted it, and goes on under it', async () => {
    const card = await flow.card(ada.real_name);
    const deleted = await fetch(`${flow.world.slack.apiUrl}chat.delete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${flow.world.slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: flow.channel, ts: card.ts }),
    });
    expect(await deleted.json()).toMatchObject({ ok: true });
    await flow.say(ada.id, "It wasn't me, somebody is in my account");
    const anew = await flow.card(ada.real_name);
    expect(anew.ts).not.toBe(card.ts);
  }, 240_000);
});
