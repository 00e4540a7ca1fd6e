import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../free-port.js';
import { type Flow, PEOPLE, SECURITY_CHANNEL, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe("Slack's HTTP mode", () => {
  let flow: Flow;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    flow = await startFlow({ publicUrl: url, webPort: port });
  }, 240_000);
  afterAll(() => flow.close());

  const post = (body: string, { at = Date.now(), secret = flow.world.slack.signingSecret } = {}): Promise<Response> => {
    const stamp = String(Math.floor(at / 1000));
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
    return fetch(`${url}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        'x-slack-request-timestamp': stamp,
        'x-slack-signature': signature,
      },
      body,
    });
  };
  const directMessage = (eventId: string): string =>
    JSON.stringify({
      type: 'event_callback',
      team_id: flow.world.slack.teamId,
      api_app_id: flow.world.slack.appId,
      event_id: eventId,
      event_time: 1,
      authorizations: [
        {
          team_id: flow.world.slack.teamId,
          user_id: flow.world.slack.botUserId,
          is_bot: true,
          enterprise_id: null,
          is_enterprise_install: false,
        },
      ],
      event: {
        type: 'message',
        channel_type: 'im',
        channel: 'D0FORGED00',
        user: ada.id,
        text: 'not me',
        ts: '1.000100',
        event_ts: '1.000100',
      },
    });
  const incidents = async (): Promise<number> =>
    (await flow.app.core.db.query('select 1 as one from incidents')).rows.length;

  it('refuses forged and stale signatures, malformed and oversized bodies, and changes nothing', async () => {
    expect((await post(directMessage('Ev1'), { secret: 'not the secret' })).status).toBe(401);
    expect((await post(directMessage('Ev1'), { at: Date.now() - 6 * 60 * 1000 })).status).toBe(401);
    expect((await post('{"broken')).status).toBeGreaterThanOrEqual(400);
    expect((await post('x'.repeat(1_200_000))).status).toBeGreaterThanOrEqual(400);
    expect(await incidents()).toBe(0);
  }, 240_000);

  it('takes a signed event once, refuses the same signature again, and counts a redelivered event once', async () => {
    const at = Date.now();
    expect((await post(directMessage('Ev2'), { at })).status).toBe(200);
    expect((await post(directMessage('Ev2'), { at })).status).toBe(401);
    expect((await post(directMessage('Ev2'), { at: at + 1000 })).status).toBe(200);
    expect(await incidents()).toBe(1);
    const { rows } = await flow.app.core.db.query('select 1 as one from reports');
    expect(rows).toHaveLength(1);
  }, 240_000);

  it('drops deliveries of another workspace', async () => {
    const foreign = directMessage('Ev3').replaceAll(flow.world.slack.teamId, 'T0SOMEBODY');
    await post(foreign);
    const { rows } = await flow.app.core.db.query('select 1 as one from reports');
    expect(rows).toHaveLength(1);
  }, 240_000);

  it('works over signed requests as over the socket', async () => {
    await flow.report(dia);
    await flow.decide(bea.id, 'Dia Rahman', 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
  }, 240_000);

  it('tells the truth on /healthz, /readyz and /metrics', async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    // The decision before let the clock jump: the look for forgotten work has to come round once more.
    await flow.player.until('everything to be ready', async () => {
      const { status } = (await (await fetch(`${url}/readyz`)).json()) as { status: string };
      return status === 'ok';
    });
    const ready = (await (await fetch(`${url}/readyz`)).json()) as { checks: { name: string; ok: boolean }[] };
    expect(ready.checks.map((check) => [check.name, check.ok])).toEqual([
      ['database', true],
      ['queue', true],
      ['slack', true],
      ['work', true],
      ['scheduler', true],
      ['channel', true],
      ['mimecast', true],
      ['mail', true],
    ]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/notme_incidents_opened_total 2/);
    expect(metrics).toMatch(/notme_steps_total\{system="mimecast",action="disable_account",outcome="verified"\} 1/);
    expect(metrics).toMatch(/notme_rejected_inputs_total\{edge="slack_http",reason="replayed_signature"\} 1/);
  }, 240_000);
});

describe('input that cannot be used', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const lockdown = (text: string): Promise<unknown> =>
    flow.world.slack.act({ as: bea.id, do: 'command', channel: flow.channel, text: `/lockdown ${text}` });

  it.each([
    ['', 'Use it like this: `/lockdown @person reason`'],
    ['somebody because', 'I do not know the person'],
    ['@dia', 'Please add the reason'],
    ['nobody@meadow.example stolen laptop', 'I do not know the person'],
  ])(
    'answers /lockdown %s with a sentence',
    async (text, sentence) => {
      await lockdown(text);
      await flow.toldPrivately(bea.id, sentence);
    },
    60_000,
  );

  it('says so when a card is from an older version or an incident is unknown', async () => {
    const channel = flow.channel;
    const old = await flow.world.slack.act({ as: bea.id, do: 'message', channel, text: 'x' });
    expect(old.ok).toBe(true);
    const post = (value: string): Promise<unknown> =>
      fetch(`${flow.world.slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${flow.world.slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          channel,
          text: `card ${value}`,
          blocks: [
            {
              type: 'actions',
              block_id: 'b',
              elements: [
                { type: 'button', action_id: 'incident_take', text: { type: 'plain_text', text: 'Take it' }, value },
              ],
            },
          ],
        }),
      });
    await post('{"v":0,"incident":"inc_1"}');
    await flow.player.press(bea.id, channel, await flow.inChannel('"v\\":0'), 'incident_take');
    await flow.toldPrivately(bea.id, 'older version');
    await post(`{"v":1,"p":{"incident":"inc_${'0'.repeat(32)}"}}`);
    await flow.player.press(bea.id, channel, await flow.inChannel('inc_0000'), 'incident_take');
    await flow.toldPrivately(bea.id, 'not known here');
  }, 240_000);

  it('tells the approvers directly when the bot is not in the channel, keeps the report, and posts once it is', async () => {
    const { slack } = flow.world;
    const setMembers = (change: (members: string[]) => string[]): void => {
      const snapshot = structuredClone(slack.snapshot());
      for (const channel of Object.values(snapshot.channels)) {
        if (channel.name === SECURITY_CHANNEL) channel.members = change(channel.members);
      }
      slack.restore(snapshot);
    };
    setMembers((members) => members.filter((id) => id !== slack.botUserId));
    await flow.say(cem.id, 'that was not me');
    await flow.told(cem.id, 'The security team has been told');
    expect(textOf(await flow.told(bea.id, 'I cannot post in'))).toContain('/invite @Notme');
    expect(await flow.record(cem.email)).toContain('channel.unreachable');
    setMembers((members) => [...members, slack.botUserId]);
    await flow.say(cem.id, 'it really was not me');
    await flow.card('Cem Aydin');
    await flow.inChannel('it really was not me');
  }, 240_000);

  it('says plainly that a person has no account, and changes nothing', async () => {
    await flow.say(PEOPLE.eli.id, 'someone is in my account');
    expect(textOf(await flow.card('Eli Santos'))).toContain('no account there');
    await flow.openDecision(bea.id, 'Eli Santos', 'disable_account');
    const modal = flow.world.slack.state().views[bea.id]?.at(-1);
    expect(JSON.stringify(modal)).toContain('Nothing would be changed');
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: modal?.id ?? '' });
  }, 240_000);

  it('explains itself to somebody who writes something else', async () => {
    await flow.say(bea.id, 'hello');
    await flow.told(bea.id, 'I am here for one thing');
  }, 240_000);

  it('survives an expired modal: an old view id is refused and nothing changes', async () => {
    await flow.report(ada);
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: view });
    await expect(flow.player.submit(bea.id, view, { reason: 'gone', code: '123456' })).rejects.toThrow();
    expect(flow.world.mimecast.user(ada.email)?.accountDisabled).toBe(false);
    expect(textOf(await flow.card('Ada Okafor'))).toContain('enabled');
  }, 240_000);
});
