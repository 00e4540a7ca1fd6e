import type { Core } from '../../src/core.js';
import { examineSystems } from '../../src/doctor/examine.js';
import type { Outcome, Run } from '../worker.js';

/** Asks every linked system what would work, and keeps the answer for whoever asked. */
export async function examineForSlack(core: Core, run: Run): Promise<Outcome> {
  const call = { signal: run.signal, correlationId: run.work.correlation_id };
  const found = await examineSystems(core.connectors, null, call);
  await core.db.query('update examinations set findings = $3, finished_at = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    run.work.ref,
    JSON.stringify(found),
    core.runtime.now(),
  ]);
  return 'done';
}
