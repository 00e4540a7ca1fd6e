import * as z from 'zod';
import { EVIDENCE_SECTIONS, type Evidence, type EvidenceItem, type EvidenceSection } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { Secret } from '../platform/secret.js';
import { UNREADABLE } from '../texts/unreadable.js';
import type { Queryable, Row } from '../ports/database.js';

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
  givesMailTo: z.array(z.string()).exactOptional(),
  hidesMail: z.boolean().exactOptional(),
  detail: optional,
});
const section = z
  .union([
    z.object({ items: z.array(item), complete: z.boolean() }),
    z.object({ unavailable: z.looseObject({ kind: z.string(), message: z.string() }) }),
  ])
  // Also a section that this version added: an older snapshot does not contain it.
  .catch({ unavailable: { kind: 'unreadable', message: UNREADABLE } });

/** A snapshot as it was stored: a section that could not be read is kept as the sentence that says why. */
export type StoredSection =
  | { readonly items: readonly EvidenceItem[]; readonly complete: boolean }
  | { readonly unavailable: { readonly kind: string; readonly message: string } };
export type StoredEvidence = Readonly<Record<EvidenceSection, StoredSection>>;
export type StoredItem = EvidenceItem;

const stored: z.ZodType<StoredEvidence> = z.object({
  sign_ins: section,
  factors: section,
  identity_providers: section,
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

/** A section that a snapshot lacks, or holds only in part. */
export interface Gap {
  readonly section: EvidenceSection;
  /** Why it was not read; `null`: only part of it was. */
  readonly why: string | null;
}

/** What was refused or cut short. What a system never shows is no gap: its README and the capabilities say so. */
export function gapsIn(
  evidence: StoredEvidence,
  among: readonly EvidenceSection[] = EVIDENCE_SECTIONS,
): readonly Gap[] {
  return among.flatMap((section): readonly Gap[] => {
    const found = evidence[section];
    if ('items' in found) return found.complete ? [] : [{ section, why: null }];
    return found.unavailable.kind === 'unsupported' ? [] : [{ section, why: found.unavailable.message }];
  });
}

/** How many of each were found, `null` where the system does not say: readable without opening the snapshot. */
const summary = z.object({ counts: z.looseRecord(z.enum(EVIDENCE_SECTIONS), z.number().nullable().catch(null)) });
export type EvidenceSummary = z.output<typeof summary>;
const UNCOUNTED = summary.parse({ counts: {} });

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

/** Stores a snapshot, sealed; the first one of an account in an incident stays. @returns whether this one was stored */
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

type EvidenceRow = Row<'evidence', 'account_row' | 'sealed' | 'summary' | 'taken_at'> & Row<'accounts', 'system'>;

/** `null` when it does not open under the present key, or is no snapshot. */
export function openEvidence(
  core: Core,
  row: Row<'evidence', 'account_row' | 'sealed'>,
  context: string,
): StoredEvidence | null {
  const opened = core.sealer.open(row.sealed, context);
  const read = opened.ok ? stored.safeParse(JSON.parse(opened.value.reveal())) : null;
  if (read?.success) return read.data;
  const why = opened.ok ? UNREADABLE : opened.error;
  core.log.error({ account: row.account_row, why }, 'a snapshot of evidence does not open');
  return null;
}

/** The snapshots of the currently linked accounts, opened, by system; those of a wrongly linked account stay stored. */
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
    summary: summary.catch(UNCOUNTED).parse(row.summary),
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

export async function hasAnyEvidence(core: Core, tx: Queryable, incidentId: string): Promise<boolean> {
  const { rows } = await tx.query(
    'select 1 as kept from evidence where workspace_id = $1 and incident_id = $2 limit 1',
    [core.workspaceId, incidentId],
  );
  return rows.length > 0;
}
