/** An object of an answer, before it is sent. */
type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answer with every object in it as `change` makes it, the inner ones first. */
const everywhere =
  (change: (row: Row) => Row) =>
  (body: unknown): unknown => {
    const walk = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(walk);
      if (!isRow(value)) return value;
      return change(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)])));
    };
    // As it goes over the wire: a date is a text there, and what is undefined is not there.
    return walk(JSON.parse(JSON.stringify(body ?? null)));
  };

/** What vendors leave out of some rows: times, and names that people need not give. */
const LEFT_OUT = new Set([
  ...['created', 'createdAt', 'createdDate', 'createdDateTime', 'createdTimestamp', 'creationTime', 'lastUpdated'],
  ...['lastLogin', 'lastLoginTime', 'lastTimeUsed', 'lastUsed', 'lastSignInDateTime', 'statusChanged', 'activated'],
  ...['userLabel', 'displayText', 'meta', 'lastVerified', 'registeredDateTime', 'lastSync', 'firstSync'],
]);

const leftOut = everywhere((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !LEFT_OUT.has(key))));

/** A group of SCIM that shows nobody (AWS IAM Identity Center, SCIM developer guide: "an empty member list"). */
const withoutMembers = everywhere((row) => ('members' in row && 'displayName' in row ? { ...row, members: [] } : row));

/** Conditional Access that only reports (Microsoft Graph, conditionalAccessPolicy: `state`), Okta's rules that are switched off. */
const reportOnly = everywhere((row) => {
  if ('grantControls' in row && row['state'] === 'enabled')
    return { ...row, state: 'enabledForReportingButNotEnforced' };
  return row['type'] === 'OKTA_SIGN_ON' && row['status'] === 'ACTIVE' ? { ...row, status: 'INACTIVE' } : row;
});

/** People of another tenant (Microsoft Graph, user: `userType`, `creationType`, `externalUserState`). */
const guests = everywhere((row) =>
  'userPrincipalName' in row && 'accountEnabled' in row
    ? { ...row, userType: 'Guest', creationType: 'Invitation', externalUserState: 'Accepted' }
    : row,
);

const POLICIES = 120;
/** Each sign-in names every policy of the tenant, also those that do not apply to it: with 120 a row has some 24 kB. */
const manyPolicies = everywhere((row) =>
  'appDisplayName' in row && 'ipAddress' in row
    ? {
        ...row,
        appliedConditionalAccessPolicies: Array.from({ length: POLICIES }, (_none, at) => ({
          id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
          displayName: `Policy ${at} of a large tenant, with a name that says at length what it is for`,
          enforcedGrantControls: ['Mfa'],
          enforcedSessionControls: [],
          result: 'notApplied',
        })),
      }
    : row,
);

/** How answers of real systems differ from what one would expect of them. Nothing of it changes what is true. */
export const REWRITTEN = {
  left_out: leftOut,
  without_members: withoutMembers,
  report_only: reportOnly,
  guests,
  many_policies: manyPolicies,
} as const;
export type Rewritten = keyof typeof REWRITTEN;
