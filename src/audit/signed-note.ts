import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Signature type of Ed25519. Source: c2sp.org/signed-note, signature types. */
const ED25519 = 0x01;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** DER in front of a bare key. Source: RFC 8410, sections 4 and 7. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A verifier of notes: a name, and the key that only this name signs with. */
export interface Verifier {
  readonly name: string;
  /** The first four bytes of SHA-256 over name, newline, signature type and key. */
  readonly id: Buffer;
  /** `name+id+key`, to be given to others. Source: golang.org/x/mod/sumdb/note. */
  readonly text: string;
  readonly key: KeyObject;
}

export interface Signer {
  readonly verifier: Verifier;
  /** The note: `text`, which ends with a newline, a blank line, and the signature. */
  sign(text: string): string;
}

function verifierOf(name: string, publicKey: Buffer): Verifier {
  const typed = Buffer.concat([Buffer.of(ED25519), publicKey]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return { name, id, text: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, key };
}

/** Signs with the Ed25519 key of this seed (RFC 8032: the 32 secret bytes). */
export function createSigner(name: string, seed: Buffer): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  const verifier = verifierOf(name, publicKey);
  return {
    verifier,
    sign: (text) => {
      const signature = Buffer.concat([verifier.id, sign(null, Buffer.from(text, 'utf8'), key)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
}

/** Parses `name+id+key`; `null` when it is malformed, or its id is not that of its key. */
export function parseVerifier(text: string): Verifier | null {
  const [, name = '', id = '', key = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  const typed = Buffer.from(key, 'base64');
  if (typed.length !== KEY_BYTES + 1 || typed[0] !== ED25519) return null;
  const verifier = verifierOf(name, typed.subarray(1));
  return verifier.id.toString('hex') === id ? verifier : null;
}

export type NoteVerdict = 'signed' | 'unknown_key' | 'bad_signature';

/** Whether the text of a note is signed by one of these. A failing signature of a known key refuses the whole note. */
export function checkNote(text: string, signatures: readonly string[], verifiers: readonly Verifier[]): NoteVerdict {
  let verdict: NoteVerdict = 'unknown_key';
  for (const line of signatures) {
    const [, name, encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    const known = verifiers.find((one) => one.name === name && one.id.equals(bytes.subarray(0, 4)));
    if (known === undefined) continue;
    const signature = bytes.subarray(4);
    const fits = signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text, 'utf8'), known.key, signature);
    if (!fits) return 'bad_signature';
    verdict = 'signed';
  }
  return verdict;
}
