import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Evidence } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { filled, gather, joined, listed, type Section } from '../kit/evidence.js';
import { nameOf, readDevices, titleOf } from './devices.js';
import { changesOf, enrolledAt, grantedAt, recoveryOf, signInsOf } from './evidence-log.js';
import { appPasswordsOf, grantsOf } from './lists.js';
import { readRules } from './mail-rules.js';
import { isOwn, readAssignments, readRoleNames } from './roles.js';
import { SCOPE } from './scopes.js';
import { word } from './shapes.js';
import type { Tools } from './tools.js';
import { ALL_FACTORS, readBackupCodes } from './two-step.js';
import { readUser, type GoogleUser } from './user.js';

async function factors(tools: Tools, user: GoogleUser, target: Target): Answer<Section> {
  if (user.isEnrolledIn2Sv !== true) return ok({ items: [], complete: user.isEnrolledIn2Sv === false });
  const [at, codes] = await Promise.all([enrolledAt(tools, target), readBackupCodes(tools.api, target)]);
  const title = '2-Step Verification (all factors together: Google does not list them)';
  const many = codes.ok ? `${codes.value.complete ? '' : 'at least '}${codes.value.items.length}` : null;
  const detail = many === null ? {} : { detail: `${many} valid backup codes` };
  return ok({ items: [{ id: ALL_FACTORS, title, at, ...detail }], complete: true });
}

async function grants(tools: Tools, target: Target): Answer<Section> {
  const kind = grantsOf(tools.api);
  const [found, times] = await Promise.all([kind.list(target), grantedAt(tools, target)]);
  return listed(found, (grant) => {
    const given = times.get(grant.clientId);
    const what = `${grant.nativeApp ? 'installed app' : 'web app'}${grant.anonymous ? ', unregistered' : ''}`;
    return {
      id: grant.clientId,
      title: kind.title(grant),
      at: given?.at ?? null,
      ...filled({ ip: given?.ip, place: given?.place }),
      detail: `${what}: ${grant.scopes.join(' ')}`.slice(0, 500),
    };
  });
}

function appPasswords({ api }: Tools, target: Target): Answer<Section> {
  const kind = appPasswordsOf(api);
  return listed(kind.list(target), (one) => ({
    id: one.codeId,
    title: kind.title(one),
    at: one.creationTime,
    detail: one.lastTimeUsed === null ? 'never used' : `last used ${one.lastTimeUsed.toISOString()}`,
  }));
}

const devices = (tools: Tools, target: Target): Answer<Section> =>
  listed(readDevices(tools, target), (one) => ({
    id: one.resourceId,
    title: titleOf(one),
    at: one.firstSync,
    ...filled({ device: nameOf(one) }),
    detail: joined([one.status.toLowerCase(), one.lastSync && `last seen ${one.lastSync.toISOString()}`]),
  }));

async function roles(tools: Tools, target: Target): Answer<Section> {
  const [found, names] = await Promise.all([readAssignments(tools, target), readRoleNames(tools, target.call)]);
  return listed(found, (one) => ({
    id: one.roleAssignmentId,
    title: (names.ok ? names.value.get(one.roleId) : undefined) ?? `Role ${one.roleId}`,
    at: null,
    detail: `${isOwn(one) ? 'assigned to the account' : 'through a group'}, ${one.scopeType === 'ORG_UNIT' ? 'for one organizational unit' : 'for the whole company'}`,
  }));
}

export const group = z.object({ email: z.string().min(3), name: word });

async function groups({ api }: Tools, { orgUnitPath }: GoogleUser, { account, call }: Target): Answer<Section> {
  const query = { userKey: account.accountId, maxResults: '200' };
  const request = { path: '/admin/directory/v1/groups', query, scope: SCOPE.readGroups, what: 'the groups', call };
  const found = await listed(api.list(request, { key: 'groups', item: group, mostPages: 2 }), (one) => ({
    id: one.email,
    title: one.name === '' ? one.email : `${one.name} (${one.email})`,
    at: null,
  }));
  if (!found.ok) return found;
  // Everybody is in a unit; the root is "/".
  if (orgUnitPath === null) return ok({ ...found.value, complete: false });
  const unit = { id: `org_unit:${orgUnitPath}`, title: `Organizational unit ${orgUnitPath}`, at: null };
  return ok({ ...found.value, items: [unit, ...found.value.items] });
}

/** Everything worth keeping before the first change. Each section fails separately. */
export async function evidence(tools: Tools, { account, call }: Target): Promise<Evidence> {
  const user = await readUser(tools.api, account.accountId, call);
  const target: Target = {
    account: user.ok ? { ...account, login: user.value.primaryEmail || account.login } : account,
    call,
  };
  return gather({
    sign_ins: signInsOf(tools, target),
    factors: user.ok ? factors(tools, user.value, target) : user,
    identity_providers: 'Google Workspace links no single account to another identity provider.',
    sessions:
      'Google shows no sessions by API; look in the Admin console under Directory > Users > the person > Security > Sign-in cookies.',
    grants: grants(tools, target),
    app_passwords: appPasswords(tools, target),
    // Forwarding, filters that forward or hide, delegates, forwarding addresses.
    mail_rules: listed(readRules(tools.api, target), ({ item }) => item),
    devices: devices(tools, target),
    roles: roles(tools, target),
    groups: user.ok ? groups(tools, user.value, target) : user,
    recovery: user.ok ? recoveryOf(tools, user.value, target) : user,
    changes: changesOf(tools, target),
  });
}
