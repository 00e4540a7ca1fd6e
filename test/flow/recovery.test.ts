import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskKey, TaskMove } from '../../src/incidents/task-keys.js';
import { changeTask } from '../../src/approvals/commands/tasks.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

/** What has to be ended before anybody comes back, as the modal says it. */
const CALL = 'Call the person on a number that you know';
const CLEAN = 'a clean device, sign-in methods enrolled anew';

describe('nobody comes back before the check-list is done', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const contain = async (person: { id: string; real_name: string; email: string }): Promise<void> => {
    await flow.report(person);
    await flow.decide(bea.id, person.real_name, 'disable_account');
    await flow.player.until('the disabled account', () => disabled(person.email) === true);
    await flow.player.until('the Re-enable button', async () =>
      textOf(await flow.card(person.real_name)).includes('incident_action.enable_account'),
    );
  };
  const topModal = (): string => textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
  const reEnable = (name: string): Promise<string> => flow.openDecision(bea.id, name, 'enable_account');
  const texts = (more: Record<string, string> = {}) => ({ reason: 'is back', code: flow.freshCode(bea.id), ...more });
  const incidentOf = async (email: string): Promise<string> => {
    const { rows } = await flow.app.core.db.query<{ id: string }>(
      'select i.id from incidents i join people p on p.id = i.person_id where p.email = $1 order by i.opened_at desc limit 1',
      [email],
    );
    return rows[0]?.id ?? '';
  };
  const move = async (email: string, task: TaskKey, how: TaskMove): Promise<void> => {
    const changed = await changeTask(flow.app.core, {
      incidentId: await incidentOf(email),
      task,
      move: how,
      actor: bea.id,
      origin: { surface: 'button', correlationId: `test-${task}-${how}` },
    });
    expect(changed.ok).toBe(true);
  };

  it('shows what is open, and refuses without a reason for going ahead', async () => {
    await contain(ada);
    const view = await reEnable(ada.real_name);
    expect(topModal()).toContain(CALL);
    expect(topModal()).toContain(CLEAN);
    const refused = flow.player.submit(bea.id, view, texts());
    await expect(refused).rejects.toThrow(/"override".*Call the person/);
    expect(disabled(ada.email)).toBe(true);
    expect(await flow.record(ada.email)).toContain('decision.refused');
    expect(await flow.record(ada.email)).not.toContain('recovery.overridden');
  }, 240_000);

  it('goes ahead with a reason, says so in the thread and the record, and opens the tasks that were left', async () => {
    const view = await reEnable(ada.real_name);
    await flow.player.approve(bea.id, view, texts({ override: 'payroll runs at noon, I stand beside her' }));
    const line = textOf(await flow.inChannel('payroll runs at noon'));
    expect(line).toContain(`<@${bea.id}>`);
    expect(line).toContain(CALL);
    expect(line).toContain(CLEAN);
    await flow.inChannel('*Mimecast: Re-enable* verified');
    expect(disabled(ada.email)).toBe(false);
    expect(textOf(await flow.inChannel('what only people can do'))).toContain('0 of 9 finished');
    const { rows } = await flow.app.core.db.query<{ entry: { why: string; detail: Record<string, unknown> } }>(
      `select to_jsonb(e) as entry from record_entries e where e.action = 'recovery.overridden'`,
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0]?.entry)).toContain('payroll runs at noon, I stand beside her');
    expect(JSON.stringify(rows[0]?.entry)).toContain('clean_device');
  }, 240_000);

  it('asks nothing once both are ended, and sees it when one was opened again meanwhile', async () => {
    await contain(cem);
    await flow.player.press(bea.id, flow.channel, await flow.card(cem.real_name), 'incident_tasks');
    await flow.player.until('the tasks of Cem', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as known from tasks where incident_id = $1', [
        await incidentOf(cem.email),
      ]);
      return rows.length === 9;
    });
    await move(cem.email, 'verify_reporter', 'done');
    await move(cem.email, 'clean_device', 'not_needed');
    const view = await reEnable(cem.real_name);
    expect(topModal()).not.toContain(CLEAN);
    await move(cem.email, 'clean_device', 'reopen');
    await expect(flow.player.approve(bea.id, view, texts())).rejects.toThrow(CLEAN);
    expect(disabled(cem.email)).toBe(true);
    await move(cem.email, 'clean_device', 'done');
    await flow.player.approve(bea.id, await reEnable(cem.real_name), texts());
    await flow.player.until('the account that is back', () => disabled(cem.email) === false);
    expect(await flow.record(cem.email)).not.toContain('recovery.overridden');
  }, 240_000);

  it('holds the Undo of a Disable to the same', async () => {
    await contain(dia);
    const { ts: thread } = await flow.card(dia.real_name);
    const line = await flow.player.message(
      'the disabled line of Dia',
      () => flow.channel,
      (message) =>
        message['thread_ts'] === thread &&
        textOf(message).includes('*Mimecast: Disable* verified') &&
        textOf(message).includes('step_undo'),
    );
    await flow.player.press(bea.id, flow.channel, line, 'step_undo');
    const { id } = await flow.player.modal(bea.id, 'undo');
    expect(topModal()).toContain(CLEAN);
    await expect(flow.player.submit(bea.id, id, texts())).rejects.toThrow(/"override"/);
    expect(disabled(dia.email)).toBe(true);
    await flow.player.submit(bea.id, id, texts({ override: 'wrong person was disabled' }));
    await flow.inChannel('wrong person was disabled');
    await flow.player.until('the account that is back', () => disabled(dia.email) === false);
    expect(await flow.record(dia.email)).toContain('recovery.overridden');
  }, 240_000);
});
