import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('the first answer to somebody in a fright', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  // A fault that was not used up must not reach the next test.
  afterEach(() => flow.world.slack.faults.clear());
  afterAll(() => flow.close());

  const lateTrigger = (): void =>
    flow.world.slack.faults.add({
      target: 'api',
      method: 'views.open',
      type: 'error',
      error: 'expired_trigger_id',
      times: 1,
    });

  it('is never only an introduction: a message that is not understood gets a button that reports', async () => {
    await flow.say(ada.id, 'das war ich nicht');
    const answer = await flow.told(ada.id, 'I am here for one thing');
    await flow.player.press(ada.id, flow.player.dmOf(ada.id) ?? '', answer, 'ask_yes');
    await flow.told(ada.id, 'The security team has been told');
    await flow.card(ada.real_name);
  }, 240_000);

  it('comes in words when Slack opens no window any more, from the command, the shortcut and the home tab', async () => {
    lateTrigger();
    await flow.world.slack.act({ as: cem.id, do: 'command', channel: flow.channel, text: '/notme' }).catch(() => null);
    await flow.told(cem.id, 'took too long');
    lateTrigger();
    await flow.world.slack.act({ as: dia.id, do: 'shortcut', callback_id: 'report_global' });
    await flow.told(dia.id, 'took too long');
    await flow.world.slack.act({ as: bea.id, do: 'home' });
    await flow.world.slack.wait({ timeout_ms: 5000, until: { home: { user: bea.id } } });
    lateTrigger();
    await flow.world.slack.act({
      as: bea.id,
      do: 'action',
      view_id: flow.world.slack.state().homes[bea.id]?.id ?? '',
      block_id: 'home',
      action_id: 'home_report',
    });
    await flow.told(bea.id, 'took too long');
  }, 240_000);

  it('tells the approver too, when the window of a decision came too late', async () => {
    lateTrigger();
    await flow.player.press(bea.id, flow.channel, await flow.card(ada.real_name), 'incident_close');
    await flow.toldPrivately(bea.id, 'took too long');
  }, 240_000);

  it('shows what was said as it was typed', async () => {
    await flow.say(cem.id, "that wasn't me <here> & there, see https://example.com/x");
    const card = JSON.stringify((await flow.card(cem.real_name))['blocks']);
    expect(card).toContain('&lt;here&gt; &amp; there, see https://example.com/x');
    expect(card).not.toContain('&amp;lt;');
  }, 240_000);

  it('gets through when the token was refused for a while', async () => {
    const method = 'chat.postMessage';
    flow.world.slack.faults.add({ target: 'api', method, type: 'error', error: 'token_revoked', times: 4 });
    await flow.say(dia.id, "I didn't do this");
    expect(textOf(await flow.card(dia.real_name))).toContain('Dia Rahman');
    await flow.told(dia.id, 'The security team has been told');
  }, 240_000);

  it('does not let one person fill the thread: all reports are in the record, the thread says that there are more', async () => {
    for (let index = 0; index < 30; index += 1) await flow.say(ada.id, `that wasn't me ${index}`);
    await flow.player.until('all reports', async () => {
      const { rows } = await flow.app.core.db.query("select 1 as one from reports where said like 'that wasn%me %'");
      return rows.length >= 30;
    });
    await flow.inChannel('Further reports');
    const { rows } = await flow.app.core.db.query<{ count: number }>(
      `select count(*)::int as count from posts where body #>> '{phrase,key}' = 'timeline.merged'`,
    );
    expect(rows[0]?.count).toBeLessThanOrEqual(20);
  }, 240_000);
});
