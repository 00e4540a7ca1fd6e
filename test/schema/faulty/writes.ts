import type { Queryable } from '../../../src/ports/database.js';

const TABLE = 'steps';

/** Statements that compile and run, and change an incident past the commands: one in each way to write it. */
export async function pastTheCommands(tx: Queryable): Promise<void> {
  await tx.query("update incidents set status = 'closed'");
  await tx.query('update public.incidents set owner = null');
  await tx.query('delete from only "incidents" as i');
  await tx.query(`delete from ${TABLE}`);
  await tx.query('delete from ' + 'deci' + 'sions');
  await tx.query('truncate people, tasks cascade');
  await tx.query('with gone as (delete from account_links returning system) select system from gone');
  await tx.query('merge into public.tasks t using people p on p.id = t.incident_id when matched then delete');
  await tx.query('UPDATE\n  /* quietly */ "steps" SET attempts = 0');
}
