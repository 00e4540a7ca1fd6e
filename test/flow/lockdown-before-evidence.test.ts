import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;
const GOOGLE = 'google_workspace';
/** Longer than a look at all other systems takes; within the deadline of one call. */
const SLOW_MS = 10_000;
const LONG_MS = 60_000;
const LEFT_OUT = 'Not in this lockdown:';
const OFFERED = 'it has been read now and can be decided';

interface Input {
  readonly block_id: string;
  readonly element: { readonly initial_options?: readonly { readonly value: string }[] };
}
const isInput = (block: unknown): block is Input =>
  typeof block === 'object' && block !== null && 'block_id' in block && String(block.block_id).startsWith('items_');

describe('a lockdown that is pressed before the evidence is there', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
    for (const { id } of flow.world.systems) await flow.world.intrude(id, ada.email);
    google().faults.add({ type: 'slow', path: '/gmail', only: 'reads', times: 1_000, ms: SLOW_MS });
    await flow.report(ada);
    await flow.player.until('the evidence of all systems but one', async () => {
      const { rows } = await flow.app.core.db.query<{ open: string }>(
        `select a.system as open from accounts a left join evidence e on e.account_row = a.id
         where a.account_id is not null and e.id is null`,
      );
      return rows.length === 1 && rows[0]?.open === GOOGLE;
    });
  }, 240_000);
  afterAll(() => flow.close());

  const google = () => {
    const found = flow.world.systems.find(({ id }) => id === GOOGLE);
    if (!found) throw new Error('there is no Google Workspace');
    return found;
  };
  const rules = (): string =>
    google()
      .accounts()
      .find(({ email }) => email === ada.email)
      ?.lists['Mail rules']?.join() ?? '';
  const top = (): Readonly<Record<string, unknown>> => ({ ...flow.world.slack.state().views[bea.id]?.at(-1) });
  const posts = (words: string): number =>
    flow.player.messages(flow.channel).filter((one) => textOf(one).includes(words)).length;

  it('says by name in the window what is still being read', async () => {
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'lockdown');
    const shown = textOf(top());
    expect(shown).toContain('*Not planned*');
    expect(shown).toContain('*Google Workspace*: Remove sign-in methods, Disable mail rules (still being read)');
    expect(shown).not.toMatch(/\*Okta\*: [^•]*still being read/);
    await flow.player.approve(bea.id, view, { reason: 'contain everything', code: flow.freshCode(bea.id) });
  }, 240_000);

  it('names it in the thread, and plans nothing of it', async () => {
    expect(textOf(await flow.inChannel(LEFT_OUT))).toContain(
      '*Google Workspace*: Remove sign-in methods, Disable mail rules',
    );
    const { rows } = await flow.app.core.db.query(
      "select 1 from steps where system = $1 and action in ('remove_factors', 'disable_mail_rules')",
      [GOOGLE],
    );
    expect(rows).toEqual([]);
    expect(rules()).toContain('collector@evil.example');
  }, 240_000);

  it('offers it in the thread when it is read, once, and what is decided there is done, or is told to need a human', async () => {
    google().faults.clear();
    const offer = await flow.player.until(
      'the offer',
      () => flow.player.messages(flow.channel).find((one) => textOf(one).includes(OFFERED)),
      LONG_MS,
    );
    expect(textOf(offer)).toMatch(/\*Google Workspace\*: Disable mail rules: \d+ that stand out/);
    await flow.player.press(bea.id, flow.channel, offer, 'incident_action.disable_mail_rules');
    const { id } = await flow.player.modal(bea.id, 'decide');
    const { blocks } = top();
    const lists = (Array.isArray(blocks) ? blocks : [])
      .filter(isInput)
      .map(({ block_id: block, element }) => [
        block,
        { [block]: { type: 'multi_static_select', selected_options: element.initial_options ?? [] } },
      ]);
    const text = (block: string, value: string) => [block, { [block]: { type: 'plain_text_input', value } }];
    const values = Object.fromEntries([
      ...lists,
      text('reason', 'not hers'),
      text('code', flow.freshCode(bea.id)),
    ]) as Record<string, Record<string, Record<string, unknown>>>;
    const answer = await flow.world.slack.act({ as: bea.id, do: 'submit', view_id: id, state: { values } });
    expect(answer).toMatchObject({ result: 'cleared' });
    const status = await flow.player.until(
      'the step to end',
      async () => {
        const { rows } = await flow.app.core.db.query<{ status: string }>(
          "select status from steps where system = $1 and action = 'disable_mail_rules' and finished_at is not null",
          [GOOGLE],
        );
        return rows[0]?.status;
      },
      LONG_MS,
    );
    // Gmail takes no change of an account that the lockdown has suspended by then: that is told, and never called done.
    expect(rules().includes('collector@evil.example')).toBe(status !== 'verified');
    if (status !== 'verified') await flow.inChannel('*Google Workspace: Disable mail rules*');
    expect([posts(LEFT_OUT), posts(OFFERED)]).toEqual([1, 1]);
  }, 240_000);
});
