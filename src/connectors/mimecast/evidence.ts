import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Evidence, EvidenceItem, EvidenceSection } from '../port.js';
import { readAuditInfo } from './audit-info.js';
import { sourceIp, type AuditEntry } from './audit-row.js';
import { LOOK_BACK_MS, newestEntries, PASSWORD_CATEGORY } from './audit.js';
import { readDelegates } from './delegates.js';
import { membershipsOf, preparedGroups } from './prepared-groups.js';
import { readRoles } from './profile.js';
import type { Reader } from './reader.js';

type Section = Evidence[EvidenceSection];
interface Found {
  readonly items: readonly EvidenceItem[];
  readonly complete: boolean;
}

const SIGN_INS = ['authentication_logs'];
const CHANGES = [PASSWORD_CATEGORY, 'account_logs', 'profile_group_logs'];
const MOST_TEXT = 200;

const section = (found: Result<Found, ConnectorFailure>): Section =>
  found.ok ? found.value : { unavailable: found.error };

const hidden = (what: string): Section => ({
  unavailable: { kind: 'unsupported', message: `Mimecast's API shows no ${what}; look in the Administration Console.` },
});

const newestFirst = (items: readonly EvidenceItem[]): readonly EvidenceItem[] =>
  items.toSorted((one, other) => (other.at?.getTime() ?? 0) - (one.at?.getTime() ?? 0));

async function entriesOf(
  { api, runtime }: Reader,
  categories: readonly string[],
  account: AccountRef,
  call: CallContext,
): ReturnType<typeof newestEntries> {
  const to = runtime.now();
  const from = new Date(to.getTime() - LOOK_BACK_MS);
  return newestEntries(api, { from, to, categories, query: account.accountId }, call);
}

const FAILED = /failed|denied|locked/i;

function signIn(entry: AuditEntry): EvidenceItem {
  const { application, method, secondStep, reason } = readAuditInfo(entry.text);
  const ip = sourceIp(entry.text);
  const detail = [
    ...(method === undefined ? [] : [`by ${method}`]),
    secondStep === undefined ? 'no second step told' : `second step ${secondStep}`,
    ...(reason === undefined ? [] : [reason]),
  ].join(', ');
  return {
    id: entry.id,
    title: application === undefined ? entry.auditType : `${entry.auditType}: ${application}`,
    at: entry.at,
    ...(ip === null ? {} : { ip }),
    succeeded: entry.auditType === 'User Logged On',
    detail,
  };
}

/** Only attempts to sign in: the category also holds log-offs and rows of other kinds. */
const isSignIn = ({ auditType }: AuditEntry): boolean =>
  auditType === 'User Logged On' || auditType === 'Logon Requires Challenge' || FAILED.test(auditType);

/** The second steps that were used at sign-ins: no list of what is registered, but a sign of it. */
function factorHints(entries: readonly AuditEntry[]): Found {
  const lastUse = new Map<string, Date | null>();
  for (const entry of entries) {
    const { secondStep } = readAuditInfo(entry.text);
    if (secondStep === undefined || entry.auditType !== 'User Logged On') continue;
    const known = lastUse.get(secondStep);
    if (known === undefined || (entry.at?.getTime() ?? 0) > (known?.getTime() ?? 0)) lastUse.set(secondStep, entry.at);
  }
  const items = [...lastUse].map(([kind, at]) => ({
    id: `used-${kind}`,
    title: `${kind} (seen at a sign-in)`,
    at,
    detail: 'the time is that of its last use; Mimecast does not tell what is registered',
  }));
  return { items: newestFirst(items), complete: false };
}

function changeOf(entry: AuditEntry): EvidenceItem {
  const ip = sourceIp(entry.text);
  return {
    id: entry.id,
    title: entry.auditType,
    at: entry.at,
    ...(ip === null ? {} : { ip }),
    ...(entry.actor === null ? {} : { by: entry.actor }),
    detail: entry.text.slice(0, MOST_TEXT),
  };
}

async function delegatesOf(
  { api }: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Found, ConnectorFailure>> {
  const found = await readDelegates(api, account, call);
  if (!found.ok) return found;
  const items = found.value.delegates.map(({ address, name, source }) => ({
    id: address,
    title: `May open the mailbox ${address}`,
    at: null,
    detail: [...(name === null ? [] : [name]), ...(source === null ? [] : [`set by ${source}`])].join(', '),
  }));
  return ok({ items, complete: found.value.complete });
}

/** Mimecast has no look-up from a person to groups: the prepared ones are all that is known. */
async function groupsHolding(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Found, ConnectorFailure>> {
  const names = preparedGroups(reader.settings);
  if (names.length === 0) {
    const message =
      "Mimecast's API shows no groups of a person, and none was prepared; look in the Administration Console.";
    return err({ kind: 'unsupported', message });
  }
  const inside = await membershipsOf(reader, names, account, call);
  if (!inside.ok) return inside;
  return ok({ items: inside.value.map((name) => ({ id: name, title: name, at: null })), complete: false });
}

async function rolesOf(reader: Reader, account: AccountRef, call: CallContext): Promise<Section> {
  const roles = await readRoles(reader, account, call);
  if (roles.ok && roles.value === null) return hidden('roles of a person');
  if (!roles.ok) return { unavailable: roles.error };
  return { items: (roles.value ?? []).map((role) => ({ id: role, title: role, at: null })), complete: true };
}

/** Everything that Mimecast tells about a person, newest first; each section says for itself why it is missing. */
export async function evidence(reader: Reader, account: AccountRef, call: CallContext): Promise<Evidence> {
  const [logOns, changes, delegates, groups, roles] = await Promise.all([
    entriesOf(reader, SIGN_INS, account, call),
    entriesOf(reader, CHANGES, account, call),
    delegatesOf(reader, account, call),
    groupsHolding(reader, account, call),
    rolesOf(reader, account, call),
  ]);
  const signIns = logOns.ok
    ? ok({ items: newestFirst(logOns.value.entries.filter(isSignIn).map(signIn)), complete: logOns.value.complete })
    : logOns;
  const changed = changes.ok
    ? ok({ items: newestFirst(changes.value.entries.map(changeOf)), complete: changes.value.complete })
    : changes;
  return {
    sign_ins: section(signIns),
    factors: logOns.ok ? factorHints(logOns.value.entries) : { unavailable: logOns.error },
    sessions: hidden('sessions'),
    grants: hidden('registered applications'),
    app_passwords: hidden('app passwords'),
    mail_rules: section(delegates),
    devices: hidden('devices'),
    roles,
    groups: section(groups),
    recovery: hidden('recovery numbers'),
    changes: section(changed),
  };
}
