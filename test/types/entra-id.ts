/** What the connector sends to Graph and reads from it, against Microsoft's types. */
import type { EntraId, Misfit, None, Unread } from 'identity-sandbox/vendor';
import type { auditRow } from '../../src/connectors/entra-id/audit-row.js';
import type { Bodies, Body } from '../../src/connectors/entra-id/bodies.js';
import type { domain, federation } from '../../src/connectors/entra-id/domains.js';
import type { eligibility, scheduled } from '../../src/connectors/entra-id/eligible-roles.js';
import type { activeInstance } from '../../src/connectors/entra-id/role-terms.js';
import type { named } from '../../src/connectors/entra-id/evidence.js';
import type { factor } from '../../src/connectors/entra-id/factors.js';
import type { errorBody } from '../../src/connectors/entra-id/failures.js';
import type { row as found } from '../../src/connectors/entra-id/find.js';
import type { assignment, consent } from '../../src/connectors/entra-id/grants.js';
import type { location } from '../../src/connectors/entra-id/locations.js';
import type { row as membership } from '../../src/connectors/entra-id/memberships.js';
import type { requirements } from '../../src/connectors/entra-id/per-user-mfa.js';
import type { locationRow } from '../../src/connectors/entra-id/own-rules.js';
import type { policyRow } from '../../src/connectors/entra-id/policies.js';
import type { group } from '../../src/connectors/entra-id/prepared.js';
import type { madeRow } from '../../src/connectors/entra-id/range-rule.js';
import type { securityDefaults } from '../../src/connectors/entra-id/range-rule-probe.js';
import type { detectionRow, riskyRow } from '../../src/connectors/entra-id/reports.js';
import type { riskyUser } from '../../src/connectors/entra-id/risk.js';
import type { assignment as roleAssignment } from '../../src/connectors/entra-id/roles.js';
import type { signInRow } from '../../src/connectors/entra-id/sign-in-row.js';
import type { mailboxUse } from '../../src/connectors/entra-id/state.js';
import type { deviceRow, ruleRow } from '../../src/connectors/entra-id/toggles.js';
import type { mustChange, row as user } from '../../src/connectors/entra-id/user.js';
import type { ReadBy } from './read-by.js';

interface Sent {
  user: EntraId.Graph.User;
  member: EntraId.Reference;
  consent: EntraId.Graph.OAuth2PermissionGrant;
  assignment: EntraId.Graph.AppRoleAssignment;
  roleAssignment: EntraId.Graph.UnifiedRoleAssignment;
  eligibility: EntraId.Graph.UnifiedRoleEligibilityScheduleRequest;
  location: EntraId.IpNamedLocation;
  newLocation: EntraId.IpNamedLocation;
  policy: EntraId.Graph.ConditionalAccessPolicy;
  requirements: EntraId.StrongAuthenticationRequirements;
  riskyUsers: EntraId.RiskyUserIds;
  device: EntraId.Graph.Device;
  rule: EntraId.Graph.MessageRule;
}
export type Sends = [None<{ [K in keyof Bodies]: Misfit<Sent[K], Bodies[K]> }[keyof Bodies]>];

/** The list holds all kinds of methods: a key may be of any of them. */
type AnyMethod = Partial<UnionToIntersection<EntraId.Methods[keyof EntraId.Methods]>>;
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** Without these there is nothing to act on: such a row counts as unreadable, and the reading as not whole. */
type Needed =
  | '.principalId: null is not read'
  | '.resourceId: null is not read'
  | '.roleDefinitionId: null is not read'
  | '.displayName: null is not read'
  | '.riskState: null is not read';

export type Reads = [
  None<Unread<EntraId.Graph.User, ReadBy<typeof found>>>,
  None<Unread<EntraId.Graph.User, ReadBy<typeof user>>>,
  None<Unread<EntraId.Graph.User, ReadBy<typeof mustChange>>>,
  None<Unread<EntraId.Graph.MailboxSettings, ReadBy<typeof mailboxUse>>>,
  None<Unread<EntraId.Graph.Domain, ReadBy<typeof domain>>>,
  None<Unread<EntraId.Graph.InternalDomainFederation, ReadBy<typeof federation>>>,
  None<Unread<EntraId.Membership, ReadBy<typeof membership>>>,
  None<Unread<EntraId.Graph.Group, ReadBy<typeof group>>>,
  None<Unread<AnyMethod, ReadBy<typeof factor>>>,
  None<Unread<EntraId.StrongAuthenticationRequirements, ReadBy<typeof requirements>>>,
  None<Unread<EntraId.Graph.OAuth2PermissionGrant, ReadBy<typeof consent>>>,
  None<Exclude<Unread<EntraId.Graph.AppRoleAssignment, ReadBy<typeof assignment>>, Needed>>,
  None<Exclude<Unread<EntraId.Graph.ServicePrincipal, ReadBy<typeof named>>, Needed>>,
  None<Exclude<Unread<EntraId.Graph.UnifiedRoleAssignment, ReadBy<typeof roleAssignment>>, Needed>>,
  None<Exclude<Unread<EntraId.Graph.UnifiedRoleEligibilityScheduleInstance, ReadBy<typeof eligibility>>, Needed>>,
  None<Exclude<Unread<EntraId.Graph.UnifiedRoleEligibilitySchedule, ReadBy<typeof scheduled>>, Needed>>,
  None<Exclude<Unread<EntraId.Graph.UnifiedRoleAssignmentScheduleInstance, ReadBy<typeof activeInstance>>, Needed>>,
  None<Unread<EntraId.Graph.Device, ReadBy<typeof deviceRow>>>,
  None<Unread<EntraId.Graph.MessageRule, ReadBy<typeof ruleRow>>>,
  None<Unread<EntraId.IpNamedLocation, ReadBy<typeof location>>>,
  None<Unread<EntraId.IpNamedLocation, ReadBy<typeof locationRow>>>,
  None<Unread<EntraId.IpNamedLocation & EntraId.Graph.ConditionalAccessPolicy, ReadBy<typeof madeRow>>>,
  None<Unread<EntraId.Graph.IdentitySecurityDefaultsEnforcementPolicy, ReadBy<typeof securityDefaults>>>,
  None<Unread<EntraId.Graph.ConditionalAccessPolicy, ReadBy<typeof policyRow>>>,
  None<Exclude<Unread<EntraId.Graph.RiskyUser, ReadBy<typeof riskyUser>>, Needed>>,
  None<Unread<EntraId.Graph.RiskyUser, ReadBy<typeof riskyRow>>>,
  None<Unread<EntraId.Graph.RiskDetection, ReadBy<typeof detectionRow>>>,
  None<Unread<EntraId.Graph.DirectoryAudit, ReadBy<typeof auditRow>>>,
  None<Unread<EntraId.Graph.SignIn, ReadBy<typeof signInRow>>>,
  None<Unread<{ error?: EntraId.GraphError }, ReadBy<typeof errorBody>>>,
];

// @ts-expect-error A user of Graph has no such key.
export type Invented = None<Misfit<EntraId.Graph.User, { lockedOut: true }>>;
// @ts-expect-error Whether it is enabled is a boolean.
export type WrongValue = None<Misfit<EntraId.Graph.User, { accountEnabled: 'yes' }>>;
// @ts-expect-error What Graph does not have cannot be read.
export type Unheard = None<Unread<EntraId.Graph.User, { lockedOut: boolean | null }>>;
// @ts-expect-error A boolean comes where a text is read.
export type Misread = None<Unread<EntraId.Graph.User, { accountEnabled: string | null }>>;
// @ts-expect-error A user may be told without a display name.
export type Surprised = None<Unread<EntraId.Graph.User, { displayName: string }>>;
// @ts-expect-error Nothing is sent but what is listed.
export const unlisted: Body = { accountEnabled: true, lockedOut: true };
