import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestDailyCheckpoint } from '../../src/audit/request-checkpoint.js';
import { parseCheckpoints } from '../../src/audit/checkpoint-file.js';
import { compareCheckpoints } from '../../src/audit/verify-checkpoints.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem } = PEOPLE;
const DAY_MS = 24 * 3600 * 1000;

describe('the checkpoint in the security channel', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const posted = (): string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((text) => text.includes('Checkpoint of the record'));
  const seen = (count: number): Promise<unknown> =>
    flow.player.until(`${count} checkpoints`, () => posted().length === count);
  /** The channel shows a checkpoint before its work is done, and no second one is asked for until then. */
  const noneAskedFor = (): Promise<unknown> =>
    flow.player.until('no checkpoint is asked for', async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 from work where name = 'post_checkpoint' and status <> 'done'",
      );
      return rows.length === 0;
    });
  /** What somebody copies out of the channel, compared with the database. */
  const compare = () => {
    const lines = posted().flatMap((text) => /notme\/\S+ \d+ [A-Za-z0-9+/]{43}=/.exec(text) ?? []);
    expect(lines).toHaveLength(posted().length);
    return compareCheckpoints(flow.app.core.db, parseCheckpoints(lines.join('\n'), []));
  };

  it('is posted at each closing', async () => {
    await flow.report(ada);
    await flow.closeIncident(bea.id, ada.real_name);
    await seen(1);
    await flow.report(cem);
    await flow.closeIncident(bea.id, cem.real_name);
    await seen(2);
    expect(await compare()).toMatchObject({ posted: 2, problems: [] });
  }, 240_000);

  it('is posted daily, also when nothing happened, and no more often', async () => {
    const { core } = flow.app;
    await noneAskedFor();
    await requestDailyCheckpoint(core);
    flow.pass(DAY_MS + 1000);
    await requestDailyCheckpoint(core);
    await seen(3);
    await requestDailyCheckpoint(core);
    await noneAskedFor();
    expect(posted()).toHaveLength(3);
    expect(await compare()).toMatchObject({ posted: 3, problems: [] });
  }, 240_000);

  it('is replaced by an alarm when an incident was removed from the record', async () => {
    const { db } = flow.app.core;
    await noneAskedFor();
    for (const table of ['record_entries', 'record_heads']) {
      await db.query(`alter table ${table} disable trigger user`);
      await db.query(`delete from ${table} where incident_id = (select min(incident_id) from record_leaves)`);
      await db.query(`alter table ${table} enable trigger user`);
    }
    flow.pass(DAY_MS + 1000);
    await requestDailyCheckpoint(flow.app.core);
    const alarm = await flow.inChannel('The record does not fit its last checkpoint');
    expect(textOf(alarm)).toContain('were changed or removed');
    expect(posted()).toHaveLength(3);
  }, 240_000);
});
