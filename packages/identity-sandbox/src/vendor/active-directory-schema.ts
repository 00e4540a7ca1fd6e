/**
 * Attributes of Active Directory as its schema defines them: [MS-ADA1], [MS-ADA2] and [MS-ADA3] (attributeId,
 * attributeSyntax, isSingleValued, systemOnly, systemFlags), [MS-ADSC] for the classes that have them. There are those
 * that a client names.
 */

/** `attributeSyntax` ([MS-ADTS] 3.1.1.2.2.2). */
const DN = '2.5.5.1';
const OID = '2.5.5.2';
const DN_WITH_BINARY = '2.5.5.7';
const INTEGER = '2.5.5.9';
const OCTETS = '2.5.5.10';
const TIME = '2.5.5.11';
const TEXT = '2.5.5.12';
const DESCRIPTOR = '2.5.5.15';
const LARGE = '2.5.5.16';
const SID = '2.5.5.17';

/**
 * `access`: what an LDAP client may do with permission. `read`: `systemOnly`, constructed, or kept by the controller on
 * users ([MS-ADTS] 3.1.1.5.3.2). `local`: constructed, or not replicated, so that no stamp tells when it was written.
 */
export const SCHEMA = {
  accountExpires: { id: '1.2.840.113556.1.4.159', syntax: LARGE, single: true, on: 'user', access: 'write' },
  adminCount: { id: '1.2.840.113556.1.4.150', syntax: INTEGER, single: true, on: 'any', access: 'write' },
  allowedAttributesEffective: {
    id: '1.2.840.113556.1.4.914',
    syntax: OID,
    single: false,
    on: 'any',
    access: 'read',
    local: true,
  },
  altSecurityIdentities: { id: '1.2.840.113556.1.4.867', syntax: TEXT, single: false, on: 'any', access: 'write' },
  badPasswordTime: {
    id: '1.2.840.113556.1.4.49',
    syntax: LARGE,
    single: true,
    on: 'user',
    access: 'read',
    local: true,
  },
  badPwdCount: { id: '1.2.840.113556.1.4.12', syntax: INTEGER, single: true, on: 'user', access: 'read', local: true },
  employeeID: { id: '1.2.840.113556.1.4.35', syntax: TEXT, single: true, on: 'user', access: 'write' },
  homeDirectory: { id: '1.2.840.113556.1.4.44', syntax: TEXT, single: true, on: 'user', access: 'write' },
  lastLogon: { id: '1.2.840.113556.1.4.52', syntax: LARGE, single: true, on: 'user', access: 'read', local: true },
  lastLogonTimestamp: { id: '1.2.840.113556.1.4.1696', syntax: LARGE, single: true, on: 'user', access: 'read' },
  lockoutTime: { id: '1.2.840.113556.1.4.662', syntax: LARGE, single: true, on: 'user', access: 'write' },
  logonHours: { id: '1.2.840.113556.1.4.64', syntax: OCTETS, single: true, on: 'user', access: 'write' },
  mail: { id: '0.9.2342.19200300.100.1.3', syntax: TEXT, single: true, on: 'any', access: 'write' },
  member: { id: '2.5.4.31', syntax: DN, single: false, on: 'group', access: 'write' },
  memberOf: { id: '1.2.840.113556.1.2.102', syntax: DN, single: false, on: 'any', access: 'read', local: true },
  'msDS-AllowedToDelegateTo': {
    id: '1.2.840.113556.1.4.1787',
    syntax: TEXT,
    single: false,
    on: 'user',
    access: 'write',
  },
  'msDS-KeyCredentialLink': {
    id: '1.2.840.113556.1.4.2328',
    syntax: DN_WITH_BINARY,
    single: false,
    on: 'user',
    access: 'write',
  },
  'msDS-User-Account-Control-Computed': {
    id: '1.2.840.113556.1.4.1460',
    syntax: INTEGER,
    single: true,
    on: 'user',
    access: 'read',
    local: true,
  },
  nTSecurityDescriptor: { id: '1.2.840.113556.1.2.281', syntax: DESCRIPTOR, single: true, on: 'any', access: 'write' },
  objectCategory: { id: '1.2.840.113556.1.4.782', syntax: DN, single: true, on: 'any', access: 'write' },
  objectClass: { id: '2.5.4.0', syntax: OID, single: false, on: 'any', access: 'read' },
  objectGUID: { id: '1.2.840.113556.1.4.2', syntax: OCTETS, single: true, on: 'any', access: 'read', local: true },
  primaryGroupID: { id: '1.2.840.113556.1.4.98', syntax: INTEGER, single: true, on: 'user', access: 'write' },
  proxyAddresses: { id: '1.2.840.113556.1.2.210', syntax: TEXT, single: false, on: 'any', access: 'write' },
  pwdLastSet: { id: '1.2.840.113556.1.4.96', syntax: LARGE, single: true, on: 'user', access: 'write' },
  replPropertyMetaData: {
    id: '1.2.840.113556.1.4.3',
    syntax: OCTETS,
    single: true,
    on: 'any',
    access: 'read',
    local: true,
  },
  sAMAccountName: { id: '1.2.840.113556.1.4.221', syntax: TEXT, single: true, on: 'any', access: 'write' },
  scriptPath: { id: '1.2.840.113556.1.4.62', syntax: TEXT, single: true, on: 'user', access: 'write' },
  servicePrincipalName: { id: '1.2.840.113556.1.4.771', syntax: TEXT, single: false, on: 'user', access: 'write' },
  sIDHistory: { id: '1.2.840.113556.1.4.609', syntax: SID, single: false, on: 'any', access: 'write' },
  tokenGroups: { id: '1.2.840.113556.1.4.1301', syntax: SID, single: false, on: 'any', access: 'read', local: true },
  unicodePwd: { id: '1.2.840.113556.1.4.90', syntax: OCTETS, single: true, on: 'user', access: 'write only' },
  userAccountControl: { id: '1.2.840.113556.1.4.8', syntax: INTEGER, single: true, on: 'user', access: 'write' },
  userPrincipalName: { id: '1.2.840.113556.1.4.656', syntax: TEXT, single: true, on: 'user', access: 'write' },
  userWorkstations: { id: '1.2.840.113556.1.4.86', syntax: TEXT, single: true, on: 'user', access: 'write' },
  uSNChanged: { id: '1.2.840.113556.1.2.120', syntax: LARGE, single: true, on: 'any', access: 'read', local: true },
  whenChanged: { id: '1.2.840.113556.1.2.3', syntax: TIME, single: true, on: 'any', access: 'read', local: true },
  // Exchange's extension of the schema.
  altRecipient: { id: '1.2.840.113556.1.2.126', syntax: DN, single: true, on: 'any', access: 'write', exchange: true },
  msExchRecipientTypeDetails: { syntax: LARGE, single: true, on: 'any', access: 'write', exchange: true },
} as const;

/** Attributes of the rootDSE ([MS-ADTS] 3.1.1.3.2), none of which is in the schema as such. */
export const ROOT_DSE = {
  currentTime: { syntax: TIME, single: true },
  defaultNamingContext: { syntax: DN, single: true },
  dnsHostName: { syntax: TEXT, single: true },
  dsServiceName: { syntax: DN, single: true },
  highestCommittedUSN: { syntax: LARGE, single: true },
  tokenGroups: { syntax: SID, single: false },
} as const;
