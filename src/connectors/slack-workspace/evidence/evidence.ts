import { z } from 'zod';
import { err, ok, type Result } from '../../../result.js';
import {
  type AccountRef,
  type CallContext,
  type ConnectorFailure,
  type Evidence,
  type EvidenceItem,
  type EvidenceSection,
} from '../../port.js';
import { readAudit, type AuditEntry, type AuditRows } from '../audit.js';
import { teamOf, type Reader } from '../reader.js';
import { readSessions } from '../sessions.js';
import { adminRoles, readUser, type SlackUser } from '../user.js';
import { placeOf, readAccessLog, signInsOf, type AccessLog } from './access-log.js';
import { readApps } from './apps.js';

const MOST_ITEMS = 100;

type Section = Evidence[EvidenceSection];
interface Kept {
  readonly items: readonly EvidenceItem[];
  readonly complete: boolean;
}

const bounded = ({ items, complete }: Kept): Kept => ({
  items: items.slice(0, MOST_ITEMS),
  complete: complete && items.length <= MOST_ITEMS,
});
const section = (kept: Result<Kept, ConnectorFailure>): Section =>
  kept.ok ? bounded(kept.value) : { unavailable: kept.error };
const missing = (kind: 'unsupported' | 'licence' | 'permission', message: string): Section => ({
  unavailable: { kind, message },
});

const time = ({ at }: EvidenceItem): number => at?.getTime() ?? 0;
const newestFirst = (items: readonly EvidenceItem[]): EvidenceItem[] =>
  [...items].sort((one, other) => time(other) - time(one));

const SIGN_INS = ['user_login', 'user_login_failed'];
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

const licence = (what: string): ConnectorFailure => ({
  kind: 'licence',
  message: `Slack shows ${what} on Enterprise alone; look into the identity provider that people sign in through.`,
});

function audit(
  subject: Subject,
  actions: readonly string[],
  what: string,
): Promise<Result<AuditRows, ConnectorFailure>> {
  const { reader, user, call } = subject;
  if (reader.settings.plan !== 'enterprise') return Promise.resolve(err(licence(what)));
  return readAudit(reader.api, { actions, entity: user.id }, 1, call);
}

/** The audit logs tell no place; the access log tells it of the same address. */
function fromAudit(entry: AuditEntry, log: AccessLog | null): EvidenceItem {
  const row = log?.rows.find(({ ip }) => ip === entry.ip);
  const place = row && placeOf(row);
  const succeeded = entry.action === 'user_login';
  return {
    id: entry.id,
    title: succeeded ? 'Sign-in' : 'Failed sign-in',
    at: entry.at,
    ...(entry.ip === null ? {} : { ip: entry.ip }),
    ...(place === undefined ? {} : { place }),
    ...(entry.userAgent === null ? {} : { device: entry.userAgent }),
    succeeded,
  };
}

const occasion = ({ at, ip }: EvidenceItem): string => `${at?.getTime() ?? ''} ${ip ?? ''}`;

async function signIns(subject: Subject): Promise<Section> {
  const { reader, user, teamId, call } = subject;
  const [log, rows] = await Promise.all([
    readAccessLog(reader, { userId: user.id, teamId }, call),
    audit(subject, SIGN_INS, 'single sign-ins'),
  ]);
  if (!log.ok && !rows.ok) return { unavailable: log.error };
  const logged = rows.ok ? rows.value.entries.map((entry) => fromAudit(entry, log.ok ? log.value : null)) : [];
  const known = new Set(logged.map(occasion));
  const accessed = log.ok ? log.value.rows.flatMap(signInsOf).filter((item) => !known.has(occasion(item))) : [];
  const complete = log.ok && log.value.complete && (!rows.ok || rows.value.complete);
  return bounded({ items: newestFirst([...logged, ...accessed]), complete });
}

async function sessions({ reader, user, teamId, call }: Subject): Promise<Section> {
  if (reader.settings.plan !== 'enterprise') return { unavailable: licence("a person's sessions") };
  const read = await readSessions(reader.api, { userId: user.id, teamId }, call);
  if (!read.ok) return { unavailable: read.error };
  const items = read.value.sessions.map(({ id, ip, device }) => ({
    id,
    title: device === '' ? 'Session' : `Session on ${device}`,
    at: null,
    ...(ip === '' ? {} : { ip }),
    ...(device === '' ? {} : { device }),
  }));
  return bounded({ items, complete: read.value.complete });
}

function factors({ user }: Subject): Section {
  if (user.has_2fa === null)
    return missing(
      'permission',
      'Slack tells of the second factor to administrators only, and not of a deactivated person; check who installed the app.',
    );
  const items = user.has_2fa ? [{ id: 'two_factor', title: 'Two-factor authentication of Slack is on', at: null }] : [];
  return { items, complete: true };
}

function roles({ user }: Subject): Section {
  const names = adminRoles(user);
  if (names === null) return missing('unsupported', 'Slack does not tell the roles of a deactivated person.');
  return { items: names.map((name) => ({ id: name, title: name, at: null })), complete: true };
}

const scimUser = z.looseObject({
  groups: z.array(z.looseObject({ value: z.string().min(1), display: z.string().catch('') })).catch([]),
});

async function groups({ reader, user, call }: Subject): Promise<Section> {
  const answer = await reader.api.scim('GET', `/Users/${encodeURIComponent(user.id)}`, { write: false, call });
  if (!answer.ok) return { unavailable: answer.error };
  const read = scimUser.safeParse(answer.value.body);
  if (!read.success)
    return section(err({ kind: 'transient', message: 'Slack answered without the groups; it is safe to ask again.' }));
  const unique = new Map(read.data.groups.map(({ value, display }) => [value, display === '' ? value : display]));
  return section(ok({ items: [...unique].map(([id, title]) => ({ id, title, at: null })), complete: true }));
}

async function changes(subject: Subject): Promise<Section> {
  const rows = await audit(subject, CHANGES, 'changes to an account');
  if (!rows.ok) return { unavailable: rows.error };
  const items = rows.value.entries.map(({ id, action, at, actor, ip }) => {
    const by = actor === null ? '' : actor.email === '' ? actor.name : actor.email;
    return {
      id,
      title: action.replaceAll('_', ' '),
      at,
      ...(by === '' ? {} : { by }),
      ...(ip === null ? {} : { ip }),
    };
  });
  return bounded({ items: newestFirst(items), complete: rows.value.complete });
}

const NOTHING_LIKE_IT = (what: string): Section => missing('unsupported', `Slack has no ${what}.`);

function nothing(failure: ConnectorFailure): Evidence {
  const unavailable: Section = { unavailable: failure };
  return {
    sign_ins: unavailable,
    factors: unavailable,
    sessions: unavailable,
    grants: unavailable,
    app_passwords: unavailable,
    mail_rules: unavailable,
    devices: unavailable,
    roles: unavailable,
    groups: unavailable,
    recovery: unavailable,
    changes: unavailable,
  };
}

/** Everything that Slack tells of a person, each section for itself. */
export async function evidence(reader: Reader, account: AccountRef, call: CallContext): Promise<Evidence> {
  const identity = await reader.identity.get(call);
  if (!identity.ok) return nothing(identity.error);
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return nothing(user.error);
  const subject: Subject = { reader, user: user.value, teamId: teamOf(reader, identity.value, user.value), call };
  const [signed, active, apps, member, changed] = await Promise.all([
    signIns(subject),
    sessions(subject),
    readApps(reader.api, user.value.id, call),
    groups(subject),
    changes(subject),
  ]);
  return {
    sign_ins: signed,
    factors: factors(subject),
    sessions: active,
    grants: section(apps),
    app_passwords: NOTHING_LIKE_IT('app passwords'),
    mail_rules: NOTHING_LIKE_IT('mail rules'),
    devices: NOTHING_LIKE_IT('list of devices beside the sessions'),
    roles: roles(subject),
    groups: member,
    recovery: NOTHING_LIKE_IT('recovery address beside the e-mail address itself'),
    changes: changed,
  };
}
