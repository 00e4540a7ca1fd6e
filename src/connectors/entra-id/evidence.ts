import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import {
  EVIDENCE_SECTIONS,
  type ConnectorFailure,
  type Evidence,
  type EvidenceItem,
  type EvidenceSection,
} from '../port.js';
import { roleKey } from './admin-roles.js';
import { changeOf } from './audit-row.js';
import { portFailure } from './failures.js';
import { isRecovery, readFactors, type Factor } from './factors.js';
import { grantId, readGrants, type Grant } from './grants.js';
import { readMemberships } from './memberships.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader, type Target } from './reader.js';
import { readRoleAssignments } from './role-assignments.js';
import { signInOf } from './sign-in-row.js';
import { readDevices, readRules, type Toggle } from './toggles.js';

const MOST_ITEMS = 100;
const MOST_APPLICATIONS = 20;

interface Section {
  readonly items: readonly EvidenceItem[];
  readonly complete: boolean;
}
type Found = Result<Section, ConnectorFailure>;

const newestFirst = (left: EvidenceItem, right: EvidenceItem): number =>
  (right.at?.getTime() ?? Number.NEGATIVE_INFINITY) - (left.at?.getTime() ?? Number.NEGATIVE_INFINITY) || 0;

function section(items: readonly EvidenceItem[], complete = true): Found {
  const once = [...new Map(items.map((item) => [item.id, item])).values()].sort(newestFirst);
  return ok({ items: once.slice(0, MOST_ITEMS), complete: complete && once.length <= MOST_ITEMS });
}

const unsupported = (message: string): Promise<Found> => Promise.resolve(err({ kind: 'unsupported', message }));

async function fromLog(
  { api }: Reader,
  { call }: Target,
  path: string,
  read: (row: unknown) => EvidenceItem | null,
): Promise<Found> {
  const found = await api.list(path, [PERMISSION.audit], call, MOST_ITEMS);
  if (!found.ok) return err(found.error);
  const items = found.value.rows.map(read);
  // A row that cannot be read is missing: the section must not look whole.
  const readable = items.filter((item) => item !== null);
  return section(readable, found.value.complete && readable.length === items.length);
}

const factorItem = ({ id, title, at, device }: Factor): EvidenceItem => ({
  id,
  title,
  at,
  ...(device === null ? {} : { device }),
});

const toggleItem = ({ id, title, at, device, detail }: Toggle): EvidenceItem => ({
  id,
  title,
  at,
  detail,
  ...(device === null ? {} : { device }),
});

async function factors(reader: Reader, target: Target, wanted: (factor: Factor) => boolean): Promise<Found> {
  const found = await readFactors(reader, target);
  return found.ok ? section(found.value.filter(wanted).map(factorItem)) : found;
}

const named = z.object({ displayName: z.string().min(1) });

/** Names of applications, as far as they can be read; a consent shows only ids. */
async function applicationNames(
  { api }: Reader,
  { call }: Target,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const id of [...new Set(ids)].slice(0, MOST_APPLICATIONS)) {
    const path = `/v1.0/servicePrincipals/${encodeURIComponent(id)}?$select=displayName`;
    const answer = await api.send({ method: 'GET', path, needs: [PERMISSION.readApps], call });
    const parsed = named.safeParse(answer.ok ? answer.value.body : undefined);
    if (parsed.success) names.set(id, parsed.data.displayName);
    else if (!answer.ok && answer.error.kind !== 'not_found') break;
  }
  return names;
}

async function grants(reader: Reader, target: Target): Promise<Found> {
  const found = await readGrants(reader, target);
  if (!found.ok) return found;
  const clients = found.value.flatMap((grant) => (grant.how === 'consent' ? [grant.clientId] : []));
  const names = await applicationNames(reader, target, clients);
  const item = (grant: Grant): EvidenceItem => {
    if (grant.how === 'assignment')
      return { id: grantId(grant), title: `Assigned to ${grant.name}`, at: grant.at, detail: 'application assignment' };
    const name = names.get(grant.clientId) ?? `application ${grant.clientId}`;
    return { id: grantId(grant), title: `Consent to ${name}`, at: null, detail: `may: ${grant.scope}` };
  };
  return section(found.value.map(item));
}

async function toggles(found: Promise<Result<readonly Toggle[], ConnectorFailure>>): Promise<Found> {
  const listed = await found;
  return listed.ok ? section(listed.value.map(toggleItem)) : listed;
}

async function roles(reader: Reader, target: Target): Promise<Found> {
  const [direct, memberships] = await Promise.all([
    readRoleAssignments(reader, target),
    readMemberships(reader, target, 'transitiveMemberOf'),
  ]);
  if (!direct.ok) return direct;
  if (!memberships.ok) return memberships;
  const own = direct.value.map((role) => {
    const scope = role.scope === '/' ? 'whole tenant' : `scope ${role.scope}`;
    return { id: roleKey(role), title: role.name, at: null, detail: scope };
  });
  const ownNames = new Set(own.map(({ title }) => title));
  const through = memberships.value.roles
    .filter(({ name }) => !ownNames.has(name))
    .map(({ id, name }) => ({ id, title: name, at: null, detail: 'through a group' }));
  return section([...own, ...through], memberships.value.complete);
}

async function groups(reader: Reader, target: Target): Promise<Found> {
  const found = await readMemberships(reader, target, 'transitiveMemberOf');
  if (!found.ok) return found;
  return section(
    found.value.groups.map(({ id, name }) => ({ id, title: name, at: null })),
    found.value.complete,
  );
}

function read(reader: Reader, target: Target, which: EvidenceSection): Promise<Found> {
  const id = quoted(target.account.accountId);
  const filtered = (filter: string): string => `$filter=${encodeURIComponent(filter)}`;
  switch (which) {
    case 'sign_ins':
      return fromLog(reader, target, `/v1.0/auditLogs/signIns?${filtered(`userId eq ${id}`)}&$top=50`, signInOf);
    case 'changes': {
      const filter = filtered(`targetResources/any(t:t/id eq ${id})`);
      const path = `/v1.0/auditLogs/directoryAudits?${filter}&$orderby=activityDateTime desc&$top=50`;
      return fromLog(reader, target, path.replace(' ', '%20'), changeOf);
    }
    case 'factors':
      return factors(reader, target, () => true);
    case 'recovery':
      return factors(reader, target, isRecovery);
    case 'grants':
      return grants(reader, target);
    case 'mail_rules':
      return toggles(readRules(reader, target));
    case 'devices':
      return toggles(readDevices(reader, target));
    case 'roles':
      return roles(reader, target);
    case 'groups':
      return groups(reader, target);
    case 'sessions':
      return unsupported('Entra ID does not list sessions; look at the sign-ins, and revoke all sessions at once.');
    case 'app_passwords':
      return unsupported('Microsoft Graph does not show app passwords; delete all of them by the console steps.');
  }
}

/** Everything worth keeping of the account. A few sections at a time: the logs take about five calls in ten seconds. */
export async function evidence(reader: Reader, target: Target): Promise<Evidence> {
  const found = new Map<EvidenceSection, Evidence[EvidenceSection]>();
  const waiting = [...EVIDENCE_SECTIONS];
  const work = async (): Promise<void> => {
    for (let which = waiting.shift(); which !== undefined; which = waiting.shift()) {
      const result = await read(reader, target, which);
      found.set(which, result.ok ? result.value : { unavailable: portFailure(result.error) });
    }
  };
  await Promise.all([work(), work(), work()]);
  const of = (which: EvidenceSection): Evidence[EvidenceSection] => found.get(which) ?? MISSING;
  return {
    sign_ins: of('sign_ins'),
    factors: of('factors'),
    sessions: of('sessions'),
    grants: of('grants'),
    app_passwords: of('app_passwords'),
    mail_rules: of('mail_rules'),
    devices: of('devices'),
    roles: of('roles'),
    groups: of('groups'),
    recovery: of('recovery'),
    changes: of('changes'),
  };
}

const MISSING: Evidence[EvidenceSection] = {
  unavailable: { kind: 'unsupported', message: 'This part was not read; ask for the evidence again.' },
};
