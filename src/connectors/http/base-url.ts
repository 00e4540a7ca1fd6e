import { z } from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Why a base URL cannot be used, in one sentence; `null` when it can. Tokens are sent to it, so it must be HTTPS. */
export function baseUrlProblem(value: string): string | null {
  if (!URL.canParse(value)) return 'It is not a URL; write it as https://host.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') return 'It holds a user or password; leave only https://host.';
  if (url.search !== '' || url.hash !== '') return 'It holds a query or a fragment; leave only https://host.';
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return null;
  return 'It is not HTTPS; write https:// (plain http is taken for a loopback host only).';
}

/** A base URL as configured, without a trailing slash. */
export const baseUrl = z.string().transform((value, context) => {
  const problem = baseUrlProblem(value);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  return value.replace(/\/+$/, '');
});
