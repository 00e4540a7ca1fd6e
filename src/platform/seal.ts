import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from './result.js';
import { systemRuntime, type Runtime } from './runtime.js';
import { Secret } from './secret.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** Encrypts small secrets for the store. */
export interface Sealer {
  /**
   * `v1.<key id>.<iv>.<tag>.<data>`, the last three base64url. `context` names the place of the text (for example
   * `totp:T1:U1`): a sealed text moved to another place does not open.
   */
  seal(plaintext: Secret, context: string): string;
  /** The error is a sentence that says why, and never contains a part of the secret. */
  open(sealed: string, context: string): Result<Secret, string>;
  /**
   * `v1.<key id>.<tag>`: a holder of the key wrote this text, for this purpose. HMAC-SHA256 (RFC 2104) under a key of
   * its own, derived from the sealing key by HKDF (RFC 5869), so that no tag reveals anything about what is sealed.
   */
  authenticate(text: string, purpose: string): string;
  /** `false` for any text, tag or purpose that is not exactly the one that was authenticated under a loaded key. */
  isAuthentic(tag: string, text: string, purpose: string): boolean;
}

interface SealKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Parses 32 bytes written as 64 hex digits, base64 or base64url. The error is a sentence with the fix. */
export function parseSealKey(key: Secret): Result<Buffer, string> {
  const text = key.reveal().trim();
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[\w+/-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : null;
  if (bytes?.length === KEY_BYTES) return ok(bytes);
  return err('The key is not 32 bytes in base64 or hex. Make one with: openssl rand -base64 32');
}

/** Short public name of a key, so that a sealed text says which key opens it. */
function sealKey(key: Secret): SealKey {
  const parsed = parseSealKey(key);
  if (!parsed.ok) throw new Error(parsed.error);
  const id = createHash('sha256').update('notme seal key id\0').update(parsed.value).digest('hex').slice(0, 8);
  return { id, bytes: parsed.value };
}

/**
 * AES-256-GCM under one or more keys. The first key seals, every key opens: to rotate, put a new key first.
 * Throws when a key is not 32 bytes of base64 or hex (the configuration has checked that before).
 */
export function createSealer(
  keys: Secret | readonly [Secret, ...Secret[]],
  runtime: Pick<Runtime, 'randomBytes'> = systemRuntime(),
): Sealer {
  const [first, ...others] = keys instanceof Secret ? [keys] : keys;
  const current = sealKey(first);
  const byId = new Map([current, ...others.map(sealKey)].map((key) => [key.id, key]));
  return {
    seal: (plaintext, context) => sealUnder(current, plaintext, { context, iv: runtime.randomBytes(IV_BYTES) }),
    open: (sealed, context) => openWith(byId, sealed, context),
    authenticate: (text, purpose) => tagUnder(current, text, purpose),
    isAuthentic: (tag, text, purpose) => {
      const key = byId.get(/^v1\.([0-9a-f]{8})\.[\w-]{43}$/.exec(tag)?.[1] ?? '');
      return key !== undefined && timingSafeEqual(Buffer.from(tagUnder(key, text, purpose)), Buffer.from(tag));
    },
  };
}

function sealUnder(key: SealKey, plaintext: Secret, { context, iv }: { context: string; iv: Buffer }): string {
  const cipher = createCipheriv(ALGORITHM, key.bytes, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(key.id, context));
  const data = Buffer.concat([cipher.update(plaintext.reveal(), 'utf8'), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'));
  return [VERSION, key.id, ...parts].join('.');
}

function openWith(keys: ReadonlyMap<string, SealKey>, sealed: string, context: string): Result<Secret, string> {
  const match = /^v1\.([0-9a-f]{8})\.([\w-]{16})\.([\w-]{22})\.([\w-]*)$/.exec(sealed);
  if (match === null)
    return err('The sealed text is not in the form v1.<key id>.<iv>.<tag>.<data>: the row was changed.');
  const [, keyId = '', iv = '', tag = '', data = ''] = match;
  const key = keys.get(keyId);
  if (key === undefined) {
    return err(
      `No key with the id ${keyId} is loaded. Add the key that sealed this to NOTME_SECRET_KEY, after a comma.`,
    );
  }
  const decipher = createDecipheriv(ALGORITHM, key.bytes, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(keyId, context));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  try {
    const plain = Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]);
    return ok(new Secret(plain.toString('utf8')));
  } catch {
    return err('The sealed text does not open: it was changed, or it was sealed for another place.');
  }
}

function boundTo(keyId: string, context: string): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${context}`, 'utf8');
}

function tagUnder(key: SealKey, text: string, purpose: string): string {
  const derived = Buffer.from(hkdfSync('sha256', key.bytes, '', `notme authentication ${purpose}`, KEY_BYTES));
  const tag = createHmac('sha256', derived).update(text, 'utf8').digest('base64url');
  return [VERSION, key.id, tag].join('.');
}
