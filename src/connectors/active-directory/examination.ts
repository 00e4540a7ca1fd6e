import { ok } from '../../platform/result.js';
import type { AccountRef, ConnectorFailure } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { blocked as isBlocked, fine, misconfigured, notPermitted, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Subject, Told } from '../kit/examine.js';
import { type Account, NEEDED_ATTRIBUTES, protectedBecause, readAccount } from './account.js';
import { mayReset, ownIdentifiers } from './control-right.js';
import type { Directory } from './directory.js';
import { preparedGroups } from './groups.js';
import type { Reading } from './reading.js';
import { grantMember, grantReset, grantWrite, groupAccess, sampleOf } from './rights.js';
import { readRootDse } from './root-dse.js';
import type { Session } from './session.js';
import { RIGHTS } from './writing.js';

/** Named with the command that grants it. */
const grantedBy = (detail: string, command: string): Told =>
  notPermitted(detail, `Run as a domain administrator: ${command}`, [command]);

function fix({ kind, message }: ConnectorFailure): string | null {
  if (kind === 'transient' || kind === 'throttled')
    return 'Check the url, its port, and the way through the firewall, then ask again.';
  if (kind === 'not_found') return 'Look the account up again, or correct base_dn.';
  return message;
}

/** What one connection has shown of the service account's rights. */
interface Sight {
  /** An ordinary person, or the very account in question. */
  readonly account: Account;
  /** Why nothing can be written to this account, `null` when it can or when it is a sample. */
  readonly blocked: string | null;
  readonly mayReset: boolean | null;
  readonly domainDn: string;
  readonly groups: ReadonlyMap<string, Awaited<ReturnType<typeof groupAccess>>>;
}

async function look(directory: Directory, session: Session, ref: AccountRef | null): Answer<Sight> {
  const found = await (ref === null ? sampleOf(directory, session) : readAccount(session, ref));
  if (!found.ok) return found;
  const account = found.value;
  const rootDse = await readRootDse(session);
  if (!rootDse.ok) return rootDse;
  const groups: [string, Awaited<ReturnType<typeof groupAccess>>][] = [];
  for (const dn of preparedGroups(directory.settings).keys()) groups.push([dn, await groupAccess(session, dn)]);
  return ok({
    account,
    blocked: ref === null || !account.adminCount ? null : protectedBecause(account),
    mayReset: await mayReset(session, account.dn, await ownIdentifiers(session)),
    domainDn: rootDse.value.defaultNamingContext,
    groups: new Map(groups),
  });
}

/** A write to the account itself: `allowedAttributesEffective` names what the service account may write. */
function ofWrite({ settings }: Directory, { account, blocked }: Sight, needed: readonly string[]): Told {
  if (blocked !== null)
    return isBlocked(blocked, 'A domain administrator does it by hand, with an account of their own.');
  const missing = needed.filter((name) => account.unwritable.includes(name));
  if (missing.length === 0) return fine(`The service account may write ${needed.join(' and ')}.`);
  return grantedBy(
    `The service account may not write ${missing.join(' and ')} of ${account.login}.`,
    grantWrite(account, settings.bind_dn, missing),
  );
}

/** The reset also needs a control access right, which only the access list shows. */
function ofReset(directory: Directory, sight: Sight): Told {
  const flag = ofWrite(directory, sight, ['pwdLastSet']);
  if (flag.verdict !== 'ok') return flag;
  if (sight.mayReset === true) return fine('The service account holds Reset Password and may write pwdLastSet.');
  const { account } = sight;
  const lacking = grantedBy(
    `The service account lacks ${RIGHTS.reset} on ${account.login}.`,
    grantReset(account, directory.settings.bind_dn),
  );
  return sight.mayReset === null
    ? untold(
        'The access list of the account cannot be read, so nobody can say whether a reset is permitted.',
        lacking.fix,
      )
    : lacking;
}

/** A change of membership is a write to the group, also for accounts that are protected themselves. */
function ofGroup({ settings }: Directory, { groups }: Sight, dn: string): Told {
  switch (groups.get(dn)) {
    case 'missing':
      return misconfigured(`There is no group ${dn}.`, 'Correct its name in the configuration.');
    case 'read_only':
      return grantedBy(`The service account may not write member of ${dn}.`, grantMember(dn, settings.bind_dn));
    default:
      return fine('The service account may change the members of the prepared groups.');
  }
}

const ofEvents = ({ account }: Sight): Told =>
  account.stamps.length > 0
    ? fine('The replication metadata can be read, which tells of password changes.')
    : notPermitted(
        'The service account may not read replPropertyMetaData, which tells of password changes.',
        'Grant the service account Read on the users.',
      );

const ofEvidence = ({ account }: Sight): Told =>
  account.stamps.length > 0
    ? fine('Groups and changes can be read.')
    : untold('Groups can be read; whether changes can is not shown.', 'Grant the service account Read on the users.');

/**
 * For the domain's own name, DNS returns any controller: a read-back could then query one that has not replicated yet.
 */
function ofController({ settings }: Directory, { domainDn }: Sight): Told {
  const domain = [...domainDn.matchAll(/DC=([^,]+)/gi)].map((part) => part[1]?.toLowerCase() ?? '').join('.');
  if (new URL(settings.url).hostname.toLowerCase() !== domain) return fine('The url names one controller.');
  return misconfigured(
    `The url names the whole domain ${domain}.`,
    'Name one domain controller, so that changes are read back where they were written.',
  );
}

/** Reads what would be permitted, for a sample of people or for this very account; changes nothing. */
export const examinationOf = (directory: Directory): Examination<Reading> => ({
  credentials: 'bind',
  fix,
  granting: { where: 'a command prompt of a domain administrator', separator: '\n' },
  enter: (call) => directory.run(call, readRootDse),
  async probes(call, ref) {
    const seen = await directory.run(call, (session) => look(directory, session, ref));
    const probe = (name: string | null, subjects: readonly Subject[], of: (sight: Sight) => Told): Probe => ({
      name,
      subjects,
      ask: () => (seen.ok ? of(seen.value) : toldOf(seen.error, fix(seen.error))),
    });
    return [
      probe('directory', [], (sight) => ofController(directory, sight)),
      probe('rights', [], (sight) => ofWrite(directory, sight, NEEDED_ATTRIBUTES)),
      probe(null, ['find'], () => fine('People can be seen.')),
      probe(null, ['events'], ofEvents),
      probe(null, ['evidence'], ofEvidence),
      probe(null, ['reset_password'], (sight) => ofReset(directory, sight)),
      probe(null, ['disable_account'], (sight) => ofWrite(directory, sight, ['userAccountControl'])),
      probe(null, ['enable_account'], (sight) => ofWrite(directory, sight, ['userAccountControl', 'lockoutTime'])),
      ...[...preparedGroups(directory.settings)].map(([dn, subjects]) =>
        probe(`group ${dn}`, subjects, (sight) => ofGroup(directory, sight, dn)),
      ),
    ];
  },
});
