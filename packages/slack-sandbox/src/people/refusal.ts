/** Why a person's action could not be done, in a sentence that says how to mend it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: 400 | 403 | 404 | 408 | 504 = 400,
  ) {
    super(message);
  }
}

/** What an action gives back; the rest depends on the action. */
export type ActResult = { readonly ok: true } & Readonly<Record<string, unknown>>;
