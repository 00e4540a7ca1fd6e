import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { ACTION_KINDS, type AccountRef, type ActionKind, type CallContext } from '../../ports/connector.js';
import type { Actions, Answer, Outcome, Target } from '../kit/action.js';
import { blocked, fine, misconfigured, reads, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Subject, Told } from '../kit/examine.js';
import { usesOf } from '../kit/groups.js';
import { SYSTEM } from './find.js';
import { isMember } from './membership.js';
import { readActivities } from './reports.js';
import { isGmail, SCOPE, SCOPES, scopeUrl, type Scope } from './scopes.js';
import type { Tools } from './tools.js';
import { hindrance } from './two-step.js';
import { isOwnAdmin, protection, readUser, userPath, type GoogleUser, type Reading } from './user.js';

const HOUR_MS = 60 * 60 * 1000;

/** Google's failures end with how to grant what is missing. */
const fix = (): null => null;

const EVIDENCE = [
  SCOPE.readUsers,
  SCOPE.security,
  SCOPE.reports,
  SCOPE.readGroups,
  SCOPE.readDevices,
  SCOPE.gmailSettings,
];

type Needs = ReadonlyMap<Subject, readonly Scope[]>;

const needsOf = (actions: Actions<Reading>): Needs =>
  new Map<Subject, readonly Scope[]>([
    ['find', [SCOPE.readUsers]],
    ['events', [SCOPE.reports]],
    ['reports', [SCOPE.reports, SCOPE.alerts]],
    ['evidence', EVIDENCE],
    ...ACTION_KINDS.map(
      (kind) => [kind, SCOPES.filter((scope) => actions[kind].can.permissions.includes(scope))] as const,
    ),
  ]);

/**
 * A read that succeeds where the scope and the administrator's role suffice; for write scopes only the token is
 * fetched.
 */
function trial(tools: Tools, scope: Scope, mailbox: string, call: CallContext): Answer<unknown> {
  const { api, settings, runtime } = tools;
  const customer = `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}`;
  const subject = isGmail(scope) ? mailbox : settings.admin_email;
  const get = (path: string, what: string, query: Record<string, string> = {}): Answer<unknown> =>
    api.read({ path, query, scope, subject, what, call }, z.looseObject({}));
  switch (scope) {
    case SCOPE.security:
      return get(`${userPath(settings.admin_email)}/tokens`, 'the grants to apps');
    case SCOPE.readGroups:
      return get('/admin/directory/v1/groups', 'the groups', { userKey: settings.admin_email, maxResults: '1' });
    case SCOPE.readRoles:
    case SCOPE.writeRoles:
      return get(`${customer}/roles`, 'the administrator roles', { maxResults: '1' });
    case SCOPE.readDevices:
      return get(`${customer}/devices/mobile`, 'the mobile devices', { maxResults: '1' });
    case SCOPE.reports: {
      const from = new Date(runtime.now().getTime() - HOUR_MS);
      const query = { application: 'admin', actor: 'all', eventName: 'CHANGE_PASSWORD', from, mostPages: 1 } as const;
      return readActivities(tools, query, call);
    }
    case SCOPE.gmailSettings:
      return get('/gmail/v1/users/me/settings/imap', 'the Gmail settings');
    default:
      return api.authenticate({ subject, scope }, call);
  }
}

/** Every scope that is used with these settings, tried once. */
function scopeProbes(
  tools: Tools,
  needs: Needs,
  { admin, account, call }: { admin: Outcome<GoogleUser>; account: AccountRef | null; call: CallContext },
): readonly Probe[] {
  const mailbox = account?.login ?? tools.settings.admin_email;
  const roles = tools.settings.super_admin ? SCOPE.writeRoles : SCOPE.readRoles;
  const used = new Set([SCOPE.readGroups, roles, ...[...needs.values()].flat()]);
  return SCOPES.filter((scope) => used.has(scope)).map((scope) => {
    const subjects = [...needs].flatMap(([subject, needed]) => (needed.includes(scope) ? [subject] : []));
    return reads({ fix }, { name: scope, subjects, ok: `Granted: ${scope}.` }, async () => {
      const tried = scope === SCOPE.readUsers ? admin : await trial(tools, scope, mailbox, call);
      // An administrator without a mailbox says nothing about other people's.
      const ownMailbox = !tried.ok && account === null && isGmail(scope) && tried.error.kind === 'licence';
      return ownMailbox ? ok(null) : tried;
    });
  });
}

async function orgUnitExists({ api, settings }: Tools, orgUnit: string, call: CallContext): Answer<unknown> {
  const inPath = orgUnit.slice(1).split('/').map(encodeURIComponent).join('/');
  const path = `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}/orgunits/${inPath}`;
  const what = `the organizational unit ${orgUnit}`;
  const found = await api.read({ path, scope: SCOPE.readOrgUnits, what, call }, z.looseObject({}));
  // Reading units is a right of its own, which nothing else needs: without it the unit is taken on trust.
  return !found.ok && found.error.kind === 'permission' ? ok(null) : found;
}

/** Whether the groups and organizational units of the settings exist. */
function preparedProbes(tools: Tools, call: CallContext): readonly Probe[] {
  const { settings, api } = tools;
  const { admin_email: admin } = settings;
  const target: Target = { account: { system: SYSTEM, accountId: admin, login: admin }, call };
  const groups = usesOf({
    require_two_step: [settings.two_step_group],
    quarantine: [settings.quarantine_group],
    limit_login_ips: settings.login_range_groups.map(({ group }) => group),
  });
  const units = usesOf({ require_two_step: [settings.two_step_org_unit], quarantine: [settings.quarantine_org_unit] });
  return [
    ...[...groups].map(([group, subjects]) =>
      reads({ fix }, { name: `group ${group}`, subjects, ok: 'The prepared group is there.' }, () =>
        isMember(api, group, target),
      ),
    ),
    ...[...units].map(([unit, subjects]) =>
      reads({ fix }, { name: `organizational unit ${unit}`, subjects, ok: 'The prepared unit is there.' }, () =>
        orgUnitExists(tools, unit, call),
      ),
    ),
  ];
}

const WRITES: ReadonlySet<Scope> = new Set([SCOPE.writeUsers, SCOPE.security, SCOPE.members, SCOPE.actOnDevices]);

/** What the scopes alone do not show: whether the administrator's role permits it as well. */
function roleTells(subject: Subject, needed: readonly Scope[], admin: string, isSuper: boolean | null): Told {
  if (subject === 'remove_admin_roles' && isSuper === false)
    return misconfigured(
      `${admin} is no super administrator, and only those take roles away.`,
      'Set super_admin to false, or name a super administrator in admin_email.',
    );
  const granted = `Granted: ${needed.join(', ')}`;
  if (isSuper === true || subject === 'evidence' || !needed.some((scope) => WRITES.has(scope)))
    return fine(`${granted}.`);
  return untold(
    `${granted}; whether the role of ${admin} permits it shows only when it is done.`,
    `Compare the role of ${admin} in the Admin console under Account > Admin roles with the table in the README.`,
  );
}

const isOneOf =
  (...kinds: readonly ActionKind[]) =>
  (kind: ActionKind): boolean =>
    kinds.includes(kind);
const isInGmail = isOneOf('disable_mail_rules', 'block_mail_protocols');
const isFederated = isOneOf('reset_password', 'require_two_step');
const isSynced = isOneOf('disable_account', 'enable_account');

/** Why this very account cannot be contained this way, though everything is granted. */
function standsInTheWay({ settings }: Tools, kind: ActionKind, { user }: Reading): Told | null {
  const because = protection(user, settings);
  if (because !== null && (isOwnAdmin(user.primaryEmail, settings) || !isInGmail(kind)))
    return blocked(because, 'Let a super administrator do it in the Admin console.');
  const { sso, synced_from: source } = settings;
  if (sso !== null && user.isAdmin !== true && isFederated(kind))
    return blocked(
      `People sign in through ${sso}; what is set here opens and closes nothing there.`,
      `Do it at ${sso} as well.`,
    );
  if (source !== null && isSynced(kind))
    return blocked(
      `The account is copied from ${source}, and the next copy may undo this.`,
      `Do it at ${source} first.`,
    );
  const hindered = kind === 'remove_factors' ? hindrance(user) : null;
  return hindered === null ? null : { ...toldOf(hindered), verdict: 'blocked' };
}

export function examinationOf(tools: Tools, actions: Actions<Reading>): Examination<Reading> {
  const { api, settings } = tools;
  const { admin_email: admin } = settings;
  const needs = needsOf(actions);
  return {
    credentials: 'service account',
    fix,
    granting: {
      where:
        'Security > Access and data control > API controls > Manage domain-wide delegation, the OAuth scopes of the client id, beside those that are there',
      separator: ',',
      // What a role lacks is given by its privileges.
      form: (right) => SCOPES.filter((scope) => scope === right).map(scopeUrl),
    },
    async enter(call) {
      const found = await readUser(api, admin, call);
      // A missing scope is reported with what needs it; the key is accepted all the same.
      return !found.ok && found.error.kind !== 'permission' ? found : ok(null);
    },
    async probes(call, account) {
      const found = await readUser(api, admin, call);
      const isSuper = found.ok ? found.value.isAdmin : null;
      return [
        ...scopeProbes(tools, needs, { admin: found, account, call }),
        ...preparedProbes(tools, call),
        ...[...needs].map(([subject, needed]) => ({
          name: null,
          subjects: [subject],
          ask: () => roleTells(subject, needed, admin, isSuper),
        })),
      ];
    },
    blocked: (kind, reading) => standsInTheWay(tools, kind, reading),
  };
}
