import { isIP } from 'node:net';
import { err, ok, type Result } from '../platform/result.js';
import type { PartyProblem, RelyingParty } from '../ports/core.js';

/**
 * Where passkeys work: the public address, else `localhost`. A browser makes them for a domain and over TLS only, or on
 * `localhost` (W3C WebAuthn Level 3, 5.1.2 and 13.4.9: an effective domain, so no IP address; a secure context).
 */
export function relyingPartyOf(publicUrl: string | null, listeningAt: string): Result<RelyingParty, PartyProblem> {
  if (publicUrl === null) return ok({ id: 'localhost', origin: `http://localhost:${new URL(listeningAt).port}` });
  const { hostname, protocol, origin } = new URL(publicUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return err('address');
  if (protocol !== 'https:' && hostname !== 'localhost') return err('insecure');
  return ok({ id: hostname, origin });
}
