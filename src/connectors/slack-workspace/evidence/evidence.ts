import { z } from 'zod';
import { recordOf } from '../../../platform/record.js';
import { ok } from '../../../platform/result.js';
import { EVIDENCE_SECTIONS, type CallContext, type ConnectorFailure } from '../../../ports/connector.js';
import type { Evidence, EvidenceItem } from '../../../ports/connector.js';
import type { Pages } from '../../http/pages.js';
import { readRows } from '../../http/rows.js';
import { refuse, type Answer, type Outcome, type Target } from '../../kit/action.js';
import { filled, gather, listed, type Section, type Source } from '../../kit/evidence.js';
import { shaped } from '../api.js';
import { readAudit, type AuditEntry } from '../audit.js';
import { isEnterprise, teamOf, type Reader } from '../reader.js';
import { readSessions } from '../sessions.js';
import { adminRoles, readUser, type SlackUser } from '../user.js';
import { placeOf, readAccessLog, signInsOf, type Login } from './access-log.js';
import { readApps } from './apps.js';

const OUTCOMES: ReadonlyMap<string, Pick<EvidenceItem, 'title' | 'succeeded'>> = new Map([
  ['user_login', { title: 'Sign-in', succeeded: true }],
  ['user_login_failed', { title: 'Failed sign-in', succeeded: false }],
]);
const SIGN_INS = [...OUTCOMES.keys()];
const CHANGES = [
  'role_change_to_owner',
  'role_change_to_admin',
  'role_change_to_user',
  'role_change_to_guest',
  'role_assigned',
  'role_removed',
  'owner_transferred',
  'user_email_updated',
  'user_profile_updated',
  'user_deactivated',
  'user_reactivated',
  'user_password_reset_requested',
  'user_password_reset_slack_security',
  'user_session_reset_by_admin',
  'user_session_invalidated',
  'user_session_settings_changed',
];

interface Subject {
  readonly reader: Reader;
  readonly user: SlackUser;
  readonly teamId: string;
  readonly call: CallContext;
}

const unlicensed = (what: string) =>
  refuse(
    'licence',
    `Slack shows ${what} on Enterprise alone; look into the identity provider that people sign in through.`,
  );

async function audit(
  { reader, user, call }: Subject,
  actions: readonly string[],
  what: string,
): Answer<Pages<AuditEntry>> {
  if (!isEnterprise(reader)) return unlicensed(what);
  return readAudit(reader.api, { actions, entity: user.id }, 1, call);
}

/** The audit logs give no place; the access log gives it for the same address. */
function fromAudit(entry: AuditEntry, log: Pages<Login> | null): EvidenceItem {
  const { id, at, ip, userAgent: device } = entry;
  const row = log?.items.find((one) => one.ip === ip);
  const how = OUTCOMES.get(entry.action) ?? { title: entry.action.replaceAll('_', ' ') };
  return { id, at, ...filled({ ip, place: row && placeOf(row), device }), ...how };
}

const occasion = ({ at, ip }: EvidenceItem): string => `${at?.getTime() ?? ''} ${ip ?? ''}`;

async function signIns(subject: Subject): Answer<Section> {
  const { reader, user, teamId, call } = subject;
  const [log, rows] = await Promise.all([
    readAccessLog(reader, { userId: user.id, teamId }, call),
    audit(subject, SIGN_INS, 'single sign-ins'),
  ]);
  if (!log.ok && !rows.ok) return log;
  const logged = rows.ok ? rows.value.items.map((entry) => fromAudit(entry, log.ok ? log.value : null)) : [];
  const known = new Set(logged.map(occasion));
  const accessed = log.ok ? log.value.items.flatMap(signInsOf).filter((item) => !known.has(occasion(item))) : [];
  // Below Enterprise there are no audit logs to miss.
  const complete = log.ok && log.value.complete && (rows.ok ? rows.value.complete : !isEnterprise(reader));
  return ok({ items: [...logged, ...accessed], complete });
}

async function sessions({ reader, user, teamId, call }: Subject): Answer<Section> {
  if (!isEnterprise(reader)) return unlicensed("a person's sessions");
  return listed(readSessions(reader.api, { userId: user.id, teamId }, call), ({ id, ip, device }) => ({
    id,
    title: device === '' ? 'Session' : `Session on ${device}`,
    at: null,
    ...filled({ ip, device }),
  }));
}

function factors({ user }: Subject): Outcome<Section> {
  if (user.has_2fa === 'unreadable') return ok({ items: [], complete: false });
  if (user.has_2fa === null || user.has_2fa === undefined)
    return refuse(
      'permission',
      'Slack tells of the second factor to administrators only, and not of a deactivated person; check who installed the app.',
    );
  const items = user.has_2fa ? [{ id: 'two_factor', title: 'Two-factor authentication of Slack is on', at: null }] : [];
  return ok({ items, complete: true });
}

function roles({ user }: Subject): Source {
  const names = adminRoles(user);
  if (names === null && user.deleted === true) return 'Slack does not tell the roles of a deactivated person.';
  return ok({ items: (names ?? []).map((name) => ({ id: name, title: name, at: null })), complete: names !== null });
}

const group = z.object({ value: z.string().min(1), display: z.string().catch('') });
/** Slack gives everybody's groups, also when there are none; without them nothing is told. */
const scimUser = z
  .object({ groups: z.array(z.unknown()).nullish().catch(null) })
  .transform(({ groups }) => ({ ...readRows(groups ?? [], group), isTold: groups != null }))
  .transform(({ items, unreadable, isTold }) => ({ items, complete: isTold && unreadable === 0 }));

function groups({ reader, user, call }: Subject): Answer<Section> {
  const asked = reader.api.scim(`/Users/${encodeURIComponent(user.id)}`, call);
  const found = shaped(asked, scimUser, 'the groups');
  return listed(found, ({ value, display }) => ({ id: value, title: display || value, at: null }));
}

const changes = (subject: Subject): Answer<Section> =>
  listed(audit(subject, CHANGES, 'changes to an account'), ({ id, action, at, actor, ip }) => ({
    id,
    title: action.replaceAll('_', ' '),
    at,
    ...filled({ by: actor?.email || actor?.name, ip }),
  }));

const without = (what: string): string => `Slack has no ${what}.`;

const nothing = (failure: ConnectorFailure): Evidence => recordOf(EVIDENCE_SECTIONS, () => ({ unavailable: failure }));

/** Everything that Slack shows about a person, each section separately. */
export async function evidence(reader: Reader, { account, call }: Target): Promise<Evidence> {
  const identity = await reader.identity.get(call);
  if (!identity.ok) return nothing(identity.error);
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return nothing(user.error);
  const subject: Subject = { reader, user: user.value, teamId: teamOf(reader, identity.value, user.value), call };
  return gather({
    sign_ins: signIns(subject),
    factors: factors(subject),
    identity_providers: 'Slack links nobody to an identity provider one by one: whole workspaces sign in through one.',
    sessions: sessions(subject),
    grants: readApps(reader.api, user.value.id, call),
    app_passwords: without('app passwords'),
    mail_rules: without('mail rules'),
    devices: without('list of devices beside the sessions'),
    roles: roles(subject),
    groups: groups(subject),
    recovery: without('recovery address beside the e-mail address itself'),
    changes: changes(subject),
  });
}
