import type { Evidence, EvidenceItem } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { filled, gather, joined, listed, type Section } from '../kit/evidence.js';
import { inside } from '../kit/groups.js';
import { readAuditInfo } from './audit-info.js';
import { sourceIp, type AuditEntry } from './audit-row.js';
import { newestEntries, PASSWORD_CATEGORY } from './audit.js';
import { readDelegates, type Delegate } from './delegates.js';
import { preparedGroups } from './group-actions.js';
import type { Reader } from './reading.js';

const SIGN_INS = ['authentication_logs'];
const CHANGES = [PASSWORD_CATEGORY, 'account_logs', 'profile_group_logs'];
const MOST_TEXT = 200;

const hidden = (what: string): string => `Mimecast's API shows no ${what}; look in the Administration Console.`;

/** Neither success nor failure: whoever it was knew the password. */
const ASKED_AGAIN = 'Logon Requires Challenge';
const FAILED = /failed|denied|locked/i;

const SECOND_STEP =
  /\b(?:2fa|two[ -]?(?:step|factor)|totp|second (?:step|factor)|(?:verification|one[ -]?time) (?:code|password))\b/i;

/** What is known about the attempt, where it was neither a success nor a wrong password; `null` elsewhere. */
function afterPassword({ auditType, text }: AuditEntry): string | null {
  if (auditType === ASKED_AGAIN) return 'the password was right, a second step was asked';
  const { method = '', reason = '' } = readAuditInfo(text);
  const stopped = FAILED.test(auditType) && [method, reason].some((words) => SECOND_STEP.test(words));
  return stopped ? 'the password was right, the second step failed' : null;
}

/** Only attempts to sign in: the category also contains log-offs and other rows. */
const isSignIn = ({ auditType }: AuditEntry): boolean =>
  auditType === 'User Logged On' || auditType === ASKED_AGAIN || FAILED.test(auditType);

function signIn(entry: AuditEntry): EvidenceItem | null {
  if (!isSignIn(entry)) return null;
  const { application, method, secondStep, reason } = readAuditInfo(entry.text);
  const known = afterPassword(entry);
  const step = secondStep === undefined ? 'no second step told' : `second step ${secondStep}`;
  const detail = joined([method && `by ${method}`, step, reason]);
  return {
    id: entry.id,
    title: application === undefined ? entry.auditType : `${entry.auditType}: ${application}`,
    at: entry.at,
    ...filled({ ip: sourceIp(entry.text) }),
    ...(known === null ? { succeeded: entry.auditType === 'User Logged On' } : {}),
    detail: known === null ? detail : `${known}; ${detail}`,
  };
}

/** The second factors used at sign-ins: not a list of what is registered, but an indication. */
function factorHints(entries: readonly AuditEntry[]): Section {
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
  return { items, complete: false };
}

const changeOf = ({ id, auditType, at, actor, text }: AuditEntry): EvidenceItem => ({
  id,
  title: auditType,
  at,
  ...filled({ ip: sourceIp(text), by: actor }),
  detail: text.slice(0, MOST_TEXT),
});

const itemOf = ({ address, name, source }: Delegate): EvidenceItem => ({
  id: address,
  title: `May open the mailbox ${address}`,
  at: null,
  detail: joined([name, source && `set by ${source}`]),
});

const named = (name: string): EvidenceItem => ({ id: name, title: name, at: null });

/** Mimecast has no look-up from a person to groups: only the prepared ones are known. */
const groupsHolding = ({ groups }: Reader, names: readonly string[], target: Target): Answer<Section> =>
  mapped(groups.memberships(names, target), (found) => ({ items: inside(found).map(named), complete: false }));

const rolesOf = ({ roles }: Reader, target: Target): Answer<Section> =>
  mapped(roles(target), (found) => ({ items: (found ?? []).map(named), complete: found !== null }));

/** Everything that Mimecast shows about a person; each missing section says why. */
export async function evidence(reader: Reader, target: Target): Promise<Evidence> {
  const { api, runtime, settings } = reader;
  const logOns = newestEntries(api, runtime, SIGN_INS, target);
  const groups = [...preparedGroups(settings).keys()];
  return gather({
    sign_ins: listed(logOns, signIn),
    factors: mapped(logOns, ({ items }) => factorHints(items)),
    identity_providers: hidden('linked identity providers'),
    sessions: hidden('sessions'),
    grants: hidden('registered applications'),
    app_passwords: hidden('app passwords'),
    mail_rules: listed(readDelegates(api, target), itemOf),
    devices: hidden('devices'),
    roles: rolesOf(reader, target),
    groups:
      groups.length === 0
        ? "Mimecast's API shows no groups of a person, and none was prepared; look in the Administration Console."
        : groupsHolding(reader, groups, target),
    recovery: hidden('recovery numbers'),
    changes: listed(newestEntries(api, runtime, CHANGES, target), changeOf),
  });
}
