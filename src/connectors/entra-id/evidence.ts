import { z } from 'zod';
import type { Evidence, EvidenceItem } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { gather, listed, type Section } from '../kit/evidence.js';
import { createTurns } from '../kit/turns.js';
import { changeOf } from './audit-row.js';
import { isRecovery, readFactors } from './factors.js';
import { readGrants, type Grant } from './grants.js';
import { readMemberships } from './memberships.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { readHeldRoles } from './roles.js';
import { signInOf } from './sign-in-row.js';
import { readDevices, readRules } from './toggles.js';

const MOST_ROWS = 100;
const MOST_APPLICATIONS = 20;
/** The logs accept about five calls in ten seconds. */
const SECTIONS_AT_ONCE = 3;

const fromLog = (
  { api }: Reader,
  { call }: Target,
  path: string,
  read: (row: unknown) => EvidenceItem | null,
): Answer<Section> =>
  mapped(api.list(z.unknown(), { path, needs: [PERMISSION.audit], call }, MOST_ROWS), ({ items: rows, complete }) => {
    const items = rows.map(read).filter((item) => item !== null);
    // An unreadable row is missing: the section must not look complete.
    return { items, complete: complete && items.length === rows.length };
  });

const itemOf = ({ item }: { readonly item: EvidenceItem }): EvidenceItem => item;

export const named = z.object({ displayName: z.string().min(1) });

/** Names of applications, as far as they can be read; a consent shows only ids. */
async function applicationNames(
  { api }: Reader,
  { call }: Target,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const id of [...new Set(ids)].slice(0, MOST_APPLICATIONS)) {
    const path = `/v1.0/servicePrincipals/${encodeURIComponent(id)}?$select=displayName`;
    const request = { path, needs: [PERMISSION.readApps], call };
    const found = await api.get(named.nullable().catch(null), 'an application', request);
    if (found.ok && found.value !== null) names.set(id, found.value.displayName);
    else if (!found.ok && found.error.kind !== 'not_found') break;
  }
  return names;
}

async function grants(reader: Reader, target: Target): Answer<Section> {
  const found = await readGrants(reader, target);
  if (!found.ok) return found;
  const clients = found.value.items.flatMap((grant) => (grant.how === 'consent' ? [grant.clientId] : []));
  const names = await applicationNames(reader, target, clients);
  return listed(found, (grant: Grant): EvidenceItem => {
    const { id } = grant;
    if (grant.how === 'assignment')
      return { id, title: `Assigned to ${grant.name}`, at: grant.at, detail: 'application assignment' };
    const name = names.get(grant.clientId) ?? `application ${grant.clientId}`;
    return { id, title: `Consent to ${name}`, at: null, detail: `may: ${grant.scope ?? 'not told'}` };
  });
}

const roles = (reader: Reader, target: Target, found: ReturnType<typeof readMemberships>): Answer<Section> =>
  mapped(allOf([readHeldRoles(reader, target), found]), ([direct, memberships]) => {
    const own = direct.items.map((role) => {
      const { key, name, scope } = role;
      const where = scope === '/' ? 'whole tenant' : `scope ${scope ?? 'that is not told'}`;
      const detail = role.how === 'eligible' && role.inherited ? `${where}, through a group` : where;
      return { id: key, title: name, at: null, detail };
    });
    const through = memberships.roles
      .filter(({ name }) => !own.some(({ title }) => title === name))
      .map(({ id, name }) => ({ id, title: name, at: null, detail: 'through a group' }));
    return { items: [...own, ...through], complete: memberships.complete && direct.complete };
  });

/** Everything worth keeping of the account, a few sections at a time. */
export function evidence(reader: Reader, target: Target): Promise<Evidence> {
  const inTurn = createTurns(SECTIONS_AT_ONCE);
  const id = quoted(target.account.accountId);
  const log = (name: string, filter: string, more: string): string =>
    `/v1.0/auditLogs/${name}?$filter=${encodeURIComponent(filter)}${more}&$top=50`;
  const signIns = log('signIns', `userId eq ${id}`, '');
  const changes = log('directoryAudits', `targetResources/any(t:t/id eq ${id})`, '&$orderby=activityDateTime%20desc');
  const factors = inTurn(() => readFactors(reader, target));
  const memberships = inTurn(() => readMemberships(reader, target, 'transitiveMemberOf'));
  return gather({
    sign_ins: inTurn(() => fromLog(reader, target, signIns, signInOf)),
    factors: listed(factors, itemOf),
    identity_providers:
      'Notme does not read the identities of an account at Entra ID; look under Users | the person | Overview | Identities.',
    sessions: 'Entra ID does not list sessions; look at the sign-ins, and revoke all sessions at once.',
    grants: inTurn(() => grants(reader, target)),
    app_passwords: 'Microsoft Graph does not show app passwords; delete all of them by the manual steps.',
    mail_rules: inTurn(() => listed(readRules(reader, target), itemOf)),
    devices: inTurn(() => listed(readDevices(reader, target), itemOf)),
    roles: inTurn(() => roles(reader, target, memberships)),
    groups: mapped(memberships, ({ groups, complete }) => ({
      items: groups.map(({ id: group, name: title }) => ({ id: group, title, at: null })),
      complete,
    })),
    recovery: listed(factors, (factor) => (isRecovery(factor) ? factor.item : null)),
    changes: inTurn(() => fromLog(reader, target, changes, changeOf)),
  });
}
