import type { AccessPolicy as SdkAccessPolicy } from '@okta/okta-sdk-nodejs/src/types/generated/models/AccessPolicy.js';
import type { AccessPolicyRule as SdkAccessPolicyRule } from '@okta/okta-sdk-nodejs/src/types/generated/models/AccessPolicyRule.js';
import type { AccessPolicyRuleApplicationSignOn as SdkApplicationSignOn } from '@okta/okta-sdk-nodejs/src/types/generated/models/AccessPolicyRuleApplicationSignOn.js';
import type { ApiToken as SdkApiToken } from '@okta/okta-sdk-nodejs/src/types/generated/models/ApiToken.js';
import type { AssuranceMethod as SdkAssuranceMethod } from '@okta/okta-sdk-nodejs/src/types/generated/models/AssuranceMethod.js';
import type { AuthenticatorEnrollment as SdkEnrollment } from '@okta/okta-sdk-nodejs/src/types/generated/models/AuthenticatorEnrollment.js';
import type { TacAuthenticatorEnrollment as SdkTacEnrollment } from '@okta/okta-sdk-nodejs/src/types/generated/models/TacAuthenticatorEnrollment.js';
import type { CatalogApplication as SdkCatalogApplication } from '@okta/okta-sdk-nodejs/src/types/generated/models/CatalogApplication.js';
import type { CustomRole as SdkCustomRole } from '@okta/okta-sdk-nodejs/src/types/generated/models/CustomRole.js';
import type { CustomRoleAssignmentSchema as SdkCustomRoleAssignmentSchema } from '@okta/okta-sdk-nodejs/src/types/generated/models/CustomRoleAssignmentSchema.js';
import type { Device as SdkDevice } from '@okta/okta-sdk-nodejs/src/types/generated/models/Device.js';
import type { Group as SdkGroup } from '@okta/okta-sdk-nodejs/src/types/generated/models/Group.js';
import type { GroupProfile as SdkGroupProfile } from '@okta/okta-sdk-nodejs/src/types/generated/models/GroupProfile.js';
import type { IdentityProvider as SdkIdentityProvider } from '@okta/okta-sdk-nodejs/src/types/generated/models/IdentityProvider.js';
import type { IdentityProviderApplicationUser as SdkProviderLink } from '@okta/okta-sdk-nodejs/src/types/generated/models/IdentityProviderApplicationUser.js';
import type { IPNetworkZone as SdkIPNetworkZone } from '@okta/okta-sdk-nodejs/src/types/generated/models/IPNetworkZone.js';
import type { LogEvent as SdkLogEvent } from '@okta/okta-sdk-nodejs/src/types/generated/models/LogEvent.js';
import type { ModelError as SdkModelError } from '@okta/okta-sdk-nodejs/src/types/generated/models/ModelError.js';
import type { OAuth2Client as SdkOAuth2Client } from '@okta/okta-sdk-nodejs/src/types/generated/models/OAuth2Client.js';
import type { OAuth2RefreshToken as SdkOAuth2RefreshToken } from '@okta/okta-sdk-nodejs/src/types/generated/models/OAuth2RefreshToken.js';
import type { OAuth2ScopeConsentGrant as SdkOAuth2ScopeConsentGrant } from '@okta/okta-sdk-nodejs/src/types/generated/models/OAuth2ScopeConsentGrant.js';
import type { OktaSignOnPolicy as SdkOktaSignOnPolicy } from '@okta/okta-sdk-nodejs/src/types/generated/models/OktaSignOnPolicy.js';
import type { OktaSignOnPolicyRule as SdkOktaSignOnPolicyRule } from '@okta/okta-sdk-nodejs/src/types/generated/models/OktaSignOnPolicyRule.js';
import type { StandardRole as SdkStandardRole } from '@okta/okta-sdk-nodejs/src/types/generated/models/StandardRole.js';
import type { StandardRoleAssignmentSchema as SdkStandardRoleAssignmentSchema } from '@okta/okta-sdk-nodejs/src/types/generated/models/StandardRoleAssignmentSchema.js';
import type { UpdateUserRequest as SdkUpdateUserRequest } from '@okta/okta-sdk-nodejs/src/types/generated/models/UpdateUserRequest.js';
import type { User as SdkUser } from '@okta/okta-sdk-nodejs/src/types/generated/models/User.js';
import type { UserDevice as SdkUserDevice } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserDevice.js';
import type { UserFactor as SdkUserFactor } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserFactor.js';
import type { UserIdentityProviderLinkRequest as SdkLinkRequest } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserIdentityProviderLinkRequest.js';
import type { UserRiskGetResponse as SdkUserRiskGetResponse } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserRiskGetResponse.js';
import type { UserRiskLevelExists as SdkUserRiskLevelExists } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserRiskLevelExists.js';
import type { UserRiskRequest as SdkUserRiskRequest } from '@okta/okta-sdk-nodejs/src/types/generated/models/UserRiskRequest.js';

/**
 * The models of Okta's own SDK, and by name what they lack: each with the page of Okta's that shows it (tags of
 * developer.okta.com/docs/api/openapi/okta-management/management). The SDK makes a `Date` of each time; on the wire it is
 * a text.
 */
export type Wire<V> = V extends Date
  ? string
  : V extends readonly (infer Item)[]
    ? Wire<Item>[]
    : V extends object
      ? { [K in keyof V]: Wire<V[K]> }
      : V;

/** Tag SystemLog: the examples have `null` for whatever is not known. */
type Nullable<V> =
  | (V extends readonly (infer Item)[] ? Nullable<Item>[] : V extends object ? { [K in keyof V]: Nullable<V[K]> } : V)
  | null;

/** Tag Group: `description` of a group that has none is `null`. */
export type Group = Omit<Wire<SdkGroup>, 'profile'> & {
  profile?: Omit<Wire<SdkGroupProfile>, 'description'> & { description?: string | null };
};
/** Tag RoleAssignmentAUser: the SDK renames `resource-set`. */
export type Role = Wire<SdkStandardRole> | (Omit<Wire<SdkCustomRole>, 'resource_set'> & { 'resource-set'?: string });
/** A key may be of either kind. */
export type AnyRole = Wire<SdkStandardRole> & { role?: string; 'resource-set'?: string };
export type RoleRequest =
  | Wire<SdkStandardRoleAssignmentSchema>
  | (Omit<Wire<SdkCustomRoleAssignmentSchema>, 'resource_set'> & { 'resource-set': string });
/** Tag UserOAuth: both addresses may be `null`. */
export type Client = Omit<Wire<SdkOAuth2Client>, 'client_uri' | 'logo_uri'> & {
  client_uri?: string | null;
  logo_uri?: string | null;
};
/** Tag Device: the example has `null` as `resourceAlternateId`. */
export type Device = Omit<Wire<SdkDevice>, 'resourceAlternateId'> & { resourceAlternateId?: string | null };
export type UserDevice = Omit<Wire<SdkUserDevice>, 'device'> & { device?: Device };
/** Tag NetworkZone: the example of a zone has `null` as `gateways` and `proxies`. */
export type Zone = Omit<Wire<SdkIPNetworkZone>, 'gateways'> & { gateways?: Wire<SdkIPNetworkZone>['gateways'] | null };
export type LogEvent = {
  [K in keyof Wire<SdkLogEvent>]: K extends 'uuid' | 'published' | 'eventType'
    ? Wire<SdkLogEvent>[K]
    : Nullable<Wire<SdkLogEvent>[K]>;
};

export type SignOnPolicy = Wire<SdkOktaSignOnPolicy>;
export type SignOnRule = Wire<SdkOktaSignOnPolicyRule>;
export type AccessPolicy = Wire<SdkAccessPolicy>;
/** Tag Policy: how a rule verifies is one of several methods, of which the SDK's type has only what they share. */
export type AccessRule = Omit<Wire<SdkAccessPolicyRule>, 'actions'> & {
  actions?: {
    appSignOn?: Omit<Wire<SdkApplicationSignOn>, 'verificationMethod'> & {
      verificationMethod?: Wire<SdkAssuranceMethod>;
    };
  };
};
export type User = Wire<SdkUser>;
export type UserChange = Wire<SdkUpdateUserRequest>;
export type Factor = Wire<SdkUserFactor>;
/** Tag UserAuthenticatorEnrollments: one of either kind. */
export type Enrollment = Omit<Wire<SdkEnrollment>, 'profile'> & Pick<Wire<SdkTacEnrollment>, 'nickname'>;
export type Consent = Wire<SdkOAuth2ScopeConsentGrant>;
export type IdentityProvider = Wire<SdkIdentityProvider>;
export type ProviderLink = Wire<SdkProviderLink>;
export type LinkRequest = Wire<SdkLinkRequest>;
export type RefreshToken = Wire<SdkOAuth2RefreshToken>;
export type ApiToken = Wire<SdkApiToken>;
export type AppTarget = Wire<SdkCatalogApplication>;
export type Risk = Wire<SdkUserRiskLevelExists> | Wire<SdkUserRiskGetResponse>;
export type RiskChange = Wire<SdkUserRiskRequest>;
export type Refusal = Wire<SdkModelError>;
