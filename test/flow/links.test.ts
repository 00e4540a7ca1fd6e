import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { buttons } from '../../blocks/interactions.js';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { DOWN } from '../../sandbox/world/systems/system.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;
const finn = CONTRACTOR.email;
const spare = 'ada.before@meadow.example';
const PROTECTED = 'break-glass@meadow.example';

describe('correcting which account is whose', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({
      // Two addresses of Dia that are two accounts.
      people: [{ email: dia.email, aliases: [finn] }],
      accounts: [{ email: spare, name: 'Ada, under the name she had' }],
      neverTouch: [PROTECTED],
    });
    await flow.report(ada);
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const open = async (approver: string, name: string): Promise<string> => {
    await flow.player.press(approver, flow.channel, await flow.card(name), 'incident_links');
    return (await flow.player.modal(approver, 'links')).id;
  };
  const correct = async (approver: string, name: string, login: string): Promise<string> =>
    flow.player.submit(approver, await open(approver, name), { login_mimecast: login, code: flow.freshCode(approver) });
  const shut = (approver: string, view: string) => flow.world.slack.act({ as: approver, do: 'close', view_id: view });
  const top = (userId: string): string => textOf(flow.world.slack.state().views[userId]?.at(-1) ?? {});
  const cardWith = (name: string, text: string) =>
    flow.player.until(`the card of ${name} with "${text}"`, async () => {
      const card = textOf(await flow.card(name));
      return card.includes(text) && card;
    });
  const details = async (action: string): Promise<unknown[]> => {
    const { rows } = await flow.app.core.db.query<{ actor: unknown; detail: unknown }>(
      'select detail from record_entries where action = $1 order by at, seq',
      [action],
    );
    return rows.map(({ detail }) => detail);
  };

  it('acts on the account that an approver named, keeps its evidence, and says so in the thread and the record', async () => {
    await flow.inChannel('Evidence preserved before any change');
    const view = await open(bea.id, 'Ada Okafor');
    expect(top(bea.id)).toContain(`"initial_value":"${ada.email}"`);
    await flow.player.submit(bea.id, view, { login_mimecast: spare, code: flow.freshCode(bea.id) });
    await cardWith('Ada Okafor', `${spare}: `);
    await flow.inChannel(`<@${bea.id}> corrected the linked accounts`);
    await flow.inChannel(`*Mimecast*: ${ada.email} → ${spare}`);
    expect(await details('accounts.corrected')).toEqual([
      { logins: { mimecast: { before: ada.email, after: spare } }, proof: 'totp' },
    ]);
    await flow.player.until('evidence of both accounts', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as kept from evidence');
      return rows.length === 2;
    });
    const decision = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    expect(top(bea.id)).toContain(spare);
    expect(top(bea.id)).not.toContain(ada.email);
    await flow.player.approve(bea.id, decision, { reason: 'the right one', code: flow.freshCode(bea.id) });
    await flow.inChannel('*Mimecast: Disable* verified');
    expect([disabled(spare), disabled(ada.email)]).toEqual([true, false]);
  }, 240_000);

  it('undoes on the account where it was done, when that turns out to be the wrong one', async () => {
    await correct(cem.id, 'Ada Okafor', ada.email);
    const card = await cardWith('Ada Okafor', `${ada.email}: `);
    expect(card).toContain('Disable on an account that is no longer linked');
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.player.until('the account of Ada to be disabled', () => disabled(ada.email) === true);
    const first = flow.player
      .messages(flow.channel)
      .find((one) => textOf(one).includes('*Mimecast: Disable* verified') && textOf(one).includes('step_undo'));
    if (!first) throw new Error('the first step offers no undo');
    await flow.player.press(bea.id, flow.channel, first, 'step_undo');
    const { id } = await flow.player.modal(bea.id, 'undo');
    await flow.player.submit(bea.id, id, {
      reason: 'not the account of Ada',
      code: flow.freshCode(bea.id),
      override: 'it was never her account',
    });
    await flow.player.until('the wrong account to be enabled again', () => disabled(spare) === false);
    await flow.inChannel('*Mimecast: Undo: Disable* verified');
    expect(disabled(ada.email)).toBe(true);
  }, 240_000);

  it('keeps the correction for the next incident of the person once another approver has confirmed it', async () => {
    await correct(bea.id, 'Ada Okafor', spare);
    await cardWith('Ada Okafor', `${spare}: `);
    const asked = await open(cem.id, 'Ada Okafor');
    expect(top(cem.id)).toContain('Nobody else has confirmed it');
    const yes = { text: { type: 'plain_text', text: 'x' }, value: 'yes' };
    const code = { type: 'plain_text_input', value: flow.freshCode(cem.id) };
    await flow.world.slack.act({
      as: cem.id,
      do: 'submit',
      view_id: asked,
      state: {
        values: { code: { code }, confirms: { confirms: { type: 'checkboxes', selected_options: [yes] } } },
      },
    });
    await flow.inChannel(`<@${cem.id}> confirmed what was corrected by hand`);
    await flow.closeIncident(bea.id, 'Ada Okafor');
    await flow.say(ada.id, "I didn't do this");
    await flow.player.until('the second incident', async () => {
      const { rows } = await flow.app.core.db.query<{ n: number }>(
        `select count(*)::int as n from record_entries where action = 'incident.opened'`,
      );
      return rows[0]?.n === 2;
    });
    await cardWith('Ada Okafor', `${spare}: `);
    expect(await flow.record(ada.email)).not.toContain('accounts.corrected');
  }, 240_000);

  it('takes a dash for no account, and nothing for the addresses again', async () => {
    await correct(bea.id, 'Ada Okafor', '-');
    await cardWith('Ada Okafor', 'no account there, as an approver said');
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    expect(top(bea.id)).toContain('Nothing would be changed');
    await shut(bea.id, view);
    await correct(bea.id, 'Ada Okafor', '');
    await cardWith('Ada Okafor', `${ada.email}: `);
  }, 240_000);

  it("never guesses: an address that is nobody's is told, and two candidates are asked about", async () => {
    await correct(bea.id, 'Ada Okafor', 'nobody@meadow.example');
    await cardWith('Ada Okafor', '*Mimecast*: no account there');
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    expect(top(bea.id)).toContain('Nothing would be changed');
    await shut(bea.id, view);
    await flow.report(dia);
    const card = await cardWith('Dia Rahman', 'several accounts match');
    expect(card).toContain(dia.email);
    expect(card).toContain(finn);
    const asked = await open(bea.id, 'Dia Rahman');
    expect(top(bea.id)).toContain('none was taken');
    expect(top(bea.id)).not.toContain('initial_value');
    await flow.player.submit(bea.id, asked, { login_mimecast: dia.email, code: flow.freshCode(bea.id) });
    await cardWith('Dia Rahman', `${dia.email}: `);
  }, 240_000);

  it('refuses while steps run on that account, beside its field, and changes nothing', async () => {
    flow.world.mimecast.faults.add(DOWN);
    try {
      await flow.decide(bea.id, 'Dia Rahman', 'disable_account');
      const view = await open(cem.id, 'Dia Rahman');
      await expect(
        flow.player.submit(cem.id, view, { login_mimecast: finn, code: flow.freshCode(cem.id) }),
      ).rejects.toThrow(/"login_mimecast":"Steps are running/);
      await shut(cem.id, view);
    } finally {
      flow.world.mimecast.faults.clear();
    }
    await flow.player.until('the account of Dia to be disabled', () => disabled(dia.email) === true);
    expect(disabled(finn)).toBe(false);
    expect(await details('decision.refused')).toContainEqual({
      action: 'links',
      problem: 'already_running',
      said: 'problem.links.running',
    });
  }, 240_000);

  it('keeps nothing of a window that shows what is no longer so', async () => {
    const old = await open(cem.id, 'Ada Okafor');
    await correct(bea.id, 'Ada Okafor', ada.email);
    await cardWith('Ada Okafor', `${ada.email}: `);
    await flow.player.submit(cem.id, old, { login_mimecast: finn, code: flow.freshCode(cem.id) });
    expect(top(cem.id)).toContain('have changed since this window was opened');
    await shut(cem.id, old).catch(() => undefined);
    expect(textOf(await flow.card('Ada Okafor'))).toContain(`${ada.email}: `);
  }, 240_000);

  it('is for approvers only, never about oneself, and leads to no protected account', async () => {
    await flow.report(cem);
    await flow.player.press(cem.id, flow.channel, await flow.card('Cem Aydin'), 'incident_links');
    await flow.toldPrivately(cem.id, 'somebody else has to decide');
    // While it is open he would decide nothing about anybody.
    await flow.closeIncident(bea.id, 'Cem Aydin');
    await flow.player.until('the incident about Cem to be closed', async () => {
      const { rows } = await flow.app.core.db.query(
        `select 1 as open from incidents i join people p on p.id = i.person_id where i.status = 'open' and p.email = $1`,
        [cem.email],
      );
      return rows.length === 0;
    });
    const view = await open(cem.id, 'Ada Okafor');
    const refused = (login: string) =>
      flow.player.submit(cem.id, view, { login_mimecast: login, code: flow.freshCode(cem.id) });
    await expect(refused(cem.email)).rejects.toThrow(/This is your own account/);
    await expect(refused(PROTECTED)).rejects.toThrow(/never-touch list/);
    await shut(cem.id, view);
    // The button of a card in a private channel, shown where somebody without rights can press it.
    const { rows } = await flow.app.core.db.query<{ id: string }>("select id from incidents where status = 'open'");
    const web = new WebClient(flow.world.addresses.botToken, { slackApiUrl: flow.world.addresses.slackApiUrl });
    const conversation = await flow.say(eli.id, 'hello');
    const { ts } = await web.chat.postMessage({
      channel: conversation,
      text: 'a card',
      blocks: [
        {
          type: 'actions',
          block_id: 'shown',
          elements: [
            {
              type: 'button',
              action_id: 'incident_links',
              text: { type: 'plain_text', text: 'Correct accounts' },
              value: buttons.incident_links.encode({ incident: rows[0]?.id ?? '' }),
            },
          ],
        },
      ],
    });
    const place = { channel: conversation, ts: ts ?? '', block_id: 'shown', action_id: 'incident_links' };
    await flow.world.slack.act({ as: eli.id, do: 'action', ...place });
    await flow.toldPrivately(eli.id, 'Only approvers can decide this');
    expect(await details('decision.refused')).toEqual(
      expect.arrayContaining([
        { action: 'links', problem: 'own_account', said: 'problem.own_account' },
        { action: 'links', problem: 'own_account', said: 'problem.links.own' },
        { action: 'links', problem: 'never_touch', said: 'problem.links.never' },
        { action: 'links', problem: 'not_an_approver', said: 'problem.not_approver' },
      ]),
    );
  }, 240_000);
});
