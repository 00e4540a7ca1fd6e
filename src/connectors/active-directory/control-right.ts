import { Control } from 'ldapts';
import { bytes } from './entry.js';
import { accessEntries, mayUse } from './security-descriptor.js';
import { tokenGroups } from './privileges.js';
import type { Session } from './session.js';

const RESET_PASSWORD = '00299570-246d-11d0-a768-00aa006e0529';
const EVERYONE = 'S-1-1-0';
const AUTHENTICATED = 'S-1-5-11';

type Writer = Parameters<Control['write']>[0];

/**
 * LDAP_SERVER_SD_FLAGS_OID with DACL_SECURITY_INFORMATION: without it, a caller who may not read the audit part gets
 * nothing.
 */
class AccessListOnly extends Control {
  constructor() {
    super('1.2.840.113556.1.4.801', { critical: true });
  }

  protected override writeControl(writer: Writer): void {
    // SEQUENCE { INTEGER 4 }
    writer.writeBuffer(Buffer.from([0x30, 0x03, 0x02, 0x01, 0x04]), 0x04);
  }
}

/**
 * The caller, as the controller sees it: itself and every group that contains it. The rootDSE lists the caller's
 * groups.
 */
export async function ownIdentifiers(session: Session): Promise<ReadonlySet<string>> {
  return new Set([...(await tokenGroups(session, '')), EVERYONE, AUTHENTICATED]);
}

/** Whether the service account may reset the password of an object, read from its access list; `null` when that is hidden. */
export async function mayReset(session: Session, dn: string, own: ReadonlySet<string>): Promise<boolean | null> {
  const [entry] = await session.search(
    dn,
    { scope: 'base', attributes: ['nTSecurityDescriptor'] },
    new AccessListOnly(),
  );
  const descriptor = entry === undefined ? null : bytes(entry, 'nTSecurityDescriptor');
  const entries = descriptor === null ? null : accessEntries(descriptor);
  return entries === null ? null : mayUse(entries, RESET_PASSWORD, own);
}
