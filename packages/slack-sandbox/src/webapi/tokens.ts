/** A user token: whose it is, and the scopes it was given; `null` when its owner withdrew it. */
export interface UserToken {
  readonly user: string;
  readonly scopes: ReadonlySet<string> | null;
}

/** A user token as it is configured: a person with the manifest's user scopes, or with scopes of its own. */
export type GivenToken = string | { readonly user: string; readonly scopes: readonly string[] };

/** The tokens that stand for people. Their scopes may change while the simulator runs, as when an app is installed anew. */
export class UserTokens {
  readonly #tokens = new Map<string, UserToken>();

  constructor(given: Readonly<Record<string, GivenToken>>, manifestScopes: ReadonlySet<string>) {
    for (const [token, one] of Object.entries(given)) {
      const known = typeof one === 'string' ? { user: one, scopes: manifestScopes } : one;
      this.#tokens.set(token, { user: known.user, scopes: new Set(known.scopes) });
    }
  }

  get(token: string): UserToken | undefined {
    return this.#tokens.get(token);
  }

  /** `null` withdraws the token. @throws Error when it was never given out */
  setScopes(token: string, scopes: readonly string[] | null): void {
    const known = this.#tokens.get(token);
    if (!known) throw new Error('This token was never given out: configure it as one of the userTokens.');
    this.#tokens.set(token, { user: known.user, scopes: scopes && new Set(scopes) });
  }
}
