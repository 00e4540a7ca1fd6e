import type { Run } from '../jobs/worker.js';
import type { Core } from '../src/ports/core.js';
import { claimWork, commitWith, finishWork, type WorkName } from '../src/outbox/outbox.js';

/** Claims a piece of work, as a worker does before it runs it. */
export async function claim(core: Core, name: WorkName, ref: string): Promise<Run> {
  const { workspaceId, db, runtime } = core;
  const [token, now] = [runtime.newId('lease'), runtime.now()];
  const work = await claimWork(db, { workspaceId, id: `${name}_${ref}` }, { now, token, leaseMs: 15_000 });
  if (!work) throw new Error(`${name} of ${ref} is not to be had`);
  const lease = { workspaceId, id: work.id, token, wanted: work.wanted };
  const signal = new AbortController().signal;
  return { work, lease, signal, progress: () => undefined, startedAt: now, commit: commitWith(db, lease) };
}

/** Another worker takes the claim over. */
export async function takeOver(core: Core, { lease }: Run): Promise<void> {
  await core.db.query('update work set lease_token = $3 where workspace_id = $1 and id = $2', [
    lease.workspaceId,
    lease.id,
    'another worker',
  ]);
}

/** Claims, runs and ends; what is to be run once more waits for its time. @returns what the handler said */
export async function runOnce<T>(
  core: Core,
  name: WorkName,
  ref: string,
  handle: (run: Run) => Promise<T>,
): Promise<T> {
  const run = await claim(core, name, ref);
  const outcome = await handle(run);
  await finishWork(core.db, run.lease, core.runtime.now());
  return outcome;
}

/** What waits of a kind. */
export async function waiting(core: Core, name: WorkName): Promise<readonly string[]> {
  const { rows } = await core.db.query<{ ref: string }>(
    `select ref from work where workspace_id = $1 and name = $2 and status = 'pending' order by id`,
    [core.workspaceId, name],
  );
  return rows.map(({ ref }) => ref);
}

/** Every row of every table, as text: two of them are equal when nothing was stored in between. */
export async function everything(core: Core, ...but: readonly string[]): Promise<string> {
  const { rows } = await core.db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'notme' order by 1`,
  );
  const tables = rows.map(({ name }) => name).filter((name) => !but.includes(name));
  if (tables.length < 20) throw new Error('the tables were not found');
  const all = await Promise.all(
    tables.map(async (table) => [table, (await core.db.query(`select * from ${table} order by 1, 2`)).rows]),
  );
  return JSON.stringify(all, null, 1);
}
