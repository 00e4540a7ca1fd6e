import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { typedCode } from '../../src/approvals/check-proof.js';
import { decideUndo, type UndoRequest } from '../../src/approvals/commands/undo.js';
import { previewUndo } from '../../src/approvals/undo-preview.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;
type Person = (typeof PEOPLE)[keyof typeof PEOPLE];

describe('the Undo of a Disable', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterEach(() => flow.world.mimecast.faults.clear());
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;

  /** Disables the account and gives the step that an undo is asked for. */
  const disable = async (person: Person): Promise<string> => {
    await flow.report(person);
    await flow.decide(bea.id, person.real_name, 'disable_account');
    return flow.player.until('the proven Disable', async () => {
      const { rows } = await flow.app.core.db.query<{ id: string }>(
        `select s.id from steps s join incidents i on i.id = s.incident_id join people p on p.id = i.person_id
         where p.email = $1 and s.action = 'disable_account' and s.undo_of is null and s.status = 'verified'`,
        [person.email],
      );
      return rows[0]?.id;
    });
  };
  /** The digest that a window would carry; somebody who gets no window has none. */
  const shown = async (stepId: string, actor: string): Promise<string> => {
    const origin = { surface: 'view', correlationId: `test_${actor}` };
    const preview = await previewUndo(flow.app.core, { stepId, actor, origin });
    return preview.ok ? preview.value.digest : 'none';
  };
  const request = async (stepId: string, actor: string, more: Partial<UndoRequest> = {}): Promise<UndoRequest> => ({
    stepId,
    shown: await shown(stepId, actor),
    actor,
    reason: 'the person is back',
    given: typedCode(actor === bea.id || actor === cem.id ? flow.freshCode(actor) : '000000'),
    override: 'she stands beside me',
    breakGlass: '',
    requestKey: `test_${stepId}_${actor}`,
    origin: { surface: 'view', correlationId: `test_${actor}` },
    ...more,
  });
  const undos = async (stepId: string): Promise<readonly string[]> => {
    const { rows } = await flow.app.core.db.query<{ status: string }>('select status from steps where undo_of = $1', [
      stepId,
    ]);
    return rows.map(({ status }) => status);
  };
  const lines = (): number =>
    flow.player.messages(flow.channel).filter((one) => textOf(one).includes('*Mimecast: Undo: Disable* verified'))
      .length;

  it('is for no approver about himself and for nobody who is no approver; both tries are in the record', async () => {
    const step = await disable(cem);
    for (const actor of [cem.id, eli.id]) {
      const asked = await request(step, actor);
      const before = (await flow.record(cem.email)).filter((action) => action === 'decision.refused').length;
      expect((await decideUndo(flow.app.core, asked)).ok).toBe(false);
      expect((await flow.record(cem.email)).filter((action) => action === 'decision.refused')).toHaveLength(before + 1);
    }
    expect(await undos(step)).toEqual([]);
    expect(disabled(cem.email)).toBe(true);
  }, 240_000);

  it('happens once when two approvers ask at the same time, and when one submit is delivered twice', async () => {
    const step = await disable(ada);
    const drawn = [await request(step, bea.id), await request(step, cem.id)];
    // What is known of the account may have been read anew while the second code was waited for.
    const asked = await Promise.all(drawn.map(async (one) => ({ ...one, shown: await shown(step, one.actor) })));
    const answers = await Promise.all(asked.map((one) => decideUndo(flow.app.core, one)));
    const said = answers.map((one) => (one.ok ? 'done' : one.error.code));
    expect([said.filter((one) => one === 'done').length, said]).toEqual([1, said]);
    await flow.inChannel('*Mimecast: Undo: Disable* verified');
    const taken = asked[answers.findIndex(({ ok }) => ok)];
    if (taken === undefined) throw new Error('no undo was taken');
    const again = await Promise.all([decideUndo(flow.app.core, taken), decideUndo(flow.app.core, taken)]);
    expect(again.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await undos(step)).toEqual(['verified']);
    expect(lines()).toBe(1);
    expect(disabled(ada.email)).toBe(false);
  }, 240_000);

  it('is read back, not sent again, when the answer was lost', async () => {
    const step = await disable(dia);
    const told = lines();
    flow.world.mimecast.faults.add({
      path: '/api/user/update-user',
      type: 'drop_after_effect',
      only: 'writes',
      times: 1,
    });
    expect((await decideUndo(flow.app.core, await request(step, bea.id))).ok).toBe(true);
    await flow.player.until('the verified undo', () => lines() === told + 1);
    const { rows } = await flow.app.core.db.query<{ attempts: number }>(
      'select attempts from steps where undo_of = $1',
      [step],
    );
    expect(rows).toEqual([{ attempts: 1 }]);
    expect(disabled(dia.email)).toBe(false);
  }, 240_000);
});
