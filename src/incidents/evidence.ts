import * as z from 'zod';
import { EVIDENCE_SECTIONS, type Evidence, type EvidenceItem, type EvidenceSection } from '../connectors/port.js';
import type { Core } from '../core.js';
import { Secret } from '../secret.js';
import type { Queryable } from '../store/database.js';

const date = z.iso.datetime().transform((value) => new Date(value));
const optional = z.string().exactOptional();
const item = z.object({
  id: z.string(),
  title: z.string(),
  at: date.nullable(),
  ip: optional,
  place: optional,
  device: optional,
  by: optional,
  succeeded: z.boolean().exactOptional(),
  detail: optional,
});
const section = z.union([
  z.object({ items: z.array(item), complete: z.boolean() }),
  z.object({ unavailable: z.looseObject({ kind: z.string(), message: z.string() }) }),
]);

/** A snapshot as it was stored: what a section could not tell is kept as the sentence that says why. */
export type StoredSection =
  | { readonly items: readonly EvidenceItem[]; readonly complete: boolean }
  | { readonly unavailable: { readonly kind: string; readonly message: string } };
export type StoredEvidence = Readonly<Record<EvidenceSection, StoredSection>>;
export type StoredItem = EvidenceItem;

const stored: z.ZodType<StoredEvidence> = z.object({
  sign_ins: section,
  factors: section,
  sessions: section,
  grants: section,
  app_passwords: section,
  mail_rules: section,
  devices: section,
  roles: section,
  groups: section,
  recovery: section,
  changes: section,
});

/** How many of each were found, `null` where the system does not tell: readable without opening the snapshot. */
const summary = z.object({ counts: z.record(z.enum(EVIDENCE_SECTIONS), z.number().nullable()) });
export type EvidenceSummary = z.output<typeof summary>;

export interface Snapshot {
  readonly accountRow: string;
  readonly system: string;
  readonly takenAt: Date;
  readonly summary: EvidenceSummary;
  /** `null` when it does not open under the present key. */
  readonly evidence: StoredEvidence | null;
}

const contextOf = (core: Core, incidentId: string, accountRow: string): string =>
  `evidence/${core.workspaceId}/${incidentId}/${accountRow}`;

function summarise(evidence: Evidence): EvidenceSummary {
  const count = (name: EvidenceSection): number | null => {
    const found = evidence[name];
    return 'items' in found ? found.items.length : null;
  };
  return summary.parse({ counts: Object.fromEntries(EVIDENCE_SECTIONS.map((name) => [name, count(name)])) });
}

/** Keeps a snapshot, sealed; the first one of an account in an incident stays. @returns whether this one was kept */
export async function saveEvidence(
  core: Core,
  tx: Queryable,
  { incidentId, accountRow, evidence }: { incidentId: string; accountRow: string; evidence: Evidence },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into evidence (workspace_id, id, incident_id, account_row, sealed, summary, taken_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, incident_id, account_row) do nothing`,
    [
      core.workspaceId,
      core.runtime.newId('evi'),
      incidentId,
      accountRow,
      core.sealer.seal(new Secret(JSON.stringify(evidence)), contextOf(core, incidentId, accountRow)),
      JSON.stringify(summarise(evidence)),
      core.runtime.now(),
    ],
  );
  return rowCount > 0;
}

interface EvidenceRow {
  readonly account_row: string;
  readonly system: string;
  readonly sealed: string;
  readonly summary: unknown;
  readonly taken_at: Date;
}

/** `null` when it does not open under the present key. */
export function openEvidence(
  core: Core,
  row: { readonly account_row: string; readonly sealed: string },
  context: string,
): StoredEvidence | null {
  const opened = core.sealer.open(row.sealed, context);
  if (opened.ok) return stored.parse(JSON.parse(opened.value.reveal()));
  core.log.error({ account: row.account_row, why: opened.error }, 'a snapshot of evidence does not open');
  return null;
}

/** The snapshots of the accounts that are linked now, opened, by system; those of an account that was wrong stay kept. */
export async function evidenceOf(core: Core, tx: Queryable, incidentId: string): Promise<readonly Snapshot[]> {
  const { rows } = await tx.query<EvidenceRow>(
    `select e.account_row, a.system, e.sealed, e.summary, e.taken_at from evidence e
     join accounts a on a.workspace_id = e.workspace_id and a.id = e.account_row
     where e.workspace_id = $1 and e.incident_id = $2 and a.retired_at is null order by a.system`,
    [core.workspaceId, incidentId],
  );
  return rows.map((row) => ({
    accountRow: row.account_row,
    system: row.system,
    takenAt: row.taken_at,
    summary: summary.parse(row.summary),
    evidence: openEvidence(core, row, contextOf(core, incidentId, row.account_row)),
  }));
}

export async function hasEvidence(core: Core, incidentId: string, accountRow: string): Promise<boolean> {
  const { rows } = await core.db.query(
    'select 1 as kept from evidence where workspace_id = $1 and incident_id = $2 and account_row = $3',
    [core.workspaceId, incidentId, accountRow],
  );
  return rows.length > 0;
}

export async function hasEvidenceAtAll(core: Core, tx: Queryable, incidentId: string): Promise<boolean> {
  const { rows } = await tx.query(
    'select 1 as kept from evidence where workspace_id = $1 and incident_id = $2 limit 1',
    [core.workspaceId, incidentId],
  );
  return rows.length > 0;
}
