import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openPgliteMemory } from '../../src/store/pglite.js';

let db: StoreDatabase;
beforeAll(async () => {
  db = await openPgliteMemory();
  await migrate(db, migrations);
});
afterAll(() => db.close());

it('has no index that begins with the workspace on a table with another one to take', async () => {
  const { rows } = await db.query<{ index: string }>(
    `select indexname as index from pg_indexes here where schemaname = 'notme' and indexdef ~ '\\(workspace_id, '
       and exists (select 1 from pg_indexes other where other.tablename = here.tablename and other.indexname <> here.indexname)`,
  );
  expect(rows.map(({ index }) => index)).toEqual([]);
});

it.each([
  ['posts', 'id', 'posts_pkey'],
  ['incidents', 'id', 'incidents_pkey'],
  ['people', 'id', 'people_pkey'],
  ['work', 'id', 'work_pkey'],
  ['steps', 'id', 'steps_pkey'],
  ['steps', 'incident_id', 'steps_by_incident'],
  ['posts', 'incident_id', 'posts_by_incident'],
  ['decisions', 'incident_id', 'decisions_by_incident'],
  ['accounts', 'person_id', 'accounts_by_person'],
  ['incidents', 'person_id', 'incidents_by_person'],
  ['steps', 'undo_of', 'steps_by_undone'],
  ['sign_ins', "login = 'ada' and ip", 'sign_ins_by_address'],
  ['notices', 'mail_kind', 'notices_unmailed'],
])(
  'finds rows of %s by %s through %s, also when the plan was made while the table was empty',
  async (table, column, index) => {
    const plan = await db.transaction(async (tx) => {
      await tx.query('set local plan_cache_mode = force_generic_plan');
      await tx.query('set local enable_seqscan = off');
      await tx.query(`prepare wanted as select 1 from ${table} where workspace_id = $1 and ${column} = $2`);
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`explain execute wanted ('T1', 'x')`);
      await tx.query('deallocate wanted');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(new RegExp(`\\b${index}\\b`));
    expect(plan).toMatch(new RegExp(`Cond: \\(+${column.split(' ').at(-1) ?? ''} = `));
  },
);
