import type { Core } from '../ports/core.js';
import { readEach } from '../platform/read-each.js';
import type { Queryable, Row } from '../ports/database.js';
import { requestWork } from '../outbox/outbox.js';
import { type Diagnosis, diagnosisSchema } from './examine.js';

interface Asking {
  readonly actor: string;
  /** The open window that waits for the answer. */
  readonly viewId: string;
  readonly correlationId: string;
}

export interface Examination {
  /** The window that waits for the answer; `null` when an earlier version was asked, which looked for it itself. */
  readonly viewId: string | null;
  readonly askedAt: Date;
  /** What was found out; `null` while the systems are still being checked. */
  readonly answer: readonly Diagnosis[] | null;
}

/** Requests an examination of every linked system, whose answer fills a window. @returns its id */
export async function askDoctor(core: Core, { actor, viewId, correlationId }: Asking): Promise<string> {
  const id = core.runtime.newId('exa');
  const now = core.runtime.now();
  await core.db.transaction(async (tx) => {
    await tx.query(
      'insert into examinations (workspace_id, id, asked_by, asked_at, view_id) values ($1, $2, $3, $4, $5)',
      [core.workspaceId, id, actor, now, viewId],
    );
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'examine_systems', ref: id, correlationId, now });
  });
  core.dispatch();
  return id;
}

export async function examinationById(core: Core, id: string): Promise<Examination | null> {
  const { rows } = await core.db.query<Row<'examinations', 'view_id' | 'asked_at' | 'findings' | 'finished_at'>>(
    'select view_id, asked_at, findings, finished_at from examinations where workspace_id = $1 and id = $2',
    [core.workspaceId, id],
  );
  const [row] = rows;
  if (!row) return null;
  const answer =
    row.finished_at === null
      ? null
      : readEach(diagnosisSchema, row.findings, (entry) =>
          core.log.error({ examination: id, entry }, 'a finding of the doctor cannot be read'),
        );
  return { viewId: row.view_id, askedAt: row.asked_at, answer };
}

/** Keeps what was found out. */
export async function saveAnswer(core: Core, tx: Queryable, id: string, answer: readonly Diagnosis[]): Promise<void> {
  await tx.query('update examinations set findings = $3, finished_at = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    id,
    JSON.stringify(answer),
    core.runtime.now(),
  ]);
}
