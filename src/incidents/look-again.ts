import { phrase } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core, Origin } from '../core.js';
import type { Problem } from '../problem.js';
import { refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable } from '../store/database.js';
import { hasEvidenceAtAll } from './evidence.js';
import { lockOpenIncident } from './incident.js';
import { recordDeed, slackPerson } from './record.js';

interface Asked {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** An approver wants to know what is there now. Asking twice before it was looked is one look. */
export async function askForLook(core: Core, { incidentId, actor, origin }: Asked): Promise<Result<null, Problem>> {
  const asked = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, incidentId);
    if (!locked.ok) return locked;
    if (!(await hasEvidenceAtAll(core, tx, incidentId))) return refuse(phrase('problem.look.early'));
    await Promise.all([
      recordDeed(core, tx, incidentId, { actor: slackPerson(actor), action: 'look.requested', origin }),
      requestLook(core, tx, { incidentId, correlationId: origin.correlationId, delayMs: 0 }),
    ]);
    return ok(null);
  });
  core.dispatch();
  return asked;
}

const MINUTE_MS = 60_000;

/** After a lockdown it is looked by itself, when the watch first does: whoever was in may have left a way back meanwhile. */
export async function lookAfterLockdown(
  core: Core,
  tx: Queryable,
  incidentId: string,
  correlationId: string,
): Promise<void> {
  const [first] = core.policy.watchMinutes;
  if (first !== undefined) await requestLook(core, tx, { incidentId, correlationId, delayMs: first * MINUTE_MS });
}

const requestLook = (
  core: Core,
  tx: Queryable,
  { incidentId, correlationId, delayMs }: { incidentId: string; correlationId: string; delayMs: number },
): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'look_again',
    ref: incidentId,
    correlationId,
    now: core.runtime.now(),
    delayMs,
  });
