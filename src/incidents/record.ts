import { appendEntry } from '../audit/append.js';
import type { JsonObject } from '../canonical.js';
import type { Core, Origin } from '../core.js';
import type { Transaction } from '../store/database.js';

/** Who did it: a person by Slack id, or Notme itself. */
export type Actor = { readonly kind: 'person'; readonly id: string } | { readonly kind: 'system'; readonly id: string };

export const slackPerson = (id: string): Actor => ({ kind: 'person', id });
export const notme = (part: string): Actor => ({ kind: 'system', id: `notme.${part}` });

export interface Deed {
  readonly actor: Actor;
  /** What happened, dotted: `incident.opened`. */
  readonly action: string;
  readonly why?: string;
  readonly origin: Origin;
  /** Facts without secrets. */
  readonly detail?: JsonObject;
}

/** Writes who, what, why, when and from where into the incident's chain, in the transaction of the change itself. */
export async function recordDeed(core: Core, tx: Transaction, incidentId: string, deed: Deed): Promise<void> {
  await appendEntry(tx, core.runtime, {
    workspaceId: core.workspaceId,
    incidentId,
    actor: deed.actor,
    action: deed.action,
    why: deed.why ?? null,
    from: { surface: deed.origin.surface, channel: deed.origin.channel ?? null, ip: deed.origin.ip ?? null },
    correlationId: deed.origin.correlationId,
    detail: deed.detail ?? {},
  });
}
