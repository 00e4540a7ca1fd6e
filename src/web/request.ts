import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../platform/result.js';

/** The path of a request, without its query. `null` when the target is not a path (`*`, an authority, nonsense). */
export function pathOf(target: string | undefined): string | null {
  if (target === undefined || target.length > 2048 || !/^\/[\x21-\x7e]*$/.test(target)) return null;
  return target.split(/[?#]/, 1)[0] ?? null;
}

/** Reads a body of at most `limit` bytes; anything larger is not kept. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Result<string, 'too_large' | 'broken'>> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return err('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) return err('broken');
      size += chunk.length;
      if (size > limit) return err('too_large');
      chunks.push(chunk);
    }
  } catch {
    // The sender disconnected half-way; there is nobody left to answer.
    return err('broken');
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}

/**
 * The caller's address. Each trusted proxy appends one entry to X-Forwarded-For, so the entry that many places from the
 * right was written by one of our proxies; everything to its left was written by the caller and is not trusted.
 */
export function callerIp(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((entry) => entry.trim());
  const entry = forwarded.at(-trustedProxies) ?? '';
  return /^[0-9a-fA-F.:]{2,45}$/.test(entry) ? entry : direct;
}

/** Whether a proxy says for whom it asks, in a way that the setting does not account for. */
export function isUnexplained({ headers }: IncomingMessage, trustedProxies: number): boolean {
  const entries = headers['x-forwarded-for'];
  if (entries === undefined) return headers.forwarded !== undefined;
  return trustedProxies === 0 || String(entries).split(',').length < trustedProxies;
}

/**
 * Whether a POST came from a page of this site. Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with
 * our own form (Fetch standard, "append a request Origin header"), so Sec-Fetch-Site decides where it is sent; without
 * either header the caller is no browser showing another site's page, and the form's nonce decides.
 */
export function isSameOrigin(request: IncomingMessage, publicOrigin: string | null): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin } = request.headers;
  if (origin === undefined || origin === 'null') return true;
  if (publicOrigin !== null) return origin === publicOrigin;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
