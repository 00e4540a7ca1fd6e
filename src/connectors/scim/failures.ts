import { z } from 'zod';
import type { HttpAnswer, HttpFailure } from '../http/client.js';
import { comeAgain } from '../http/come-again.js';
import { failure } from '../kit/action.js';
import type { ConnectorFailure } from '../../ports/connector.js';

/** RFC 7644 §3.12; `status` is a text there and a number in some servers, so the HTTP status is used. */
export const scimError = z.object({ scimType: z.string().nullish().catch(null), detail: z.string().catch('') });

/** A failure with SCIM's own code for it, so that a caller can recognise an unsupported filter. */
export type ScimFailure = HttpFailure & { readonly scimType?: string | null | undefined };

function classify(title: string, status: number, scimType: string | null, said: string): ConnectorFailure {
  switch (status) {
    case 401:
      return failure('auth', `${title} refused the token (${said}); make a new one and set it.`);
    case 402:
      return failure('licence', `${title} does not include this in its plan (HTTP 402, ${said}); ask the vendor.`);
    case 403: {
      const missing = 'provision users and groups';
      const message = `${title} does not let this token do it (HTTP 403, ${said}); give it the right to ${missing}.`;
      return { kind: 'permission', message, missing };
    }
    case 404:
    case 410:
      return failure(
        'not_found',
        `${title} does not know this (${said}); check the base URL, and whether it was deleted.`,
      );
    case 409:
      return failure(
        'conflict',
        `${title} says that this is in conflict with what is there (${said}); look at the account.`,
      );
    case 412:
      return failure('conflict', `Somebody changed the account in ${title} at the same time; try again.`);
  }
  if (status === 400 && scimType === 'mutability')
    return failure('unsupported', `${title} does not let this be changed over SCIM (${said}); do it in its console.`);
  if (status === 400)
    return failure(
      'invalid_input',
      `${title} did not take the request (${scimType ?? 'HTTP 400'}, ${said}); check patch_style and member_removal.`,
    );
  return failure(
    'unsupported',
    `${title} answered with HTTP ${status} (${said}); check the base URL, it ends in the version (/v2).`,
  );
}

/** The failure for an answer of 400..499. */
export function failureOf(title: string, answer: HttpAnswer): ScimFailure {
  const { status, body, quote } = answer;
  const { scimType = null, detail = '' } = scimError.safeParse(body).data ?? {};
  const said = detail === '' ? 'without a reason' : quote(detail);
  return { ...(comeAgain(title, answer, said) ?? classify(title, status, scimType, said)), scimType };
}
