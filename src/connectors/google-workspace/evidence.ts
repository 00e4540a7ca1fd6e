import { z } from 'zod';
import type { Result } from '../../result.js';
import { ok } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Evidence, EvidenceItem } from '../port.js';
import { readDevices } from './devices.js';
import type { Section, Subject } from './evidence-section.js';
import { changesOf, enrolledAt, grantedAt, recoveryOf, signInsOf } from './evidence-log.js';
import { mailRulesOf } from './evidence-mail.js';
import type { Answer, Tools } from './handler.js';
import { readAppPasswords, readGrants } from './lists.js';
import { readList } from './pages.js';
import { readAssignments, readRoleNames } from './roles.js';
import { SCOPE } from './scopes.js';
import { ALL_FACTORS, countBackupCodes } from './two-step.js';
import { readUser, type GoogleUser } from './user.js';

const MOST_ITEMS = 100;

const later = (a: EvidenceItem, b: EvidenceItem): number => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0);

/** Newest first, each id once, bounded. */
function tidy({ items, complete }: Section): Section {
  const once = [...new Map(items.map((item) => [item.id, item])).values()].sort(later);
  return { items: once.slice(0, MOST_ITEMS), complete: complete && once.length <= MOST_ITEMS };
}

const shown = (result: Result<Section, ConnectorFailure>): Section | { readonly unavailable: ConnectorFailure } =>
  result.ok ? tidy(result.value) : { unavailable: result.error };

async function factors(tools: Tools, user: GoogleUser, { account, call }: Subject): Answer<Section> {
  if (user.isEnrolledIn2Sv !== true) return ok({ items: [], complete: user.isEnrolledIn2Sv === false });
  const [at, codes] = await Promise.all([enrolledAt(tools, account, call), countBackupCodes(tools.api, account, call)]);
  const item: EvidenceItem = {
    id: ALL_FACTORS,
    title: '2-Step Verification (all factors together: Google does not list them)',
    at,
    ...(codes.ok ? { detail: `${codes.value} valid backup codes` } : {}),
  };
  return ok({ items: [item], complete: true });
}

async function grants(tools: Tools, { account, call }: Subject): Answer<Section> {
  const [found, times] = await Promise.all([readGrants(tools.api, account, call), grantedAt(tools, account, call)]);
  if (!found.ok) return found;
  const items = found.value.items.map((grant): EvidenceItem => {
    const given = times.get(grant.clientId);
    return {
      id: grant.clientId,
      title: grant.displayText ?? grant.clientId,
      at: given?.at ?? null,
      ...(given?.ip ? { ip: given.ip } : {}),
      ...(given?.place ? { place: given.place } : {}),
      detail:
        `${grant.nativeApp ? 'installed app' : 'web app'}${grant.anonymous ? ', unregistered' : ''}: ${grant.scopes.join(' ')}`.slice(
          0,
          500,
        ),
    };
  });
  return ok({ items, complete: found.value.complete });
}

async function appPasswords(tools: Tools, { account, call }: Subject): Answer<Section> {
  const found = await readAppPasswords(tools.api, account, call);
  if (!found.ok) return found;
  const items = found.value.items.map((one): EvidenceItem => ({
    id: one.codeId,
    title: one.name ?? `App password ${one.codeId}`,
    at: one.creationTime,
    detail: one.lastTimeUsed === null ? 'never used' : `last used ${one.lastTimeUsed.toISOString()}`,
  }));
  return ok({ items, complete: found.value.complete });
}

async function devices(tools: Tools, { account, call }: Subject): Answer<Section> {
  const found = await readDevices(tools, account, call);
  if (!found.ok) return found;
  const items = found.value.items.map((one): EvidenceItem => {
    const name = [one.model, one.os].filter((part) => part !== null).join(', ');
    return {
      id: one.resourceId,
      title: name === '' ? (one.type ?? 'Mobile device') : name,
      at: one.firstSync,
      ...(name === '' ? {} : { device: name }),
      detail: [one.status.toLowerCase(), one.lastSync === null ? '' : `last seen ${one.lastSync.toISOString()}`]
        .filter((part) => part !== '')
        .join(', '),
    };
  });
  return ok({ items, complete: found.value.complete });
}

async function roles(tools: Tools, { account, call }: Subject): Answer<Section> {
  const [found, names] = await Promise.all([readAssignments(tools, account, call), readRoleNames(tools, call)]);
  if (!found.ok) return found;
  const items = found.value.map((one): EvidenceItem => ({
    id: one.roleAssignmentId,
    title: (names.ok ? names.value.get(one.roleId) : undefined) ?? `Role ${one.roleId}`,
    at: null,
    detail: `${one.assigneeType.toLowerCase() === 'group' ? 'through a group' : 'assigned to the account'}, ${one.scopeType === 'ORG_UNIT' ? 'for one organizational unit' : 'for the whole company'}`,
  }));
  return ok({ items, complete: true });
}

const group = z.object({ email: z.string().min(3), name: z.string().catch('').default('') });

async function groups(tools: Tools, user: GoogleUser, { account, call }: Subject): Answer<Section> {
  const request = {
    path: '/admin/directory/v1/groups',
    query: { userKey: account.accountId, maxResults: '200' },
    scope: SCOPE.readGroups,
    what: 'the groups',
    call,
  };
  const found = await readList(tools.api, request, { key: 'groups', item: group, maxPages: 2 });
  if (!found.ok) return found;
  const unit =
    user.orgUnitPath === null
      ? []
      : [{ id: `org_unit:${user.orgUnitPath}`, title: `Organizational unit ${user.orgUnitPath}`, at: null }];
  const items = found.value.items.map((one): EvidenceItem => ({
    id: one.email,
    title: one.name === '' ? one.email : `${one.name} (${one.email})`,
    at: null,
  }));
  return ok({ items: [...unit, ...items], complete: found.value.complete });
}

const NO_SESSIONS: ConnectorFailure = {
  kind: 'unsupported',
  message:
    'Google shows no sessions by API; look in the Admin console under Directory > Users > the person > Security > Sign-in cookies.',
};

/** Everything worth keeping before the first change. Each section fails alone. */
export async function evidence(tools: Tools, account: AccountRef, call: CallContext): Promise<Evidence> {
  const user = await readUser(tools.api, account.accountId, call);
  const subject: Subject = { account: user.ok ? { ...account, login: user.value.primaryEmail } : account, call };
  const withUser = (read: (known: GoogleUser) => Answer<Section>): Answer<Section> =>
    user.ok ? read(user.value) : Promise.resolve(user);
  const sections = await Promise.all([
    signInsOf(tools, subject),
    withUser((known) => factors(tools, known, subject)),
    grants(tools, subject),
    appPasswords(tools, subject),
    mailRulesOf(tools, subject),
    devices(tools, subject),
    roles(tools, subject),
    withUser((known) => groups(tools, known, subject)),
    withUser((known) => recoveryOf(tools, known, subject)),
    changesOf(tools, subject),
  ]);
  const [signIns, factorList, grantList, passwords, rules, deviceList, roleList, groupList, recovery, changes] =
    sections;
  return {
    sign_ins: shown(signIns),
    factors: shown(factorList),
    sessions: { unavailable: NO_SESSIONS },
    grants: shown(grantList),
    app_passwords: shown(passwords),
    mail_rules: shown(rules),
    devices: shown(deviceList),
    roles: shown(roleList),
    groups: shown(groupList),
    recovery: shown(recovery),
    changes: shown(changes),
  };
}
