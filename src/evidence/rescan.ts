import { createHash } from 'node:crypto';
import { EVIDENCE_SECTIONS, type Evidence, type EvidenceItem, type EvidenceSection } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { Secret } from '../platform/secret.js';
import type { Queryable, Row } from '../ports/database.js';
import { evidenceOf, type Gap, gapsIn, openEvidence, type Snapshot, type StoredEvidence } from './evidence.js';

/** What is currently known of an account: the newest look, and the first snapshot where that look could not tell. */
export interface NewestSnapshot extends Snapshot {
  /** The state stored before any change; `null` when it does not open under the present key. */
  readonly first: StoredEvidence | null;
  /** The newest look by itself; `null` when there was none, or it does not open. */
  readonly look: StoredEvidence | null;
  readonly lookedAt: Date;
}

const contextOf = (core: Core, incidentId: string, accountRow: string): string =>
  `later-look/${core.workspaceId}/${incidentId}/${accountRow}`;

/** Stores what an account looks like now, sealed, replacing an earlier look. The first snapshot is never touched. */
export async function saveRescan(
  core: Core,
  tx: Queryable,
  { incidentId, accountRow, evidence }: { incidentId: string; accountRow: string; evidence: Evidence },
): Promise<void> {
  await tx.query(
    `insert into evidence_rescans (workspace_id, incident_id, account_row, sealed, taken_at) values ($1, $2, $3, $4, $5)
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

/** For each section, the newest that could be read. */
function newestOf(first: StoredEvidence | null, look: StoredEvidence | null): StoredEvidence | null {
  if (first === null || look === null) return look ?? first;
  const sections = EVIDENCE_SECTIONS.map((name) => [name, 'items' in look[name] ? look[name] : first[name]] as const);
  return Object.fromEntries(sections) as Record<EvidenceSection, StoredEvidence[EvidenceSection]>;
}

/** What is currently known of the linked accounts: what a decision is based on. */
export async function newestEvidenceOf(
  core: Core,
  tx: Queryable,
  incidentId: string,
): Promise<readonly NewestSnapshot[]> {
  const [snapshots, { rows }] = await Promise.all([
    evidenceOf(core, tx, incidentId),
    tx.query<Row<'evidence_rescans', 'account_row' | 'sealed' | 'taken_at'>>(
      'select account_row, sealed, taken_at from evidence_rescans where workspace_id = $1 and incident_id = $2',
      [core.workspaceId, incidentId],
    ),
  ]);
  return snapshots.map((snapshot) => {
    const row = rows.find(({ account_row: account }) => account === snapshot.accountRow);
    const look = row ? openEvidence(core, row, contextOf(core, incidentId, row.account_row)) : null;
    const { evidence: first } = snapshot;
    return { ...snapshot, first, look, evidence: newestOf(first, look), lookedAt: row?.taken_at ?? snapshot.takenAt };
  });
}

export interface NewItem {
  readonly section: EvidenceSection;
  readonly item: EvidenceItem;
}

/**
 * Where something new may be an attacker's way back, longest-lasting first. Changed items are left out: most changes
 * are our own.
 */
const WAYS_BACK = [
  'factors',
  'identity_providers',
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

/** What a look found, compared with the first snapshot section by section. */
export interface Comparison {
  /** What the first snapshot did not contain. */
  readonly added: readonly NewItem[];
  /** Sections that could not be read then, with their present content: it may be old or new. */
  readonly firstRead: readonly { readonly section: EvidenceSection; readonly items: readonly EvidenceItem[] }[];
  /** Sections that were not read now, or that were read only in part now or then. */
  readonly gaps: readonly Gap[];
  /** Whether any section was read completely both times: only of such a section can it be said that nothing is new. */
  readonly compared: boolean;
}

/** `first` is `null` for an account that is seen for the first time, or whose first snapshot does not open. */
export function compareRescan(first: StoredEvidence | null, look: StoredEvidence): Comparison {
  const pairs = WAYS_BACK.flatMap((section) => {
    const [before, now] = [first?.[section] ?? null, look[section]];
    return 'items' in now ? [{ section, now, before: before && 'items' in before ? before : null }] : [];
  });
  const added = pairs.flatMap(({ section, before, now }) => {
    if (before === null) return [];
    const known = new Set(before.items.map(({ id }) => id));
    return now.items.filter(({ id }) => !known.has(id)).map((item) => ({ section, item }));
  });
  const cutThen = pairs.filter(({ before, now }) => before?.complete === false && now.complete);
  return {
    added,
    firstRead: pairs.flatMap(({ section, before, now }) => (before === null ? [{ section, items: now.items }] : [])),
    gaps: [...gapsIn(look, WAYS_BACK), ...cutThen.map(({ section }) => ({ section, why: null }))],
    compared: pairs.some(({ before, now }) => before?.complete === true && now.complete),
  };
}

/** A short name for an item that stays the same from look to look, as Slack's lists carry it. */
export const choiceKey = ({ id }: Pick<EvidenceItem, 'id'>): string =>
  createHash('sha256').update(id).digest('base64url').slice(0, 22);
