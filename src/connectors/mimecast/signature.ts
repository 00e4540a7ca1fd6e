import { createHmac } from 'node:crypto';
import type { Runtime } from '../../platform/runtime.js';
import type { Api1Settings } from './settings.js';

/** The input of one signature of API 1.0. The body is not part of it. */
export interface Signed {
  /** RFC 1123 with the word UTC: `Tue, 24 Nov 2015 12:50:11 UTC`. */
  readonly date: string;
  /** A GUID of the caller. */
  readonly requestId: string;
  /** The path alone, e.g. `/api/user/update-user`. */
  readonly path: string;
}

/** Base64 of HMAC-SHA1 over `date:requestId:path:appKey`, keyed with the decoded secret key (Mimecast's authorization guide). */
export function sign(signed: Signed, keys: { readonly appKey: string; readonly secretKey: string }): string {
  const { date, requestId, path } = signed;
  const hmac = createHmac('sha1', Buffer.from(keys.secretKey, 'base64'));
  return hmac.update([date, requestId, path, keys.appKey].join(':')).digest('base64');
}

/** `Tue, 24 Nov 2015 12:50:11 UTC` */
export const signatureDate = (at: Date): string => at.toUTCString().replace(/GMT$/, 'UTC');

/** Mimecast requires a GUID from the caller, for support and as part of the signature. */
export function requestGuid(runtime: Runtime): string {
  const hex = runtime.randomBytes(16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The headers of one signed request. */
export function signedHeaders(
  settings: Api1Settings,
  runtime: Runtime,
  { path, now }: { readonly path: string; readonly now: Date },
): Readonly<Record<string, string>> {
  const signed: Signed = { date: signatureDate(now), requestId: requestGuid(runtime), path };
  const keys = { appKey: settings.app_key.reveal(), secretKey: settings.secret_key.reveal() };
  return {
    authorization: `MC ${settings.access_key.reveal()}:${sign(signed, keys)}`,
    'x-mc-app-id': settings.app_id,
    'x-mc-date': signed.date,
    'x-mc-req-id': signed.requestId,
  };
}
