import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Ahead } from '../http/vendor-clock.js';
import { unsupported, type Answer } from '../kit/action.js';
import { large, text, time } from './entry.js';
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

/** What the controller says about itself. */
export async function readRootDse(session: Session): Answer<RootDse> {
  const [entry] = await session.search('', { scope: 'base', attributes: rootDse.keyof().options });
  const read = entry && {
    defaultNamingContext: text(entry, 'defaultNamingContext'),
    dnsHostName: text(entry, 'dnsHostName'),
    dsServiceName: text(entry, 'dsServiceName'),
    highestCommittedUSN: large(entry, 'highestCommittedUSN'),
  };
  const { data } = rootDse.safeParse(read);
  if (data !== undefined) return ok(data);
  return unsupported(
    'The server answers LDAP, but its rootDSE is not one of an Active Directory; point the url to a domain controller.',
  );
}

/** The controller's clock: `currentTime` of its rootDSE (MS-ADTS 3.1.1.3.2.2); `null` when it is not given. */
export async function readClock(session: Session): Promise<Date | null> {
  const [entry] = await session.search('', { scope: 'base', attributes: ['currentTime'] });
  return entry === undefined ? null : time(entry, 'currentTime');
}

/** How far a clock that reads `own` is ahead of the controller's, which is told in whole seconds. */
export const aheadOf = (controller: Date, own: Date): Ahead => {
  const most = own.getTime() - controller.getTime();
  return { least: most - 1000, most };
};
