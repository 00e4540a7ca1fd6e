import { parse } from 'libpg-query';
import * as z from 'zod';

/**
 * Who may write the tables that hold what approvers change in an incident: the commands of approvers
 * (src/approvals/commands) with what they store through, the rows' own files, and what runs by itself, which has no actor
 * whose right could be checked. Whoever else wants to is to become a command, or to be named here with a reason.
 */
export const WRITERS: Readonly<Record<string, readonly string[]>> = {
  incidents: [
    'src/approvals/commands/close.ts',
    'src/approvals/commands/take.ts',
    'src/approvals/take-decision.ts',
    'src/incidents/merge-people.ts',
    'src/incidents/open.ts',
    'jobs/handlers/repair-cards.ts',
    'jobs/handlers/sync-incident.ts',
    'jobs/handlers/watch-step.ts',
  ],
  decisions: ['src/approvals/reviews.ts', 'src/approvals/store-decision.ts', 'src/approvals/unplanned.ts'],
  waiting_decisions: ['src/approvals/waiting-decisions.ts'],
  steps: [
    'src/approvals/commands/steps.ts',
    'src/approvals/store-decision.ts',
    'jobs/handlers/watch-step.ts',
    'jobs/run-step/record-outcome.ts',
    'jobs/run-step/run-step.ts',
  ],
  tasks: ['src/approvals/commands/tasks.ts', 'src/incidents/tasks.ts'],
  account_links: ['src/approvals/link-changes.ts', 'src/incidents/end-corrections.ts', 'src/incidents/merge-people.ts'],
};

const range = z.object({ relname: z.string() });
const one = z.object({ relation: range });
/** The forms of Postgres's grammar that write, by the tables that each of them names. */
const FORMS: Readonly<Record<string, (node: unknown) => readonly string[]>> = {
  InsertStmt: (node) => [one.parse(node).relation.relname],
  UpdateStmt: (node) => [one.parse(node).relation.relname],
  DeleteStmt: (node) => [one.parse(node).relation.relname],
  MergeStmt: (node) => [one.parse(node).relation.relname],
  CopyStmt: (node) => [one.parse(node).relation.relname],
  AlterTableStmt: (node) => [one.parse(node).relation.relname],
  TruncateStmt: (node) =>
    z
      .object({ relations: z.array(z.object({ RangeVar: range })) })
      .parse(node)
      .relations.map(({ RangeVar }) => RangeVar.relname),
};

/** The tables that a statement writes, however it names them and wherever in it: Postgres's own grammar reads it. */
export async function tablesWritten(text: string): Promise<readonly string[]> {
  return [...new Set(written(await parse(text)))];
}

function written(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(written);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, inner]: [string, unknown]) => [
    ...(FORMS[name]?.(inner) ?? []),
    ...written(inner),
  ]);
}

/** `src/incidents/people.ts incidents`: the guarded tables that this statement writes although its file may not. */
export const unallowed = (at: string, tables: readonly string[]): readonly string[] => {
  const file = at.replace(/:\d+$/, '');
  return tables
    .filter((table) => WRITERS[table]?.includes(file) === false)
    .map((table) => `writes ${table}, which only commands of approvers may (test/schema/writers.ts)`);
};
