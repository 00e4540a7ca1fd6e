import { ok } from '../../platform/result.js';
import { refuse, type Answer } from '../kit/action.js';
import { type Account, NEEDED_ATTRIBUTES, searchAccounts } from './account.js';
import type { Directory } from './directory.js';
import { texts } from './entry.js';
import { unlessMissing } from './failures.js';
import { ORDINARY_PEOPLE } from './filter.js';
import type { Session } from './session.js';

const SAMPLE = 50;

/** Of some ordinary people, the one to whom the service account may write most. */
export async function sampleOf(directory: Directory, session: Session): Answer<Account> {
  const base = await directory.baseDn(session);
  if (!base.ok) return base;
  const people = await searchAccounts(session, base.value, { filter: ORDINARY_PEOPLE, sizeLimit: SAMPLE });
  const [best] = people.toSorted((one, other) => one.unwritable.length - other.unwritable.length);
  if (best !== undefined) return ok(best);
  return refuse(
    'not_found',
    `No ordinary user can be seen under ${base.value}; set base_dn to where the people are, or grant Read there.`,
  );
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
  const search = { scope: 'base', attributes: ['allowedAttributesEffective'] } as const;
  const [group] = await unlessMissing(session.search(groupDn, search), []);
  if (group === undefined) return 'missing';
  return texts(group, 'allowedAttributesEffective').includes('member') ? 'writable' : 'read_only';
}
