import type { ErrorVoice } from '../webapi/faulty.js';
import { answer } from '../webapi/faulty.js';
import { isObject } from '../json.js';

/** A SCIM failure in Slack's words; sent as `{Errors: {description, code}}` with `code` as the HTTP status. */
export class ScimError extends Error {
  constructor(
    readonly description: string,
    readonly code: number,
  ) {
    super(description);
  }
}

const errors = (description: string, code: number): { Errors: { description: string; code: number } } => ({
  Errors: { description, code },
});

export const scimFailure = ({ description, code }: ScimError) => answer(errors(description, code), code);

export const SCIM_VOICE: ErrorVoice = {
  limited: (seconds) => answer(errors('too_many_requests', 429), 429, { 'Retry-After': String(seconds) }),
  failed: (status, error) => {
    const code = status === 200 ? 400 : status;
    return answer(errors(error, code), code);
  },
  statusOf({ status, body }) {
    if (status >= 200 && status < 300) return typeof body === 'string' ? 'nonsense' : 'ok';
    const inner = isObject(body) ? body['Errors'] : undefined;
    return isObject(inner) ? String(inner['description']) : String(status);
  },
};
