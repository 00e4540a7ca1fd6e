import { list, phrase, type Phrase, text } from '../../blocks/texts/phrase.js';
import { EVIDENCE_SECTIONS } from '../../src/connectors/port.js';
import { canonicalHash } from '../../src/canonical.js';
import type { Core } from '../../src/core.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { evidenceOf, type Snapshot } from '../../src/incidents/evidence.js';
import { incidentById } from '../../src/incidents/incident.js';
import { odditiesIn, type Oddity } from '../../src/incidents/oddities.js';
import { addLine, addPost, touchIncident, type Within } from '../../src/incidents/posts.js';
import { notme, recordDeed } from '../../src/incidents/record.js';
import { keepEvidence } from '../containment/keep-evidence.js';
import type { Outcome, Run } from '../worker.js';

/** So many odd things are named in the thread; the snapshot holds all. */
const MOST_NAMED = 12;

/** Keeps what the person's accounts look like, as soon as they are known, and tells the thread what stands out. */
export async function collectEvidence(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  if (!incident || incident.status === 'closed') return 'done';
  const accounts = await accountsOf(core.db, core.workspaceId, incident.person_id);
  const call = { signal: run.signal, correlationId: run.work.correlation_id };
  const kept = await Promise.all(accounts.map((account) => keepEvidence(core, incident.id, account, call)));
  const snapshots = await evidenceOf(core, core.db, incident.id);
  if (snapshots.length === 0) return 'done';
  const odd = odditiesIn(snapshots, { opened: incident.opened_at, accounts });
  await core.db.transaction(async (tx) => {
    if (kept.includes(true))
      await recordDeed(core, tx, incident.id, {
        actor: notme('worker'),
        action: 'evidence.kept',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { systems: snapshots.map(({ system, summary }) => ({ system, counts: summary.counts })) },
      });
    await tell({ core, tx }, incident.id, snapshots, odd);
    await touchIncident(core, tx, incident.id, run.work.correlation_id);
  });
  core.dispatch();
  return 'done';
}

/** One line for what was kept, one for what is odd, and the picture: each once for the same set of accounts. */
async function tell(
  within: Within,
  incidentId: string,
  snapshots: readonly Snapshot[],
  odd: readonly Oddity[],
): Promise<void> {
  const key = canonicalHash(snapshots.map(({ accountRow }) => accountRow));
  const titleOf = (system: string): string => within.core.connectors.get(system)?.title ?? system;
  const systems = list(
    snapshots.map((snapshot) => saySnapshot(titleOf(snapshot.system), snapshot)),
    '; ',
  );
  await addLine(within, incidentId, `evidence_${key}`, phrase('timeline.evidence', { systems }));
  const line =
    odd.length === 0
      ? phrase('timeline.evidence.nothing_odd')
      : phrase('timeline.evidence.odd', {
          lines: list(odd.slice(0, MOST_NAMED).map((one) => sayOdd(titleOf(one.system), one))),
        });
  await addLine(within, incidentId, `odd_${key}`, line);
  if (snapshots.some(({ evidence }) => evidence && 'items' in evidence.sign_ins && evidence.sign_ins.items.length > 0))
    await addPost(within, incidentId, `sign_ins_${key}`, { kind: 'sign_ins' });
}

function saySnapshot(system: string, { summary }: Snapshot): Phrase {
  const counts = EVIDENCE_SECTIONS.flatMap((section) => {
    const count = summary.counts[section];
    return count === null ? [] : [phrase('timeline.evidence.count', { count, what: text(`section.${section}`) })];
  });
  return phrase('timeline.evidence.system', { system, counts: list(counts, ', ') });
}

const sayOdd = (system: string, { section, title, why, also, similar }: Oddity): Phrase =>
  phrase('timeline.evidence.odd_line', {
    system,
    what: text(`section.${section}`),
    title,
    why: list(
      [why, ...also].map((reason) => phrase(reason)),
      ', ',
    ),
    more: similar === 0 ? '' : list([phrase('timeline.evidence.odd_more', { count: similar })]),
  });
