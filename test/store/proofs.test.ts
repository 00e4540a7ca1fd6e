import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { decisionById } from '../../src/incidents/steps.js';
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

it('an upgrade keeps the code that a decision was taken with', async () => {
  const before = migrations.findIndex(({ name }) => name === 'proofs');
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into people (workspace_id, id, email, name, time_zone, updated_at)
    values ('T1', 'per_1', 'ada@meadow.example', 'Ada', 'UTC', now());
    insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
    values ('T1', 'inc_1', 'N-1', 'per_1', 'open', now(), 'C1');
    insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id,
      plan_digest, time_step)
    values ('T1', 'dec_1', 'inc_1', 'lockdown', 'x', '[]', 'U1', now(), 'view_1', 'c', repeat('a', 64), 58000000),
           ('T1', 'dec_2', 'inc_1', 'lockdown', 'x', '[]', 'U1', now(), 'view_2', 'c', repeat('a', 64), null)`);
  await migrate(db, migrations);
  expect((await decisionById(db, 'T1', 'dec_1'))?.proof).toEqual({ kind: 'totp', timeStep: 58_000_000 });
  expect((await decisionById(db, 'T1', 'dec_2'))?.proof).toBeNull();
});

it('what cannot be read as a proof is none', async () => {
  await migrate(db, migrations);
  await db.query(`
    insert into people (workspace_id, id, email, name, time_zone, updated_at)
    values ('T1', 'per_1', 'ada@meadow.example', 'Ada', 'UTC', now());
    insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
    values ('T1', 'inc_1', 'N-1', 'per_1', 'open', now(), 'C1');
    insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id,
      plan_digest, proof)
    values ('T1', 'dec_1', 'inc_1', 'lockdown', 'x', '[]', 'U1', now(), 'view_1', 'c', repeat('a', 64), '{"kind":"face"}')`);
  expect((await decisionById(db, 'T1', 'dec_1'))?.proof).toBeNull();
});
