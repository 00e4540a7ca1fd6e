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

it('an upgrade delivers the notices of the last week whose mail was given up', async () => {
  const before = migrations.findIndex(({ name }) => name === 'refused-mail');
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into notices (workspace_id, id, system, event_id, kind, login, occurred_at, noticed_at, asked, answer, mailed_to, message_ts)
    values ('T1', 'given_up', 'okta', 'e1', 'password_reset', 'a', now(), now(), true, null, null, null),
           ('T1', 'mailed', 'okta', 'e2', 'password_reset', 'a', now(), now(), true, null, 'a@meadow.example', null),
           ('T1', 'messaged', 'okta', 'e3', 'password_reset', 'a', now(), now(), true, null, null, '1.2'),
           ('T1', 'answered', 'okta', 'e4', 'password_reset', 'a', now(), now(), true, 'me', null, null),
           ('T1', 'ancient', 'okta', 'e5', 'password_reset', 'a', now(), now() - interval '30 days', true, null, null, null)`);
  await db.query(`
    insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
    select workspace_id, 'deliver_notice_' || id, 'deliver_notice', id, 'done', now(), 'before', now() from notices`);
  await migrate(db, migrations);
  const { rows } = await db.query("select ref from work where status = 'pending' and name = 'deliver_notice'");
  expect(rows).toEqual([{ ref: 'given_up' }]);
});
