import * as z from 'zod';
import type { Core } from '../core.js';
import { requestWork } from '../../jobs/outbox.js';
import { type Diagnosis, diagnosisSchema } from './examine.js';

/** Requests an examination of every linked system. @returns its id */
export async function askDoctor(core: Core, actor: string, correlationId: string): Promise<string> {
  const id = core.runtime.newId('exa');
  const now = core.runtime.now();
  await core.db.transaction(async (tx) => {
    await tx.query('insert into examinations (workspace_id, id, asked_by, asked_at) values ($1, $2, $3, $4)', [
      core.workspaceId,
      id,
      actor,
      now,
    ]);
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'examine_systems', ref: id, correlationId, now });
  });
  core.dispatch();
  return id;
}

/** What was found out; `null` while the systems are still being asked. */
export async function doctorsAnswer(core: Core, id: string): Promise<readonly Diagnosis[] | null> {
  const { rows } = await core.db.query<{ findings: unknown }>(
    'select findings from examinations where workspace_id = $1 and id = $2 and finished_at is not null',
    [core.workspaceId, id],
  );
  return rows[0] ? z.array(diagnosisSchema).parse(rows[0].findings) : null;
}
