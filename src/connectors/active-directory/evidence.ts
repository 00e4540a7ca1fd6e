import type { Entry } from 'ldapts';
import { err, ok, type Result } from '../../result.js';
import { type AccountRef, type CallContext, type ConnectorFailure, type Evidence, type EvidenceItem } from '../port.js';
import type { Account } from './account.js';
import type { Directory } from './directory.js';
import { integer, text, texts } from './entry.js';
import { fromFiletime } from './filetime.js';
import { groupName } from './prepared-groups.js';
import { read, type Reading } from './reading.js';
import { attributeName } from './replication-metadata.js';
import type { Session } from './session.js';

const MOST = 100;
const LOGONS = ['lastLogon', 'lastLogonTimestamp', 'badPasswordTime', 'badPwdCount', 'lockoutTime', 'logonCount'];
const KEYS = ['msDS-KeyCredentialLink', 'altSecurityIdentities'];

const newestFirst = (items: readonly EvidenceItem[]): readonly EvidenceItem[] =>
  items.toSorted((one, other) => (other.at?.getTime() ?? 0) - (one.at?.getTime() ?? 0)).slice(0, MOST);

const hidden = (what: string): Evidence[keyof Evidence] => ({
  unavailable: { kind: 'unsupported', message: `Active Directory keeps no ${what}.` },
});

/** The last logons and the last wrong password: no addresses, those stand in the event logs of the controllers (4624, 4625, 4768, 4771). */
function signIns(entry: Entry): readonly EvidenceItem[] {
  const wrong = integer(entry, 'badPwdCount') ?? 0;
  const items: readonly (EvidenceItem | null)[] = [
    logon('last-logon', 'Last logon at this controller', fromFiletime(text(entry, 'lastLogon')), true),
    logon(
      'last-logon-domain',
      'Last logon in the domain (up to 14 days late)',
      fromFiletime(text(entry, 'lastLogonTimestamp')),
      true,
    ),
    logon(
      'last-wrong-password',
      `Last wrong password at this controller (${wrong} in a row)`,
      fromFiletime(text(entry, 'badPasswordTime')),
      false,
    ),
    logon('locked', 'Locked after wrong passwords', fromFiletime(text(entry, 'lockoutTime')), false),
  ];
  return newestFirst(items.filter((item) => item !== null));
}

const logon = (id: string, title: string, at: Date | null, succeeded: boolean): EvidenceItem | null =>
  at === null ? null : { id, title, at, succeeded };

/** When what was last changed. Who did it is not in LDAP. */
function changes(account: Account): readonly EvidenceItem[] {
  return newestFirst(
    account.stamps.flatMap(({ attributeId, version, changedAt }) => {
      const name = attributeName(attributeId);
      if (name === null || changedAt === null) return [];
      return [
        { id: `${name}-${version}`, title: `${name} was written`, at: changedAt, detail: `${version} times in all` },
      ];
    }),
  );
}

const group = (dn: string): EvidenceItem => ({ id: dn, title: groupName(dn), at: null, detail: dn });

/** A key by its number: its own text is long and holds nothing that a person could read. */
function factors(entry: Entry, account: Account): readonly EvidenceItem[] {
  const written = (name: string): Date | null =>
    account.stamps.find(({ attributeId }) => attributeName(attributeId) === name)?.changedAt ?? null;
  return newestFirst(
    KEYS.flatMap((name) =>
      texts(entry, name).map((value, index) => ({
        id: `${name}-${index}`,
        title: name === 'altSecurityIdentities' ? `Certificate ${value.slice(0, 120)}` : `Sign-in key ${index + 1}`,
        at: written(name),
        detail: `${name}; the time is that of the last change to any of them`,
      })),
    ),
  );
}

interface Found {
  readonly reading: Reading;
  readonly entry: Entry;
}

async function gather(
  directory: Directory,
  session: Session,
  ref: AccountRef,
): Promise<Result<Found, ConnectorFailure>> {
  const reading = await read(directory, session, ref);
  if (!reading.ok) return reading;
  const { account } = reading.value;
  const [entry] = await session.search(account.dn, { scope: 'base', attributes: [...LOGONS, ...KEYS, 'memberOf'] });
  if (entry !== undefined) return ok({ reading: reading.value, entry });
  return err({ kind: 'not_found', message: 'Active Directory no longer shows the account; look it up again.' });
}

/** What LDAP tells of an account, from one controller; it says for each section why it is missing. */
export async function evidence(directory: Directory, ref: AccountRef, call: CallContext): Promise<Evidence> {
  const found = await directory.run(call, (session) => gather(directory, session, ref));
  if (!found.ok) return everywhere(found.error);
  const { entry, reading } = found.value;
  const { account, state } = reading;
  const groups = texts(entry, 'memberOf');
  return {
    ...everywhere({ kind: 'unsupported', message: 'Active Directory keeps nothing of this.' }),
    sign_ins: { items: signIns(entry), complete: false },
    factors: { items: factors(entry, account), complete: true },
    sessions: hidden('list of sessions: ask the file servers and remote desktop hosts'),
    roles: { items: (state.adminRoles ?? []).map((name) => ({ id: name, title: name, at: null })), complete: true },
    groups: { items: groups.slice(0, MOST).map(group), complete: groups.length <= MOST },
    changes: { items: changes(account), complete: false },
  };
}

/** Spelt out, so that a new section cannot be forgotten. */
const everywhere = (unavailable: ConnectorFailure): Evidence => ({
  sign_ins: { unavailable },
  factors: { unavailable },
  sessions: { unavailable },
  grants: { unavailable },
  app_passwords: { unavailable },
  mail_rules: { unavailable },
  devices: { unavailable },
  roles: { unavailable },
  groups: { unavailable },
  recovery: { unavailable },
  changes: { unavailable },
});
