import { beforeEach, describe, expect, it } from '@jest/globals';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { TASK_KEYS, type TaskMove } from '../../src/incidents/task-keys.js';
import { tasksOf } from '../../src/incidents/tasks.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, incidentAbout, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
const neverTouch = ['ceo@meadow.example'];
const identifiers = new Map([
  [BEA.email, { aliases: ['Bea@old.example'], logins: { okta: 'BEA.ADMIN' }, employeeId: '7' }],
  [ELI.email, { aliases: [], logins: { okta: 'eli.admin' }, employeeId: null }],
]);
beforeEach(async () => {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' }, mimecast: { title: 'Mimecast' } },
    policy: { neverTouch, identifiers },
  });
}, 120_000);

let clicks = 0;
/** A click of its own: what is said once is told apart by the delivery. */
const click = (actor = BEA.slackUserId) => {
  clicks += 1;
  return { incidentId: scene.incident.id, actor, origin: { ...ORIGIN, correlationId: `cor_${clicks}` } };
};
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);
const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);

describe('taking an incident', () => {
  it('is told once for each who takes it', async () => {
    const owner = async () =>
      (await scene.core.db.query<{ owner: string }>('select owner from incidents')).rows[0]?.owner;
    for (const actor of [BEA, BEA, CEM]) {
      expect(codeOf(await commands.take(scene.core, click(actor.slackUserId)))).toBe('done');
      expect(await owner()).toBe(actor.slackUserId);
    }
    expect(await scene.lines()).toEqual(['timeline.taken', 'timeline.taken']);
  });
});

describe('closing an incident', () => {
  const close = async (reason = 'looked into') =>
    codeOf(await commands.close(scene.core, { ...click(), outcome: 'benign', reason }));

  it('says what it was, has a checkpoint made, and happens once', async () => {
    expect(await close()).toBe('done');
    expect(await scene.lines()).toEqual(['timeline.closed']);
    expect(await waiting(scene.core, 'post_checkpoint')).toHaveLength(1);
    expect(await close()).toBe('incident_closed');
  });

  it('asks for a reason', async () => {
    expect(await close(' x ')).toBe('invalid_input');
    expect(await scene.lines()).toEqual([]);
  });

  it('tells what is still open: steps by where they stand, and tasks', async () => {
    await scene.decide('disable_account');
    await commands.startTasks(scene.core, click());
    expect(await close()).toBe('done');
    expect(await scene.lines()).toContain('timeline.closed_open');
    const { rows } = await scene.core.db.query<{ detail: object }>(
      `select detail from record_entries where action = 'incident.closed'`,
    );
    expect(rows[0]?.detail).toMatchObject({
      outcome: 'benign',
      open: { running: [expect.any(String), expect.any(String)] },
    });
  });
});

describe('the tasks for people', () => {
  const start = async () => codeOf(await commands.startTasks(scene.core, click()));
  const move = async (to: TaskMove, actor = BEA.slackUserId, task = TASK_KEYS[0]) =>
    codeOf(await commands.changeTask(scene.core, { ...click(actor), task: found(task), move: to }));
  const first = async () => (await tasksOf(scene.core.db, scene.core.workspaceId, scene.incident.id))[0];

  it('are opened once', async () => {
    expect([await start(), await start()]).toEqual(['done', 'done']);
    expect(await tasksOf(scene.core.db, scene.core.workspaceId, scene.incident.id)).toHaveLength(TASK_KEYS.length);
    expect((await scene.record()).filter((action) => action === 'tasks.opened')).toHaveLength(1);
  });

  it('cannot be moved before they are opened', async () => {
    expect(await move('take')).toBe('wrong_state');
  });

  it.each<[readonly TaskMove[], string, 'open' | 'done' | 'not_needed', string | null]>([
    [['take'], 'done', 'open', BEA.slackUserId],
    [['take', 'take'], 'wrong_state', 'open', BEA.slackUserId],
    [['done'], 'done', 'done', BEA.slackUserId],
    [['done', 'done'], 'wrong_state', 'done', BEA.slackUserId],
    [['done', 'take'], 'wrong_state', 'done', BEA.slackUserId],
    [['not_needed'], 'done', 'not_needed', BEA.slackUserId],
    [['not_needed', 'reopen'], 'done', 'open', null],
    [['reopen'], 'wrong_state', 'open', null],
  ])('%j ends with %s: %s, with %s', async (moves, code, status, owner) => {
    await start();
    let last = '';
    for (const one of moves) last = await move(one);
    expect([last, await first()]).toMatchObject([code, { status, owner }]);
  });

  it('are taken over from each other, and the thread says each move', async () => {
    await start();
    await move('take');
    await move('take', CEM.slackUserId);
    expect(await first()).toMatchObject({ owner: CEM.slackUserId });
    expect(await scene.lines()).toEqual(['timeline.task.take', 'timeline.task.take']);
  });
});

describe('asking for another look', () => {
  it('is refused before there is anything to compare with, then is one look however often it is asked', async () => {
    const look = async () => codeOf(await commands.rescan(scene.core, click()));
    expect(await look()).toBe('not_ready');
    const { id: accountRow } = await scene.account();
    await saveEvidence(scene.core, scene.core.db, {
      incidentId: scene.incident.id,
      accountRow,
      evidence: await scene.okta.evidence(),
    });
    expect([await look(), await look()]).toEqual(['done', 'done']);
    expect(await waiting(scene.core, 'rescan')).toEqual([scene.incident.id]);
  });
});

describe('correcting the accounts', () => {
  const seen = async () => found(await previewLinks(scene.core, scene.incident.id, BEA.slackUserId));
  const correct = async (typed: Readonly<Record<string, string>>, more: { seen?: string; actor?: string } = {}) =>
    codeOf(
      await commands.correctAccounts(scene.core, {
        ...click(more.actor),
        typed: new Map(Object.entries(typed)),
        confirms: false,
        shown: more.seen ?? (await seen()).seen,
        requestKey: scene.core.runtime.newId('view'),
        given: typedCode(''),
      }),
    );
  const logins = async (): Promise<Readonly<Record<string, string | null>>> =>
    Object.fromEntries((await seen()).systems.map(({ system, login }) => [system, login]));

  it('shows what is linked, and knows nothing of an incident that is not there', async () => {
    expect(await seen()).toMatchObject({ name: ADA.name, needsCode: false });
    expect(await logins()).toEqual({ okta: ADA.email, mimecast: ADA.email });
    expect(await previewLinks(scene.core, 'inc_nobody', BEA.slackUserId)).toBeNull();
  });

  it('keeps the login, lets the account go that was wrong, and has it read again', async () => {
    await set('delete from work');
    expect(await correct({ okta: ' ada.admin ', mimecast: ADA.email })).toBe('done');
    expect(await logins()).toEqual({ okta: 'ada.admin', mimecast: ADA.email });
    expect(await waiting(scene.core, 'read_accounts')).toEqual([scene.incident.id]);
    const { rows } = await scene.core.db.query('select 1 from accounts where retired_at is not null');
    expect(rows).toHaveLength(1);
    expect(await scene.lines()).toEqual(['timeline.links']);
    expect((await scene.record()).at(-1)).toBe('accounts.corrected');
  });

  it('takes a dash for no account, and nothing for the addresses again', async () => {
    await correct({ okta: '-' });
    expect(await logins()).toMatchObject({ okta: '-' });
    expect(await correct({ okta: '' })).toBe('done');
    expect(await logins()).toMatchObject({ okta: null });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['invalid_input', {}],
    ['invalid_input', { okta: ADA.email }],
    ['never_touch', { okta: 'CEO@meadow.example' }],
    ['own_account', { okta: BEA.email }],
    ['own_account', { okta: 'bea@OLD.example' }],
    ['own_account', { okta: 'bea.admin' }],
  ])('is refused (%s) for %j', async (code, typed) => {
    expect(await correct(typed)).toBe(code);
    expect(await logins()).toEqual({ okta: ADA.email, mimecast: ADA.email });
    expect((await scene.record()).at(-1)).toBe('decision.refused');
  });

  it("is refused for an account that is found to be the clicker's", async () => {
    const { person } = await incidentAbout(scene.core, BEA);
    await scene.link({ system: 'okta', accountId: 'okta/77', login: 'b77' }, person);
    expect(await correct({ okta: 'B77' })).toBe('own_account');
  });

  it('is refused while a step runs on what would be let go', async () => {
    await scene.decide('disable_account');
    expect(await correct({ okta: 'ada.admin' })).toBe('already_running');
  });

  it('is refused when something else was shown, or the incident was closed', async () => {
    expect(await correct({ okta: 'ada.admin' }, { seen: 'of before' })).toBe('outdated');
    await set(`update incidents set status = 'closed'`);
    expect(await correct({ okta: 'ada.admin' })).toBe('incident_closed');
  });
});
