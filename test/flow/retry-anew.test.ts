import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRight } from '../../src/approvals/policy.js';
import { retryStep } from '../../src/approvals/commands/steps.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const HOUR_MS = 3_600_000;
const EDIT = 'Directories | Internal | Edit';

describe('Retry asks for a decision anew', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
    await flow.report(ada);
    await flow.report(dia);
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const newestStep = async (): Promise<string> => {
    const { rows } = await flow.app.core.db.query<{ id: string }>(
      'select s.id from steps s join decisions d on d.id = s.decision_id order by d.decided_at desc limit 1',
    );
    return rows[0]?.id ?? '';
  };
  const lineOf = (step: string, button: string) =>
    flow.player.until(`the line of ${step} with ${button}`, () =>
      flow.player.messages(flow.channel).find((one) => [step, button].every((part) => textOf(one).includes(part))),
    );
  /** What is decided while Notme lacks the permission needs a human; then it is granted. */
  const failed = async (decide: () => Promise<unknown>): Promise<string> => {
    flow.world.mimecast.permit(EDIT, false);
    await decide();
    const step = await newestStep();
    await lineOf(step, 'step_retry');
    flow.world.mimecast.permit(EDIT, true);
    return step;
  };
  const retry = async (approver: string, step: string): Promise<void> => {
    await flow.player.press(approver, flow.channel, await lineOf(step, 'step_retry'), 'step_retry');
  };
  const roundOf = async (step: string): Promise<unknown> => {
    const { rows } = await flow.app.core.db.query('select status, round from steps where id = $1', [step]);
    return rows[0];
  };
  const UNTOUCHED = { status: 'needs_human', round: 0 };

  it('for what lets somebody in: Re-enable', async () => {
    await flow.decide(bea.id, dia.real_name, 'disable_account');
    await flow.player.until('the Re-enable button', async () =>
      textOf(await flow.card(dia.real_name)).includes('incident_action.enable_account'),
    );
    const override = 'she stands beside me';
    const step = await failed(() => flow.decide(bea.id, dia.real_name, 'enable_account', { override }));
    await retry(cem.id, step);
    const { id } = await flow.player.modal(cem.id, 'decide');
    expect([await roundOf(step), disabled(dia.email)]).toEqual([UNTOUCHED, true]);
    const given = { reason: 'it is her', override };
    await expect(flow.player.submit(cem.id, id, { ...given, code: '000000' })).rejects.toThrow(/Wrong code/);
    await flow.player.approve(cem.id, id, { ...given, code: flow.freshCode(cem.id) });
    await flow.player.until('the account that is back', () => disabled(dia.email) === false);
  }, 240_000);

  it('for the undo of what shut somebody out', async () => {
    await flow.decide(bea.id, ada.real_name, 'disable_account');
    const line = await lineOf(await newestStep(), 'step_undo');
    const step = await failed(async () => {
      await flow.player.press(bea.id, flow.channel, line, 'step_undo');
      const { id } = await flow.player.modal(bea.id, 'undo');
      const code = flow.freshCode(bea.id);
      await flow.player.submit(bea.id, id, { reason: 'it was her', override: 'it was her', code });
    });
    await retry(cem.id, step);
    await flow.player.modal(cem.id, 'undo');
    expect([await roundOf(step), disabled(ada.email)]).toEqual([UNTOUCHED, true]);
  }, 240_000);

  it('for what was decided more than a day ago, whatever it is', async () => {
    const step = await failed(() => flow.decide(bea.id, dia.real_name, 'disable_account'));
    flow.pass(25 * HOUR_MS);
    await retry(cem.id, step);
    await flow.player.modal(cem.id, 'decide');
    expect([await roundOf(step), disabled(dia.email)]).toEqual([UNTOUCHED, false]);
  }, 240_000);

  it('for an account that turned out to be the own one of whoever presses it', async () => {
    const step = await failed(() => flow.decide(bea.id, dia.real_name, 'reset_password'));
    expect((await checkRight(flow.app.core, cem.id, 'decide')).ok).toBe(true);
    await flow.app.core.db.query(
      `insert into accounts (workspace_id, id, person_id, system, account_id, login, read_at)
       select a.workspace_id, 'acc_shared', p.id, a.system, a.account_id, a.login, a.read_at
       from steps s join accounts a on a.id = s.account_row, people p where s.id = $1 and p.slack_user_id = $2`,
      [step, cem.id],
    );
    // Linked by hand, so that Dia's incident is not taken for one about Cem.
    await flow.app.core.db.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at)
       select workspace_id, person_id, system, login, $1, read_at from accounts where id = 'acc_shared'`,
      [bea.id],
    );
    const origin = { surface: 'button', correlationId: 'shared' };
    const pressed = await retryStep(flow.app.core, { stepId: step, actor: cem.id, origin });
    expect(pressed).toMatchObject({ ok: false, error: { phrase: { key: 'problem.retry.anew' } } });
    expect(await roundOf(step)).toEqual(UNTOUCHED);
  }, 240_000);
});
