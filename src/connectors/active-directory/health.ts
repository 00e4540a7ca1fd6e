import { ok } from '../../result.js';
import type { CallContext, HealthProbe } from '../port.js';
import { type Account, accountAttributes, NEEDED_ATTRIBUTES, toAccount } from './account.js';
import type { Directory } from './directory.js';
import { ORDINARY_PEOPLE } from './filter.js';
import { NO_ACTIVE_DIRECTORY, readRootDse } from './root-dse.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

const SAMPLE = 50;

const fine = (name: string): HealthProbe => ({ name, ok: true, detail: '' });
const wrong = (name: string, detail: string): HealthProbe => ({ name, ok: false, detail });

/** Connects, binds, looks at the controller, and reads from a sample of people what may be written; changes nothing. */
export async function health(directory: Directory, call: CallContext): Promise<readonly HealthProbe[]> {
  const answer = await directory.run(call, async (session) => ok(await probe(directory, session)));
  return answer.ok ? [fine('bind'), ...answer.value] : [wrong('bind', answer.error.message)];
}

async function probe(directory: Directory, session: Session): Promise<readonly HealthProbe[]> {
  const { settings } = directory;
  const rootDse = await readRootDse(session);
  if (rootDse === null) return [wrong('directory', NO_ACTIVE_DIRECTORY)];
  const base = settings.base_dn ?? rootDse.defaultNamingContext;
  return [
    oneController(settings, rootDse.defaultNamingContext),
    await rights(directory, session, base),
    ...(settings.two_step_group_dn === null ? [] : [await groupRight(settings, session, settings.two_step_group_dn)]),
  ];
}

/** Under the domain's own name, DNS hands out any controller: a read-back could then ask one that knows nothing yet. */
function oneController(settings: ActiveDirectorySettings, domainDn: string): HealthProbe {
  const domain = [...domainDn.matchAll(/DC=([^,]+)/gi)].map((part) => part[1]?.toLowerCase() ?? '').join('.');
  if (new URL(settings.url).hostname.toLowerCase() !== domain) return fine('directory');
  return wrong(
    'directory',
    `The url names the whole domain ${domain}; name one domain controller, so that changes are read back where they were written.`,
  );
}

/** Reset Password is a control access right and not listed here: only the first reset shows it. */
async function rights(directory: Directory, session: Session, base: string): Promise<HealthProbe> {
  const entries = await session.search(base, {
    scope: 'sub',
    filter: ORDINARY_PEOPLE,
    attributes: [...accountAttributes],
    sizeLimit: SAMPLE,
  });
  const people = entries.map(toAccount).filter((account) => account !== null);
  if (people.length === 0) {
    return wrong(
      'rights',
      `No ordinary user can be seen under ${base}; set base_dn to where the people are, or grant Read there.`,
    );
  }
  const best = people.reduce((one, other) => (other.unwritable.length < one.unwritable.length ? other : one));
  return best.unwritable.length === 0 ? fine('rights') : wrong('rights', howToGrant(directory.settings, best));
}

function howToGrant(settings: ActiveDirectorySettings, account: Account): string {
  const missing = NEEDED_ATTRIBUTES.filter((name) => account.unwritable.includes(name));
  const unit = account.dn.replace(/^(?:\\.|[^,\\])+,/, '');
  const grants = missing.map((name) => `dsacls "${unit}" /I:S /G "${settings.bind_dn}:RPWP;${name};user"`);
  return `The service account may not write ${missing.join(', ')} of any of the sampled users, e.g. ${account.login}. Run as a domain administrator: ${grants.join(' and ')}`;
}

async function groupRight(settings: ActiveDirectorySettings, session: Session, groupDn: string): Promise<HealthProbe> {
  const name = 'two_step_group';
  const found = await session
    .search(groupDn, { scope: 'base', attributes: ['allowedAttributesEffective'] })
    .then(([entry]) => entry)
    .catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  if (found === undefined) {
    return wrong(name, `There is no group ${groupDn}; set two_step_group_dn to the DN of the prepared group.`);
  }
  const writable = [found['allowedAttributesEffective']].flat();
  if (writable.includes('member')) return fine(name);
  return wrong(
    name,
    `The service account may not write member of ${groupDn}. Run as a domain administrator: dsacls "${groupDn}" /G "${settings.bind_dn}:RPWP;member"`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 32 || error.code === 34);
}
