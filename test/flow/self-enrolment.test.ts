import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { bea, cem, eli } = PEOPLE;
const LINK = /http:\/\/[^|"<>\\]+\/enrol\/[\w-]{43}/;

describe('an authenticator app of somebody in a role', () => {
  let flow: Flow;
  let seed = '';
  beforeAll(async () => {
    flow = await startFlow({ administrators: [bea.id, cem.id, eli.id] });
  }, 240_000);
  afterAll(() => flow.close());

  /** Presses the button on their App Home, and closes the window that says what follows. */
  async function ask(userId: string): Promise<void> {
    await flow.world.slack.act({ as: userId, do: 'home' });
    const { id } = await flow.player.until('the home', () => flow.world.slack.state().homes[userId]);
    await flow.world.slack.act({ as: userId, do: 'action', view_id: id, block_id: 'enrol', action_id: 'home_enrol' });
    const window = await flow.player.until('the window', () => flow.world.slack.state().views[userId]?.at(-1));
    await flow.world.slack.act({ as: userId, do: 'close', view_id: window.id });
  }
  async function approve(by: string, whom: string, code: string): Promise<void> {
    const asked = await flow.player.message(
      'the request',
      () => flow.channel,
      (one) => textOf(one).includes(whom) && textOf(one).includes('enrolment_approve'),
    );
    await flow.player.press(by, flow.channel, asked, 'enrolment_approve');
    const { id } = await flow.player.modal(by, 'enrolment');
    await flow.player.approve(by, id, { code });
  }
  const linkOf = async (userId: string): Promise<string> =>
    LINK.exec(
      textOf(
        await flow.player.message(
          'the link',
          () => flow.player.dmOf(userId),
          (one) => LINK.test(textOf(one)),
        ),
      ),
    )?.[0] ?? '';
  /** Opens the link and presses its button, as a browser does. */
  async function enrolBy(link: string): Promise<string> {
    const nonce = /name="nonce" value="([^"]+)"/.exec(await (await fetch(link)).text())?.[1] ?? '';
    const body = new URLSearchParams({ nonce, response: '' });
    return (await fetch(link, { method: 'POST', body, headers: { origin: new URL(link).origin } })).text();
  }

  it('is asked for on App Home, another administrator approves, and the link in a direct message shows the code once', async () => {
    await ask(bea.id);
    await approve(cem.id, bea.id, flow.freshCode(cem.id));
    const link = await linkOf(bea.id);
    const page = await enrolBy(link);
    seed = (/<code>((?:[A-Z2-7]{1,4} ?){5,})<\/code>/.exec(page)?.[1] ?? '').replaceAll(' ', '');
    expect(seed).not.toBe('');
    expect((await fetch(link)).status).toBe(410);
    await flow.inChannel('enrolled an authenticator app *anew* on the page');
    expect(JSON.stringify(flow.world.slack.state())).not.toContain(seed);
  }, 240_000);

  it('then approves others; the link is redrawn away', async () => {
    await ask(eli.id);
    flow.pass(30_000);
    await approve(bea.id, eli.id, generateSync({ secret: seed, epoch: flow.world.now().getTime() / 1000 }));
    expect(await linkOf(eli.id)).toMatch(LINK);
    await flow.player.until(
      'no link of Bea',
      () => !flow.player.messages(flow.player.dmOf(bea.id)).some((one) => LINK.test(textOf(one))),
    );
  }, 240_000);
});
