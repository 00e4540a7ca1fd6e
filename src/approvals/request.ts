import type { DecisionKind } from '../../blocks/decisions.js';
import type { Core, Origin } from '../core.js';

/** What an approver asks for, from the submitted modal. */
export interface DecisionRequest {
  readonly incidentId: string;
  readonly action: DecisionKind;
  /** Who clicked, from Slack's signed body. */
  readonly actor: string;
  readonly reason: string;
  readonly ranges: readonly string[];
  /** For an action on items: by account row the keys of what was chosen (`choiceKey`). */
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly outsideAccepted: boolean;
  /** Why somebody is let in again before the check-list is done; empty when it is, and for other decisions. */
  readonly override: string;
  readonly code: string;
  /** How many decisions of this kind the approver had seen when the modal opened. */
  readonly seen: number;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

/** Whether this very submit was taken before: Slack delivers one twice at times. */
export async function isRepeated(core: Core, { requestKey }: { readonly requestKey: string }): Promise<boolean> {
  const { rows } = await core.db.query(
    'select 1 as known from decisions where workspace_id = $1 and request_key = $2',
    [core.workspaceId, requestKey],
  );
  return rows.length > 0;
}
