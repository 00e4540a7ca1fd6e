import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, dia, eli } = PEOPLE;
const LATE_MS = 3 * 60_000;

const report = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

describe('an open incident without its card', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const { id: as } = bea;
  const remove = () =>
    flow.world.slack.act({ as, do: 'remove', channel: flow.channel, user: flow.world.slack.botUserId });
  const invite = () =>
    flow.world.slack.act({ as, do: 'invite', channel: flow.channel, user: flow.world.slack.botUserId });

  async function ready() {
    flow.pass(5_000);
    const answer = await fetch(`${flow.app.webUrl}/readyz`);
    const { checks, status } = report.parse(await answer.json());
    return { http: answer.status, status, check: checks.find(({ name }) => name === 'channel') };
  }

  const homeOf = (user: string): string => textOf(flow.world.slack.state().homes[user] ?? {});
  async function openHome(): Promise<string> {
    await flow.world.slack.act({ as, do: 'home' });
    return homeOf(as);
  }

  async function doctor(): Promise<string> {
    const view = flow.world.slack.state().homes[as];
    const place = { view_id: view?.id ?? '', block_id: 'doctor', action_id: 'home_doctor' };
    await flow.world.slack.act({ as, do: 'action', ...place });
    const top = () => flow.world.slack.state().views[as]?.at(-1);
    await flow.player.until("the doctor's answer", () => textOf(top() ?? {}).includes('*Mimecast*'));
    const told = textOf(top() ?? {});
    await flow.world.slack.act({ as, do: 'close', view_id: top()?.id ?? '' });
    return told;
  }

  const cardOf = (name: string) =>
    flow.player.messages(flow.channel).find((message) => new RegExp(`N-\\d+: ${name}`).test(textOf(message)));

  it('is told by readiness, App Home, the doctor and directly while the bot is removed, and repaired when it is invited', async () => {
    expect(await ready()).toMatchObject({ http: 200, check: { ok: true } });
    await remove();
    expect(await ready()).toMatchObject({ http: 200, status: 'degraded', check: { ok: false } });
    expect((await ready()).check?.detail).toContain('/invite @Notme');
    await flow.say(ada.id, "I didn't do this");
    await flow.told(bea.id, 'I cannot post in');
    flow.pass(LATE_MS);
    await openHome();
    await flow.player.until('the home that tells it', async () => (await openHome()).includes('Nobody sees it'));
    expect(await doctor()).toMatch(/no card in their channel: N-\d+/);
    await invite();
    await flow.card(ada.real_name);
    expect(await ready()).toMatchObject({ check: { ok: true } });
    await flow.player.until('the home without it', async () => !(await openHome()).includes('Nobody sees it'));
  }, 240_000);

  it('is shown as soon as an archived channel is there again', async () => {
    await flow.world.slack.act({ as, do: 'archive', channel: flow.channel });
    expect((await ready()).check?.detail).toContain('archived');
    await flow.say(dia.id, "I didn't do this");
    await flow.told(bea.id, 'is_archived');
    await flow.world.slack.act({ as, do: 'unarchive', channel: flow.channel });
    await flow.card(dia.real_name);
  }, 240_000);

  it('is found by the scheduler when nothing is at work on it any more', async () => {
    await remove();
    await flow.say(eli.id, "I didn't do this");
    await flow.told(bea.id, eli.real_name);
    // As an earlier version left it: the card refused, the work done.
    const { db } = flow.app.core;
    const { rows } = await db.query<{ id: string }>(
      "select id from incidents where status = 'open' and card_ts is null",
    );
    const id = rows[0]?.id ?? '';
    await db.query("update work set status = 'done', lease_token = null where name = 'sync_incident' and ref = $1", [
      id,
    ]);
    await db.query("update posts set status = 'refused' where incident_id = $1 and body ->> 'kind' = 'card'", [id]);
    await invite();
    flow.pass(LATE_MS);
    await flow.player.until('the card, after the next look', () => cardOf(eli.real_name), 240_000);
  }, 240_000);
});
