import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../port.js';

/** RFC 7644 §3.12; `status` is a text there and a number in some servers, so the HTTP status is taken. */
const scimError = z.object({
  scimType: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
});

/** A failure with SCIM's own word for it, so that a caller can tell a filter that is not supported. */
export type ScimFailure = ConnectorFailure & { readonly scimType: string | null };

function classify(title: string, status: number, scimType: string | null, said: string): ConnectorFailure {
  switch (status) {
    case 401:
      return { kind: 'auth', message: `${title} refused the token (${said}); make a new one and set it.` };
    case 403:
      return {
        kind: 'permission',
        message: `${title} does not let this token do it (HTTP 403, ${said}); give it the right to provision users and groups.`,
        missing: 'provision users and groups',
      };
    case 404:
      return {
        kind: 'not_found',
        message: `${title} does not know this (${said}); check the base URL, and whether it was deleted.`,
      };
    case 409:
      return {
        kind: 'conflict',
        message: `${title} says that this is in conflict with what is there (${said}); look at the account.`,
      };
    case 412:
      return { kind: 'conflict', message: `Somebody changed the account in ${title} at the same time; try again.` };
    case 402:
      return {
        kind: 'licence',
        message: `${title} does not include this in its plan (HTTP 402, ${said}); ask the vendor.`,
      };
  }
  if (status === 400 && scimType === 'mutability')
    return {
      kind: 'unsupported',
      message: `${title} does not let this be changed over SCIM (${said}); do it in its console.`,
    };
  if (status === 400)
    return {
      kind: 'invalid_input',
      message: `${title} did not take the request (${scimType ?? 'HTTP 400'}, ${said}); check patch_style and member_removal.`,
    };
  return {
    kind: 'unsupported',
    message: `${title} answered with HTTP ${status} (${said}); check the base URL, it ends in the version (/v2).`,
  };
}

/** The failure for an answer of 400..499. */
export function failureOf(title: string, answer: HttpAnswer): ScimFailure {
  const body = scimError.safeParse(answer.body);
  const { scimType = null, detail } = body.success ? body.data : {};
  const said = detail === undefined || detail === '' ? 'without a reason' : answer.quote(detail);
  return { ...classify(title, answer.status, scimType, said), scimType };
}

/** What of a detail could not be had, but need not spoil the rest. */
export const isPartial = ({ kind }: ConnectorFailure): boolean =>
  kind === 'permission' || kind === 'not_found' || kind === 'unsupported' || kind === 'invalid_input';
