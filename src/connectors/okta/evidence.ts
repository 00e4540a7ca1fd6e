import type { Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { filled, gather, joined, listed, type Section } from '../kit/evidence.js';
import { linkItem } from '../kit/linked-providers.js';
import type { Evidence, EvidenceItem } from '../../ports/connector.js';
import { deviceItem, readDevices } from './devices.js';
import { readGrants } from './grants.js';
import { readLinks } from './identity-providers.js';
import { eventsOf, newestRows, partyName, succeeded, type LogRow } from './log.js';
import { readSignInMethods } from './remove-factors.js';
import { isDirect, nameOf, readRoles, rolesPath, type OktaRole } from './roles.js';
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

const known = (values: readonly (string | null | undefined)[]): string =>
  joined(values.filter((value) => value?.toLowerCase() !== 'unknown'));

const logged = ({ uuid, displayMessage, eventType, published, client }: LogRow): EvidenceItem => {
  const { userAgent, geographicalContext: geo } = client ?? {};
  const device = known([userAgent?.browser, userAgent?.os]) || (userAgent?.rawUserAgent ?? client?.device);
  const facts = { ip: client?.ipAddress, place: known([geo?.country, geo?.city]), device };
  return { id: uuid, title: displayMessage ?? eventType, at: published, ...filled(facts) };
};

/** Nothing where Okta does not say, or says something new. */
function succeededOf(row: LogRow): Pick<EvidenceItem, 'succeeded'> {
  const known = succeeded(row);
  return known === null ? {} : { succeeded: known };
}

const signIn = (row: LogRow): EvidenceItem => ({
  ...logged(row),
  ...succeededOf(row),
  ...filled({ detail: row.outcome?.reason }),
});

function change(row: LogRow): EvidenceItem {
  const others = (row.target ?? []).filter(({ type }) => type !== 'User');
  const detail = joined(others.map(({ displayName }) => displayName));
  return { ...logged(row), ...filled({ by: partyName(row.actor), detail }) };
}

function recovery({ profile: { secondEmail, mobilePhone }, credentials }: OktaUser): Section {
  const question = credentials.recovery_question;
  const items = [
    ...(secondEmail ? [{ id: 'second_email', title: `Secondary e-mail ${secondEmail}`, at: null }] : []),
    ...(mobilePhone ? [{ id: 'mobile_phone', title: `Mobile phone ${mobilePhone}`, at: null }] : []),
    ...(question
      ? [{ id: 'recovery_question', title: joined(['Security question', question.question], ': '), at: null }]
      : []),
  ];
  const isRead = question === null || question.question !== null;
  return { items, complete: isRead && secondEmail !== undefined && mobilePhone !== undefined };
}

const roleItem = (role: OktaRole): EvidenceItem => ({
  id: role.id,
  title: nameOf(role),
  at: role.created,
  ...(isDirect(role) ? {} : { detail: 'through membership of a group' }),
});

/** All sections in parallel; each unavailable one says why. */
export function evidence(parts: Parts, on: Target): Promise<Evidence> {
  const { api, groups, runtime } = parts;
  const since = new Date(runtime.now().getTime() - LOG_KEPT_MS);
  const log = (filter: string) => newestRows(api, { filter, since, limit: MOST }, on.call);
  const roles = readRoles(api, rolesPath(on.account.accountId), on.call);
  return gather(
    {
      sign_ins: listed(log(eventsOf(SIGN_INS, 'actor', on)), signIn),
      factors: readSignInMethods(parts, on),
      identity_providers: listed(readLinks(parts, on), linkItem),
      sessions: "Okta's API lists no sessions of another person; its log of sign-ins shows where they began.",
      grants: listed(readGrants(api, on), ({ item }) => item),
      app_passwords: 'Okta has no application passwords.',
      mail_rules: 'Okta has no mailboxes.',
      devices: listed(readDevices(api, on), deviceItem),
      roles: listed(roles, roleItem),
      groups: listed(groups.of(on), ({ id, type, profile }) => ({
        id,
        title: profile.name || id,
        at: null,
        detail: type,
      })),
      recovery: mapped(readUser(api, on), recovery),
      changes: listed(log(eventsOf(CHANGES, 'target', on)), change),
    },
    MOST,
  );
}
