import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, dia } = PEOPLE;

const missingFrom = (said: string, parts: readonly string[]): string[] => parts.filter((part) => !said.includes(part));

describe('what is reported at Okta itself', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
  }, 240_000);
  afterAll(() => flow.close());

  /** As with the sandbox's button. */
  const play = (id: 'report' | 'reject', email: string): void => {
    const one = flow.world.company.find((system) => system.id === 'okta')?.plays.find((button) => button.id === id);
    if (!one) throw new Error(`Okta has no button "${id}"`);
    one.run(email);
  };
  const lines = (part: string): readonly string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((said) => said.includes(part) && !said.includes('Time zone'));
  const rows = async (sql: string): Promise<readonly object[]> => (await flow.app.core.db.query(sql)).rows;

  it('opens an incident with who said it, when, from where and about what, on the card and in the thread', async () => {
    play('report', ada.email);
    const facts = ['Reported at *Okta*', ada.email, '203.0.113.66', 'new_device_notification', 'nothing is contained'];
    const card = textOf(await flow.card('Ada Okafor'));
    expect(missingFrom(card, [...facts, 'Reported elsewhere', 'Ada Okafor says'])).toEqual([]);
    await flow.inChannel('Whoever holds that account could say so');
    expect(missingFrom(lines('Reported at *Okta*')[0] ?? '', facts)).toEqual([]);
  }, 240_000);

  it('tells the person what was opened in their name, and that they need do nothing', async () => {
    const told = textOf(await flow.told(ada.id, 'opened this in your name'));
    expect(missingFrom(told, ['you need do nothing more', 'opened incident'])).toEqual([]);
    expect(told).not.toContain('Okta');
  }, 240_000);

  it('is counted in that line when it is said again, and opens no second incident, also over a restart', async () => {
    play('report', ada.email);
    await flow.player.until('the line to count two', () =>
      lines('Reported at *Okta*').some((one) => one.includes('2 times')),
    );
    await flow.away(() => {
      play('report', ada.email);
      return Promise.resolve();
    });
    await flow.player.until('the line to count three', () =>
      lines('Reported at *Okta*').some((one) => one.includes('3 times')),
    );
    expect(lines('Reported at *Okta*')).toHaveLength(1);
    expect(await rows('select 1 from incidents')).toHaveLength(1);
  }, 240_000);

  it('contains nothing by itself, and stands in the record', async () => {
    expect(await rows('select 1 from steps')).toEqual([]);
    expect(
      await rows(
        `select actor_id, detail->>'said_by' as by from record_entries where action = 'report.elsewhere' limit 1`,
      ),
    ).toEqual([{ actor_id: 'notme.reports', by: 'person' }]);
  });

  it('lets the approver act on it as on any report', async () => {
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.inChannel('*Okta: Disable* verified');
  }, 240_000);

  it('asks about a rejected sign-in request, and opens an incident at the third', async () => {
    play('reject', dia.email);
    const asked = textOf(await flow.told(dia.id, 'the request was rejected on your phone'));
    expect(missingFrom(asked, ['Okta', 'notice_not_me'])).toEqual([]);
    expect(
      await rows(`select 1 from incidents i join people p on p.id = i.person_id where p.email = '${dia.email}'`),
    ).toEqual([]);
    play('reject', dia.email);
    play('reject', dia.email);
    const card = textOf(await flow.card('Dia Rahman'));
    expect(missingFrom(card, ['a sign-in request was rejected on the phone'])).toEqual([]);
    // The answer comes from the phone: its address says nothing of whoever asked.
    expect(card).not.toContain('203.0.113.66');
    await flow.player.until('the line to count three', () =>
      lines('was rejected on the phone').some((one) => one.includes('3 times')),
    );
  }, 240_000);

  it('becomes their report when they answer the question', async () => {
    const question = await flow.told(dia.id, 'the request was rejected on your phone');
    await flow.player.press(dia.id, flow.player.dmOf(dia.id) ?? '', question, 'notice_not_me');
    await flow.told(dia.id, 'Thank you for telling us');
    expect(await rows('select 1 from incidents')).toHaveLength(2);
    expect(await rows("select surface from reports where surface = 'button'")).toHaveLength(1);
  }, 240_000);
});
