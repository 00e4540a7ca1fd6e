import { ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { type Account, accountAttributes, NEEDED_ATTRIBUTES, toAccount } from './account.js';
import type { Directory } from './directory.js';
import { texts } from './entry.js';
import { isMissing } from './failures.js';
import { ORDINARY_PEOPLE } from './filter.js';
import type { Session } from './session.js';

const SAMPLE = 50;

/** Of some ordinary people the one that the service account may write most of; `null` when nobody is seen. */
export async function sampleOf(
  directory: Directory,
  session: Session,
): Promise<Result<{ readonly base: string; readonly account: Account | null }, ConnectorFailure>> {
  const base = await directory.baseDn(session);
  if (!base.ok) return base;
  const entries = await session.search(base.value, {
    scope: 'sub',
    filter: ORDINARY_PEOPLE,
    attributes: [...accountAttributes],
    sizeLimit: SAMPLE,
  });
  const people = entries.map(toAccount).filter((account) => account !== null);
  const [first, ...rest] = people;
  if (first === undefined) return ok({ base: base.value, account: null });
  const best = rest.reduce((one, other) => (other.unwritable.length < one.unwritable.length ? other : one), first);
  return ok({ base: base.value, account: best });
}

const unitOf = (dn: string): string => dn.replace(/^(?:\\.|[^,\\])+,/, '');

/** The command lines that a domain administrator runs, as in the README. */
export const grantWrite = (account: Account, bindDn: string, attributes: readonly string[]): string =>
  NEEDED_ATTRIBUTES.filter((name) => attributes.includes(name))
    .map((name) => `dsacls "${unitOf(account.dn)}" /I:S /G "${bindDn}:RPWP;${name};user"`)
    .join(' and ');

export const grantReset = (account: Account, bindDn: string): string =>
  `dsacls "${unitOf(account.dn)}" /I:S /G "${bindDn}:CA;Reset Password;user"`;

export const grantMember = (groupDn: string, bindDn: string): string =>
  `dsacls "${groupDn}" /G "${bindDn}:RPWP;member"`;

/** What the service account may do with a group. */
export async function groupAccess(session: Session, groupDn: string): Promise<'writable' | 'read_only' | 'missing'> {
  try {
    const [group] = await session.search(groupDn, { scope: 'base', attributes: ['allowedAttributesEffective'] });
    if (group === undefined) return 'missing';
    return texts(group, 'allowedAttributesEffective').includes('member') ? 'writable' : 'read_only';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
}
