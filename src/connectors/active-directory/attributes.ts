/**
 * The attributes that requests name, each with the form in which it is read. They are held to Active Directory's schema
 * by `test/types/active-directory.ts`.
 */
export const ATTRIBUTES = {
  accountExpires: 'large',
  adminCount: 'integer',
  allowedAttributesEffective: 'texts',
  altSecurityIdentities: 'texts',
  badPasswordTime: 'large',
  badPwdCount: 'integer',
  employeeID: 'text',
  lastLogon: 'large',
  lastLogonTimestamp: 'large',
  lockoutTime: 'large',
  mail: 'text',
  member: 'texts',
  memberOf: 'texts',
  'msDS-KeyCredentialLink': 'texts',
  'msDS-User-Account-Control-Computed': 'integer',
  msExchRecipientTypeDetails: 'large',
  nTSecurityDescriptor: 'bytes',
  objectCategory: 'text',
  objectClass: 'texts',
  objectGUID: 'bytes',
  proxyAddresses: 'texts',
  pwdLastSet: 'large',
  replPropertyMetaData: 'bytes',
  sAMAccountName: 'text',
  servicePrincipalName: 'texts',
  tokenGroups: 'allBytes',
  uSNChanged: 'large',
  userAccountControl: 'integer',
  userPrincipalName: 'text',
  whenChanged: 'time',
} as const;

/** What a controller says of itself, on the entry without a name; the groups there are the caller's. */
export const ROOT_DSE = {
  currentTime: 'time',
  defaultNamingContext: 'text',
  dnsHostName: 'text',
  dsServiceName: 'text',
  highestCommittedUSN: 'large',
  tokenGroups: 'allBytes',
} as const;

type Table = typeof ATTRIBUTES & typeof ROOT_DSE;
export type AttributeName = keyof Table;
/** The attributes that are read in one form. */
export type ReadAs<Form> = { [Name in AttributeName]: Table[Name] extends Form ? Name : never }[AttributeName];

/** The attributes that describe an account. `allowedAttributesEffective` lists what the service account may write to it. */
export const ACCOUNT_ATTRIBUTES = [
  'objectGUID',
  'userPrincipalName',
  'sAMAccountName',
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'pwdLastSet',
  'lockoutTime',
  'accountExpires',
  'adminCount',
  'replPropertyMetaData',
  'allowedAttributesEffective',
  'servicePrincipalName',
  'objectClass',
  'msExchRecipientTypeDetails',
] as const satisfies readonly AttributeName[];

/** What is written to an account; the two times can only be cleared. */
export interface AccountChange {
  unicodePwd: Buffer;
  pwdLastSet: '0';
  userAccountControl: number;
  lockoutTime: '0';
}

/** What is written to a group: one distinguished name more or less. */
export interface GroupChange {
  member: string;
}
