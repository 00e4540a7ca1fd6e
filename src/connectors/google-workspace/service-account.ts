import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Secret } from '../../platform/secret.js';

const keyFile = z.object({
  client_email: z.string().min(3),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1).optional(),
  client_id: z.string().min(1).optional(),
});

export interface ServiceAccount {
  readonly email: string;
  /** The number under which domain-wide delegation is granted. */
  readonly clientId: string | null;
  readonly keyId: string | null;
  readonly key: KeyObject;
}

const HOW =
  'paste the whole JSON file of a key from Google Cloud: IAM & Admin, Service Accounts, Keys, Add key, Create new key, JSON';

function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function privateKey(pem: string): KeyObject | null {
  try {
    // Environment files often contain the line breaks as two characters.
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    // The library's complaint about the key may quote it, so it is not shown.
    return null;
  }
}

/** The service account of a key file; the error is one sentence and quotes nothing from the file. */
export function readServiceAccount(secret: Secret): Result<ServiceAccount, string> {
  const parsed = keyFile.safeParse(parsedJson(secret.reveal()));
  if (!parsed.success)
    return err(`The service account key is not a key file with client_email and private_key; ${HOW}.`);
  const { client_email, client_id, private_key_id, private_key } = parsed.data;
  const key = privateKey(private_key);
  if (key?.asymmetricKeyType !== 'rsa') return err(`The private_key of the service account is no RSA key; ${HOW}.`);
  return ok({ email: client_email, clientId: client_id ?? null, keyId: private_key_id ?? null, key });
}
