import { at, clockTime, list, phrase, type Phrase, type PhraseValue, text } from '../../blocks/texts/phrase.js';
import { isItemSection } from '../../src/connectors/port.js';
import type { CallContext } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import { accountsOf, type LinkedAccount } from '../../src/incidents/accounts.js';
import { hasEvidence } from '../../src/incidents/evidence.js';
import { incidentById } from '../../src/incidents/incident.js';
import {
  byWayBack,
  type NewItem,
  newestEvidenceOf,
  type NewestSnapshot,
  newSince,
  saveLook,
} from '../../src/incidents/later-look.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, recordDeed } from '../../src/incidents/record.js';
import { keepEvidence } from '../containment/keep-evidence.js';
import { holdLease } from '../outbox.js';
import type { Outcome, Run } from '../worker.js';

/** So many new things are named in the thread; the modals list all. */
const MOST_NAMED = 12;

interface Unread {
  readonly system: string;
  readonly why: string;
}

/**
 * Looks at a person's accounts once more and tells the thread what was not there when the first snapshot was taken. What
 * can be chosen in the modals is from then on what is there now.
 */
export async function lookAgain(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  if (!incident || incident.status === 'closed') return 'done';
  const accounts = await accountsOf(core.db, core.workspaceId, incident.person_id);
  const call = { signal: run.signal, correlationId: run.work.correlation_id };
  const looks = await Promise.all(accounts.map((account) => lookAt(core, incident.id, account, call)));
  const unread = looks.filter((look) => look !== null);
  const snapshots = await newestEvidenceOf(core, core.db, incident.id);
  const found = snapshots.map((snapshot) => ({ snapshot, items: newSince(snapshot.first, snapshot.evidence) }));
  await core.db.transaction(async (tx) => {
    await holdLease(tx, run.lease);
    await recordDeed(core, tx, incident.id, {
      actor: notme('worker'),
      action: 'evidence.looked_again',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: {
        new: found.map(({ snapshot, items }) => ({ system: snapshot.system, items: items.map(({ item }) => item.id) })),
        unread: unread.map(({ system, why }) => ({ system, why })),
      },
    });
    await addLine({ core, tx }, incident.id, `look_${run.lease.wanted}`, sayLook(core, found, unread));
    await touchIncident(core, tx, incident.id, run.work.correlation_id);
  });
  core.dispatch();
  return 'done';
}

/** @returns why nothing could be read, or `null` */
async function lookAt(
  core: Core,
  incidentId: string,
  account: LinkedAccount,
  call: CallContext,
): Promise<Unread | null> {
  const connector = core.connectors.get(account.system);
  if (!connector || account.accountId === null || account.login === null) return null;
  // Seen for the first time, an account has nothing to be compared with.
  if (!(await hasEvidence(core, incidentId, account.id))) {
    await keepEvidence(core, incidentId, account, call);
    return null;
  }
  const ref = { system: account.system, accountId: account.accountId, login: account.login };
  const evidence = await connector.evidence(ref, call);
  const sections = Object.values(evidence);
  const refusals = sections.flatMap((section) => ('unavailable' in section ? [section.unavailable.message] : []));
  if (refusals.length === sections.length) return { system: connector.title, why: refusals[0] ?? '' };
  await saveLook(core, core.db, { incidentId, accountRow: account.id, evidence });
  return null;
}

interface Found {
  readonly snapshot: NewestSnapshot;
  readonly items: readonly NewItem[];
}

function sayLook(core: Core, found: readonly Found[], unread: readonly Unread[]): Phrase {
  const warning = unread.map(({ system, why }) => phrase('timeline.look.unread', { system, why }));
  const shared = { when: clockTime(core.runtime.now()), unread: warning.length === 0 ? '' : list(warning, '') };
  const all = found
    .flatMap(({ snapshot, items }) => items.map((one) => ({ system: snapshot.system, ...one })))
    .toSorted((one, other) => byWayBack(one) - byWayBack(other));
  const since = firstLook(found);
  if (all.length === 0) return phrase('timeline.look.nothing', { ...shared, since });
  const lines = all.slice(0, MOST_NAMED).map((one) => sayNew(core, one));
  const rest = all.length - lines.length;
  const more = rest === 0 ? [] : [phrase('timeline.look.more', { count: rest })];
  const next = all.some(({ section }) => isItemSection(section)) ? list([phrase('timeline.look.next')]) : '';
  return phrase('timeline.look.new', { ...shared, since, next, lines: list([...lines, ...more]) });
}

const firstLook = (found: readonly Found[]): PhraseValue => {
  const times = found.map(({ snapshot }) => snapshot.takenAt.getTime());
  return times.length === 0 ? text('timeline.look.no_time') : at(new Date(Math.min(...times)));
};

const sayNew = (core: Core, { system, section, item }: NewItem & { readonly system: string }): Phrase =>
  phrase('timeline.look.line', {
    system: core.connectors.get(system)?.title ?? system,
    what: text(`section.${section}`),
    title: item.title,
    when: item.at === null ? text('timeline.look.no_time') : at(item.at),
  });
