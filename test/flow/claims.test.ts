import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;

describe('"This was me"', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const saidInChannel = (part: string): boolean =>
    flow.player.messages(flow.channel).some((one) => textOf(one).includes(part));
  /** Presses "This was me" under the newest notice. @returns the card that says so */
  const sayMe = async ({ id }: { id: string }) => {
    const card = await flow.told(id, 'notice_me');
    await flow.player.press(id, String(flow.player.dmOf(id)), card, 'notice_me');
    return flow.told(id, 'You said that this was you');
  };
  const noticeOf = async (login: string) => {
    const { rows } = await flow.app.core.db.query<{ answer: string | null; proven_with: string | null }>(
      'select answer, proven_with from notices where login = $1',
      [login],
    );
    return rows[0];
  };

  it('is not proven by the press alone, nor by a wrong code; a right one is told in thread and channel', async () => {
    await flow.report(bea);
    flow.world.attack(bea.email);
    const card = await sayMe(bea);
    expect(textOf(card)).toContain('It does not prove that it was you');
    await flow.inChannel('*Not proven:* whoever holds their Slack could say so');

    await flow.player.press(bea.id, String(flow.player.dmOf(bea.id)), card, 'notice_prove');
    const { id: view } = await flow.player.modal(bea.id, 'prove');
    await expect(flow.player.submit(bea.id, view, { code: '000000' })).rejects.toThrow('Wrong code');
    expect(await noticeOf(bea.email)).toEqual({ answer: 'me', proven_with: null });
    expect(saidInChannel('confirmed with a code that this was them')).toBe(false);

    expect(await flow.player.submit(bea.id, view, { code: flow.freshCode(bea.id) })).toBe('cleared');
    const line = textOf(await flow.inChannel('confirmed with a code that this was them'));
    for (const part of [`<@${bea.id}>`, 'Mimecast', 'by helpdesk-admin@meadow.example', 'an approver decides'])
      expect(line).toContain(part);
    await flow.inChannel('that it was them, and confirmed it with a code');
    const proven = textOf(await flow.told(bea.id, 'proved it with a code'));
    expect([proven.includes('notice_prove'), proven.includes('notice_not_me')]).toEqual([false, true]);
    const record = await flow.record(bea.email);
    for (const action of ['notice.claimed', 'decision.refused', 'notice.claim_proven'])
      expect(record.filter((one) => one === action)).toHaveLength(1);
    const { rows } = await flow.app.core.db.query(
      `select status from incidents i join people p on p.id = i.person_id where p.email = $1`,
      [bea.email],
    );
    expect(rows).toEqual([{ status: 'open' }]);
  }, 240_000);

  it('offers nothing to prove to whoever has no codes, and says what their word is worth', async () => {
    flow.world.attack(ada.email);
    const card = textOf(await sayMe(ada));
    for (const part of ['It does not prove that it was you', 'Not sure any more?']) expect(card).toContain(part);
    expect(card).not.toContain('notice_prove');
  }, 240_000);

  it('on the mailed page is noted and told, and "I didn\'t do this" can follow, but not the other way round', async () => {
    flow.world.attack(CONTRACTOR.email);
    const mail = await flow.player.until('the mail', () => flow.world.mail.mailbox(CONTRACTOR.email).at(-1));
    const link = mail.links[0]?.url ?? '';
    const html = await (await fetch(link)).text();
    const nonce = /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const post = async (answer: 'me' | 'not_me'): Promise<[number, string]> => {
      const response = await fetch(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(link).origin },
        body: new URLSearchParams({ nonce, answer }),
      });
      return [response.status, await response.text()];
    };
    // What a scanner of links does.
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(`${link}?answer=me&nonce=${nonce}`, { method })).status).toBe(200);
    expect(await noticeOf(CONTRACTOR.email)).toEqual({ answer: null, proven_with: null });

    for (let times = 0; times < 2; times += 1)
      expect(await post('me')).toEqual([200, expect.stringContaining('We have noted that this was you')]);
    expect(await noticeOf(CONTRACTOR.email)).toEqual({ answer: 'me', proven_with: null });
    // What comes due within a minute goes into one post.
    flow.pass(60_000);
    flow.app.core.dispatch();
    await flow.inChannel(`*${CONTRACTOR.email}*, Mimecast, Password reset`);
    expect(await (await fetch(link)).text()).toContain('Somebody has already answered here');

    expect(await post('not_me')).toEqual([200, expect.stringContaining('Thank you for telling us')]);
    await flow.card(CONTRACTOR.email);
    expect(await post('me')).toEqual([409, expect.stringContaining('You have already told us')]);
    expect((await noticeOf(CONTRACTOR.email))?.answer).toBe('not_me');
  }, 240_000);
});
