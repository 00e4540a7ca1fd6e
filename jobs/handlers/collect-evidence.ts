import { list, phrase, type Phrase, text } from '../../src/texts/phrase.js';
import { EVIDENCE_SECTIONS } from '../../src/ports/connector.js';
import { canonicalHash } from '../../src/platform/canonical.js';
import { offerUnplanned } from '../../src/approvals/unplanned.js';
import type { Core } from '../../src/ports/core.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { evidenceOf, gapsIn, type Snapshot } from '../../src/evidence/evidence.js';
import { incidentById } from '../../src/incidents/incident.js';
import { anomaliesIn, type Anomaly } from '../../src/evidence/anomalies.js';
import { addLine, addPost, touchIncident, type Within } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { preserveEvidence } from '../../src/evidence/preserve-evidence.js';
import { callOf, type Outcome, type Run } from '../worker.js';
import { nameGaps, sayGaps, sayUnopened } from './say-gaps.js';

/** The thread names this many oddities; the snapshot contains all. */
const MOST_NAMED = 12;

/** Stores what the person's accounts look like, as soon as they are known, and posts what stands out in the thread. */
export async function collectEvidence(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  if (!incident || incident.status === 'closed') return 'completed';
  const accounts = await accountsOf(core.db, core.workspaceId, incident.person_id);
  const keeping = { call: callOf(run), commit: run.commit };
  const kept = await Promise.all(accounts.map((account) => preserveEvidence(core, incident.id, account, keeping)));
  const snapshots = await evidenceOf(core, core.db, incident.id);
  if (snapshots.length === 0) return 'completed';
  const odd = anomaliesIn(snapshots, { opened: incident.opened_at, accounts });
  await run.commit(async (tx) => {
    if (kept.includes(true))
      await appendAuditEvent(core, tx, incident.id, {
        actor: notme('worker'),
        action: 'evidence.kept',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { systems: snapshots.map(({ system, summary }) => ({ system, counts: summary.counts })) },
      });
    await tell({ core, tx }, incident.id, snapshots, odd);
    await offerUnplanned({ core, tx }, incident);
    await touchIncident(core, tx, incident.id, run.work.correlation_id);
  });
  core.dispatch();
  return 'completed';
}

/** One line for what was stored, one for what is odd, and the picture: each once for the same set of accounts. */
async function tell(
  within: Within,
  incidentId: string,
  snapshots: readonly Snapshot[],
  odd: readonly Anomaly[],
): Promise<void> {
  const key = canonicalHash(snapshots.map(({ accountRow }) => accountRow));
  const titleOf = (system: string): string => within.core.connectors.get(system)?.title ?? system;
  const systems = list(
    snapshots.map((snapshot) => saySnapshot(titleOf(snapshot.system), snapshot)),
    '; ',
  );
  await addLine(within, incidentId, `evidence_${key}`, phrase('timeline.evidence', { systems }));
  const gaps = snapshots.flatMap(({ system, evidence }) =>
    evidence === null ? [sayUnopened(titleOf(system))] : sayGaps(titleOf(system), gapsIn(evidence)),
  );
  const named = odd.slice(0, MOST_NAMED).map((one) => sayOdd(titleOf(one.system), one));
  await addLine(within, incidentId, `odd_${key}`, sayJudged(named, gaps));
  if (snapshots.some(({ evidence }) => evidence && 'items' in evidence.sign_ins && evidence.sign_ins.items.length > 0))
    await addPost(within, incidentId, `sign_ins_${key}`, { kind: 'sign_ins' });
}

function sayJudged(odd: readonly Phrase[], missing: readonly Phrase[]): Phrase {
  const gaps = missing.length === 0 ? '' : list(missing, '');
  if (odd.length > 0) return phrase('timeline.evidence.odd', { lines: list(odd), gaps });
  return gaps === ''
    ? phrase('timeline.evidence.nothing_odd')
    : phrase('timeline.evidence.nothing_odd_partly', { gaps });
}

function saySnapshot(system: string, { summary, evidence }: Snapshot): Phrase {
  const counts = EVIDENCE_SECTIONS.flatMap((section) => {
    const count = summary.counts[section];
    return count === null ? [] : [phrase('timeline.evidence.count', { count, what: text(`section.${section}`) })];
  });
  const gaps = evidence === null ? [] : nameGaps(gapsIn(evidence));
  return phrase('timeline.evidence.system', { system, counts: list([...counts, ...gaps], ', ') });
}

const sayOdd = (system: string, { section, title, why, also, similar }: Anomaly): Phrase =>
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
