import { randomBytes, randomUUID } from 'node:crypto';
import { passwordMatches } from '../passwords.js';
import { roleIdOf, type Factor, type RuleRecord, type UserRecord } from './model.js';
import { holdAtRisk, reportSuspicious } from './reports.js';
import { consentId, newRowId } from './routes-grants.js';
import { objectIdOf } from './seed.js';
import { groupsOf, rolesOf, type Tenant } from './tenant.js';

const GRAPH_RESOURCE = objectIdOf('application Microsoft Graph');

export interface SignInSeed {
  readonly ip: string;
  /** ISO 3166 code. */
  readonly country: string;
  readonly city?: string;
  readonly browser?: string;
  readonly operatingSystem?: string;
  /** 0 is success; 50126 is a wrong password. */
  readonly errorCode?: number;
  readonly at?: Date;
}

/** One user for a page. */
export interface EntraIdUserView {
  readonly email: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly factors: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly sessions: number;
  readonly grants: readonly string[];
  readonly rules: readonly { readonly name: string; readonly enabled: boolean }[];
  readonly devices: readonly { readonly name: string; readonly enabled: boolean }[];
  readonly perUserMfa: string;
  readonly risk: string;
  readonly passwordChangedAt: string;
}

const titleOf = ({ type, fields }: Factor): string => {
  const kind = type.replace(/AuthenticationMethod$/, '');
  if ('phoneNumber' in fields) return `${kind} ${fields.phoneNumber}`;
  if ('emailAddress' in fields) return `${kind} ${fields.emailAddress}`;
  return 'displayName' in fields ? `${kind} ${fields.displayName}` : kind;
};

export function viewOf(tenant: Tenant, user: UserRecord): EntraIdUserView {
  const state = tenant.present();
  const application = (id: string): string =>
    state.applications.find((one) => one.id === id)?.displayName ?? `application ${id}`;
  return {
    email: user.userPrincipalName,
    name: user.displayName,
    enabled: user.accountEnabled,
    mustChange: user.forceChangePasswordNextSignIn || user.forceChangePasswordNextSignInWithMfa,
    factors: user.methods.map(titleOf),
    groups: groupsOf(state, user.id, true).map(({ displayName }) => displayName),
    roles: rolesOf(state, user.id, true).map(({ name }) => name),
    sessions: user.sessions.length,
    grants: [
      ...state.consents
        .filter(({ principalId }) => principalId === user.id)
        .map(({ clientId }) => application(clientId)),
      ...state.assignments
        .filter(({ principalId }) => principalId === user.id)
        .map(({ resourceId }) => application(resourceId)),
    ],
    rules: (user.mailbox?.rules ?? []).map(({ displayName: name, isEnabled: enabled }) => ({ name, enabled })),
    devices: state.devices
      .filter(({ ownerIds }) => ownerIds.includes(user.id))
      .map(({ displayName: name, accountEnabled: enabled }) => ({ name, enabled })),
    perUserMfa: user.perUserMfaState,
    risk: user.risk?.riskState ?? 'none',
    passwordChangedAt: user.lastPasswordChangeDateTime,
  };
}

/** What happens to accounts from outside the API: by the person, by an attacker, by an administrator at the console. */
export function createOutside(tenant: Tenant) {
  const userOf = (email: string): UserRecord => {
    const found = tenant.byEmail(email);
    if (found === undefined) throw new Error(`There is no Entra ID user ${email}; choose one of the seeded ones.`);
    return found;
  };
  const targetOf = (user: UserRecord) => ({ type: 'User', id: user.id, name: user.userPrincipalName }) as const;

  const signIn = (email: string, seed: SignInSeed): void => {
    const user = userOf(email);
    const { ip, country, city = '', errorCode = 0 } = seed;
    tenant.present().signIns.push({
      id: randomUUID(),
      createdDateTime: (seed.at ?? tenant.now()).toISOString(),
      userId: user.id,
      userDisplayName: user.displayName,
      userPrincipalName: user.userPrincipalName,
      appDisplayName: 'Office 365 Exchange Online',
      ipAddress: ip,
      clientAppUsed: 'Browser',
      correlationId: randomUUID(),
      conditionalAccessStatus: 'notApplied',
      isInteractive: true,
      riskLevelDuringSignIn: 'none',
      status: {
        errorCode,
        failureReason: errorCode === 0 ? 'Other.' : 'Invalid username or password.',
        additionalDetails: null,
      },
      deviceDetail: {
        deviceId: '',
        displayName: '',
        operatingSystem: seed.operatingSystem ?? 'Windows10',
        browser: seed.browser ?? 'Edge 131.0.0',
      },
      location: { city, state: '', countryOrRegion: country, geoCoordinates: {} },
    });
    if (errorCode === 0) user.sessions.push({ startedAt: tenant.stamp(), ipAddress: ip });
    tenant.changed();
  };

  const addFactor = (email: string, ip: string, factor: Factor): void => {
    const user = userOf(email);
    user.methods.push({ id: randomUUID(), createdDateTime: tenant.stamp(), isDefault: false, ...factor });
    const actor = { user: user.userPrincipalName, ip };
    const activity = 'User registered security info';
    tenant.audit({ activity, service: 'Authentication Methods', actor, target: targetOf(user) });
    tenant.changed();
  };

  const consent = (email: string, ip: string, application: string, scope: string): void => {
    const user = userOf(email);
    const state = tenant.present();
    const clientId = objectIdOf(`application ${application}`);
    if (!state.applications.some(({ id }) => id === clientId))
      state.applications.push({ id: clientId, appId: objectIdOf(`app id ${application}`), displayName: application });
    const id = consentId(clientId, GRAPH_RESOURCE, user.id);
    if (!state.consents.some((row) => row.id === id))
      state.consents.push({
        id,
        clientId,
        consentType: 'Principal',
        principalId: user.id,
        resourceId: GRAPH_RESOURCE,
        scope,
      });
    const actor = { user: user.userPrincipalName, ip };
    tenant.audit({
      activity: 'Consent to application',
      category: 'ApplicationManagement',
      actor,
      target: targetOf(user),
    });
    tenant.changed();
  };

  const assign = (email: string, application: string): void => {
    const user = userOf(email);
    const state = tenant.present();
    const resourceId = objectIdOf(`application ${application}`);
    const appRoleId = '00000000-0000-0000-0000-000000000000';
    if (!state.applications.some(({ id }) => id === resourceId))
      state.applications.push({ id: resourceId, appId: objectIdOf(`app id ${application}`), displayName: application });
    const there = state.assignments.some((row) => row.principalId === user.id && row.resourceId === resourceId);
    if (!there)
      state.assignments.push({
        id: newRowId(),
        appRoleId,
        createdDateTime: tenant.now().toISOString(),
        principalId: user.id,
        resourceId,
      });
    tenant.changed();
  };

  const addRule = (email: string, displayName: string, actions: RuleRecord['actions']): void => {
    const user = userOf(email);
    if (user.mailbox === null) throw new Error(`${email} has no mailbox; choose a user with one.`);
    const { rules } = user.mailbox;
    const id = randomBytes(12).toString('base64url');
    rules.push({
      id,
      displayName,
      sequence: rules.length + 1,
      isEnabled: true,
      isReadOnly: false,
      actions: { ...actions },
    });
    tenant.changed();
  };

  const addDevice = (email: string, displayName: string, operatingSystem: string): void => {
    const user = userOf(email);
    const at = tenant.stamp();
    tenant.present().devices.push({
      id: randomUUID(),
      displayName,
      accountEnabled: true,
      operatingSystem,
      operatingSystemVersion: '10.0.22631',
      trustType: 'Workplace',
      registrationDateTime: at,
      approximateLastSignInDateTime: at,
      ownerIds: [user.id],
      registeredUserIds: [user.id],
    });
    tenant.audit({
      activity: 'Register device',
      service: 'Device Registration Service',
      actor: { user: user.userPrincipalName, ip: '' },
      target: targetOf(user),
    });
    tenant.changed();
  };

  const setRole = (email: string, role: string, held: boolean): void => {
    const user = userOf(email);
    const { roleAssignments } = tenant.present();
    const roleDefinitionId = roleIdOf(role);
    const index = roleAssignments.findIndex(
      (row) => row.principalId === user.id && row.roleDefinitionId === roleDefinitionId,
    );
    if (!held && index >= 0) roleAssignments.splice(index, 1);
    if (held && index < 0)
      roleAssignments.push({ id: `${newRowId()}-1`, principalId: user.id, roleDefinitionId, directoryScopeId: '/' });
    tenant.changed();
  };

  /** A role that may be activated in Privileged Identity Management; `null`: none. `until` left out: for good; `from`: now. */
  const setEligible = (
    email: string,
    role: string,
    held: { from?: Date; until?: Date; group?: boolean } | null,
  ): void => {
    const user = userOf(email);
    const { eligibilities } = tenant.present();
    const roleDefinitionId = roleIdOf(role);
    const index = eligibilities.findIndex(
      (row) => row.principalId === user.id && row.roleDefinitionId === roleDefinitionId,
    );
    if (index >= 0) eligibilities.splice(index, 1);
    if (held !== null)
      eligibilities.push({
        id: newRowId(),
        principalId: user.id,
        roleDefinitionId,
        directoryScopeId: '/',
        memberType: held.group === true ? 'Group' : 'Direct',
        startDateTime: held.from?.toISOString() ?? tenant.stamp(),
        endDateTime: held.until?.toISOString() ?? null,
      });
    tenant.changed();
  };

  return {
    /** The person says in the Authenticator app that a sign-in is not theirs. */
    reportSuspicious: (email: string, ip: string): void => reportSuspicious(tenant, userOf(email), ip),
    /** Identity Protection's own verdict. */
    holdAtRisk: (email: string, riskLevel: 'low' | 'medium' | 'high'): void =>
      holdAtRisk(tenant, userOf(email), riskLevel),
    signIn,
    addFactor,
    consent,
    assign,
    addRule,
    addDevice,
    setRole,
    setEligible,
    state: () => ({ users: tenant.present().users.map((user) => viewOf(tenant, user)) }),
    user(email: string): EntraIdUserView | null {
      const found = tenant.byEmail(email);
      return found === undefined ? null : viewOf(tenant, found);
    },
    checkPassword(email: string, password: string): boolean {
      const found = tenant.byEmail(email);
      return found !== undefined && passwordMatches(password, found);
    },
    resetByAttacker(email: string, actor: string, ip: string, password = randomBytes(24).toString('base64url')): void {
      const user = userOf(email);
      tenant.setPassword(user, password);
      user.forceChangePasswordNextSignIn = false;
      user.forceChangePasswordNextSignInWithMfa = false;
      const rows = [
        { activity: 'Reset user password', service: 'Core Directory' },
        { activity: 'Reset password (by admin)', service: 'Self-service Password Management' },
      ];
      for (const row of rows) tenant.audit({ ...row, actor: { user: actor, ip }, target: targetOf(user) });
      tenant.changed();
    },
    /** What an attacker leaves: sign-ins from elsewhere, a factor, a consent, rules that hide and forward, a device. */
    intrude(email: string, { ip, country }: { ip: string; country: string }): void {
      signIn(email, { ip, country, errorCode: 50126, browser: 'Chrome 130.0.0', operatingSystem: 'Linux' });
      signIn(email, { ip, country, browser: 'Chrome 130.0.0', operatingSystem: 'Linux' });
      addFactor(email, ip, { type: 'softwareOathAuthenticationMethod', fields: { secretKey: null } });
      consent(email, ip, 'Mail Backup Tool', 'Mail.Read Mail.Send offline_access');
      const address = { emailAddress: { name: 'x', address: 'collector@mail.example' } };
      addRule(email, '.', { forwardTo: [address], stopProcessingRules: true });
      addRule(email, '..', { moveToFolder: 'RSS Feeds', markAsRead: true });
      addDevice(email, 'DESKTOP-7Q2K', 'Windows');
    },
  };
}
