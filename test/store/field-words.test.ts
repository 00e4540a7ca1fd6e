import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';

let db: StoreDatabase;
beforeEach(async () => {
  db = await openDatabase({ databaseUrl: null, dataDir: null, runtime: systemRuntime() });
});
afterEach(() => db.close());

const before = migrations.findIndex(({ name }) => name === 'field-words');

it('an upgrade gives closed incidents the new names of their outcomes', async () => {
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into people (workspace_id, id, email, name, time_zone, updated_at)
    values ('T1', 'per_1', 'ada@meadow.example', 'Ada', 'UTC', now());
    insert into incidents (workspace_id, id, reference, person_id, status, outcome, opened_at, channel)
    values ('T1', 'inc_1', 'N-1', 'per_1', 'closed', 'harmless', now(), 'C1'),
           ('T1', 'inc_2', 'N-2', 'per_1', 'closed', 'it_was_it', now(), 'C1'),
           ('T1', 'inc_3', 'N-3', 'per_1', 'closed', 'compromised', now(), 'C1'),
           ('T1', 'inc_4', 'N-4', 'per_1', 'open', null, now(), 'C1')`);
  await migrate(db, migrations);
  const { rows } = await db.query('select reference, outcome from incidents order by reference');
  expect(rows).toEqual([
    { reference: 'N-1', outcome: 'benign' },
    { reference: 'N-2', outcome: 'authorized_change' },
    { reference: 'N-3', outcome: 'compromised' },
    { reference: 'N-4', outcome: null },
  ]);
  await expect(db.query("update incidents set outcome = 'harmless' where id = 'inc_1'")).rejects.toThrow();
});

it('an upgrade asks again, under its new name, for the rescan that was under way', async () => {
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into work (workspace_id, id, name, ref, status, run_after, lease_token, lease_until, correlation_id, changed_at)
    values ('T1', 'look_again_inc_1', 'look_again', 'inc_1', 'running', now(), 'lease_1', now(), 'c', now()),
           ('T1', 'look_again_inc_2', 'look_again', 'inc_2', 'done', now(), null, null, 'c', now()),
           ('T1', 'run_step_stp_1', 'run_step', 'stp_1', 'pending', now(), null, null, 'c', now())`);
  await migrate(db, migrations);
  const { rows } = await db.query('select id, name, status, lease_token from work order by id');
  expect(rows).toEqual([
    { id: 'rescan_inc_1', name: 'rescan', status: 'pending', lease_token: null },
    { id: 'rescan_inc_2', name: 'rescan', status: 'done', lease_token: null },
    { id: 'run_step_stp_1', name: 'run_step', status: 'pending', lease_token: null },
  ]);
});
