import { z } from 'zod';
import type { ReportSource, SystemEvent } from '../../ports/connector.js';
import type { ConnectorLog } from '../kit/log.js';
import { logRow, partyName } from './log.js';
import { pollLog } from './log-poll.js';
import type { Parts } from './state.js';
import { text, time } from './user.js';

/** Somebody pressed "Report suspicious activity" in a mail of Okta's (Okta event types; help.okta.com, suspicious activity reporting). */
const REPORTED = 'user.account.report_suspicious_activity_by_enduser';
/**
 * Of Okta Classic: the request was rejected on the phone; with an app that is too old to show what it is about, the second
 * one (Okta event types).
 */
const DENIED = ['user.mfa.okta_verify.deny_push', 'user.mfa.okta_verify.deny_push_upgrade_needed'] as const;
/**
 * Of the Identity Engine, which writes the same event for every second step that failed: only `debugData` tells that it was
 * rejected (support.okta.com, "Clarifying if Rejecting an Okta Verify Push Notification Counts as Failed MFA": reason
 * INVALID_CREDENTIALS, `pushOnlyResponseType` OV_RESPONSE_DENY; with the number challenge in the key of that name).
 */
const FAILED_STEP = 'user.authentication.auth_via_mfa';
const DENY = 'OV_RESPONSE_DENY';

const FILTER = [
  ...[REPORTED, ...DENIED].map((type) => `eventType eq "${type}"`),
  `(eventType eq "${FAILED_STEP}" and outcome.result eq "FAILURE")`,
].join(' or ');

/** What a new device in a mail is about cannot be Notme's own doing; a factor or a password that was reset may be. */
const NEW_DEVICE = /new_device/;

/** What was pressed on the phone; absent where nothing was, or the step was none on a phone. */
const pressed = z.string().optional();

const debugData = z.object({
  suspiciousActivityEventType: text.optional(),
  suspiciousActivityEventIp: text.optional(),
  suspiciousActivityTimestamp: time,
  pushOnlyResponseType: pressed,
  pushWithNumberChallengeResponseType: pressed,
});
type DebugData = z.output<typeof debugData>;

const reportRow = logRow.extend({ debugContext: z.unknown() });
type ReportRow = z.output<typeof reportRow>;

/** Of a failed step, `null` when it does not show what was pressed. One without anything in it shows nothing. */
function debugOf({ debugContext }: ReportRow): DebugData | null {
  const filled = z.object({
    debugData: z
      .looseObject({})
      .refine((data) => Object.keys(data).length > 0)
      .pipe(debugData),
  });
  return filled.safeParse(debugContext).data?.debugData ?? null;
}

type Kind = 'reported' | 'push_denied';

/** `unclear`: it may have been a rejected request. */
function kindOf(row: ReportRow, debug: DebugData | null): Kind | 'unclear' | null {
  const { eventType, outcome } = row;
  if (eventType === REPORTED) return outcome?.result === 'FAILURE' ? null : 'reported';
  if (DENIED.some((type) => type === eventType)) return 'push_denied';
  if (eventType !== FAILED_STEP) return null;
  if (debug === null) return 'unclear';
  const { pushOnlyResponseType, pushWithNumberChallengeResponseType } = debug;
  return [pushOnlyResponseType, pushWithNumberChallengeResponseType].includes(DENY) ? 'push_denied' : null;
}

/** The row of a report: whose account, and for one in words what it is about, when that was and from where. */
function factsOf(
  row: ReportRow,
  kind: Kind,
  debug: DebugData | null,
): Pick<SystemEvent, 'actor' | 'ip' | 'word' | 'about'> {
  // The row of a rejected request is the answer: its actor is the person, its address the phone's. The row of the request
  // (`system.push.send_factor_verify_push`) has that of whoever asked, which detections of push fatigue compare with this
  // one (research.splunk.com, "Okta Mismatch Between Source and Response for Verify Push Request").
  if (kind === 'push_denied') return { actor: null, ip: null };
  const { suspiciousActivityEventType: word, suspiciousActivityEventIp, suspiciousActivityTimestamp } = debug ?? {};
  return {
    actor: partyName(row.actor),
    // Not where the person sat who reported, but what they reported.
    ip: suspiciousActivityEventIp ?? row.client?.ipAddress ?? null,
    ...(word == null ? {} : { word }),
    ...(word == null || NEW_DEVICE.test(word) || suspiciousActivityTimestamp == null
      ? {}
      : { about: suspiciousActivityTimestamp }),
  };
}

/** Whose report it is; `null` when it names nobody. */
const partyOf = ({ target, actor }: ReportRow): ReportRow['actor'] =>
  (target ?? []).find(({ type }) => type === 'User') ?? actor;

const known = (name: string | null | undefined): string | null =>
  name == null || name.toLowerCase() === 'unknown' ? null : name.toLowerCase();

const isSame = (one: string | null | undefined, other: string | null | undefined): boolean | null =>
  one == null || other == null ? null : one === other;

/**
 * Only the person's own word is theirs: whoever reports about another account is no witness of it. `null`: the row does
 * not show who reports.
 */
function isOwnWord(row: ReportRow): boolean | null {
  const { actor } = row;
  const whose = partyOf(row);
  return isSame(actor?.id, whose?.id) ?? isSame(known(actor?.alternateId), known(whose?.alternateId));
}

/** `null`: nothing of this kind; a text: why it cannot be told. */
function readReportRow(raw: unknown): SystemEvent | string | null {
  const parsed = reportRow.safeParse(raw);
  if (!parsed.success || parsed.data.eventType === '') return 'the row has no uuid or eventType';
  const row = parsed.data;
  const debug = debugOf(row);
  const kind = kindOf(row, debug);
  if (kind === 'unclear') return `${row.eventType}: it does not show what was pressed`;
  if (kind === null) return null;
  const own = kind === 'reported' ? isOwnWord(row) : true;
  if (own === false) return null;
  if (row.published === null) return `${row.eventType}: published is no time`;
  const login = partyOf(row)?.alternateId ?? null;
  if (login === null || known(login) === null) return `${row.eventType}: it names no user`;
  if (own === null) return `${row.eventType}: it does not show who reports`;
  return { eventId: row.uuid, kind, login, occurredAt: row.published, ...factsOf(row, kind, debug) };
}

/** What people report at Okta itself, and the sign-in requests that they reject on their phones. */
export const createReportSource = (parts: Parts, log: ConnectorLog): ReportSource => ({
  name: 'log',
  ownDeeds: { reported: { always: ['reset_password', 'remove_factors', 'disable_account', 'revoke_sessions'] } },
  poll: pollLog(parts, log, {
    filter: FILTER,
    tell(rows) {
      const readings = rows.map(readReportRow);
      return {
        events: readings.filter((one) => one !== null && typeof one !== 'string'),
        unreadable: readings.filter((one) => typeof one === 'string'),
      };
    },
  }),
});
