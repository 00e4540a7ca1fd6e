import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DirectoryRequest } from '../http/message.js';
import { gatewayFailure, httpFailure, type Reply } from './wire.js';

/** The keys of one application and one administrator, as API 1.0 hands them out. */
export interface Api1Keys {
  readonly appId: string;
  readonly appKey: string;
  readonly accessKey: string;
  /** Base64. */
  readonly secretKey: string;
}

const CLOCK_SKEW_MS = 15 * 60_000;
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} UTC$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export interface Signatures {
  /** Why the request is not let in; `null`: it is. */
  refuse(request: DirectoryRequest): Reply | null;
  /** The keys have outlived the authentication cache, or have been made anew. */
  expire(expired: boolean): void;
}

/** Checks what API 1.0 wants of every request; `null` keys: the account has no application of that version. */
export function createSignatures(clock: () => Date, keys: Api1Keys | null): Signatures {
  let expired = false;
  return {
    refuse(request) {
      const [, accessKey, signature] = /^MC ([^:\s]+):(\S+)$/.exec(request.header('authorization')) ?? [];
      const date = request.header('x-mc-date');
      const requestId = request.header('x-mc-req-id');
      if (accessKey === undefined || signature === undefined || !DATE.test(date) || !GUID.test(requestId))
        return gatewayFailure(400, 'err_xdk_credentials_missing', '0001 Credentials are missing from the request');
      if (keys === null || request.header('x-mc-app-id') !== keys.appId)
        return httpFailure(401, 'err_developer_key', '0002 Invalid application id');
      if (accessKey !== keys.accessKey)
        return httpFailure(401, 'err_xdk_binding_not_found', '0003 The binding was not found');
      const text = [date, requestId, request.path, keys.appKey].join(':');
      const right = createHmac('sha1', Buffer.from(keys.secretKey, 'base64')).update(text).digest('base64');
      if (!same(signature, right)) return httpFailure(401, 'err_xdk_invalid_signature', '0004 Invalid Signature');
      if (Math.abs(Date.parse(date) - clock().getTime()) > CLOCK_SKEW_MS)
        return httpFailure(401, 'err_xdk_invalid_date', '0005 The date of the request is out of range');
      return expired ? httpFailure(418, 'err_xdk_binding_expired', '0018 Binding Expired') : null;
    },
    expire: (now) => void (expired = now),
  };
}
