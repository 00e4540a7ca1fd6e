import type { JsonObject } from '../json.js';

/** A Web API failure in Slack's words: HTTP 200 with `{ok: false, error}`. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly extra: JsonObject = {},
  ) {
    super(code);
  }
}

/** The arguments cannot be used; `messages` say which and why. */
export const invalidArguments = (messages: readonly string[]): ApiError =>
  new ApiError('invalid_arguments', { response_metadata: { messages } });
