import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { bea } = PEOPLE;
const NAMED = 'No one-time code is asked for: Quarantine, Confirm compromised.';

describe('decisions without a one-time code', () => {
  let flow: Flow;
  const lines: string[] = [];
  beforeAll(async () => {
    const logTo = { write: (line: string) => void lines.push(line) };
    flow = await startFlow({ uncoded: ['quarantine', 'confirm_compromised'], logTo });
  }, 240_000);
  afterAll(() => flow.close());

  it('are named by their plain names when Notme starts', () => {
    expect(lines.filter((line) => line.includes(NAMED))).toHaveLength(1);
  });

  it('are named in App Home and by the doctor', async () => {
    await flow.world.slack.act({ as: bea.id, do: 'home' });
    const home = await flow.player.until('the home of Bea', () => flow.world.slack.state().homes[bea.id]);
    expect(textOf(home)).toContain(NAMED);
    const place = { block_id: 'doctor', action_id: 'home_doctor' };
    await flow.world.slack.act({ as: bea.id, do: 'action', view_id: home.id, ...place });
    const top = (): string => textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    expect(await flow.player.until('the answer of the doctor', () => top().includes('*Mimecast*') && top())).toContain(
      NAMED,
    );
    const view = flow.world.slack.state().views[bea.id]?.at(-1);
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: view?.id ?? '' });
  }, 240_000);
});
