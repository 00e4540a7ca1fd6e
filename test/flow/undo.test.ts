import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decideUndo, type UndoRequest } from '../../src/approvals/undo.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia, eli } = PEOPLE;
type Person = (typeof PEOPLE)[keyof typeof PEOPLE];

describe('the Undo of a Disable', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 60_000);
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
  const request = (stepId: string, actor: string, more: Partial<UndoRequest> = {}): UndoRequest => ({
    stepId,
    actor,
    reason: 'the person is back',
    code: actor === bea.id || actor === cem.id ? flow.freshCode(actor) : '000000',
    override: 'she stands beside me',
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
      const before = (await flow.record(cem.email)).filter((action) => action === 'decision.refused').length;
      expect((await decideUndo(flow.app.core, request(step, actor))).ok).toBe(false);
      expect((await flow.record(cem.email)).filter((action) => action === 'decision.refused')).toHaveLength(before + 1);
    }
    expect(await undos(step)).toEqual([]);
    expect(disabled(cem.email)).toBe(true);
  }, 60_000);

  it('happens once when two approvers ask at the same time, and when one submit is delivered twice', async () => {
    const step = await disable(ada);
    const asked = [request(step, bea.id), request(step, cem.id)];
    const answers = await Promise.all(asked.map((one) => decideUndo(flow.app.core, one)));
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    await flow.inChannel('*Mimecast: Undo: Disable* verified');
    const taken = asked[answers.findIndex(({ ok }) => ok)];
    if (taken === undefined) throw new Error('no undo was taken');
    expect((await decideUndo(flow.app.core, taken)).ok).toBe(true);
    expect(await undos(step)).toEqual(['verified']);
    expect(lines()).toBe(1);
    expect(disabled(ada.email)).toBe(false);
  }, 60_000);

  it('is read back, not sent again, when the answer was lost', async () => {
    const step = await disable(dia);
    const told = lines();
    flow.world.mimecast.faults.add({
      path: '/api/user/update-user',
      type: 'drop_after_effect',
      only: 'writes',
      times: 1,
    });
    expect((await decideUndo(flow.app.core, request(step, bea.id))).ok).toBe(true);
    await flow.player.until('the verified undo', () => lines() === told + 1);
    const { rows } = await flow.app.core.db.query<{ attempts: number }>(
      'select attempts from steps where undo_of = $1',
      [step],
    );
    expect(rows).toEqual([{ attempts: 1 }]);
    expect(disabled(dia.email)).toBe(false);
  }, 60_000);
});
