import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acknowledgeNotices } from '../../src/notices/see-to.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestTelling } from '../../src/notices/unanswered.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const MINUTE_MS = 60_000;

interface Row {
  readonly id: string;
  readonly told_in: string | null;
}

describe('a notice that nobody was told of yet', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const said = (part: string): string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((one) => one.includes(part));
  const notice = async (login: string): Promise<Row> => {
    const { rows } = await flow.app.core.db.query<Row>('select id, told_in from notices where login = $1', [login]);
    const [row] = rows;
    if (!row) throw new Error(`${login} has no notice`);
    return row;
  };
  const asked = (login: string) =>
    flow.player.until(`${login} to be asked`, async () => {
      const { rows } = await flow.app.core.db.query(
        'select 1 as yes from notices where login = $1 and asked_at is not null',
        [login],
      );
      return rows.length > 0;
    });
  const nothingToTell = () =>
    flow.player.until('the work to wait or to be done', async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 as open from work where name in ('tell_unanswered', 'redraw_unanswered') and status <> 'done'",
      );
      return rows.length === 0;
    });
  const tellAgain = async (): Promise<void> => {
    await requestTelling({ core: flow.app.core, tx: flow.app.core.db }, 'a-test');
    flow.app.core.dispatch();
    await nothingToTell();
  };
  const by = (actor: string) => ({ actor, origin: { surface: 'home', correlationId: 'a-test' } });

  it('and that an approver sees to in App Home is told to the channel once, with who did', async () => {
    flow.world.attack(dia.email);
    await asked(dia.email);
    const home = await flow.player.until('the button in App Home', async () => {
      await flow.world.slack.act({ as: bea.id, do: 'home' });
      const shown: unknown = flow.world.slack.state().homes[bea.id];
      return JSON.stringify(shown ?? null).includes('unanswered_settle') && (shown as HomeView);
    });
    const block = home.blocks.find((one) => JSON.stringify(one).includes('"unanswered_settle')) ?? { block_id: '' };
    const button = block.elements?.find(({ action_id: id }) => id.startsWith('unanswered_settle'));
    await flow.world.slack.act({
      as: bea.id,
      do: 'action',
      view_id: home.id,
      block_id: block.block_id,
      action_id: button?.action_id ?? '',
    });
    await flow.inChannel(`<@${bea.id}> found nothing wrong`);
    flow.pass(20 * MINUTE_MS);
    await tellAgain();
    expect(said(`<@${bea.id}> found nothing wrong`)).toHaveLength(1);
    expect(said(`<@${bea.id}> found nothing wrong`)[0]).toContain('Dia Rahman');
  }, 240_000);

  it('and that was seen to is found again after a crash, and not told twice', async () => {
    const { core } = flow.app;
    const { told_in: post } = await notice(dia.email);
    await core.db.query('update unanswered_posts set channel = null, ts = null where id = $1', [post]);
    await tellAgain();
    expect(said(`<@${bea.id}> found nothing wrong`)).toHaveLength(1);
    const { rows } = await core.db.query<{ ts: string | null }>('select ts from unanswered_posts where id = $1', [
      post,
    ]);
    expect(rows[0]?.ts).not.toBeNull();
  }, 240_000);

  it('and that the person calls their own, though somebody else reset it, is told to the channel', async () => {
    flow.world.attack(ada.email);
    await asked(ada.email);
    const card = await flow.told(ada.id, 'Was this you?');
    await flow.player.press(ada.id, flow.player.dmOf(ada.id) ?? '', card, 'notice_me');
    flow.pass(MINUTE_MS);
    const line = textOf(await flow.inChannel('Ada Okafor'));
    for (const part of ['says <!date', 'that it was them', 'by helpdesk-admin@meadow.example'])
      expect(line).toContain(part);
    flow.pass(MINUTE_MS);
    await tellAgain();
    expect(said('Ada Okafor')).toHaveLength(1);
  }, 240_000);

  it('and that the person calls their own, as the system does, is not told', async () => {
    const { core } = flow.app;
    const own = { eventId: 'own', kind: 'password_reset', login: cem.email, actor: cem.email, ip: null } as const;
    await core.db.transaction((tx) =>
      ingestEvents({ core, tx }, 'mimecast', [{ ...own, occurredAt: core.runtime.now() }], 'a-test'),
    );
    core.dispatch();
    const card = await flow.told(cem.id, 'Was this you?');
    await flow.player.press(cem.id, flow.player.dmOf(cem.id) ?? '', card, 'notice_me');
    await flow.told(cem.id, 'You said that this was you');
    flow.pass(MINUTE_MS);
    await tellAgain();
    expect(said('Cem Aydin')).toEqual([]);
  }, 240_000);

  it('and that an approver sees to while an incident is open stands in its record', async () => {
    const { core } = flow.app;
    await flow.report(cem);
    const strange = { eventId: 'strange', kind: 'password_reset', login: cem.email, actor: 'evil', ip: null } as const;
    await core.db.transaction((tx) =>
      ingestEvents({ core, tx }, 'mimecast', [{ ...strange, occurredAt: core.runtime.now() }], 'a-test'),
    );
    core.dispatch();
    const { id } = await flow.player.until('the notice to have its person', async () => {
      const { rows } = await core.db.query<Row>(
        "select id, told_in from notices where event_id = 'strange' and person_id is not null",
      );
      return rows[0];
    });
    expect(await acknowledgeNotices(core, id, by(bea.id))).toMatchObject({ ok: true });
    flow.pass(MINUTE_MS);
    core.dispatch();
    await flow.player.until('the line about Cem', () =>
      said(`<@${bea.id}> found nothing wrong`).some((one) => one.includes('Cem Aydin')),
    );
    expect(await flow.record(cem.email)).toContain('notice.settled');
  }, 240_000);
});

interface HomeView {
  readonly id: string;
  readonly blocks: readonly {
    readonly block_id: string;
    readonly elements?: readonly { readonly action_id: string }[];
  }[];
}
