import { z } from 'zod';
import { RISK_LEVELS, type RiskLevel } from '../../ports/connector.js';
import type { CallContext, ConnectorFailure, ReportSource, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced, type Slice } from '../kit/poll.js';
import { auditRow } from './audit-row.js';
import { SYSTEM } from './find.js';
import { PERMISSION, type Permission } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { RISK } from './risk.js';
import { time, words } from './user.js';

const DETECTIONS = '/v1.0/identityProtection/riskDetections';

const MOST_ROWS = 1_000;
/** Free tenants keep risk and audit rows for seven days. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60 * 1000;
/**
 * Identity Protection takes one call a second of all applications together, and shows a risk minutes after it arose
 * (Graph throttling limits; Entra ID Protection, risk types and detection).
 */
const PAUSE_MS = 30_000;

/** What Microsoft calls a report in the Authenticator app or on the phone (riskDetection resource type, `riskEventType`). */
const REPORTED = 'userReportedSuspiciousActivity';
/** The same in the audit log, which needs no licence (howto-mfa-mfasettings, view suspicious activity events). */
const REPORTED_ACTIVITY = 'Suspicious activity reported';

/** Microsoft's levels; `hidden` (no P2) and what is new say nothing. */
const level = z
  .enum([...RISK_LEVELS, 'none', 'hidden', 'unknownFutureValue'])
  .nullish()
  .catch(null)
  .transform((told) => RISK_LEVELS.find((one) => one === told) ?? null);
const levelled = (one: RiskLevel | null): { readonly level?: RiskLevel } => (one === null ? {} : { level: one });

export const detectionRow = z.object({
  id: z.string().min(1),
  riskEventType: words,
  riskLevel: level,
  detectedDateTime: time,
  activityDateTime: time,
  userPrincipalName: words,
  ipAddress: words,
});

export const riskyRow = z.object({
  id: z.string().min(1),
  isDeleted: z.boolean().nullish().catch(null),
  riskState: words,
  riskLevel: level,
  riskDetail: words,
  riskLastUpdatedDateTime: time,
  userPrincipalName: words,
});

/** `null`: nothing of this kind; a text: why it cannot be told. */
type Reading = SystemEvent | string | null;

function readDetection(raw: unknown): Reading {
  const parsed = detectionRow.safeParse(raw);
  if (!parsed.success || parsed.data.riskEventType === null) return 'a row of riskDetections is of another shape';
  const { id: eventId, riskEventType: word, detectedDateTime, activityDateTime, ...row } = parsed.data;
  if (word !== REPORTED) return null;
  const occurredAt = activityDateTime ?? detectedDateTime;
  const login = row.userPrincipalName;
  if (occurredAt === null || login === null) return 'a row of riskDetections names no user or no time';
  return {
    eventId,
    kind: 'reported',
    login,
    actor: login,
    occurredAt,
    ip: row.ipAddress,
    word,
    ...levelled(row.riskLevel),
  };
}

function readAudit(raw: unknown): Reading {
  const parsed = auditRow.safeParse(raw);
  if (!parsed.success || parsed.data.activityDisplayName === null)
    return 'a row of directoryAudits is of another shape';
  const { id: eventId, activityDisplayName: word, activityDateTime: occurredAt, ...row } = parsed.data;
  if (word !== REPORTED_ACTIVITY || row.result === 'failure') return null;
  const { userPrincipalName: actor = null, ipAddress = null } = row.initiatedBy?.user ?? {};
  const login = (row.targetResources ?? []).find((one) => one?.userPrincipalName)?.userPrincipalName ?? actor;
  if (occurredAt === null || login === null) return 'a row of directoryAudits names no user or no time';
  return { eventId, kind: 'reported', login, actor: actor ?? login, occurredAt, ip: ipAddress, word };
}

const AT_RISK: readonly string[] = ['atRisk', 'confirmedCompromised'];
/** An administrator or an application said so, Notme's own `confirmCompromised` as well (riskyUser, `riskDetail`). */
const BY_ADMINISTRATOR = 'adminConfirmedUserCompromised';

function readRisky(raw: unknown): Reading {
  const parsed = riskyRow.safeParse(raw);
  if (!parsed.success || parsed.data.riskState === null) return 'a row of riskyUsers is of another shape';
  const {
    id,
    isDeleted,
    riskState,
    riskLevel,
    riskDetail,
    riskLastUpdatedDateTime: at,
    userPrincipalName: login,
  } = parsed.data;
  if (isDeleted === true || !AT_RISK.includes(riskState)) return null;
  if (at === null || login === null) return 'a row of riskyUsers names no user or no time';
  return {
    // The row is the user's, not the verdict's: each change of it is another verdict.
    eventId: `risk/${id}/${at.toISOString()}`,
    kind: 'at_risk',
    login,
    actor: null,
    occurredAt: at,
    ip: null,
    word: riskDetail === null || riskDetail === 'none' ? riskState : riskDetail,
    ...levelled(riskLevel),
    ...(riskDetail === BY_ADMINISTRATOR ? { about: at } : {}),
  };
}

interface Log {
  readonly path: string;
  readonly filter: (between: (field: string) => string) => string;
  readonly needs: Permission;
  readonly read: (raw: unknown) => Reading;
}

const REPORTS: Log = {
  path: DETECTIONS,
  filter: (between) => `${between('detectedDateTime')} and riskEventType eq ${quoted(REPORTED)}`,
  needs: PERMISSION.readDetections,
  read: readDetection,
};
const AUDITED: Log = {
  path: '/v1.0/auditLogs/directoryAudits',
  filter: (between) => `${between('activityDateTime')} and activityDisplayName eq ${quoted(REPORTED_ACTIVITY)}`,
  needs: PERMISSION.audit,
  read: readAudit,
};
const RISKY: Log = {
  path: RISK,
  filter: (between) => between('riskLastUpdatedDateTime'),
  needs: PERMISSION.readRisk,
  read: readRisky,
};

interface Window {
  readonly from: Date;
  readonly to: Date;
}

function readLog({ api }: Reader, log: Log, { from, to }: Window, call: CallContext): Answer<Slice<SystemEvent>> {
  const between = (field: string): string => `${field} ge ${from.toISOString()} and ${field} le ${to.toISOString()}`;
  const path = `${log.path}?$filter=${encodeURIComponent(log.filter(between))}&$top=100`;
  return mapped(api.list(z.unknown(), { path, needs: [log.needs], call }, MOST_ROWS), ({ items, complete }) => {
    const readings = items.map(log.read);
    return {
      rows: readings.filter((one) => one !== null && typeof one !== 'string'),
      unreadable: readings.filter((one) => typeof one === 'string'),
      complete,
    };
  });
}

const isWithheld = ({ kind }: ConnectorFailure): boolean => kind === 'permission' || kind === 'licence';

/** What people report is in the risk detections; without the licence or the right for these, the audit log has it too. */
async function readReports(reader: Reader, window: Window, call: CallContext): Answer<Slice<SystemEvent>> {
  const found = await readLog(reader, REPORTS, window, call);
  return !found.ok && isWithheld(found.error) ? readLog(reader, AUDITED, window, call) : found;
}

/** What people report in the Authenticator app, and whom Identity Protection holds to be at risk. */
export function reportsOf(reader: Reader, log: ConnectorLog): readonly ReportSource[] {
  const sliced = (read: (window: Window, call: CallContext) => Answer<Slice<SystemEvent>>): ReportSource['poll'] =>
    pollSliced<SystemEvent>({
      system: SYSTEM,
      title: 'Entra ID',
      runtime: reader.runtime,
      clock: reader.api,
      log,
      overlapMs: reader.settings.poll_overlap_s * 1000,
      lookBackMs: LOOK_BACK_MS,
      read,
      events: (events) => events,
    });
  return [
    {
      name: 'user_reports',
      ownDeeds: {},
      pauseMs: PAUSE_MS,
      poll: sliced((window, call) => readReports(reader, window, call)),
    },
    {
      name: 'risky_users',
      ownDeeds: { at_risk: { always: ['confirm_compromised'] } },
      pauseMs: PAUSE_MS,
      poll: sliced((window, call) => readLog(reader, RISKY, window, call)),
    },
  ];
}
