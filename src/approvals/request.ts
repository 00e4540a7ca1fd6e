import type { DecisionKind } from '../ports/decision-kinds.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import type { Given } from './check-proof.js';

/** What an approver requests, from the submitted modal. */
export interface DecisionRequest {
  readonly incidentId: string;
  readonly action: DecisionKind;
  /** Who clicked, from Slack's signed body. */
  readonly actor: string;
  readonly reason: string;
  readonly ranges: readonly string[];
  /** For an action on items: the keys of what was chosen (`choiceKey`), by account row. */
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly outsideAccepted: boolean;
  /** Why somebody is let in again before the checklist is done; empty when it is, and for other decisions. */
  readonly override: string;
  /** Why it shall not wait for a second approver; empty when it may, or needs none. */
  readonly breakGlass: string;
  readonly given: Given;
  /** How many decisions of this kind the approver had seen when the modal opened. */
  readonly seen: number;
  /** The digest of the plan that the modal showed. */
  readonly shown: string;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

/**
 * The decision that this very submit was taken for, or that waits for its second approver; `null` when there is none. A
 * window is submitted twice when the answer was late: the second submit then meets what the first has changed, or its
 * code, and both are one decision.
 */
export async function decisionTakenFor(
  core: Core,
  { requestKey, actor }: { readonly requestKey: string; readonly actor: string },
  tx: Queryable = core.db,
): Promise<string | null> {
  const { rows } = await tx.query<{ id: string | null }>(
    `select id from decisions where workspace_id = $1 and request_key = $2 and decided_by = $3
     union all select id from waiting_decisions where workspace_id = $1 and request_key = $2 and signed_by = $3`,
    [core.workspaceId, requestKey, actor],
  );
  return rows[0]?.id ?? null;
}
