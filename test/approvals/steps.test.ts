import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import type { ActionKind } from '../../src/ports/connector.js';
import { waiting } from '../runs.js';
import { ADA, BEA, CEM, incidentAbout, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const codeOf = (result: { readonly ok: true } | { readonly ok: false; readonly error: { code: string } }): string =>
  result.ok ? 'done' : result.error.code;
const click = (stepId: string, actor = CEM.slackUserId) => ({ stepId, actor, origin: ORIGIN });
const retry = async (stepId: string) => codeOf(await commands.retryStep(scene.core, click(stepId)));
const tick = async (stepId: string) => codeOf(await commands.completeManualStep(scene.core, click(stepId)));

/** A step that a system refused. */
const refused = async (action: ActionKind = 'disable_account'): Promise<string> => {
  await scene.decide(action, { override: 'she is here' });
  const { id } = await scene.lastStep();
  scene.okta.fail('perform', { kind: 'permission', message: 'no' });
  await scene.run(id);
  return id;
};

describe('Retry', () => {
  it('begins the step anew with the same values, says who asked, and proves it anew', async () => {
    const id = await refused();
    const before = await scene.lastStep();
    scene.runtime.move(60_000);
    expect(await retry(id)).toBe('done');
    const after = await scene.lastStep();
    expect(after).toMatchObject({ status: 'queued', round: 1, attempts: 0, reads: 0, finished_at: null });
    expect(after.authenticated_at).toEqual(scene.runtime.now());
    expect(after.authentication).not.toBe(before.authentication);
    expect(await waiting(scene.core, 'run_step')).toEqual([id]);
    expect(await scene.lines()).toContain('timeline.retried');
    expect((await scene.record()).at(-1)).toBe('step.retry_requested');
    expect((await scene.run(id)).status).toBe('verified');
  });

  it('makes another password, for the earlier one was erased', async () => {
    const id = await refused('reset_password');
    expect((await scene.lastStep()).sealed_password).toBeNull();
    await retry(id);
    expect((await scene.lastStep()).sealed_password).not.toBeNull();
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['wrong_state', 'a step that is done', (id) => set(`update steps set status = 'verified' where id = $1`, id)],
    ['wrong_state', 'an account that was corrected', () => set('update accounts set retired_at = read_at')],
    ['incident_closed', 'an incident that is closed', () => set(`update incidents set status = 'closed'`)],
    ['decide_anew', 'a tag of nobody', () => set('update steps set authentication = null')],
    ['decide_anew', 'an account that is not there', () => set('delete from accounts')],
    [
      'decide_anew',
      'a step that was decided a day ago',
      () => set(`update steps set authenticated_at = authenticated_at - interval '25 hours'`),
    ],
    [
      'decide_anew',
      "the clicker's own account by now",
      async () => {
        const { person } = await incidentAbout(scene.core, CEM);
        const { accountId } = await scene.account();
        await scene.link({ system: 'okta', accountId: accountId ?? '', login: 'cem@elsewhere.example' }, person);
      },
    ],
  ])('is refused (%s) for %s, and begins nothing', async (code, _why, change) => {
    const id = await refused();
    await change(id);
    expect(await retry(id)).toBe(code);
    expect(await waiting(scene.core, 'run_step')).toEqual([]);
    expect(await scene.lines()).not.toContain('timeline.retried');
    expect((await scene.record()).at(-1)).toBe('decision.refused');
  });

  it('lets nobody in: what does is decided anew', async () => {
    expect(await retry(await refused('enable_account'))).toBe('decide_anew');
  });

  it.each([
    ['require_two_step', 'done'],
    ['disable_account', 'decide_anew'],
  ] as const)('of the undo of %s: %s, for what lets somebody in asks for a code', async (action, code) => {
    await scene.decide(action);
    const { id } = await scene.lastStep();
    await scene.run(id);
    await scene.undo(id, { override: 'she is here' });
    const undo = await scene.lastStep();
    scene.okta.fail('restore', { kind: 'permission', message: 'no' });
    expect(await scene.run(undo.id)).toMatchObject({ status: 'needs_human' });
    expect(await retry(undo.id)).toBe(code);
  });
});

describe('Done, under what a person does by hand', () => {
  const byHand = async (): Promise<string> => {
    await scene.decide('disable_account');
    const { id } = await scene.lastStep();
    scene.okta.fail('perform', { kind: 'unsupported', message: 'no such call' });
    await scene.run(id);
    return id;
  };

  it('ends the step and says who did it, once', async () => {
    const id = await byHand();
    expect(await tick(id)).toBe('done');
    expect((await scene.lastStep()).status).toBe('console_done');
    expect(await scene.lines()).toContain('timeline.console_done');
    expect((await scene.record()).at(-1)).toBe('step.console_done');
    expect(await tick(id)).toBe('wrong_state');
  });

  it.each([retry, tick])('is refused for a step that is not there', async (command) => {
    expect(await command('stp_nobody')).toBe('outdated');
  });
});

describe('an undo', () => {
  const done = async (action: ActionKind = 'disable_account'): Promise<string> => {
    await scene.decide(action);
    const { id } = await scene.lastStep();
    await scene.run(id);
    return id;
  };
  const undo = async (id: string, more: Parameters<Scene['undo']>[1] = {}): Promise<string> =>
    codeOf(await scene.undo(id, { override: 'she is here', ...more }));

  it('is a decision with its step, its work, its line and its entry', async () => {
    const id = await done();
    expect(await undo(id)).toBe('done');
    const step = await scene.lastStep();
    expect(step).toMatchObject({ undo_of: id, action: 'disable_account', status: 'queued' });
    expect(await waiting(scene.core, 'run_step')).toEqual([step.id]);
    expect(await scene.record()).toContain('undo.decided');
    expect(await scene.lines()).toEqual(expect.arrayContaining(['timeline.decided']));
  });

  it('is one when its window is sent off twice', async () => {
    const id = await done();
    const first = await scene.undo(id, { override: 'she is here', requestKey: 'view_same' });
    const second = await scene.undo(id, { override: 'she is here', requestKey: 'view_same' });
    expect([codeOf(first), codeOf(second)]).toEqual(['done', 'done']);
    expect((await scene.steps()).filter(({ undo_of }) => undo_of === id)).toHaveLength(1);
  });

  it.each<[string, string, Parameters<Scene['undo']>[1]]>([
    ['invalid_input', 'no reason', { reason: ' x ' }],
    ['plan_changed', 'another plan than was shown', { shown: 'of before' }],
  ])('is refused (%s) with %s', async (code, _why, more) => {
    expect(await undo(await done(), more)).toBe(code);
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['incident_closed', 'an incident that is closed', () => set(`update incidents set status = 'closed'`)],
    ['outdated', 'an account that is not there', () => set('delete from accounts')],
    ['nothing_to_do', 'nothing that was kept', (id) => set('update steps set before_facts = null where id = $1', id)],
    ['nothing_to_do', 'what does not open', (id) => set(`update steps set after_facts = 'x' where id = $1`, id)],
    ['already_running', 'an undo that runs', (id) => undo(id)],
    [
      'own_account',
      "the approver's own account",
      async () => {
        const { person } = await incidentAbout(scene.core, BEA);
        const { accountId } = await scene.account();
        await scene.link({ system: 'okta', accountId: accountId ?? '', login: 'bea@elsewhere.example' }, person);
      },
    ],
  ])('is refused (%s) with %s', async (code, _why, change) => {
    const id = await done();
    await change(id);
    expect(await undo(id)).toBe(code);
  });

  it('of a step that is not there, or of an incident of somebody else, is refused', async () => {
    expect(await undo('stp_nobody')).toBe('outdated');
    const id = await done();
    expect(await undo(id, { actor: ADA.slackUserId })).toBe('not_an_approver');
  });

  it('that lets somebody in asks why the check-list is passed over, and tells it', async () => {
    const id = await done();
    expect(await undo(id, { override: '' })).toBe('checklist_open');
    expect(await undo(id)).toBe('done');
    expect(await scene.record()).toContain('recovery.overridden');
    expect(await scene.lines()).toContain('timeline.recovery_overridden');
    expect((await scene.core.db.query('select 1 from tasks')).rows.length).toBeGreaterThan(0);
  });
});
