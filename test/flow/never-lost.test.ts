import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('what Slack refuses, a person says or a system shows late', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterEach(() => flow.world.slack.faults.clear());
  afterAll(() => flow.close());

  const refuse = (method: string, error: string, times: number): void =>
    flow.world.slack.faults.add({ target: 'api', method, type: 'error', error, times });

  it('reaches the thread in the words that were written, when only a button was pressed after them', async () => {
    await flow.say(ada.id, 'mein Konto spinnt "seit heute" 🦊');
    const answer = await flow.told(ada.id, 'I am here for one thing');
    await flow.player.press(ada.id, flow.player.dmOf(ada.id) ?? '', answer, 'ask_yes');
    expect(textOf(await flow.card(ada.real_name))).toContain('mein Konto spinnt');
  }, 240_000);

  it('comes as a mail, when Slack takes no direct message to the person', async () => {
    refuse('conversations.open', 'user_disabled', 1);
    flow.world.attack(cem.email);
    const mail = await flow.player.until('the mail', () => flow.world.mail.mailbox(cem.email).at(-1));
    expect(mail.text).toContain('/report/');
  }, 240_000);

  it('is said without blocks, when Slack refuses them, and no line is left out', async () => {
    refuse('chat.postMessage', 'invalid_blocks', 1);
    await flow.report(dia);
    await flow.player.until('every post to be delivered', async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 as open from posts where status in ('pending', 'sending')",
      );
      return rows.length === 0;
    });
    const { rows } = await flow.app.core.db.query("select id from posts where status = 'refused'");
    expect(rows).toEqual([]);
    expect(flow.world.slack.faults.list()).toEqual([]);
  }, 240_000);

  it('is written down, when an approver tries to undo what was decided about himself', async () => {
    await flow.report(cem);
    await flow.decide(bea.id, cem.real_name, 'disable_account');
    await flow.player.press(cem.id, flow.channel, await flow.inChannel('step_undo'), 'step_undo');
    await flow.player.until('the refusal in the record', async () =>
      (await flow.record(cem.email)).includes('decision.refused'),
    );
    expect(flow.world.mimecast.user(cem.email)?.accountDisabled).toBe(true);
  }, 240_000);

  it('is told as accepted, not as tried again, while a system shows a change late', async () => {
    flow.world.mimecast.setLag(4000);
    await flow.decide(bea.id, dia.real_name, 'reset_password');
    await flow.inChannel('Reset password, accepted, not confirmed yet');
    expect(textOf(await flow.card(dia.real_name))).not.toContain('trying again');
    await flow.inChannel('*Mimecast: Reset password* verified');
    await flow.player.until('the redrawn progress', () =>
      flow.player.messages(flow.channel).every((message) => !textOf(message).includes('not confirmed yet')),
    );
    flow.world.mimecast.setLag(0);
  }, 240_000);
});
