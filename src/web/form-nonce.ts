import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Runtime } from '../platform/runtime.js';

const LIFE_MS = 60 * 60 * 1000;

/** Proof that a form came from one of our pages, shown for this token within the last hour. Nothing is stored. */
export interface FormNonces {
  issue(token: string): string;
  holds(nonce: string, token: string): boolean;
}

/** `key`: 32 random bytes; a new key (a restart) makes open pages stale, and the person is asked to press again. */
export function createFormNonces(key: Buffer, runtime: Runtime): FormNonces {
  const sign = (token: string, issuedAt: string): Buffer =>
    createHmac('sha256', key).update(`${issuedAt}.${token}`).digest();

  return {
    issue(token) {
      const issuedAt = String(runtime.now().getTime());
      return `${issuedAt}.${sign(token, issuedAt).toString('base64url')}`;
    },
    holds(nonce, token) {
      const [, issuedAt, mac] = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/.exec(nonce) ?? [];
      if (issuedAt === undefined || mac === undefined) return false;
      const age = runtime.now().getTime() - Number(issuedAt);
      if (age < 0 || age > LIFE_MS) return false;
      return timingSafeEqual(Buffer.from(mac, 'base64url'), sign(token, issuedAt));
    },
  };
}
