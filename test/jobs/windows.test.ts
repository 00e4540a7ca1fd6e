import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { createHandlers } from '../../jobs/handlers/index.js';
import { waitForAccounts } from '../../src/approvals/waiting-windows.js';
import { askDoctor, examinationById } from '../../src/doctor/from-slack.js';
import { LeaseLostError } from '../../src/outbox/outbox.js';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { claim, runOnce, takeOver, waiting } from '../runs.js';
import { BEA, ELI, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));

let scene: Scene;
let slack: MemoryMessenger;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  slack = new MemoryMessenger();
}, 120_000);

const handlers = () => createHandlers({ core: scene.core, messenger: slack, translator, mailer: null });
const shown = (): readonly (readonly [string, string])[] =>
  slack.filled.map(({ viewId, view }) => [viewId, JSON.stringify(view)]);

type Row = readonly [failure: MessengerFailure, wanted: 'completed' | { againInMs: number }];
const PASSING: readonly Row[] = [
  [{ kind: 'throttled', retryAfterMs: 4_000 }, { againInMs: 4_000 }],
  [{ kind: 'transient', detail: 'no answer' }, { againInMs: 500 }],
  [{ kind: 'transient', detail: 'internal_error' }, { againInMs: 500 }],
];
const FINAL: readonly Row[] = [
  [{ kind: 'refused', detail: 'not_found' }, 'completed'],
  [{ kind: 'refused', detail: 'view_too_large' }, 'completed'],
];

describe('the window that waits for the doctor', () => {
  let id: string;
  beforeEach(async () => {
    id = await askDoctor(scene.core, { actor: BEA.slackUserId, viewId: 'V1', correlationId: 'cor' });
  });
  const run = () => runOnce(scene.core, 'examine_systems', id, handlers().examine_systems);
  const again = () => scene.core.db.query(`update work set status = 'pending' where name = 'examine_systems'`);
  const examined = () => scene.okta.asked.filter((one) => one === 'examine').length;

  it('shows what was found out', async () => {
    expect(await run()).toBe('completed');
    expect(shown()).toEqual([['V1', expect.stringContaining('*Okta*')]]);
    expect((await examinationById(scene.core, id))?.answer).toHaveLength(3);
  });

  it.each([...PASSING, ...FINAL])(
    'that Slack does not fill (%j): %j, and the answer is kept',
    async (failure, wanted) => {
      slack.fail('fill', failure);
      expect(await run()).toEqual(wanted);
      expect([shown(), (await examinationById(scene.core, id))?.answer?.length]).toEqual([[], 3]);
    },
  );

  it.each(PASSING)('is filled by the next run after %j, and no system is asked again', async (failure) => {
    slack.fail('fill', failure);
    await run();
    await again();
    expect(await run()).toBe('completed');
    expect([shown().length, examined()]).toEqual([1, 1]);
  });

  it('is filled by the worker that takes over from one that died before it could, and no system is asked again', async () => {
    const died = await claim(scene.core, 'examine_systems', id);
    slack.fill = async () => {
      await takeOver(scene.core, died);
      throw new Error('the process died here');
    };
    await expect(handlers().examine_systems(died)).rejects.toThrow('died here');
    slack = new MemoryMessenger();
    await again();
    expect(await run()).toBe('completed');
    expect([shown().length, examined()]).toEqual([1, 1]);
  });

  it('is not filled by a worker that lost its claim, also when the answer is there already', async () => {
    slack.fail('fill', { kind: 'transient', detail: 'no answer' });
    await run();
    await again();
    const late = await claim(scene.core, 'examine_systems', id);
    await takeOver(scene.core, late);
    await expect(handlers().examine_systems(late)).rejects.toBeInstanceOf(LeaseLostError);
    expect(shown()).toEqual([]);
  });

  it('is given up after an hour in which Slack did not take it', async () => {
    slack.fail('fill', ...PASSING.map(([failure]) => failure));
    scene.runtime.move(60 * MINUTE_MS);
    expect(await run()).toMatchObject({ againInMs: expect.any(Number) });
    await again();
    scene.runtime.move(1);
    expect(await run()).toBe('completed');
  });

  it('is none for an examination that an earlier version asked for: its answer is kept', async () => {
    await scene.core.db.query('update examinations set view_id = null');
    expect(await run()).toBe('completed');
    expect([shown(), (await examinationById(scene.core, id))?.answer?.length]).toEqual([[], 3]);
  });
});

describe('the window that waits for the accounts', () => {
  const open = (viewId: string, actor = BEA.slackUserId) =>
    waitForAccounts(scene.core, { incidentId: scene.incident.id, actor, origin: ORIGIN, viewId, reason: 'not hers' });
  const read = () => runOnce(scene.core, 'read_accounts', scene.incident.id, handlers().read_accounts);
  const show = (viewId: string) => runOnce(scene.core, 'show_lockdown', viewId, handlers().show_lockdown);
  const again = () => scene.core.db.query(`update work set status = 'pending' where name = 'show_lockdown'`);
  const kept = async () => (await scene.core.db.query('select 1 from waiting_windows')).rows.length;
  beforeEach(() => scene.core.db.query('delete from accounts'));

  it('shows the plan once they are looked up, each window its own, and waits no more', async () => {
    expect([await open('V1'), await open('V2')]).toEqual([true, true]);
    expect(await waiting(scene.core, 'show_lockdown')).toEqual([]);
    await read();
    expect(await waiting(scene.core, 'show_lockdown')).toEqual(['V1', 'V2']);
    expect([await show('V1'), await show('V2')]).toEqual(['completed', 'completed']);
    const plan = expect.stringMatching(/Okta.*not hers/s);
    expect(shown()).toEqual([
      ['V1', plan],
      ['V2', plan],
    ]);
    expect(await kept()).toBe(0);
  });

  it.each(['known', 'looked up and not found', 'of a closed incident'])(
    'does not wait when they are %s',
    async (how) => {
      if (how === 'of a closed incident') await scene.core.db.query(`update incidents set status = 'closed'`);
      else await read();
      if (how === 'looked up and not found') await scene.core.db.query('delete from accounts');
      expect(await open('V1')).toBe(false);
      expect(await kept()).toBe(0);
    },
  );

  it('says that the incident was closed meanwhile', async () => {
    await open('V1');
    await scene.core.db.query(`update incidents set status = 'closed'`);
    await read();
    expect(await show('V1')).toBe('completed');
    expect(shown()).toEqual([['V1', expect.stringContaining('closed')]]);
  });

  it('says to somebody who may not decide why, and shows no plan', async () => {
    await open('V1', ELI.slackUserId);
    await read();
    await show('V1');
    expect(shown()).toEqual([['V1', expect.not.stringContaining('Okta')]]);
  });

  it('that Slack does not take records its refusal once, however often it is tried', async () => {
    const refused = async () =>
      (await scene.core.db.query(`select 1 from record_entries where action = 'decision.refused'`)).rows.length;
    await open('V1', ELI.slackUserId);
    await read();
    for (const [failure] of PASSING) {
      slack.fail('fill', failure);
      await show('V1');
      await again();
      expect(await refused()).toBe(1);
    }
    expect(await show('V1')).toBe('completed');
    expect([shown().length, await refused()]).toEqual([1, 1]);
  });

  it.each(PASSING)('is filled by the next run after %j', async (failure, wanted) => {
    await open('V1');
    await read();
    slack.fail('fill', failure);
    expect(await show('V1')).toEqual(wanted);
    expect([shown().length, await kept()]).toEqual([0, 1]);
    await again();
    expect(await show('V1')).toBe('completed');
    expect([shown().length, await kept()]).toEqual([1, 0]);
  });

  it.each(FINAL)('is forgotten after %j', async (failure) => {
    await open('V1');
    await read();
    slack.fail('fill', failure);
    expect(await show('V1')).toBe('completed');
    expect([shown().length, await kept()]).toEqual([0, 0]);
  });

  it('is forgotten an hour later, when another one opens', async () => {
    await open('V1');
    scene.runtime.move(60 * MINUTE_MS + 1);
    await open('V2');
    expect(await kept()).toBe(1);
  });

  it('is not filled by a worker that lost its claim', async () => {
    await open('V1');
    await read();
    const late = await claim(scene.core, 'show_lockdown', 'V1');
    await takeOver(scene.core, late);
    await expect(handlers().show_lockdown(late)).rejects.toBeInstanceOf(LeaseLostError);
    expect([shown().length, await kept()]).toEqual([0, 1]);
  });
});
