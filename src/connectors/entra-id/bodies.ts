interface IpRange {
  readonly '@odata.type': '#microsoft.graph.iPv4CidrRange' | '#microsoft.graph.iPv6CidrRange';
  readonly cidrAddress: string;
}

/**
 * Every body that is sent to Graph, by its kind. Nothing else can be sent (`GraphChange`), and test/types/entra-id.ts
 * holds each to Microsoft's own type.
 */
export interface Bodies {
  readonly user:
    | { readonly accountEnabled: boolean }
    | {
        readonly passwordProfile: {
          readonly password: string;
          readonly forceChangePasswordNextSignIn?: boolean;
          readonly forceChangePasswordNextSignInWithMfa?: boolean;
        };
      };
  readonly member: { readonly '@odata.id': string };
  readonly consent: {
    readonly clientId: string;
    readonly consentType: 'Principal';
    readonly principalId: string;
    readonly resourceId: string;
    readonly scope: string;
  };
  readonly assignment: { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string };
  readonly roleAssignment: {
    readonly '@odata.type': '#microsoft.graph.unifiedRoleAssignment';
    readonly principalId: string;
    readonly roleDefinitionId: string;
    readonly directoryScopeId: string;
  };
  readonly eligibility: {
    readonly principalId: string;
    readonly roleDefinitionId: string;
    readonly directoryScopeId: string;
    readonly justification: string;
  } & (
    | { readonly action: 'adminRemove' }
    | {
        readonly action: 'adminAssign';
        readonly scheduleInfo: {
          readonly startDateTime: string;
          readonly expiration:
            { readonly type: 'noExpiration' } | { readonly type: 'afterDateTime'; readonly endDateTime: string };
        };
      }
  );
  readonly location: {
    readonly '@odata.type': '#microsoft.graph.ipNamedLocation';
    readonly ipRanges: readonly IpRange[];
  };
  readonly newLocation: Bodies['location'] & { readonly displayName: string; readonly isTrusted: false };
  readonly policy: {
    readonly displayName: string;
    readonly state: 'enabled';
    readonly conditions: {
      readonly clientAppTypes: readonly ['all'];
      readonly applications: { readonly includeApplications: readonly ['All'] };
      readonly users: { readonly includeUsers: readonly [string] };
      readonly locations: { readonly includeLocations: readonly ['All']; readonly excludeLocations: readonly [string] };
    };
    readonly grantControls: { readonly operator: 'OR'; readonly builtInControls: readonly ['block'] };
  };
  readonly requirements: { readonly perUserMfaState: 'disabled' | 'enabled' | 'enforced' };
  readonly riskyUsers: { readonly userIds: readonly string[] };
  readonly device: { readonly accountEnabled: boolean };
  readonly rule: { readonly isEnabled: boolean };
}

export type Body = Bodies[keyof Bodies];
