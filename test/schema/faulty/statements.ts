import type { Queryable, QueryRows, Row } from '../../../src/ports/database.js';

/** Statements that compile and are wrong, one in each way that a column and its type can drift apart. */
export async function faulty(tx: Queryable, text: string, moment: Date): Promise<void> {
  await tx.query('select nickname from people where id = $1', [text]);
  await tx.query<Row<'people', 'id' | 'name'>>('select id from people');
  await tx.query<Row<'people', 'id'>>('select id, name from people');
  await tx.query<{ attempts: string }>('select attempts from steps');
  await tx.query<{ title: string }>('select title from people');
  await tx.query<{ name: string | null }>('select name from people');
  await tx.query<Row<'people', 'name'>>('select p.name from notices n left join people p on p.id = n.person_id');
  await tx.query<{ newest: Date }>('select max(opened_at) as newest from incidents');
  await tx.query<{ status: 'open' | 'shut' }>('select status from incidents');
  await tx.query<{ action: 'reset_password' }>('select action from steps');
  await tx.query<{ ranges: readonly string[] }>('select ranges from steps');
  await tx.query('select 1 from people where id = $1 and name = $2', [text]);
  await tx.query('select 1 from steps where attempts = $1', [text]);
  await tx.query('update people set title = $1 where updated_at = $2', [moment, moment]);
  await tx.query("update incidents set status = 'shut'");
  await tx.query('update incidents set opened_at = null');
  await tx.query('update steps set action = $1', [text]);
  await tx.query('insert into probes (workspace_id) values ($1)', [text]);
  const mistaken: QueryRows<{ id: number }> = await tx.query('select id from people');
  if (mistaken.rowCount > 0) throw new Error(text);
}
