import type { Entry } from 'ldapts';
import { ok } from '../../platform/result.js';
import type { Evidence, EvidenceItem } from '../../ports/connector.js';
import { refuse, type Target } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { gather } from '../kit/evidence.js';
import type { Account } from './account.js';
import type { Directory } from './directory.js';
import type { ReadAs } from './attributes.js';
import { integer, large, texts } from './entry.js';
import { fromFiletime } from './filetime.js';
import { groupName } from './groups.js';
import { read, type Reading } from './reading.js';
import { attributeName } from './replication-metadata.js';

const LOGONS = ['lastLogon', 'lastLogonTimestamp', 'badPasswordTime', 'badPwdCount', 'lockoutTime'] as const;
const KEYS = ['msDS-KeyCredentialLink', 'altSecurityIdentities'] as const;

/**
 * The last logons and the last wrong password: no addresses; those are in the event logs of the controllers (4624,
 * 4625, 4768, 4771).
 */
function signIns(entry: Entry): readonly EvidenceItem[] {
  const wrong = integer(entry, 'badPwdCount') ?? 0;
  const told = (id: string, title: string, attribute: ReadAs<'large'>, succeeded: boolean): readonly EvidenceItem[] => {
    const at = fromFiletime(large(entry, attribute));
    return at === null ? [] : [{ id, title, at, succeeded }];
  };
  const late = 'Last logon in the domain (up to 14 days late)';
  const refused = `Last wrong password at this controller (${wrong} in a row)`;
  return [
    ...told('last-logon', 'Last logon at this controller', 'lastLogon', true),
    ...told('last-logon-domain', late, 'lastLogonTimestamp', true),
    ...told('last-wrong-password', refused, 'badPasswordTime', false),
    ...told('locked', 'Locked after wrong passwords', 'lockoutTime', false),
  ];
}

/** When what was last changed. Who did it is not in LDAP. */
function changes({ stamps }: Account): readonly EvidenceItem[] {
  return stamps.flatMap(({ attributeId, version, changedAt }) => {
    const name = attributeName(attributeId);
    if (name === null || changedAt === null) return [];
    return [
      { id: `${name}-${version}`, title: `${name} was written`, at: changedAt, detail: `${version} times in all` },
    ];
  });
}

const role = (name: string): EvidenceItem => ({ id: name, title: name, at: null });

const group = (dn: string): EvidenceItem => ({ id: dn, title: groupName(dn), at: null, detail: dn });

/**
 * The groups that list the account. Beyond 1,500 a controller gives the first of them under another name (MS-ADTS
 * 3.1.1.3.1.3.3, range retrieval).
 */
function memberOf(entry: Entry): { readonly items: readonly EvidenceItem[]; readonly complete: boolean } {
  const ranged = Object.keys(entry).filter((name) => name.startsWith('memberOf;range='));
  const first = ranged.flatMap((name) => [entry[name]].flat()).filter((dn) => typeof dn === 'string');
  return { items: [...texts(entry, 'memberOf'), ...first].map(group), complete: ranged.length === 0 };
}

/** A key by its number: its own text is long and unreadable for people. */
function factors(entry: Entry, account: Account): readonly EvidenceItem[] {
  const written = (name: string): Date | null =>
    account.stamps.find(({ attributeId }) => attributeName(attributeId) === name)?.changedAt ?? null;
  return KEYS.flatMap((name) =>
    texts(entry, name).map((value, index) => ({
      id: `${name}-${index}`,
      title: name === 'altSecurityIdentities' ? `Certificate ${value.slice(0, 120)}` : `Sign-in key ${index + 1}`,
      at: written(name),
      detail: `${name}; the time is that of the last change to any of them`,
    })),
  );
}

/** What LDAP shows of an account, from one controller; each missing section says why. */
export function evidence(directory: Directory, { account: ref, call }: Target): Promise<Evidence> {
  const found = directory.run(call, (session) =>
    andThen(read(directory, session, ref), async (reading) => {
      const attributes = [...LOGONS, ...KEYS, 'memberOf'] as const;
      const [entry] = await session.search(reading.account.dn, { scope: 'base', attributes });
      if (entry !== undefined) return ok({ ...reading, entry });
      return refuse('not_found', 'Active Directory no longer shows the account; look it up again.');
    }),
  );
  const told = (of: (found: Reading & { readonly entry: Entry }) => readonly EvidenceItem[], complete: boolean) =>
    mapped(found, (one) => ({ items: of(one), complete }));
  const nothing = 'Active Directory keeps nothing of this.';
  return gather({
    sign_ins: told(({ entry }) => signIns(entry), false),
    factors: told(({ entry, account }) => factors(entry, account), true),
    identity_providers: nothing,
    sessions: 'Active Directory keeps no list of sessions: ask the file servers and remote desktop hosts.',
    grants: nothing,
    app_passwords: nothing,
    mail_rules: nothing,
    devices: nothing,
    roles: mapped(found, ({ state: { adminRoles } }) => ({
      items: (adminRoles ?? []).map(role),
      complete: adminRoles !== null,
    })),
    groups: mapped(found, ({ entry }) => memberOf(entry)),
    recovery: nothing,
    changes: told(({ account }) => changes(account), false),
  });
}
