import { z } from 'zod';
import { text } from './entry.js';
import type { Session } from './session.js';

const rootDse = z.object({
  /** DN of the domain. */
  defaultNamingContext: z.string().min(1),
  /** The controller's own name. */
  dnsHostName: z.string().min(1),
  /** Identifies the controller's database; the USNs belong to it. */
  dsServiceName: z.string().min(1),
  highestCommittedUSN: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
});

export type RootDse = z.output<typeof rootDse>;

/** What the controller says of itself; `null` when it is no Active Directory. */
export async function readRootDse(session: Session): Promise<RootDse | null> {
  const [entry] = await session.search('', { scope: 'base', attributes: Object.keys(rootDse.shape) });
  if (entry === undefined) return null;
  const read = Object.fromEntries(Object.keys(rootDse.shape).map((name) => [name, text(entry, name)]));
  return rootDse.safeParse(read).data ?? null;
}

export const NO_ACTIVE_DIRECTORY =
  'The server answers LDAP, but its rootDSE is not one of an Active Directory; point the url to a domain controller.';
