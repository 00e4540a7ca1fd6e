/** `undefined` values are not sent. */
export interface UserChange {
  readonly enabled?: boolean | undefined;
  readonly requiredActions?: readonly string[] | undefined;
}

/**
 * Every body that is sent to Keycloak, by its kind. Nothing else can be sent (`WriteRequest`), and
 * test/types/keycloak.ts holds each to Keycloak's own type.
 */
export interface Bodies {
  /** What was read is sent back whole, including unknown fields, with the changes. */
  readonly user: { readonly id: string } & UserChange;
  readonly password: { readonly type: 'password'; readonly value: string; readonly temporary: boolean };
  /** Makes a link to an account at an identity provider again. */
  readonly identity: { readonly identityProvider: string; readonly userId: string; readonly userName: string };
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

export type Body = Bodies[keyof Bodies];
