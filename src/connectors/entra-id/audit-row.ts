import { z } from 'zod';
import type { EvidenceItem, SystemEvent } from '../../ports/connector.js';
import { filled } from '../kit/evidence.js';
import { time, words } from './user.js';

export const auditRow = z.object({
  id: z.string().min(1),
  activityDateTime: time,
  activityDisplayName: words,
  result: z.string().catch('success'),
  initiatedBy: z
    .object({
      user: z.object({ userPrincipalName: words, ipAddress: words, displayName: words }).nullish().catch(null),
      app: z.object({ appId: words, displayName: words }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  targetResources: z
    .array(z.object({ id: words, type: words, userPrincipalName: words, displayName: words }).nullable().catch(null))
    .nullish()
    .catch(null),
});
type AuditRow = z.output<typeof auditRow>;

/** Which activities become notices; Microsoft's names, as in its audit reference. */
export const ACTIVITIES: Readonly<Record<string, SystemEvent['kind']>> = {
  'Reset user password': 'password_reset',
  'Change user password': 'password_reset',
  'Reset password (by admin)': 'password_reset',
  'Reset password (self-service)': 'password_reset',
  'Change password (self-service)': 'password_reset',
  'User registered security info': 'two_step_changed',
  'User deleted security info': 'two_step_changed',
  'User changed default security info': 'two_step_changed',
  'Admin registered security info': 'two_step_changed',
  'Admin updated security info': 'two_step_changed',
  'Admin deleted security info': 'two_step_changed',
};

const actorOf = ({ initiatedBy }: AuditRow): string | null =>
  initiatedBy?.user?.userPrincipalName ?? initiatedBy?.app?.displayName ?? initiatedBy?.user?.displayName ?? null;

const ipOf = ({ initiatedBy }: AuditRow): string | null => initiatedBy?.user?.ipAddress?.trim() || null;

/** The log often leaves out an app's id: then it is unknown. */
function isOwn({ initiatedBy }: AuditRow, clientId: string): { readonly own?: boolean } {
  const appId = initiatedBy?.app?.appId ?? null;
  if (appId !== null) return { own: appId.toLowerCase() === clientId.toLowerCase() };
  return initiatedBy?.user == null ? {} : { own: false };
}

/** One row's notice, with the activity that it reports. */
export interface Told {
  readonly event: SystemEvent;
  readonly activity: string;
}

/** A row as a notice; `null` for failed and other activities, `unreadable` for one that should have been a notice. */
export function eventOf(raw: unknown, clientId: string): Told | 'unreadable' | null {
  const parsed = auditRow.safeParse(raw);
  if (!parsed.success) return 'unreadable';
  const { id, activityDateTime: occurredAt, activityDisplayName: activity, result, targetResources } = parsed.data;
  if (activity === null) return 'unreadable';
  const kind = Object.hasOwn(ACTIVITIES, activity) ? ACTIVITIES[activity] : undefined;
  if (kind === undefined || result === 'failure') return null;
  const login = (targetResources ?? []).find((target) => target?.userPrincipalName)?.userPrincipalName;
  if (occurredAt === null || typeof login !== 'string' || login === '') return 'unreadable';
  const by = { actor: actorOf(parsed.data), ...isOwn(parsed.data, clientId), ip: ipOf(parsed.data) };
  const event = { eventId: id, kind, login, occurredAt, ...by };
  return { event, activity };
}

/** A row as evidence of what was changed about the account. */
export function changeOf(raw: unknown): EvidenceItem | null {
  const parsed = auditRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id, activityDateTime: at, activityDisplayName: title, result } = parsed.data;
  const facts = { by: actorOf(parsed.data), ip: ipOf(parsed.data), detail: result === 'success' ? null : result };
  return { id, title: title || 'Change', at, ...filled(facts) };
}
