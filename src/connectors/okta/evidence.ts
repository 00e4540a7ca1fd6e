import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Evidence, EvidenceItem } from '../port.js';
import { readDevices } from './devices.js';
import { readFactors } from './factors.js';
import { readGrants } from './grants.js';
import { eventIs, newestRows, partyName, succeeded, type LogRow } from './log.js';
import { nameOf, isDirect, readRoles } from './roles.js';
import { SESSION_START } from './sessions.js';
import type { Parts } from './state.js';
import { readUser, type OktaUser } from './user.js';

const MOST = 100;
/** Okta keeps its log for 90 days. */
const LOG_KEPT_MS = 90 * 24 * 60 * 60 * 1000;

const SIGN_INS = [SESSION_START, 'user.authentication.auth_via_mfa'];
const CHANGES = [
  'user.account.reset_password',
  'user.account.update_password',
  'user.account.expire_password',
  'user.account.update_profile',
  'user.account.update_secondary_email',
  'user.account.update_primary_email',
  'user.account.lock',
  'user.account.unlock',
  'user.account.privilege.grant',
  'user.account.privilege.revoke',
  'user.lifecycle.suspend',
  'user.lifecycle.unsuspend',
  'user.lifecycle.activate',
  'user.mfa.factor.activate',
  'user.mfa.factor.deactivate',
  'user.mfa.factor.reset_all',
  'user.mfa.factor.update',
  'group.user_membership.add',
  'group.user_membership.remove',
  'device.user.add',
  'app.oauth2.as.consent.grant',
];

type Section = Evidence[keyof Evidence];

const unavailable = (message: string): Section => ({ unavailable: { kind: 'unsupported', message } });

/** Newest first; what has no time comes last. */
function section(items: readonly EvidenceItem[], complete = true): Section {
  const sorted = items.toSorted((a, b) => (b.at?.getTime() ?? -Infinity) - (a.at?.getTime() ?? -Infinity));
  return { items: sorted.slice(0, MOST), complete: complete && sorted.length <= MOST };
}

const from = <T>(read: Result<T, ConnectorFailure>, draw: (value: T) => Section): Section =>
  read.ok ? draw(read.value) : { unavailable: read.error };

const known = (values: readonly (string | null | undefined)[]): string =>
  values.filter((value) => typeof value === 'string' && value !== 'UNKNOWN' && value !== 'Unknown').join(', ');

/** Where a row came from, as Okta says. */
function origin({ client }: LogRow): Pick<EvidenceItem, 'ip' | 'place' | 'device'> {
  if (client === null) return {};
  const { ipAddress, userAgent, geographicalContext: geo } = client;
  const place = known([geo?.country, geo?.city]);
  const named = known([userAgent?.browser, userAgent?.os]);
  const device = named === '' ? (userAgent?.rawUserAgent ?? client.device) : named;
  return {
    ...(ipAddress === null ? {} : { ip: ipAddress }),
    ...(place === '' ? {} : { place }),
    ...(device === null ? {} : { device }),
  };
}

const titleOf = ({ displayMessage, eventType }: LogRow): string => displayMessage ?? eventType;

const signIn = (row: LogRow): EvidenceItem => ({
  id: row.uuid,
  title: titleOf(row),
  at: row.published,
  succeeded: succeeded(row),
  ...origin(row),
  ...(row.outcome?.reason ? { detail: row.outcome.reason } : {}),
});

function change(row: LogRow): EvidenceItem {
  const by = partyName(row.actor);
  const others = (row.target ?? []).filter(({ type }) => type !== 'User').map((target) => target.displayName ?? '');
  const detail = others.filter((name) => name !== '').join(', ');
  return {
    id: row.uuid,
    title: titleOf(row),
    at: row.published,
    ...origin(row),
    ...(by === null ? {} : { by }),
    ...(detail === '' ? {} : { detail }),
  };
}

/** A row that is told twice has one item. */
const distinct = (items: readonly EvidenceItem[]): readonly EvidenceItem[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

async function logSection(
  { api, runtime }: Parts,
  { filter, draw }: { filter: string; draw: (row: LogRow) => EvidenceItem },
  call: CallContext,
): Promise<Section> {
  const since = new Date(runtime.now().getTime() - LOG_KEPT_MS);
  const rows = await newestRows(api, { filter, since, limit: MOST }, call);
  return from(rows, (value) => section(distinct(value.rows.map(draw)), value.complete && value.unreadable === 0));
}

function recovery({ profile, credentials }: OktaUser): Section {
  const items: EvidenceItem[] = [];
  if (profile.secondEmail)
    items.push({ id: 'second_email', title: `Secondary e-mail ${profile.secondEmail}`, at: null });
  if (profile.mobilePhone) items.push({ id: 'mobile_phone', title: `Mobile phone ${profile.mobilePhone}`, at: null });
  const question = credentials.recovery_question?.question;
  if (question) items.push({ id: 'recovery_question', title: `Security question: ${question}`, at: null });
  return section(items);
}

/** All sections side by side; each that cannot be had says why. */
export async function evidence(parts: Parts, account: AccountRef, call: CallContext): Promise<Evidence> {
  const id = `"${account.accountId.replace(/[\\"]/g, '\\$&')}"`;
  const [signIns, changes, factors, grants, devices, roles, groups, user] = await Promise.all([
    logSection(parts, { filter: `(${eventIs(SIGN_INS)}) and actor.id eq ${id}`, draw: signIn }, call),
    logSection(parts, { filter: `(${eventIs(CHANGES)}) and target.id eq ${id}`, draw: change }, call),
    readFactors(parts, account, call),
    readGrants(parts, account, call),
    readDevices(parts, account, call),
    readRoles(parts.api, account, call),
    parts.groups.of(account, call),
    readUser(parts.api, account, call),
  ]);
  return {
    sign_ins: signIns,
    factors: from(factors, (items) => section(items)),
    sessions: unavailable(
      "Okta's API lists no sessions of another person; its log of sign-ins shows where they began.",
    ),
    grants: from(grants, ({ items, withoutApiTokens }) =>
      section(
        items.map(({ item }) => item),
        withoutApiTokens === null,
      ),
    ),
    app_passwords: unavailable('Okta has no application passwords.'),
    mail_rules: unavailable('Okta has no mailboxes.'),
    devices: from(devices, (items) => section(items.map(({ item }) => item))),
    roles: from(roles, (rows) =>
      section(
        rows.map((role) => ({
          id: role.id,
          title: nameOf(role),
          at: role.created,
          ...(isDirect(role) ? {} : { detail: 'through membership of a group' }),
        })),
      ),
    ),
    groups: from(groups, (rows) =>
      section(
        rows.map(({ id: group, type, profile }) => ({
          id: group,
          title: profile.name || group,
          at: null,
          detail: type,
        })),
      ),
    ),
    recovery: from(user.ok ? ok(user.value) : user, recovery),
    changes,
  };
}
