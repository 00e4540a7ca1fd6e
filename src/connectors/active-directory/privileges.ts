import type { Account } from './account.js';
import { allBytes } from './entry.js';
import { formatSid } from './security-id.js';
import type { Session } from './session.js';

/** Groups that control a domain or a forest, by the last part of their identifier (MS-DTYP 2.4.2.4). */
const DOMAIN_GROUPS: Readonly<Record<string, string>> = {
  '512': 'Domain Admins',
  '516': 'Domain Controllers',
  '517': 'Cert Publishers',
  '518': 'Schema Admins',
  '519': 'Enterprise Admins',
  '520': 'Group Policy Creator Owners',
  '526': 'Key Admins',
  '527': 'Enterprise Key Admins',
};
/** Groups that control a domain controller. */
const BUILTIN_GROUPS: Readonly<Record<string, string>> = {
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-548': 'Account Operators',
  'S-1-5-32-549': 'Server Operators',
  'S-1-5-32-550': 'Print Operators',
  'S-1-5-32-551': 'Backup Operators',
};

function nameOf(sid: string): string | null {
  const builtin = BUILTIN_GROUPS[sid];
  if (builtin !== undefined) return builtin;
  const [, relative] = /^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(sid) ?? [];
  return relative === undefined ? null : (DOMAIN_GROUPS[relative] ?? null);
}

/** The identifiers of all groups that contain the object, also through other groups and as primary group. */
export async function tokenGroups(session: Session, dn: string): Promise<readonly string[]> {
  const [entry] = await session.search(dn, { scope: 'base', attributes: ['tokenGroups'] });
  return entry === undefined ? [] : allBytes(entry, 'tokenGroups').flatMap((bytes) => formatSid(bytes) ?? []);
}

/**
 * The well-known groups of administrators that contain the account, by their English names; `null`: the directory shows
 * no groups at all, and every account is in one.
 */
export async function privilegedGroups(session: Session, account: Account): Promise<readonly string[] | null> {
  const sids = await tokenGroups(session, account.dn);
  return sids.length === 0 ? null : sids.flatMap((sid) => nameOf(sid) ?? []);
}
