import type { Core } from '../../src/ports/core.js';
import { noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { takeReport } from '../../src/notices/take-report.js';
import type { Outcome, Run } from '../worker.js';

/** Finds out whose account a report made elsewhere is about, and what becomes of it. */
export async function takeReportElsewhere(core: Core, run: Run): Promise<Outcome> {
  const { ref, correlation_id: correlationId } = run.work;
  const first = await noticeById(core.db, core.workspaceId, ref);
  if (!first) return 'completed';
  const person = await personBehind(core, first);
  await run.commit((tx) => takeReport({ core, tx }, ref, person, { surface: 'elsewhere', correlationId }));
  core.dispatch();
  return 'completed';
}
