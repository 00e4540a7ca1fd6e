import { appendEntry } from '../audit/append.js';
import type { JsonObject } from '../platform/canonical.js';
import type { Core, Origin } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';

/** Who did it: a person by Slack id, or Notme itself. */
export type Actor = { readonly kind: 'person'; readonly id: string } | { readonly kind: 'system'; readonly id: string };

export const slackPerson = (id: string): Actor => ({ kind: 'person', id });
export const notme = (part: string): Actor => ({ kind: 'system', id: `notme.${part}` });

export interface AuditEvent {
  readonly actor: Actor;
  /** What happened, dotted: `incident.opened`. */
  readonly action: string;
  readonly why?: string;
  readonly origin: Origin;
  /** Facts without secrets. */
  readonly detail?: JsonObject;
}

/** Writes who, what, why, when and from where into the incident's chain, in the transaction of the change itself. */
export async function appendAuditEvent(
  core: Core,
  tx: Transaction,
  incidentId: string,
  event: AuditEvent,
): Promise<void> {
  await appendEntry(tx, core.runtime, {
    workspaceId: core.workspaceId,
    incidentId,
    actor: event.actor,
    action: event.action,
    why: event.why ?? null,
    from: { surface: event.origin.surface, channel: event.origin.channel ?? null, ip: event.origin.ip ?? null },
    correlationId: event.origin.correlationId,
    detail: event.detail ?? {},
  });
}
