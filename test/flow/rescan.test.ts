import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buttons } from '../../blocks/interactions.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem } = PEOPLE;

interface Option {
  readonly text: { readonly text: string };
  readonly value: string;
}
interface ItemsInput {
  readonly block_id: string;
  readonly label: { readonly text: string };
  readonly element: { readonly options: readonly Option[]; readonly initial_options?: readonly Option[] };
}
const isInput = (block: unknown): block is ItemsInput =>
  typeof block === 'object' && block !== null && 'block_id' in block && String(block.block_id).startsWith('items_');

describe('another look', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true, watchMinutes: [0.1] });
    await flow.report(ada);
    await flow.inChannel('Evidence preserved');
  }, 240_000);
  afterAll(() => flow.close());

  const listOf = (system: string, list: string): readonly string[] =>
    flow.world.systems
      .find(({ id }) => id === system)
      ?.accounts()
      .find(({ email }) => email === ada.email)?.lists[list] ?? [];
  const lines = (): readonly string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((text) => text.includes('Looked again'));
  /** Presses the button and waits for the thread's next line about it. */
  const look = async (): Promise<string> => {
    const before = lines().length;
    await flow.player.press(bea.id, flow.channel, await flow.card('Ada Okafor'), 'incident_look');
    await flow.player.until('another line about the look', () => lines().length > before);
    return lines().at(-1) ?? '';
  };
  const snapshots = async (): Promise<unknown> =>
    (await flow.app.core.db.query('select id, account_row, sealed, summary, taken_at from evidence order by id')).rows;

  const openList = async (): Promise<{ readonly view: string; readonly blocks: readonly unknown[] }> => {
    const { rows } = await flow.app.core.db.query<{ id: string }>(
      'select i.id from incidents i join people p on p.id = i.person_id where p.email = $1',
      [ada.email],
    );
    const card = await flow.card('Ada Okafor');
    const placed = Array.isArray(card['blocks']) ? (card['blocks'] as { block_id?: string }[]) : [];
    await flow.world.slack.act({
      as: bea.id,
      do: 'action',
      channel: flow.channel,
      ts: card.ts,
      block_id: placed.find((block) => JSON.stringify(block).includes('"incident_more"'))?.block_id ?? '',
      action_id: 'incident_more',
      selected_option: {
        text: { type: 'plain_text', text: 'chosen' },
        value: buttons.incident_more.encode({ incident: rows[0]?.id ?? '', action: 'remove_factors' }),
      },
    });
    const { id } = await flow.player.modal(bea.id, 'decide');
    const shown = flow.world.slack.state().views[bea.id]?.at(-1)?.['blocks'];
    return { view: id, blocks: Array.isArray(shown) ? shown : [] };
  };
  const oktaIn = (blocks: readonly unknown[]): ItemsInput | undefined =>
    blocks.filter(isInput).find(({ label }) => label.text.includes('Okta'));
  const offered = async (): Promise<ItemsInput | undefined> => {
    const { view, blocks } = await openList();
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: view });
    return oktaIn(blocks);
  };

  it('is refused about oneself, and the try is recorded', async () => {
    await flow.report(cem);
    await flow.player.press(cem.id, flow.channel, await flow.card('Cem Aydin'), 'incident_look');
    await flow.toldPrivately(cem.id, 'somebody else has to decide');
    expect(await flow.record(cem.email)).toContain('decision.refused');
    expect(lines()).toEqual([]);
  }, 240_000);

  it('says plainly that there is nothing new', async () => {
    expect(await look()).toMatch(/Nothing new since/);
    expect(await flow.record(ada.email)).toEqual(expect.arrayContaining(['look.requested', 'evidence.looked_again']));
  }, 240_000);

  it('names what somebody added after the report, and offers it from then on', async () => {
    const [kept, before] = [await snapshots(), listOf('okta', 'Factors').length];
    for (const system of ['okta', 'google_workspace']) await flow.world.intrude(system, ada.email);
    const added = listOf('okta', 'Factors').length - before;
    expect(added).toBeGreaterThan(0);
    expect((await offered())?.element.options ?? []).toHaveLength(before);

    const line = await look();
    expect(line).toMatch(/New since/);
    expect(line).toMatch(/\*Okta\* sign-in methods: /);
    expect(line).toContain('More actions');

    const list = await offered();
    expect(list?.element.options).toHaveLength(before + added);
    expect(list?.element.initial_options?.length).toBeGreaterThanOrEqual(added);
    expect(await snapshots()).toEqual(kept);
  }, 240_000);

  it('lets it be taken away, and only it', async () => {
    const before = listOf('okta', 'Factors');
    const { view, blocks } = await openList();
    const okta = oktaIn(blocks);
    const chosen = okta?.element.initial_options?.slice(0, 1) ?? [];
    const title = chosen[0]?.text.text.replace(/^\W+/u, '') ?? 'nothing was chosen already';
    const choices = blocks
      .filter(isInput)
      .map(({ block_id: block }) => [
        block,
        { [block]: { type: 'multi_static_select', selected_options: block === okta?.block_id ? chosen : [] } },
      ]);
    const typed = (id: string, value: string) => [id, { [id]: { type: 'plain_text_input', value } }];
    const values = Object.fromEntries([
      ...choices,
      typed('reason', 'not hers'),
      typed('code', flow.freshCode(bea.id)),
    ]) as Record<string, Record<string, Record<string, unknown>>>;
    await flow.world.slack.act({ as: bea.id, do: 'submit', view_id: view, state: { values } });
    await flow.inChannel('*Okta: Remove sign-in methods* verified');
    expect(listOf('okta', 'Factors')).toHaveLength(before.length - 1);
    expect(await look()).not.toContain(title);
  }, 240_000);

  it('says which system it could not read, and tells the others', async () => {
    const okta = flow.world.company.find(({ id }) => id === 'okta');
    await okta?.conditions.set('down');
    const line = await look();
    expect(line).toMatch(/\*Okta\* could not be read, so this says nothing about it/);
    expect(line).toMatch(/\*Google Workspace\*/);
    await okta?.conditions.set('normal');
  }, 240_000);

  it('happens by itself after a lockdown', async () => {
    const before = lines().length;
    await flow.decide(bea.id, 'Ada Okafor', 'lockdown');
    await flow.player.until('a look that nobody asked for', () => lines().length > before);
    expect((await flow.record(ada.email)).filter((action) => action === 'look.requested')).toHaveLength(before);
  }, 240_000);
});
