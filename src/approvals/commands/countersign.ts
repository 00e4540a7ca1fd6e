import type { Proof } from '../../incidents/proof.js';
import { type WaitingDecision, waitingDecisionById } from '../../incidents/waiting-decisions.js';
import type { JsonObject } from '../../platform/canonical.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import type { Transaction } from '../../ports/database.js';
import { at, phrase } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { checkProof, type Given } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import type { Managed } from '../managed-by.js';
import { type Countersigned, type ForSecond, forSecond, linksAsNow, stillOpen } from '../second-signature.js';
import { signaturesOf, type Signed } from '../signed.js';
import { planBinding } from '../step-up.js';
import { takeCorrection } from '../take-correction.js';
import { stillFits, takeDecision } from '../take-decision.js';
import { takeUndo, undoStillFits } from '../take-undo.js';
import { outdate, settleWaiting, shownOf } from '../waiting-decisions.js';

export interface Countersigning {
  readonly waitingId: string;
  readonly actor: string;
  /** The digest of what the window showed. */
  readonly shown: string;
  readonly given: Given;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

interface Checked extends ForSecond {
  readonly proof: Proof;
}

/**
 * The second of two approvers signs: with a proof of their own, for exactly what the first one signed, and what was
 * decided runs. Of many at once one is taken. When the plan has changed, the first has to decide again.
 */
export async function countersign(core: Core, request: Countersigning): Promise<Result<null, Problem>> {
  const row = await waitingDecisionById(core.db, core.workspaceId, request.waitingId);
  if (!row) return refuse('outdated', phrase('problem.old_card'));
  const { actor, origin } = request;
  const attempt = { incidentId: row.incident_id, action: 'countersign', actor, origin };
  const signed = await inIncident(core, 'countersign', attempt, {
    done: () => signedBy(core, row, actor),
    before: (managed) => check(core, request, row, managed),
    change: (tx, incident, checked) => commit(core, tx, request, { row, checked, incident }),
  });
  if (signed.ok) {
    core.runtime.observe('decision.committed', signed.value);
    return ok(null);
  }
  if (signed.error.code === 'plan_changed') await outdate(core, row, request, signed.error);
  return signed;
}

/** The decision for which this person has signed second. */
async function signedBy(
  core: Core,
  { id, incident_id: incidentId, request_key: key }: WaitingDecision,
  actor: string,
): Promise<string | null> {
  const { rows } = await core.db.query<{ id: string | null }>(
    `select id from decisions where workspace_id = $1 and request_key = $2 and second->>'by' = $3
     union all select incident_id from record_entries where workspace_id = $1 and incident_id = $4
       and action = 'accounts.corrected' and actor_id = $3 and detail->>'waiting' = $5`,
    [core.workspaceId, key, actor, incidentId, id],
  );
  return rows[0]?.id ?? null;
}

const boundTo = ({ waitingId, requestKey, shown }: Countersigning): JsonObject => ({
  request: requestKey,
  action: 'countersign',
  waiting: waitingId,
  shown,
});

async function check(
  core: Core,
  request: Countersigning,
  row: WaitingDecision,
  managed: Managed,
): Promise<Result<Checked, Problem>> {
  const open = await forSecond(core, request.actor, row, managed);
  if (!open.ok) return open;
  if (shownOf(row, open.value.signed, open.value.about) !== request.shown)
    return refuse('outdated', phrase('problem.quorum.outdated'));
  const attempt = { incidentId: row.incident_id, action: 'countersign', actor: request.actor, origin: request.origin };
  const proof = await checkProof(core, attempt, request.given, boundTo(request));
  return proof.ok ? ok({ ...open.value, proof: proof.value }) : proof;
}

interface Locked {
  readonly row: WaitingDecision;
  readonly checked: Checked;
  readonly incident: Managed['incident'];
}

async function commit(
  core: Core,
  tx: Transaction,
  request: Countersigning,
  { row, checked, incident }: Locked,
): Promise<Result<Changed<string>, Problem>> {
  const now = await waitingDecisionById(tx, core.workspaceId, row.id);
  const open = now ? await stillOpen(core, tx, now) : refuse('outdated', phrase('problem.old_card'));
  if (!open.ok) return open;
  const fitting = await fits(core, tx, checked.what, { row, checked, incident });
  if (!fitting.ok) return fitting;
  // Its time is ended without the lock of the incident: what is over by now does not run.
  if (!(await settleWaiting(core, tx, row.id, 'decided')))
    return refuse('too_late', phrase('problem.quorum.expired', { when: at(row.expires_at) }));
  return ok(await fitting.value({ incident, origin: request.origin, signed: signedBoth(core, request, row, checked) }));
}

const signedBoth = (core: Core, request: Countersigning, row: WaitingDecision, checked: Checked): Signed => {
  const now = core.runtime.now();
  const plan = planBinding(boundTo(request));
  return {
    id: core.runtime.newId('dec'),
    decided_by: row.signed_by,
    decided_at: now,
    plan_digest: checked.signed.plan,
    proof: checked.signed.proof,
    second: { by: request.actor, at: now.toISOString(), plan, proof: checked.proof },
    break_glass: null,
  };
};

interface Taking {
  readonly incident: Managed['incident'];
  readonly origin: Origin;
  readonly signed: Signed;
}

/** What takes it, when it still fits. */
async function fits(
  core: Core,
  tx: Transaction,
  what: Countersigned,
  { row, incident: { person_id: personId } }: Locked,
): Promise<Result<(taking: Taking) => Promise<Changed<string>>, Problem>> {
  if (what.kind === 'undo') {
    const fitting = await undoStillFits(core, tx, what.request, what.plan);
    if (!fitting.ok) return fitting;
    return ok(({ origin, signed }) =>
      takeUndo(core, tx, { ...what.request, origin }, { ...what.plan, ...fitting.value, signed }),
    );
  }
  if (what.kind === 'links') {
    const { incidentId, actor: by } = what.request;
    const fitting = await linksAsNow(core, tx, what.request, { personId, own: what.plan.own });
    if (!fitting.ok) return fitting;
    return ok(({ origin, signed }) => {
      const second = signed.second?.by ?? null;
      const detail = { waiting: row.id, ...signaturesOf(signed) };
      return takeCorrection(core, tx, fitting.value, { personId, incidentId, by, second, origin, detail });
    });
  }
  const request = { ...what.request, chosen: new Map(what.request.chosen) };
  const fitting = await stillFits(core, tx, request, what.plan);
  if (!fitting.ok) return fitting;
  return ok(({ incident, origin, signed }) =>
    takeDecision(core, tx, { ...request, origin }, { ...what.plan, incident, ...fitting.value, signed }),
  );
}
