import { beforeEach, describe, expect, it } from '@jest/globals';
import { runStep } from '../../jobs/run-step/run-step.js';
import { recordOutcome } from '../../jobs/run-step/record-outcome.js';
import type { StepOutcome } from '../../src/containment/outcome.js';
import type { Step } from '../../src/incidents/steps.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { ConnectorFailure } from '../../src/ports/connector.js';
import { claim, runOnce, takeOver, waiting } from '../runs.js';
import { ADA, BEA, CEM, found, incidentAbout, Scene, type SceneOptions } from '../scene.js';

const DEE = { slackUserId: 'U0DEE', email: 'dee@meadow.example', name: 'Dee Ortiz' };
const HOUR_MS = 3_600_000;

let scene: Scene;
/** The members of the approvers' user group; `null`: Slack does not say. */
let groups: Record<string, readonly string[] | null>;
let neverTouch: string[];
const open = async (more: SceneOptions = {}): Promise<void> => {
  groups = { S0LEADS: [DEE.slackUserId] };
  neverTouch = [];
  scene = await Scene.open({
    approverGroups: groups,
    people: [ADA, BEA, CEM, DEE],
    ...more,
    policy: { watchMinutes: [5], neverTouch, ...more.policy },
  });
};
beforeEach(() => open(), 120_000);

const decided = async (action: 'disable_account' | 'reset_password' = 'disable_account', actor = BEA.slackUserId) => {
  await scene.decide(action, { actor });
  return (await scene.lastStep()).id;
};
const sent = (): readonly string[] => scene.okta.asked.filter((call) => /^(perform|restore) /.test(call));
const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
/** Everything that the thread says, as it is stored. */
const said = async (): Promise<string> => JSON.stringify(await scene.said());
/** A failure of a system is one kind of reason, whatever failed. */
const kindOf = (problem: string): string => (FAILED.has(problem) ? 'failure' : problem);
const FAILED = new Set(['not_found', 'invalid_input', 'permission']);
const again = async (id: string): Promise<Step> => {
  const work = { workspaceId: scene.core.workspaceId, name: 'run_step', ref: id, correlationId: 'cor' } as const;
  await requestWork(scene.core.db, { ...work, now: scene.runtime.now() });
  return scene.run(id);
};

describe('a step that nothing stands against', () => {
  it('ends verified: the account, the record, the thread and the watch know of it, and its run has ended', async () => {
    const id = await decided();
    const step = await scene.run(id);
    expect(step).toMatchObject({ status: 'verified', attempts: 1, result: { observed: 'it is holds' } });
    expect([step.first_sent_at, step.accepted_at, step.finished_at]).toEqual(Array(3).fill(scene.runtime.now()));
    expect((await scene.account()).state).toMatchObject({ enabled: false });
    expect(await scene.record()).toContain('step.verified');
    expect(await scene.lines()).toContain('timeline.verified');
    expect(await waiting(scene.core, 'watch_step')).toEqual([id]);
    expect(await waiting(scene.core, 'run_step')).toEqual([]);
    expect(scene.runtime.moments).toContainEqual(['connector.recorded', id]);
  });

  it('erases the new password when it ends', async () => {
    const id = await decided('reset_password');
    expect((await scene.lastStep()).sealed_password).not.toBeNull();
    expect((await scene.run(id)).sealed_password).toBeNull();
  });

  it('is watched by nobody where no watch is configured', async () => {
    await open({ policy: { watchMinutes: [] } });
    await scene.run(await decided());
    expect(await waiting(scene.core, 'watch_step')).toEqual([]);
  });

  it('keeps the evidence of the account before it is sent, once', async () => {
    await scene.run(await decided());
    expect((await scene.core.db.query('select 1 from evidence')).rows).toHaveLength(1);
  });

  it.each(['unknown', 'ended', 'waiting'])('does nothing when it is %s', async (how) => {
    const id = how === 'unknown' ? 'stp_nobody' : await decided();
    if (how === 'ended') await scene.run(id);
    if (how === 'waiting') await set(`update steps set status = 'waiting' where id = $1`, id);
    const before = sent().length;
    const work = { workspaceId: scene.core.workspaceId, name: 'run_step', ref: id, correlationId: 'cor' } as const;
    await requestWork(scene.core.db, { ...work, now: scene.runtime.now() });
    expect(await runOnce(scene.core, 'run_step', id, (run) => runStep(scene.core, run))).toBe('completed');
    expect(sent()).toHaveLength(before);
  });
});

describe('a step', () => {
  const refused: readonly (readonly [string, string, (id: string) => Promise<unknown>])[] = [
    ['not_authentic', 'a changed action', () => set(`update steps set action = 'enable_account'`)],
    ['not_authentic', 'a tag of nobody', () => set(`update steps set authentication = null`)],
    ['not_authentic', 'another account in its row', () => set(`update accounts set account_id = 'okta/ceo'`)],
    ['not_authentic', 'no account any more', () => set(`delete from accounts`)],
    [
      'stale',
      'a decision of yesterday',
      () => {
        scene.runtime.move(24 * HOUR_MS + 1);
        return Promise.resolve();
      },
    ],
    ['approver', 'the person on the never-touch list since', () => Promise.resolve(neverTouch.push(ADA.email))],
    ['closed', 'an incident that was closed', () => set(`update incidents set status = 'closed'`)],
    [
      'not_found',
      'an account that was corrected',
      () => set('update accounts set retired_at = opened_at from incidents'),
    ],
    [
      'invalid_input',
      'a password that does not open',
      () => set(`update steps set sealed_password = 'of another key' where action = 'reset_password'`),
    ],
    [
      'barred',
      "the approver's own account by its id",
      async () => {
        const { person } = await incidentAbout(scene.core, BEA);
        await scene.link({ ...(await ref()), login: 'bea@elsewhere.example' }, person);
      },
    ],
    [
      'barred',
      'an address of the never-touch list that leads to it',
      async () => {
        neverTouch.push('ceo@meadow.example');
        scene.okta.add('ceo@meadow.example', (await ref()).accountId);
      },
    ],
    [
      'barred',
      'an address of the never-touch list that leads to several, it among them',
      () => {
        neverTouch.push('ceo@meadow.example');
        scene.okta.fail('find', { kind: 'ambiguous', message: 'two', candidates: ['x', ADA.email] });
        return Promise.resolve();
      },
    ],
    [
      'permission',
      'a system that does not say whose it is',
      () => {
        neverTouch.push('ceo@meadow.example');
        scene.okta.fail('find', { kind: 'permission', message: 'not allowed' });
        return Promise.resolve();
      },
    ],
  ];
  const ref = async () => {
    const { accountId, login } = await scene.account();
    return { system: 'okta', accountId: found(accountId), login: found(login) };
  };

  it.each(refused)('is left to a human (%s) with %s: nothing is sent', async (problem, _why, change) => {
    const id = await decided(problem === 'invalid_input' ? 'reset_password' : 'disable_account');
    await change(id);
    const step = await scene.run(id);
    expect(step).toMatchObject({ status: 'needs_human', result: { problem: kindOf(problem) } });
    if (problem !== 'barred') expect(await said()).toContain(`"failure.${problem}"`);
    expect(step.finished_at).toEqual(scene.runtime.now());
    expect(sent()).toEqual([]);
    expect(await scene.lines()).toContain('timeline.needs_human');
    expect(await scene.record()).toContain('step.needs_human');
  });

  it('that had ended and was put back is left to a human, and that is told beside its result', async () => {
    const id = await decided();
    await scene.run(id);
    await set(`update steps set status = 'queued', finished_at = null, accepted_at = null, first_sent_at = null`);
    expect(await again(id)).toMatchObject({ status: 'needs_human', result: { problem: 'put_back' } });
    expect(sent()).toEqual(['perform disable_account']);
    expect(await scene.lines()).toEqual(expect.arrayContaining(['timeline.verified', 'timeline.needs_human']));
  });

  it('of a system that is not connected any more is left to a human', async () => {
    const id = await decided();
    const core = { ...scene.core, connectors: new Map() };
    expect(await runOnce(core, 'run_step', id, (run) => runStep(core, run))).toBe('already_finished');
    expect(await scene.lastStep()).toMatchObject({ status: 'needs_human', result: { problem: 'failure' } });
    expect(await said()).toContain('"failure.not_found"');
  });

  it('of somebody who is no approver any more is left to a human', async () => {
    const id = await decided('disable_account', DEE.slackUserId);
    groups['S0LEADS'] = [];
    expect(await scene.run(id)).toMatchObject({ status: 'needs_human', result: { problem: 'approver' } });
    expect(sent()).toEqual([]);
  });

  it('waits while Slack does not say who is an approver', async () => {
    const id = await decided('disable_account', DEE.slackUserId);
    groups['S0LEADS'] = null;
    const outcome = await runOnce(scene.core, 'run_step', id, (run) => runStep(scene.core, run));
    expect([outcome, (await scene.lastStep()).status, sent()]).toEqual([{ againInMs: 5000 }, 'queued', []]);
  });

  it('of a plan that has begun goes on after the incident was closed', async () => {
    const id = await decided();
    scene.okta.fail('perform', { kind: 'unknown_outcome', message: 'lost' });
    expect((await scene.run(id)).status).toBe('retrying');
    await set(`update incidents set status = 'closed'`);
    expect((await again(id)).status).toBe('verified');
  });

  it('stores nothing of what it did once another worker has taken over', async () => {
    const id = await decided();
    const run = await claim(scene.core, 'run_step', id);
    const step = await scene.lastStep();
    await takeOver(scene.core, run);
    for (const outcome of [{ kind: 'console', steps: [] }, RETRY] as const)
      await expect(recordOutcome(scene.core, run, step, outcome)).rejects.toThrow('another worker');
    expect(await scene.lastStep()).toEqual(step);
    expect(await scene.lines()).toEqual(['timeline.decided']);
  });
});

const RETRY: Extract<StepOutcome, { kind: 'retry' }> = {
  kind: 'retry',
  failure: { kind: 'transient', message: 'down' },
  inMs: 2_000,
  neverArrived: false,
  acceptedNow: false,
  uncounted: false,
};

describe('a try that is not the last', () => {
  it.each<[ConnectorFailure, number, readonly string[], boolean]>([
    [{ kind: 'throttled', message: 'later', retryAfterMs: 9_000 }, 9_000, ['timeline.retrying'], true],
    [{ kind: 'transient', message: 'down' }, 500, [], true],
    [{ kind: 'unknown_outcome', message: 'lost' }, 1_000, ['timeline.retrying'], false],
  ])('fails with %j: again in %i ms, told %j, as if never sent: %s', async (failure, inMs, told, neverSent) => {
    const id = await decided();
    scene.okta.fail('perform', failure);
    const outcome = await runOnce(scene.core, 'run_step', id, (run) => runStep(scene.core, run));
    const step = await scene.lastStep();
    expect([outcome, step.status, step.attempts, step.result]).toEqual([
      { againInMs: inMs },
      'retrying',
      1,
      { problem: failure.kind },
    ]);
    expect((await scene.lines()).filter((line) => line !== 'timeline.decided')).toEqual(told);
    expect(step.first_sent_at === null).toBe(neverSent);
    expect(await scene.record()).toContain('step.retrying');
  });

  it('counts a failure before anything was sent', async () => {
    const id = await decided();
    scene.okta.fail('readState', { kind: 'transient', message: 'down' });
    expect(await scene.run(id)).toMatchObject({ status: 'retrying', attempts: 1, first_sent_at: null });
  });

  it('of an accepted change that is not seen yet is recorded once, and told when it holds', async () => {
    const id = await decided();
    scene.okta.verdicts.push('does_not_hold', 'does_not_hold');
    expect(await scene.run(id)).toMatchObject({ status: 'retrying', reads: 1, accepted_at: scene.runtime.now() });
    expect(await again(id)).toMatchObject({ status: 'retrying', reads: 2 });
    expect(await again(id)).toMatchObject({ status: 'verified' });
    const steps = (await scene.record()).filter((action) => action.startsWith('step.'));
    expect(steps).toEqual(['step.retrying', 'step.verified']);
    expect(sent()).toEqual(['perform disable_account']);
  });
});

describe('the end of a step', () => {
  it.each([
    ['that a person does by hand', { kind: 'unsupported', message: 'no such call' }, 'console', 'timeline.console'],
    ['that is not allowed', { kind: 'permission', message: 'no' }, 'needs_human', 'timeline.needs_human'],
  ] as const)('%s is told with its button, and nothing is watched', async (_what, failure, status, line) => {
    const id = await decided();
    scene.okta.fail('perform', failure);
    expect(await scene.run(id)).toMatchObject({ status, finished_at: scene.runtime.now() });
    expect(await scene.lines()).toContain(line);
    expect(await waiting(scene.core, 'watch_step')).toEqual([]);
  });

  it('says by when it holds where that takes its time', async () => {
    await open({ systems: { okta: { capabilities: { disable_account: { effectiveWithinSeconds: 900 } } } } });
    const step = await scene.run(await decided());
    expect(step).toMatchObject({ status: 'accepted', result: { effectiveBy: '2026-03-10T09:15:00.000Z' } });
    expect(await scene.lines()).toContain('timeline.accepted');
  });

  it('puts back what an undo undoes, and takes the account for what it is then', async () => {
    const id = await decided();
    await scene.run(id);
    expect(await scene.undo(id, { override: 'she is here' })).toMatchObject({ ok: true });
    const undo = await scene.lastStep();
    expect(await scene.run(undo.id)).toMatchObject({ status: 'verified', undo_of: id });
    expect((await scene.account()).state).toMatchObject({ enabled: true });
    expect(await scene.lines()).toContain('timeline.restored');
  });

  it.each(['before_facts', 'after_facts'])('of an undo whose %s do not open is left to a human', async (facts) => {
    const id = await decided();
    await scene.run(id);
    await scene.undo(id, { override: 'she is here' });
    const undo = await scene.lastStep();
    await set(`update steps set ${facts} = 'of another key' where id = $1`, id);
    expect(await scene.run(undo.id)).toMatchObject({ status: 'needs_human', result: { problem: 'failure' } });
    expect(await said()).toContain('"failure.unsupported"');
    expect(sent()).toEqual(['perform disable_account']);
  });

  it('lets the steps go that waited for it, each when nothing else holds it, until all have ended', async () => {
    await open({ systems: { okta: {}, mimecast: {} } });
    await scene.decide('lockdown');
    const order: string[] = [];
    for (
      let left = await waiting(scene.core, 'run_step');
      left.length > 0;
      left = await waiting(scene.core, 'run_step')
    )
      for (const id of left) {
        const { system, action } = await scene.run(id);
        order.push(`${system} ${action}`);
      }
    const steps = await scene.steps();
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['verified']));
    expect(order).toHaveLength(steps.length);
    for (const system of ['okta', 'mimecast'])
      expect(order.indexOf(`${system} reset_password`)).toBeLessThan(order.indexOf(`${system} disable_account`));
  });

  it('lets what waited for it go also when it failed once, for a system that is down must not stop the others', async () => {
    await scene.decide('lockdown');
    const reset = found((await scene.steps()).find(({ action }) => action === 'reset_password'));
    const held = (await scene.steps()).filter(({ status }) => status === 'waiting').length;
    scene.okta.fail('perform', { kind: 'permission', message: 'no' });
    await scene.run(reset.id);
    expect((await scene.steps()).filter(({ status }) => status === 'waiting').length).toBeLessThan(held);
  });
});
