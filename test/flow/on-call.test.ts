import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPROVER_GROUP } from '../../sandbox/world/people.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('whoever is on call, when nothing is said about it', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  it('is the approvers: the first post mentions them, until somebody has taken it', async () => {
    const card = await flow.report(ada);
    expect(card.text).toContain(`<!subteam^${APPROVER_GROUP}>`);
    expect(textOf(card)).toContain(`*Called:* <!subteam^${APPROVER_GROUP}>`);
    await flow.player.press(bea.id, flow.channel, card, 'incident_take');
    await flow.player.until('a card without the call', async () => {
      const now = textOf(await flow.card(ada.real_name));
      return now.includes(`*Taken by:* <@${bea.id}>`) && !now.includes('subteam');
    });
  }, 240_000);
});

describe('whoever is on call, by name', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ onCall: { users: [bea.id, cem.id], again_minutes: 0.04 } });
  }, 240_000);
  afterAll(() => flow.close());

  it('is called again when nobody takes it, then each approver directly, once', async () => {
    const card = await flow.report(dia);
    expect(card.text).toContain(`<@${bea.id}> <@${cem.id}>`);
    expect(textOf(await flow.inChannel('nobody has taken it yet.'))).toContain(`<@${bea.id}> <@${cem.id}>`);
    for (const { id } of [bea, cem]) expect(textOf(await flow.told(id, 'nobody has taken it'))).toContain('Dia Rahman');
    await flow.inChannel('Each approver has been told');
    expect(await flow.record(dia.email)).toEqual(
      expect.arrayContaining(['incident.called_again', 'incident.approvers_called']),
    );
    const told = flow.player
      .messages(flow.player.dmOf(bea.id))
      .filter((one) => textOf(one).includes('nobody has taken'));
    expect(told).toHaveLength(1);
  }, 240_000);

  it('is never the person whom it is about', async () => {
    const card = await flow.report(cem);
    expect(card.text).not.toContain(cem.id);
    await flow.told(bea.id, 'Cem Aydin');
    await flow.player.until('every approver but Cem to be told', async () =>
      (await flow.record(cem.email)).includes('incident.approvers_called'),
    );
    const own = flow.player.messages(flow.player.dmOf(cem.id)).filter((one) => textOf(one).includes('(Cem Aydin)'));
    expect(own).toEqual([]);
  }, 240_000);

  it('is left in peace once somebody has taken it', async () => {
    const card = await flow.report(ada);
    await flow.player.press(bea.id, flow.channel, card, 'incident_take');
    await flow.player.until('the call to be due and left out', async () => {
      const { rows } = await flow.app.core.db.query<{ status: string }>(
        `select w.status from work w join incidents i on i.id = w.ref join people p on p.id = i.person_id
         where w.name = 'call_again' and p.email = $1`,
        [ada.email],
      );
      return rows[0]?.status === 'done';
    });
    const actions = await flow.record(ada.email);
    expect(actions).not.toContain('incident.approvers_called');
  }, 240_000);
});
