import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, dia } = PEOPLE;

describe('the journey of a report', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  it('tells a person about a reset, takes "I didn\'t do this", opens one thread and keeps the person informed to the end', async () => {
    flow.world.attack(ada.email);
    const notice = await flow.told(ada.id, 'Was this you?');
    expect(textOf(notice)).toContain('your password was reset');
    expect(textOf(notice)).toContain('helpdesk-admin@meadow.example');
    await flow.player.press(ada.id, flow.player.dmOf(ada.id) ?? '', notice, 'notice_not_me');
    const card = await flow.card('Ada Okafor');
    expect(textOf(card)).toContain('Product designer');
    expect(textOf(card)).toContain('*Manager:* Dia Rahman');
    expect(textOf(card)).toContain('Europe/Vienna');
    expect(textOf(card)).toContain('*Mimecast* ada@meadow.example: enabled');
    await flow.told(ada.id, 'nobody has taken it yet');

    await flow.player.press(bea.id, flow.channel, card, 'incident_take');
    await flow.told(ada.id, `Who is looking:* <@${bea.id}>`);

    await flow.decide(bea.id, 'Ada Okafor', 'reset_password');
    await flow.inChannel('*Mimecast: Reset password* verified');
    await flow.told(ada.id, 'has begun to secure your accounts');

    await flow.closeIncident(bea.id, 'Ada Okafor');
    await flow.told(ada.id, 'we found nothing wrong');
    const answered = await flow.told(ada.id, 'You said that this was *not you*');
    expect(textOf(answered)).not.toContain('notice_not_me');
    // The evidence is kept beside what people do meanwhile, and in any case before the first change.
    const record = await flow.record(ada.email);
    expect(record.indexOf('evidence.kept')).toBeLessThan(record.indexOf('step.verified'));
    expect(record.filter((action) => action !== 'evidence.kept')).toEqual([
      'incident.opened',
      'report.received',
      'accounts.read',
      'incident.taken',
      'decision.taken',
      'step.verified',
      'incident.closed',
    ]);
  }, 240_000);

  it('does not frighten anybody with the reset that Notme itself did', async () => {
    await flow.player.until('the event of our own reset', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as ours from notices where login = $1 and is_ours', [
        ada.email,
      ]);
      return rows.length === 1;
    });
    const notices = flow.player
      .messages(flow.player.dmOf(ada.id))
      .filter((one) => textOf(one).includes('Was this you?'));
    expect(notices).toHaveLength(1);
  }, 240_000);

  it.each(['i didnt reset my pasword', 'That wasnt me!!'])(
    'understands "%s" and keeps one incident for one person',
    async (words) => {
      await flow.say(dia.id, words);
      await flow.inChannel(words);
      const { rows } = await flow.app.core.db.query(
        'select i.id from incidents i join people p on p.id = i.person_id where p.email = $1',
        [dia.email],
      );
      expect(rows).toHaveLength(1);
    },
    240_000,
  );

  it('asks with buttons when it is not sure, and takes the answer', async () => {
    const dm = await flow.say(PEOPLE.cem.id, 'something strange with my login?');
    const asked = await flow.told(PEOPLE.cem.id, 'I want to be sure');
    await flow.player.press(PEOPLE.cem.id, dm, asked, 'ask_yes');
    await flow.card('Cem Aydin');
  }, 240_000);

  it('reports with /notme, the global shortcut and the message shortcut', async () => {
    const general = flow.player.channel('general');
    await flow.world.slack.act({ as: dia.id, do: 'command', channel: general, text: '/notme my mailbox was opened' });
    await flow.toldPrivately(dia.id, 'I added this to incident');
    await flow.inChannel('my mailbox was opened');

    await flow.world.slack.act({ as: dia.id, do: 'shortcut', callback_id: 'report_global' });
    const global = await flow.player.modal(dia.id, 'report');
    await flow.player.submit(dia.id, global.id, { details: 'from the shortcut' });
    await flow.inChannel('from the shortcut');
    await flow.world.slack.act({ as: dia.id, do: 'close', view_id: global.id });

    const { ts } = await flow.world.slack.act({
      as: dia.id,
      do: 'message',
      channel: general,
      text: 'Forwarded: Your password was reset at noon',
    });
    await flow.world.slack.act({
      as: dia.id,
      do: 'message_shortcut',
      callback_id: 'report_message',
      channel: general,
      ts: String(ts),
    });
    const forwarded = await flow.player.modal(dia.id, 'report');
    await flow.player.submit(dia.id, forwarded.id, {});
    await flow.inChannel('Your password was reset at noon');
  }, 240_000);

  it('mails a person without Slack; the link only shows, and only its POST reports, once', async () => {
    flow.world.attack(CONTRACTOR.email);
    const mail = await flow.player.until('the mail', () => flow.world.mail.mailbox(CONTRACTOR.email).at(-1));
    const link = mail.links[0]?.url ?? '';
    expect(link).toContain('/report/');
    const page = await fetch(link);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain(CONTRACTOR.email);
    expect((await fetch(link)).status).toBe(200);
    const { rows: none } = await flow.app.core.db.query(
      'select 1 as one from people where email = $1 and exists (select 1 from incidents i where i.person_id = people.id)',
      [CONTRACTOR.email],
    );
    expect(none).toHaveLength(0);

    const nonce =
      /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? /name="([a-z_]+)" value="([^"]+)"/.exec(html)?.[2] ?? '';
    const field = /<input type="hidden" name="([^"]+)"/.exec(html)?.[1] ?? 'nonce';
    const post = (): Promise<Response> =>
      fetch(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(link).origin },
        body: new URLSearchParams({ [field]: nonce, answer: 'not_me' }),
      });
    const reported = await post();
    expect(reported.status).toBe(200);
    expect(await reported.text()).toContain('Thank you');
    await flow.card(CONTRACTOR.email);
    expect((await post()).status).toBe(410);
  }, 240_000);
});
