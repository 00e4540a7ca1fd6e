/**
 * Every body that is sent to Okta, by its kind. Nothing else can be sent (`Change`), and test/types/okta.ts holds each
 * to Okta's own type.
 */
export interface Bodies {
  readonly user:
    | { readonly credentials: { readonly password: { readonly value: string } } }
    | { readonly profile: { readonly secondEmail: string | null } };
  /** Makes a link to an account at another identity provider again. */
  readonly link: { readonly externalId: string };
  readonly risk: { readonly riskLevel: 'HIGH' | 'LOW' };
  /** The type as it was read. */
  readonly role: { readonly type: string };
  readonly customRole: { readonly type: 'CUSTOM'; readonly role: string; readonly 'resource-set': string };
  /** As it was read, including unknown fields, with other gateways. */
  readonly zone: { readonly gateways: readonly unknown[] };
}

export type Body = Bodies[keyof Bodies];
