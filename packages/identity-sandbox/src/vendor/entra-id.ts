import type * as Graph from '@microsoft/microsoft-graph-types';

/**
 * Microsoft's types of Graph v1.0, and by name what they lack: each with the page of Microsoft's that shows it.
 */
export type * as Graph from '@microsoft/microsoft-graph-types';

/** Every method has it: learn.microsoft.com/graph/api/resources/authenticationmethod?view=graph-rest-1.0 */
interface Registered {
  createdDateTime?: Graph.NullableOption<string>;
}

/** By the name of the type: what `@odata.type` says after `#microsoft.graph.`. */
export interface Methods {
  readonly phoneAuthenticationMethod: Graph.PhoneAuthenticationMethod & Registered;
  readonly emailAuthenticationMethod: Graph.EmailAuthenticationMethod & Registered;
  readonly microsoftAuthenticatorAuthenticationMethod: Graph.MicrosoftAuthenticatorAuthenticationMethod;
  readonly fido2AuthenticationMethod: Graph.Fido2AuthenticationMethod;
  readonly softwareOathAuthenticationMethod: Graph.SoftwareOathAuthenticationMethod & Registered;
  readonly windowsHelloForBusinessAuthenticationMethod: Graph.WindowsHelloForBusinessAuthenticationMethod;
  readonly temporaryAccessPassAuthenticationMethod: Graph.TemporaryAccessPassAuthenticationMethod;
  readonly passwordAuthenticationMethod: Graph.PasswordAuthenticationMethod;
}

/** Only Graph's beta has it: learn.microsoft.com/graph/api/resources/strongauthenticationrequirements */
export interface StrongAuthenticationRequirements {
  perUserMfaState?: 'disabled' | 'enforced' | 'enabled';
}

/** `ipRanges` holds types that are derived from `IpRange`, which is empty: learn.microsoft.com/graph/api/resources/ipnamedlocation */
export type IpNamedLocation = Omit<Graph.IpNamedLocation, 'ipRanges'> & {
  ipRanges?: (Graph.IPv4CidrRange | Graph.IPv6CidrRange)[];
};

/** The list holds types that are derived from `DirectoryObject`: learn.microsoft.com/graph/api/user-list-memberof */
export type Membership = Graph.Group | Graph.DirectoryRole;

/** The three keys of `innerError` are told in words: learn.microsoft.com/graph/errors */
export type GraphError = Omit<Graph.PublicError, 'innerError'> & {
  innerError?: Graph.PublicInnerError & { date?: string; 'request-id'?: string; 'client-request-id'?: string };
};

/** The body of an action: learn.microsoft.com/graph/api/riskyuser-confirmcompromised */
export interface RiskyUserIds {
  userIds: string[];
}

/** A reference to an object: learn.microsoft.com/graph/api/group-post-members */
export interface Reference {
  '@odata.id': string;
}
