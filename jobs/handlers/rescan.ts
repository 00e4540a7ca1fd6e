import { at, clockTime, list, phrase, type Phrase, type PhraseValue, text } from '../../src/texts/phrase.js';
import { isItemSection } from '../../src/ports/connector.js';
import { offerUnplanned } from '../../src/approvals/unplanned.js';
import type { EvidenceSection } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { accountsOf, isAbsent, type LinkedAccount } from '../../src/incidents/accounts.js';
import { hasEvidence, type StoredEvidence, type StoredItem } from '../../src/evidence/evidence.js';
import { incidentById } from '../../src/incidents/incident.js';
import {
  byWayBack,
  compareRescan,
  type Comparison,
  type NewItem,
  newestEvidenceOf,
  type NewestSnapshot,
  saveRescan,
} from '../../src/evidence/rescan.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { preserveEvidence } from '../../src/evidence/preserve-evidence.js';
import { callOf, type Outcome, type Run } from '../worker.js';
import { sayGaps } from './say-gaps.js';

/** The thread names this many new items; the modals list all. */
const MOST_NAMED = 12;

interface Unread {
  readonly system: string;
  readonly why: PhraseValue;
}

/** The result for one account: read again, read for the first time, or not read. */
interface Looked {
  readonly account: LinkedAccount;
  readonly title: string;
  readonly how: 'again' | 'first' | { readonly why: PhraseValue };
}

/**
 * Reads a person's accounts once more and posts in the thread what the first snapshot did not contain. From then on the
 * modals offer what is there now.
 */
export async function rescan(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  if (!incident || incident.status === 'closed') return 'completed';
  const accounts = await accountsOf(core.db, core.workspaceId, incident.person_id);
  const looks = await Promise.all(
    accounts.filter((account) => !isAbsent(account)).map((account) => readAgain(core, incident.id, account, run)),
  );
  const { found, unread } = judge(looks, await newestEvidenceOf(core, core.db, incident.id));
  await run.commit(async (tx) => {
    await appendAuditEvent(core, tx, incident.id, {
      actor: notme('worker'),
      action: 'evidence.looked_again',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: {
        new: found.map(({ system, added }) => ({ system, items: added.map(({ item }) => item.id) })),
        first_read: found.map(({ system, firstRead }) => ({
          system,
          sections: firstRead.map(({ section }) => section),
        })),
        gaps: found.map(({ system, gaps }) => ({ system, sections: gaps.map(({ section }) => section) })),
        unread: unread.map(({ system }) => system),
      },
    });
    await addLine({ core, tx }, incident.id, `look_${run.lease.wanted}`, sayRescan(core, found, unread));
    await offerUnplanned({ core, tx }, incident);
    await touchIncident(core, tx, incident.id, run.work.correlation_id);
  });
  core.dispatch();
  return 'completed';
}

async function readAgain(core: Core, incidentId: string, account: LinkedAccount, run: Run): Promise<Looked> {
  const call = callOf(run);
  const connector = core.connectors.get(account.system);
  const title = connector?.title ?? account.system;
  if (!connector) return { account, title, how: { why: text('timeline.look.not_connected') } };
  if (account.accountId === null || account.login === null)
    return { account, title, how: { why: account.problem ?? text('plan.not_read') } };
  // An account seen for the first time has nothing to be compared with.
  if (!(await hasEvidence(core, incidentId, account.id))) {
    await preserveEvidence(core, incidentId, account, { call, commit: run.commit });
    return { account, title, how: 'first' };
  }
  const ref = { system: account.system, accountId: account.accountId, login: account.login };
  const evidence = await connector.evidence(ref, call);
  // An abandoned look says nothing about the account, and would be kept for good.
  call.signal.throwIfAborted();
  const why = refusalOf(evidence);
  if (why !== null) return { account, title, how: { why } };
  await run.commit((tx) => saveRescan(core, tx, { incidentId, accountRow: account.id, evidence }));
  return { account, title, how: 'again' };
}

/** Why nothing at all could be read, or `null`. */
function refusalOf(evidence: StoredEvidence): string | null {
  const sections = Object.values(evidence);
  const refusals = sections.flatMap((section) => ('unavailable' in section ? [section.unavailable] : []));
  if (refusals.length < sections.length) return null;
  return (refusals.find(({ kind }) => kind !== 'unsupported') ?? refusals[0])?.message ?? '';
}

interface Found extends Comparison {
  readonly system: string;
  readonly takenAt: Date;
}

/** Only what this look read is compared; everything else is named. */
function judge(
  looks: readonly Looked[],
  snapshots: readonly NewestSnapshot[],
): { readonly found: readonly Found[]; readonly unread: readonly Unread[] } {
  const found: Found[] = [];
  const unread: Unread[] = [];
  for (const { account, title, how } of looks) {
    const snapshot = snapshots.find(({ accountRow }) => accountRow === account.id);
    const look = how === 'first' ? snapshot?.evidence : snapshot?.look;
    if (typeof how === 'object') unread.push({ system: title, why: how.why });
    else if (!snapshot || !look) unread.push({ system: title, why: text('gap.unopened') });
    else
      found.push({
        system: title,
        takenAt: snapshot.takenAt,
        ...compareRescan(how === 'first' ? null : snapshot.first, look),
      });
  }
  return { found, unread };
}

function sayRescan(core: Core, found: readonly Found[], unread: readonly Unread[]): Phrase {
  const warning = [
    ...unread.map(({ system, why }) => phrase('timeline.look.unread', { system, why })),
    ...found.flatMap(({ system, gaps }) => sayGaps(system, gaps)),
  ];
  const added = found
    .flatMap(({ system, added: items }) => items.map((one) => ({ system, ...one })))
    .toSorted((one, other) => byWayBack(one) - byWayBack(other));
  const first = found.flatMap(({ system, firstRead }) => firstRead.map((one) => ({ system, ...one })));
  const shown = [...added, ...first.filter(({ items }) => items.length > 0)].map(({ section }) => section);
  const shared = {
    when: clockTime(core.runtime.now()),
    first: first.length === 0 ? '' : list([phrase('timeline.look.first', { lines: list(sayFirst(first)) })]),
    next: shown.some(isItemSection) ? list([phrase('timeline.look.next')]) : '',
    unread: warning.length === 0 ? '' : list(warning, ''),
  };
  if (added.length > 0)
    return phrase('timeline.look.new', { ...shared, since: firstLook(found), lines: list(named(added.map(sayNew))) });
  return found.some(({ compared }) => compared)
    ? phrase('timeline.look.nothing', { ...shared, since: firstLook(found) })
    : phrase('timeline.look.incomparable', shared);
}

const firstLook = (found: readonly Found[]): PhraseValue => {
  const times = found.map(({ takenAt }) => takenAt.getTime());
  return times.length === 0 ? text('timeline.look.no_time') : at(new Date(Math.min(...times)));
};

/** The first of them, and the number of the others. */
function named(lines: readonly Phrase[]): readonly Phrase[] {
  const rest = lines.length - MOST_NAMED;
  return rest <= 0 ? lines : [...lines.slice(0, MOST_NAMED), phrase('timeline.look.more', { count: rest })];
}

interface FirstRead {
  readonly system: string;
  readonly section: EvidenceSection;
  readonly items: readonly StoredItem[];
}

/** What can serve as a way back comes first, empty sections last. */
function sayFirst(first: readonly FirstRead[]): readonly Phrase[] {
  const full = first
    .flatMap(({ system, section, items }) => items.map((item) => ({ system, section, item })))
    .toSorted((one, other) => byWayBack(one) - byWayBack(other));
  const empty = first.filter(({ items }) => items.length === 0);
  return [
    ...named(full.map(sayNew)),
    ...empty.map(({ system, section }) => phrase('timeline.look.empty', { system, what: text(`section.${section}`) })),
  ];
}

const sayNew = ({ system, section, item }: NewItem & { readonly system: string }): Phrase =>
  phrase('timeline.look.line', {
    system,
    what: text(`section.${section}`),
    title: item.title,
    when: item.at === null ? text('timeline.look.no_time') : at(item.at),
  });
