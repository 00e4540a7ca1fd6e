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

it('an upgrade finds the notices that were asked and never answered, and requests that they are told', async () => {
  const before = migrations.findIndex(({ name }) => name === 'unanswered-notices');
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into notices (workspace_id, id, system, event_id, kind, login, occurred_at, noticed_at, is_ours, answer)
    values ('T1', 'silent', 'okta', 'e1', 'password_reset', 'a', now(), now(), false, null),
           ('T1', 'answered', 'okta', 'e2', 'password_reset', 'a', now(), now(), false, 'me'),
           ('T1', 'ours', 'okta', 'e3', 'password_reset', 'a', now(), now(), true, null),
           ('T1', 'ancient', 'okta', 'e4', 'password_reset', 'a', now() - interval '30 days', now(), false, null)`);
  await migrate(db, migrations);
  const { rows } = await db.query('select id, due_at from notices where asked and answer is null');
  expect(rows).toEqual([{ id: 'silent', due_at: null }]);
  const work = await db.query("select workspace_id, ref, status from work where name = 'tell_unanswered'");
  expect(work.rows).toEqual([{ workspace_id: 'T1', ref: 'notices', status: 'pending' }]);
});

it('an upgrade finds what approvers saw to while nothing of it stood in the channel, and requests that it is told', async () => {
  const before = migrations.findIndex(({ name }) => name === 'told-settlements');
  await migrate(db, migrations.slice(0, before));
  await db.query(`
    insert into notices (workspace_id, id, system, event_id, kind, login, occurred_at, noticed_at, is_ours, asked, answer, settled_by, told_in, incident_id)
    values ('T1', 'silently', 'okta', 'e1', 'password_reset', 'a', now(), now(), false, true, null, 'U1', null, null),
           ('T1', 'in a post', 'okta', 'e2', 'password_reset', 'a', now(), now(), false, true, null, 'U1', 'unp_1', null),
           ('T1', 'opened', 'okta', 'e3', 'password_reset', 'a', now(), now(), false, true, null, 'U1', null, 'inc_1'),
           ('T1', 'answered', 'okta', 'e4', 'password_reset', 'a', now(), now(), false, true, 'me', null, null, null)`);
  await migrate(db, migrations);
  const { rows } = await db.query('select id from notices where tells');
  expect(rows).toEqual([{ id: 'silently' }]);
  const work = await db.query("select ref, status from work where name = 'tell_unanswered'");
  expect(work.rows).toEqual([{ ref: 'notices', status: 'pending' }]);
});
