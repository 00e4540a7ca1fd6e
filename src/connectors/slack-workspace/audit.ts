import { z } from 'zod';
import type { Pages } from '../http/pages.js';
import type { Answer } from '../kit/action.js';
import type { CallContext } from '../../ports/connector.js';
import { readList, type Arguments, type SlackApi } from './api.js';

const person = z.object({
  user: z
    .object({ id: z.string().min(1), name: z.string().catch(''), email: z.string().catch('') })
    .nullable()
    .catch(null),
});
const nobody = { user: null };

/** What Slack does not give, or leaves empty, is `null`. */
const text = z
  .string()
  .transform((value) => value.trim() || null)
  .nullable()
  .catch(null);
const id = z.union([z.string(), z.number()]).transform(String).nullable().catch(null);
const nowhere = { ua: null, ip_address: null, session_id: null };

/** A row of the audit logs. */
const entry = z
  .object({
    id: z.string().min(1),
    date_create: z.number().int().min(0).max(8_640_000_000_000),
    action: z.string().min(1),
    actor: person.catch(nobody),
    entity: person.catch(nobody),
    context: z.object({ ua: text, ip_address: text, session_id: id }).catch(nowhere),
  })
  .transform(({ date_create, actor, entity, context, ...row }) => ({
    ...row,
    at: new Date(date_create * 1000),
    actor: actor.user,
    entity: entity.user,
    ip: context.ip_address,
    userAgent: context.ua,
    sessionId: context.session_id,
  }));
export type AuditEntry = z.output<typeof entry>;

export interface AuditQuery {
  readonly actions: readonly string[];
  /** The affected person. */
  readonly entity?: string;
  /** Inclusive; Slack keeps whole seconds. */
  readonly from?: Date;
  readonly to?: Date;
}

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

/** Rows of the audit logs, newest first, at most `mostPages` times 500, in smaller pages where they are large. Needs Enterprise and `auditlogs:read`. */
export function readAudit(
  api: SlackApi,
  { actions, entity, from, to }: AuditQuery,
  mostPages: number,
  call: CallContext,
): Answer<Pages<AuditEntry>> {
  const query: Arguments = {
    action: actions.join(','),
    ...(entity === undefined ? {} : { entity }),
    ...(from === undefined ? {} : { oldest: seconds(from) }),
    ...(to === undefined ? {} : { latest: seconds(to) }),
  };
  return readList({ key: 'entries', item: entry, what: 'audit rows', mostPages, size: 500 }, (page) =>
    api.audit({ ...query, ...page }, call),
  );
}
