import type { Exactly, Okta } from '../vendor/index.js';
import type { DeviceRecord, GroupRecord, LogRecord, RoleRecord, UserRecord, ZoneRecord } from './model.js';
import type { LinkRecord, PolicyRecord, PolicyRuleRecord, ProviderRecord } from './model.js';
import type {
  AccessCodeRecord,
  ApiTokenRecord,
  ConsentRecord,
  FactorRecord,
  RefreshTokenRecord,
  StandardRole,
} from './model.js';

/** A thing as Okta shows it, held to Okta's type: a key or a value that Okta does not have is not compiled. */
export class Shown {
  readonly #body: object;

  private constructor(body: object) {
    this.#body = body;
  }

  static as<Vendor>(): <const Ours extends object>(body: Ours & Exactly<Vendor, Ours>) => Shown {
    return (body) => new Shown(body);
  }

  toJSON(): object {
    return this.#body;
  }
}

const ROLE_LABELS: Readonly<Record<StandardRole, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  USER_ADMIN: 'Group Administrator',
  GROUP_MEMBERSHIP_ADMIN: 'Group Membership Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  READ_ONLY_ADMIN: 'Read-only Administrator',
  APP_ADMIN: 'Application Administrator',
};

export const userJson = (user: UserRecord, base: string): Shown =>
  Shown.as<Okta.User>()({
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.status === 'STAGED' ? null : user.created,
    statusChanged: user.statusChanged,
    lastLogin: user.lastLogin,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    type: { id: 'oty1defaultUserType01' },
    profile: user.profile,
    credentials: {
      ...(user.provider.type === 'OKTA' ? { password: {} } : {}),
      ...(user.recoveryQuestion === null ? {} : { recovery_question: { question: user.recoveryQuestion } }),
      provider: user.provider,
    },
    _links: { self: { href: `${base}/api/v1/users/${user.id}` } },
  });

export const groupJson = ({ id, name, type }: GroupRecord): Shown =>
  Shown.as<Okta.Group>()({
    id,
    created: '2024-01-01T00:00:00.000Z',
    lastUpdated: '2024-01-01T00:00:00.000Z',
    lastMembershipUpdated: '2024-01-01T00:00:00.000Z',
    objectClass: ['okta:user_group'],
    type,
    profile: { name, description: null },
  });

export const factorJson = (factor: FactorRecord): Shown =>
  Shown.as<Okta.Factor>()({
    ...factor,
    status: 'ACTIVE',
    ...(factor.created === undefined ? {} : { lastUpdated: factor.created }),
  });

export const accessCodeJson = ({ id, created }: AccessCodeRecord): Shown =>
  Shown.as<Okta.Enrollment>()({
    id,
    key: 'tac',
    type: 'tac',
    name: 'Temporary Access Code',
    status: 'ACTIVE',
    created,
    lastUpdated: created,
  });

export const enrollmentJson = (factor: FactorRecord): Shown =>
  Shown.as<Okta.Enrollment>()({
    id: factor.id,
    key: factor.factorType === 'email' ? 'okta_email' : 'okta_verify',
    type: factor.factorType === 'email' ? 'email' : 'app',
    name: factor.factorType === 'email' ? 'Email' : 'Okta Verify',
    status: 'ACTIVE',
  });

export const roleJson = ({ id, type, assignmentType, created, role, resourceSet }: RoleRecord): Shown =>
  Shown.as<Okta.Role>()({
    id,
    label: type === 'CUSTOM' ? type : ROLE_LABELS[type],
    type,
    status: 'ACTIVE',
    created,
    lastUpdated: created,
    assignmentType,
    ...(role === undefined ? {} : { role }),
    ...(resourceSet === undefined ? {} : { 'resource-set': resourceSet }),
  });

export const consentJson = (
  { id, clientId, scopeId, source, created }: ConsentRecord,
  userId: string,
  base: string,
): Shown =>
  Shown.as<Okta.Consent>()({
    id,
    status: 'ACTIVE',
    created,
    createdBy: { id: userId, type: 'User' },
    lastUpdated: created,
    issuer: base,
    clientId,
    userId,
    scopeId,
    source,
  });

export const refreshTokenJson = (
  { id, clientId, scopes, created }: RefreshTokenRecord,
  userId: string,
  base: string,
): Shown =>
  Shown.as<Okta.RefreshToken>()({
    id,
    status: 'ACTIVE',
    created,
    lastUpdated: created,
    expiresAt: new Date(Date.parse(created) + 90 * 86_400_000).toISOString(),
    issuer: base,
    clientId,
    userId,
    scopes,
  });

const deviceOf = (device: DeviceRecord) => ({
  id: device.id,
  status: device.status,
  created: device.created,
  lastUpdated: device.created,
  profile: {
    displayName: device.displayName,
    platform: device.platform,
    manufacturer: 'APPLE',
    model: 'Mac15,3',
    osVersion: device.osVersion,
    registered: true,
    secureHardwarePresent: true,
  },
  resourceType: 'UDDevice',
  resourceDisplayName: { value: device.displayName, sensitive: false },
  resourceAlternateId: null,
  resourceId: device.id,
});

/** Of `devices`. */
export const deviceJson = (device: DeviceRecord): Shown => Shown.as<Okta.Device>()(deviceOf(device));

/** Of `users/{id}/devices`. */
export const userDeviceJson = (device: DeviceRecord): Shown =>
  Shown.as<Okta.UserDevice>()({
    created: device.created,
    deviceUserId: device.id.replace(/^guo/, 'guu'),
    device: deviceOf(device),
  });

export const zoneJson = ({ id, system, name, usage, status, gateways, created, lastUpdated }: ZoneRecord): Shown =>
  Shown.as<Okta.Zone>()({
    type: 'IP',
    id,
    name,
    status,
    usage,
    created,
    lastUpdated,
    system,
    gateways: gateways.length === 0 ? null : gateways,
    proxies: null,
    _links: {},
  });

export const policyJson = ({ id, name, system, priority, created, groups, status }: PolicyRecord): Shown =>
  Shown.as<Okta.SignOnPolicy>()({
    id,
    name,
    type: 'OKTA_SIGN_ON',
    status,
    system,
    priority,
    description: name,
    created,
    lastUpdated: created,
    conditions: { people: { groups: { include: [...groups] } } },
    _links: {},
  });

export const ruleJson = (rule: PolicyRuleRecord, { created, system }: PolicyRecord, priority: number): Shown =>
  Shown.as<Okta.SignOnRule>()({
    id: rule.id,
    name: rule.name,
    type: 'SIGN_ON',
    status: 'ACTIVE',
    system,
    priority,
    created,
    lastUpdated: created,
    conditions: {
      people: { groups: { include: [], exclude: [] }, users: { include: [], exclude: [...rule.exclude] } },
      network:
        rule.outside.length === 0
          ? { connection: 'ANYWHERE' as const }
          : { connection: 'ZONE' as const, exclude: [...rule.outside] },
      authContext: { authType: 'ANY' },
    },
    actions: {
      signon: {
        access: rule.access,
        requireFactor: rule.requireFactor,
        ...(rule.requireFactor ? { factorPromptMode: 'ALWAYS' as const } : {}),
      },
    },
  });

export const providerJson = ({ id, name, type, created }: ProviderRecord): Shown =>
  Shown.as<Okta.IdentityProvider>()({ id, name, type, status: 'ACTIVE', created, lastUpdated: created });

export const linkJson = ({ providerId, externalId, created }: LinkRecord, userId: string, base: string): Shown =>
  Shown.as<Okta.ProviderLink>()({
    id: userId,
    externalId,
    created,
    lastUpdated: created,
    profile: {},
    _links: { idp: { href: `${base}/api/v1/idps/${providerId}` } },
  });

export const apiTokenJson = ({ id, name, userId, created }: ApiTokenRecord): Shown =>
  Shown.as<Okta.ApiToken>()({
    id,
    name,
    userId,
    tokenWindow: 'P30D',
    network: { connection: 'ANYWHERE' },
    created,
    lastUpdated: created,
    expiresAt: new Date(Date.parse(created) + 30 * 86_400_000).toISOString(),
  });

const COUNTRY_CITIES: Readonly<Record<string, string>> = {
  Germany: 'Berlin',
  Brazil: 'Recife',
  'United States': 'Austin',
};

export const logJson = (row: LogRecord): Shown =>
  Shown.as<Okta.LogEvent>()({
    actor: { ...row.actor, detailEntry: null },
    client: {
      userAgent:
        row.userAgent === null
          ? null
          : { rawUserAgent: row.userAgent, os: 'Linux', browser: row.userAgent.split('/')[0] ?? 'UNKNOWN' },
      zone: 'null',
      device: 'Computer',
      id: null,
      ipAddress: row.ip,
      geographicalContext:
        row.country === null
          ? null
          : {
              city: COUNTRY_CITIES[row.country] ?? null,
              state: null,
              country: row.country,
              postalCode: null,
              geolocation: null,
            },
    },
    authenticationContext: { authenticationStep: 0, externalSessionId: 'unknown' },
    displayMessage: row.displayMessage,
    eventType: row.eventType,
    outcome: { result: row.result, reason: row.result === 'FAILURE' ? 'INVALID_CREDENTIALS' : null },
    published: row.published,
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: false },
    severity: 'INFO',
    debugContext: { debugData: row.debugData ?? {} },
    legacyEventType: null,
    transaction: { type: 'WEB', id: row.uuid, detail: {} },
    uuid: row.uuid,
    version: '0',
    request: { ipChain: [] },
    target: row.target.map((party) => ({ ...party, detailEntry: null })),
  });

export const clientJson = (id: string, name: string): Shown =>
  Shown.as<Okta.Client>()({ client_id: id, client_name: name, client_uri: null, logo_uri: null });

export const groupTargetJson = (id: string): Shown => Shown.as<Okta.Group>()({ id, type: 'OKTA_GROUP' });

export function appTargetJson(target: string): Shown {
  const [name = '', id] = target.split('/');
  return Shown.as<Okta.AppTarget>()({
    name,
    displayName: name,
    status: 'ACTIVE',
    ...(id === undefined ? {} : { id }),
  });
}

export const riskJson = (riskLevel: UserRecord['risk']): Shown =>
  riskLevel === 'NONE'
    ? Shown.as<Okta.Risk>()({ riskLevel })
    : Shown.as<Okta.Risk>()({ riskLevel, reason: 'Admin override risk' });
