import type { CallContext, Receipt } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import type { Operation } from './api.js';
import type { ScimSettings } from './settings.js';
import type { Reader } from './state.js';
import { readUser, userPath } from './user.js';

const TRIES = 2;

interface Change {
  readonly attribute: 'active' | 'password';
  readonly value: unknown;
}

const replace = ({ patch_style }: ScimSettings, { attribute, value }: Change): Operation =>
  patch_style === 'path' ? { op: 'replace', path: attribute, value } : { op: 'replace', value: { [attribute]: value } };

/**
 * Replaces one attribute. Where the server keeps versions, the version that was read is sent too; when somebody else
 * was faster, it is read and sent once more: the change concerns this attribute alone.
 */
export async function change(reader: Reader, id: string, wanted: Change, call: CallContext): Answer<Receipt> {
  const operations = [replace(reader.settings, wanted)];
  const provider = await reader.provider(call);
  const versioned = provider.ok && provider.value.etag === true;
  for (let attempt = 1; ; attempt += 1) {
    const user = versioned ? await readUser(reader.api, id, call) : null;
    // A hidden account has no readable version, and may be changed all the same.
    if (user !== null && !user.ok && user.error.kind !== 'not_found') return user;
    const version = user?.ok === true ? (user.value.meta?.version ?? null) : null;
    const sent = await reader.api.patch({ path: userPath(id), operations, version, call });
    if (sent.ok || sent.error.kind !== 'conflict' || version === null || attempt === TRIES) return sent;
  }
}
