import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buttons } from '../../blocks/interactions.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;

type Placed = readonly { readonly block_id?: string }[];
const isPlaced = (blocks: unknown): blocks is Placed => Array.isArray(blocks);

interface Choice {
  readonly text: { readonly text: string };
  readonly description?: { readonly text: string };
  readonly value: string;
}
interface ItemsInput {
  readonly block_id: string;
  readonly label: { readonly text: string };
  readonly element: { readonly options: readonly Choice[]; readonly initial_options?: readonly Choice[] };
}
const isInput = (block: unknown): block is ItemsInput =>
  typeof block === 'object' && block !== null && 'block_id' in block && String(block.block_id).startsWith('items_');

describe('actions on chosen things', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
    for (const system of ['okta', 'google_workspace']) await flow.world.intrude(system, ada.email);
    await flow.report(ada);
    await flow.inChannel('What does not fit');
  }, 240_000);
  afterAll(() => flow.close());

  const listOf = (system: string, list: string): readonly string[] =>
    flow.world.systems
      .find(({ id }) => id === system)
      ?.accounts()
      .find(({ email }) => email === ada.email)?.lists[list] ?? [];
  const top = (): { blocks: unknown[]; text: string } => {
    const view = flow.world.slack.state().views[bea.id]?.at(-1);
    return { blocks: view && Array.isArray(view['blocks']) ? view['blocks'] : [], text: textOf(view ?? {}) };
  };
  /** "More actions" on the card. */
  const choose = async (action: DecisionKind): Promise<string> => {
    const { rows } = await flow.app.core.db.query<{ id: string }>('select id from incidents');
    const card = await flow.card('Ada Okafor');
    const blocks = isPlaced(card['blocks']) ? card['blocks'] : [];
    await flow.world.slack.act({
      as: bea.id,
      do: 'action',
      channel: flow.channel,
      ts: card.ts,
      block_id: blocks.find((block) => JSON.stringify(block).includes('"incident_more"'))?.block_id ?? '',
      action_id: 'incident_more',
      selected_option: {
        text: { type: 'plain_text', text: 'chosen' },
        value: buttons.incident_more.encode({ incident: rows[0]?.id ?? '', action }),
      },
    });
    return (await flow.player.modal(bea.id, 'decide')).id;
  };
  const inputOf = (system: string): ItemsInput => {
    const found = top()
      .blocks.filter(isInput)
      .find(({ label }) => label.text.includes(system));
    if (!found) throw new Error(`the modal has nothing to choose from in ${system}`);
    return found;
  };
  const submit = (view: string, chosen: Readonly<Record<string, readonly Choice[]>>) => {
    const lists = Object.entries(chosen).map(([block, options]) => [
      block,
      { [block]: { type: 'multi_static_select', selected_options: options } },
    ]);
    const text = (id: string, value: string) => [id, { [id]: { type: 'plain_text_input', value } }];
    const values = Object.fromEntries([
      ...lists,
      text('reason', 'not hers'),
      text('code', flow.freshCode(bea.id)),
    ]) as Record<string, Record<string, Record<string, unknown>>>;
    return flow.world.slack.act({ as: bea.id, do: 'submit', view_id: view, state: { values } });
  };
  const close = (view: string) => flow.world.slack.act({ as: bea.id, do: 'close', view_id: view });
  const named = (input: ItemsInput, name: string): Choice => {
    const found = input.element.options.find(({ text }) => text.text.includes(name));
    if (!found) throw new Error(`${name} is not offered in ${JSON.stringify(input.element.options)}`);
    return found;
  };

  it('lists them with when and where they were added, the odd ones chosen already', async () => {
    const view = await choose('remove_factors');
    const { options, initial_options: odd = [] } = inputOf('Okta').element;
    expect(options).toHaveLength(listOf('okta', 'Factors').length);
    for (const { description } of options)
      expect(description?.text).toMatch(/^(\d{4}-\d\d-\d\d \d\d:\d\d UTC|time not told)/);
    expect(odd.length).toBeGreaterThan(0);
    expect(odd.length).toBeLessThan(options.length);
    await close(view);
  }, 240_000);

  it('answers nothing chosen beside the list, and takes nothing away', async () => {
    const view = await choose('remove_factors');
    const before = listOf('okta', 'Factors');
    const lists = top()
      .blocks.filter(isInput)
      .map(({ block_id: block }) => [block, []] as const);
    const answer = await submit(view, Object.fromEntries(lists));
    expect(answer).toMatchObject({ errors: { [lists[0]?.[0] ?? '']: 'Please choose at least one.' } });
    expect(listOf('okta', 'Factors')).toEqual(before);
    await close(view);
  }, 240_000);

  it('takes away what was chosen, and nothing else', async () => {
    const before = listOf('okta', 'Factors');
    const view = await choose('remove_factors');
    const input = inputOf('Okta');
    const [chosen] = input.element.initial_options ?? [];
    if (!chosen) throw new Error('nothing was chosen already');
    const others = top()
      .blocks.filter(isInput)
      .filter((one) => one.block_id !== input.block_id);
    const answer = await submit(view, {
      [input.block_id]: [chosen],
      ...Object.fromEntries(others.map(({ block_id: block }) => [block, []])),
    });
    expect(answer).toMatchObject({ result: 'cleared' });
    expect(textOf(await flow.inChannel('*Okta: Remove sign-in methods* verified'))).not.toContain('It was already so');
    expect(listOf('okta', 'Factors')).toHaveLength(before.length - 1);
    expect(before).toEqual(expect.arrayContaining([...listOf('okta', 'Factors')]));
    expect(listOf('google_workspace', 'Factors').length).toBeGreaterThan(0);
    const { rows } = await flow.app.core.db.query<{ system: string; items: unknown }>(
      "select system, items from steps where action = 'remove_factors' and items <> '\"all\"'",
    );
    expect(rows).toEqual([{ system: 'okta', items: [expect.any(String)] }]);
  }, 240_000);

  it('says so when what was chosen has gone meanwhile, and is no failure', async () => {
    const before = listOf('okta', 'Factors');
    const view = await choose('remove_factors');
    const input = inputOf('Okta');
    const gone = input.element.initial_options?.[0];
    const others = top()
      .blocks.filter(isInput)
      .filter((one) => one.block_id !== input.block_id);
    if (!gone) throw new Error('nothing was chosen already');
    const answer = await submit(view, {
      [input.block_id]: [named(input, gone.text.text)],
      ...Object.fromEntries(others.map(({ block_id: block }) => [block, []])),
    });
    expect(answer).toMatchObject({ result: 'cleared' });
    const lines = (): readonly string[] =>
      flow.player
        .messages(flow.channel)
        .map(textOf)
        .filter((text) => text.includes('*Okta: Remove sign-in methods* verified'));
    await flow.player.until('a second verified line', () => lines().length === 2);
    expect(lines().at(-1)).toContain('It was already so: nothing had to be changed.');
    expect(listOf('okta', 'Factors')).toEqual(before);
  }, 240_000);
});
