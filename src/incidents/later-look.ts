import { createHash } from 'node:crypto';
import { EVIDENCE_SECTIONS, type Evidence, type EvidenceItem, type EvidenceSection } from '../connectors/port.js';
import type { Core } from '../core.js';
import { Secret } from '../secret.js';
import type { Queryable } from '../store/database.js';
import { evidenceOf, openEvidence, type Snapshot, type StoredEvidence } from './evidence.js';

/** What is known of an account now: the newest look, and for what that could not tell the first snapshot. */
export interface NewestSnapshot extends Snapshot {
  /** What was kept before any change; `null` when it does not open under the present key. */
  readonly first: StoredEvidence | null;
  readonly lookedAt: Date;
}

const contextOf = (core: Core, incidentId: string, accountRow: string): string =>
  `later-look/${core.workspaceId}/${incidentId}/${accountRow}`;

/** Keeps what an account looks like now, sealed, in place of an earlier look. The first snapshot is never touched. */
export async function saveLook(
  core: Core,
  tx: Queryable,
  { incidentId, accountRow, evidence }: { incidentId: string; accountRow: string; evidence: Evidence },
): Promise<void> {
  await tx.query(
    `insert into later_looks (workspace_id, incident_id, account_row, sealed, taken_at) values ($1, $2, $3, $4, $5)
     on conflict (incident_id, workspace_id, account_row) do update set sealed = excluded.sealed, taken_at = excluded.taken_at`,
    [
      core.workspaceId,
      incidentId,
      accountRow,
      core.sealer.seal(new Secret(JSON.stringify(evidence)), contextOf(core, incidentId, accountRow)),
      core.runtime.now(),
    ],
  );
}

/** Section by section the newest that could be read. */
function newestOf(first: StoredEvidence | null, look: StoredEvidence | null): StoredEvidence | null {
  if (first === null || look === null) return look ?? first;
  const sections = EVIDENCE_SECTIONS.map((name) => [name, 'items' in look[name] ? look[name] : first[name]] as const);
  return Object.fromEntries(sections) as Record<EvidenceSection, StoredEvidence[EvidenceSection]>;
}

/** What is known of the linked accounts now: what a decision is taken on. */
export async function newestEvidenceOf(
  core: Core,
  tx: Queryable,
  incidentId: string,
): Promise<readonly NewestSnapshot[]> {
  const [snapshots, { rows }] = await Promise.all([
    evidenceOf(core, tx, incidentId),
    tx.query<{ account_row: string; sealed: string; taken_at: Date }>(
      'select account_row, sealed, taken_at from later_looks where workspace_id = $1 and incident_id = $2',
      [core.workspaceId, incidentId],
    ),
  ]);
  return snapshots.map((snapshot) => {
    const row = rows.find(({ account_row: account }) => account === snapshot.accountRow);
    const look = row ? openEvidence(core, row, contextOf(core, incidentId, row.account_row)) : null;
    const { evidence: first } = snapshot;
    return { ...snapshot, first, evidence: newestOf(first, look), lookedAt: row?.taken_at ?? snapshot.takenAt };
  });
}

export interface NewItem {
  readonly section: EvidenceSection;
  readonly item: EvidenceItem;
}

/** Where something new may be an attacker's way back, what lasts longest first. What was changed is left out: most of it is our own doing. */
const WAYS_BACK = [
  'factors',
  'recovery',
  'mail_rules',
  'app_passwords',
  'grants',
  'roles',
  'devices',
  'sessions',
  'sign_ins',
] as const satisfies readonly EvidenceSection[];

/** For sorting. */
export const byWayBack = ({ section }: NewItem): number => (WAYS_BACK as readonly EvidenceSection[]).indexOf(section);

/** What was not there when the first snapshot was taken; only sections that could be read both times can tell. */
export function newSince(first: StoredEvidence | null, now: StoredEvidence | null): readonly NewItem[] {
  if (first === null || now === null) return [];
  return WAYS_BACK.flatMap((section) => {
    const [before, present] = [first[section], now[section]];
    if (!('items' in before) || !('items' in present)) return [];
    const known = new Set(before.items.map(({ id }) => id));
    return present.items.filter(({ id }) => !known.has(id)).map((item) => ({ section, item }));
  });
}

/** A short name for an item that stays the same from look to look, as Slack's lists carry it. */
export const choiceKey = ({ id }: Pick<EvidenceItem, 'id'>): string =>
  createHash('sha256').update(id).digest('base64url').slice(0, 22);
