import { err, ok, type Result } from '../../result.js';
import { ACTION_KINDS, type CallContext, type ConnectorFailure, type HealthProbe } from '../port.js';
import type { Directory } from './directory.js';
import { groupsFor } from './prepared-groups.js';
import { grantMember, grantWrite, groupAccess, sampleOf } from './rights.js';
import { NO_ACTIVE_DIRECTORY, readRootDse } from './root-dse.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

const fine = (name: string): HealthProbe => ({ name, ok: true, detail: '' });
const wrong = (name: string, detail: string): HealthProbe => ({ name, ok: false, detail });

/** Connects, binds, looks at the controller, and reads from a sample of people what may be written; changes nothing. */
export async function health(directory: Directory, call: CallContext): Promise<readonly HealthProbe[]> {
  const answer = await directory.run(call, (session) => probe(directory, session));
  return answer.ok ? [fine('bind'), ...answer.value] : [wrong('bind', answer.error.message)];
}

async function probe(
  directory: Directory,
  session: Session,
): Promise<Result<readonly HealthProbe[], ConnectorFailure>> {
  const { settings } = directory;
  const rootDse = await readRootDse(session);
  if (rootDse === null) return err({ kind: 'unsupported', message: NO_ACTIVE_DIRECTORY });
  const rights = await rightsOnPeople(directory, session);
  if (!rights.ok) return rights;
  const groups: HealthProbe[] = [];
  for (const groupDn of configuredGroups(settings)) groups.push(await groupRight(settings, session, groupDn));
  return ok([oneController(settings, rootDse.defaultNamingContext), rights.value, ...groups]);
}

/** Every group that the settings name, once. */
const configuredGroups = (settings: ActiveDirectorySettings): readonly string[] => [
  ...new Set(ACTION_KINDS.flatMap((kind) => groupsFor(settings, kind))),
];

/** Under the domain's own name, DNS hands out any controller: a read-back could then ask one that knows nothing yet. */
function oneController(settings: ActiveDirectorySettings, domainDn: string): HealthProbe {
  const domain = [...domainDn.matchAll(/DC=([^,]+)/gi)].map((part) => part[1]?.toLowerCase() ?? '').join('.');
  if (new URL(settings.url).hostname.toLowerCase() !== domain) return fine('directory');
  return wrong(
    'directory',
    `The url names the whole domain ${domain}; name one domain controller, so that changes are read back where they were written.`,
  );
}

async function rightsOnPeople(directory: Directory, session: Session): Promise<Result<HealthProbe, ConnectorFailure>> {
  const sample = await sampleOf(directory, session);
  if (!sample.ok) return sample;
  const { account, base } = sample.value;
  if (account === null) {
    const detail = `No ordinary user can be seen under ${base}; set base_dn to where the people are, or grant Read there.`;
    return ok(wrong('rights', detail));
  }
  if (account.unwritable.length === 0) return ok(fine('rights'));
  const grants = grantWrite(account, directory.settings.bind_dn, account.unwritable);
  const detail = `The service account may not write ${account.unwritable.join(', ')} of any of the sampled users, e.g. ${account.login}. Run as a domain administrator: ${grants}`;
  return ok(wrong('rights', detail));
}

async function groupRight(settings: ActiveDirectorySettings, session: Session, groupDn: string): Promise<HealthProbe> {
  const name = `group ${groupDn}`;
  switch (await groupAccess(session, groupDn)) {
    case 'writable':
      return fine(name);
    case 'missing':
      return wrong(name, `There is no group ${groupDn}; correct it in the configuration.`);
    case 'read_only': {
      const grant = grantMember(groupDn, settings.bind_dn);
      return wrong(
        name,
        `The service account may not write member of ${groupDn}. Run as a domain administrator: ${grant}`,
      );
    }
  }
}
