import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';

let db: StoreDatabase;
beforeAll(async () => {
  db = await openDatabase({ databaseUrl: null, dataDir: null, runtime: systemRuntime() });
});
afterAll(() => db.close());

it('an upgrade erases the passwords of steps that have ended, and keeps those that still run', async () => {
  const before = migrations.findIndex(({ name }) => name === 'erased-passwords');
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into people (workspace_id, id, email, name, time_zone, updated_at) values ('T1', 'p', 'a@b.example', 'A', 'UTC', now());
    insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel) values ('T1', 'i', 'N-1', 'p', 'open', now(), 'C1');
    insert into decisions (workspace_id, id, incident_id, action, reason, decided_by, decided_at, request_key, correlation_id)
      values ('T1', 'd', 'i', 'reset_password', 'why', 'U1', now(), 'k', 'c');
    insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, position, status, created_at, sealed_password, finished_at)
      values ('T1', 's1', 'd', 'i', 'a1', 'okta', 'reset_password', 0, 'verified', now(), 'sealed', now()),
             ('T1', 's2', 'd', 'i', 'a2', 'okta', 'reset_password', 0, 'needs_human', now(), 'sealed', now()),
             ('T1', 's3', 'd', 'i', 'a3', 'okta', 'reset_password', 0, 'retrying', now(), 'sealed', null)`);
  await migrate(db, migrations);
  const { rows } = await db.query('select id, sealed_password from steps order by id');
  expect(rows).toEqual([
    { id: 's1', sealed_password: null },
    { id: 's2', sealed_password: null },
    { id: 's3', sealed_password: 'sealed' },
  ]);
});
