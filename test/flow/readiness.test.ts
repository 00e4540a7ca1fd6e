import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Flow, PEOPLE, startFlow } from './flow.js';

const { ada } = PEOPLE;

const report = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** What /readyz says now: its memory of five seconds is let pass. */
async function ready(flow: Flow, name: string) {
  flow.pass(5_000);
  const answer = await fetch(`${flow.app.webUrl}/readyz`);
  const { checks, status } = report.parse(await answer.json());
  return { http: answer.status, status, check: checks.find((check) => check.name === name) };
}

describe('readiness', () => {
  let flow: Flow;
  beforeAll(async () => {
    // No worker: what is due stays.
    flow = await startFlow({ roles: ['bot'] });
  }, 240_000);
  afterAll(() => flow.close());
  const run = (sql: string): Promise<unknown> => flow.app.core.db.query(sql);
  afterEach(async () => {
    await run('set default_transaction_read_only = off');
    await run('alter table if exists work_hidden rename to work');
  });

  it('tries a write: a database that only reads is not ready', async () => {
    expect(await ready(flow, 'database')).toMatchObject({ check: { ok: true } });
    await run('set default_transaction_read_only = on');
    const told = await ready(flow, 'database');
    expect(told).toMatchObject({ http: 503, status: 'down', check: { ok: false } });
    expect(told.check?.detail).toContain('read-only');
  }, 240_000);

  it('knows how long ago the reconciler came round', async () => {
    expect(await ready(flow, 'scheduler')).toMatchObject({ check: { ok: true } });
    await run('alter table work rename to work_hidden');
    flow.pass(60_000);
    const told = await ready(flow, 'scheduler');
    expect(told).toMatchObject({ http: 503, check: { ok: false } });
    expect(told.check?.detail).toMatch(/came round \d+ s ago/);
  }, 240_000);

  it('knows the age of the oldest due work, and the metrics count what is overdue', async () => {
    await flow.say(ada.id, "I didn't do this");
    await flow.player.until('the report to be written', async () => {
      const { rows } = await flow.app.core.db.query("select 1 as due from work where name = 'sync_incident'");
      return rows.length > 0;
    });
    expect(await ready(flow, 'work')).toMatchObject({ check: { ok: true } });
    flow.pass(60_000);
    const told = await ready(flow, 'work');
    expect(told).toMatchObject({ http: 503, check: { ok: false } });
    expect(told.check?.detail).toMatch(/the oldest for \d+ s: check that a worker runs/);
    await flow.player.until('the figure', async () => {
      const text = await (await fetch(`${flow.app.webUrl}/metrics`)).text();
      return Number(/^notme_work_overdue (\d+)$/m.exec(text)?.[1] ?? 0) > 0;
    });
  }, 240_000);
});
