import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import type { Core } from '../../src/ports/core.js';
import type { Database, Transaction } from '../../src/ports/database.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);
let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    people: [ADA, BEA, CEM, ELI],
    policy: {
      uncoded: [],
      twoApprovers: {
        actions: ['enable_account', 'block_address'],
        targets: [],
        expireMs: 60 * MINUTE_MS,
        remindMs: 10 * MINUTE_MS,
      },
    },
  });
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
}, 120_000);

const code = () => codeNow(scene.runtime);
const enable = async (): Promise<string> =>
  codeOf(await scene.decide('enable_account', { override: 'she stands beside me', given: code() }));
const rows = async () =>
  (
    await scene.core.db.query<{ id: string; status: string }>(
      'select id, status from waiting_decisions order by signed_at, id',
    )
  ).rows;
const statuses = async () => (await rows()).map(({ status }) => status);
const press = async () =>
  previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found((await rows())[0]).id);

/** A core in whose transactions something else happens right before a waiting decision is settled. */
function coreWith(meanwhile: (tx: Transaction) => Promise<unknown>): Core {
  const { db } = scene.core;
  const spied = (tx: Transaction): Transaction => {
    const query: Transaction['query'] = async (sql, values) => {
      if (sql.startsWith('update waiting_decisions')) await meanwhile(tx);
      return tx.query(sql, values);
    };
    return { query, send: tx.send.bind(tx) };
  };
  const transaction: Database['transaction'] = (work) => db.transaction((tx) => work(spied(tx)));
  return { ...scene.core, db: { ...db, query: db.query.bind(db), batch: db.batch.bind(db), transaction } };
}

describe('a second signature', () => {
  it('runs nothing when the time of the first is ended while it is checked', async () => {
    expect(await enable()).toBe('done');
    const preview = await press();
    if (!preview.ok) throw new Error(preview.error.code);
    const core = coreWith((tx) => tx.query(`update waiting_decisions set status = 'expired'`));
    const { waiting: waitingId, shown } = preview.value;
    const asked = { waitingId, actor: CEM.slackUserId, shown, given: code(), requestKey: 'second', origin: ORIGIN };
    expect(codeOf(await commands.countersign(core, asked))).toBe('too_late');
    expect((await scene.core.db.query('select 1 from decisions')).rows).toEqual([]);
  });
});

describe('a first signature whose plan is another one by now', () => {
  beforeEach(async () => {
    expect(await enable()).toBe('done');
    await scene.link(scene.okta.add('ada.king@meadow.example'));
  });

  it('ends when the second approver presses the button, and the thread says what is different', async () => {
    expect(codeOf(await press())).toBe('plan_changed');
    expect(await statuses()).toEqual(['outdated']);
    expect(await scene.lines()).toContain('timeline.waiting_outdated');
    expect(await scene.record()).toContain('decision.outdated');
  });

  it('is replaced by another one, and the thread and the record say so', async () => {
    scene.runtime.move(MINUTE_MS);
    expect(await enable()).toBe('done');
    expect(await statuses()).toEqual(['outdated', 'waiting']);
    expect(await scene.lines()).toContain('timeline.waiting_replaced');
    expect(await scene.record()).toContain('decision.outdated');
  });
});

describe('a first signature of what was typed', () => {
  const block = async (...ranges: readonly string[]): Promise<string> => {
    scene.runtime.move(MINUTE_MS);
    return codeOf(await scene.decide('block_address', { ranges, given: code() }));
  };
  beforeEach(async () => {
    expect(await block('203.0.113.9/32')).toBe('done');
  });

  it('is replaced by the same decision with something else typed, and only that one waits', async () => {
    expect(await block('198.51.100.7/32')).toBe('done');
    expect(await statuses()).toEqual(['outdated', 'waiting']);
    expect(await scene.lines()).toContain('timeline.waiting_replaced');
    expect(await scene.record()).toContain('decision.outdated');
    expect(codeOf(await press())).toBe('outdated');
  });

  it('is not given twice with the same typed', async () => {
    expect(await block('203.0.113.9/32')).toBe('already_waiting');
    expect(await statuses()).toEqual(['waiting']);
  });

  it('ends as too late when it is decided again after its time, and the record says so', async () => {
    scene.runtime.move(61 * MINUTE_MS);
    expect(await block('203.0.113.9/32')).toBe('done');
    expect(await statuses()).toEqual(['expired', 'waiting']);
    expect(await scene.lines()).toContain('timeline.waiting_expired');
    expect(await scene.record()).toContain('decision.expired');
  });
});
