import { ok } from '../../platform/result.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced, type Slice } from '../kit/poll.js';
import { readAudit, type AuditEntry } from './audit.js';
import { isEnterprise, type Reader } from './reader.js';

/**
 * The audit actions that a person is notified of. Slack logs the request for a new password, which anybody may make,
 * but not the person's own choice of it; and it logs nothing about a person's second factor.
 */
const KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  user_login: 'sign_in',
  user_password_reset_slack_security: 'password_reset',
};

const PAGES_PER_SLICE = 4;
/** The furthest look back, whatever the cursor says. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

/** `null`: a row that names no person. */
function eventOf(entry: AuditEntry): SystemEvent | null {
  const kind = Object.hasOwn(KINDS, entry.action) ? KINDS[entry.action] : undefined;
  const login = entry.entity?.email.trim().toLowerCase() ?? '';
  if (kind === undefined || login === '') return null;
  const actor = entry.actor?.email.trim() ?? '';
  const name = entry.actor?.name.trim() ?? '';
  return { eventId: entry.id, kind, login, actor: actor || name || null, occurredAt: entry.at, ip: entry.ip };
}

async function readSlice(
  { api }: Reader,
  window: { from: Date; to: Date },
  call: CallContext,
): Answer<Slice<SystemEvent>> {
  const found = await readAudit(api, { actions: Object.keys(KINDS), ...window }, PAGES_PER_SLICE, call);
  if (!found.ok) return found;
  const { items, unreadable, cut } = found.value;
  const rows = items.map(eventOf).filter((event) => event !== null);
  const odd = Array.from({ length: unreadable }, () => 'a row of the audit logs has another form');
  const nameless = Array.from({ length: items.length - rows.length }, () => 'a row of the audit logs names no person');
  return ok({ rows, unreadable: [...odd, ...nameless], complete: !cut });
}

/** Polls the audit logs, which only Enterprise has. */
export function eventsOf(reader: Reader, log: ConnectorLog): EventSource | null {
  if (!isEnterprise(reader)) return null;
  return {
    // Notme can change no passwords or sign-ins in Slack.
    ownDeeds: {},
    poll: pollSliced({
      system: 'slack',
      title: 'Slack',
      runtime: reader.runtime,
      clock: reader.api,
      log,
      overlapMs: reader.settings.poll_overlap_s * 1000,
      lookBackMs: LOOK_BACK_MS,
      read: ({ from, to }, call) => readSlice(reader, { from, to }, call),
      events: (events) => events,
    }),
  };
}
