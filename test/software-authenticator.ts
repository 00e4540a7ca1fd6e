import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 };

export interface Ceremony {
  readonly challenge: string;
  readonly origin?: string;
  readonly rpId?: string;
  /** Whether the person was asked for a finger, a face or a PIN. */
  readonly verified?: boolean;
  /** What the authenticator counts; left out: one more than last time. */
  readonly counter?: number;
}

/** A security key in software: ES256, no attestation. Sources: W3C WebAuthn Level 3, 6.1 and 6.5; RFC 8949 and 9052. */
export class SoftwareAuthenticator {
  readonly id: string;
  readonly #key: KeyObject;
  readonly #public: Buffer;
  #counter = 0;

  constructor(name: string) {
    this.id = Buffer.from(name).toString('base64url');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    // COSE: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
    this.#public = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
  }

  register(ceremony: Ceremony): RegistrationResponseJSON {
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.#public]);
    const authData = Buffer.concat([this.#data(ceremony, FLAGS.attested), attested]);
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.of(authData.length),
      authData,
    ]);
    const clientDataJSON = this.#client('webauthn.create', ceremony).toString('base64url');
    return this.#answer({
      clientDataJSON,
      attestationObject: attestationObject.toString('base64url'),
      transports: ['usb'],
    });
  }

  sign(ceremony: Ceremony): AuthenticationResponseJSON {
    this.#counter = ceremony.counter ?? this.#counter + 1;
    const authData = this.#data(ceremony, 0);
    const client = this.#client('webauthn.get', ceremony);
    const signature = createSign('sha256').update(authData).update(sha256(client)).sign(this.#key);
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
    });
  }

  #answer<T>(response: T) {
    return { id: this.id, rawId: this.id, type: 'public-key' as const, clientExtensionResults: {}, response };
  }

  #data({ rpId = 'localhost', verified = true }: Ceremony, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    const flags = FLAGS.present | (verified ? FLAGS.verified : 0) | more;
    return Buffer.concat([sha256(rpId), Buffer.of(flags), counter]);
  }

  #client(type: string, { challenge, origin = 'http://localhost:3000' }: Ceremony): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}
