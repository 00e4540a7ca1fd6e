import type { Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';

/** Keycloak's own bodies: `error` from its exception mapper, `errorMessage` from its resources. */
export const failed = (status: number, error: string): Reply => ({ status, body: { error } });

export const UNAUTHORIZED = failed(401, 'HTTP 401 Unauthorized');
export const FORBIDDEN = failed(403, 'HTTP 403 Forbidden');

export const refuse = (status: number, error: string): Routed => ({ refused: failed(status, error) });
export const forbidden: Routed = { refused: FORBIDDEN };
export const noSuchRoute: Routed = refuse(404, 'HTTP 404 Not Found');

export const show = (body: unknown): Routed => ({ write: false, commit: () => ({ status: 200, body }) });

/** A change that answers 204 without a body. */
export const change = (email: string, effect: () => void): Routed => ({
  write: true,
  email,
  commit() {
    effect();
    return { status: 204, body: null };
  },
});
