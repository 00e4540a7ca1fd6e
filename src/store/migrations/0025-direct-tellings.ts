/**
 * What the security channel does not take: since when, and which approvers were told of it directly, up to which moment.
 * Takes the place of `unanswered_posts.told_directly_at`, which is kept for a process of before that still runs.
 */
export const directTellings = {
  id: 25,
  name: 'direct-tellings',
  sql: `
create table direct_tellings (
  workspace_id text not null,
  id text not null,
  failing_since timestamptz not null,
  told jsonb not null default '{}',
  primary key (id, workspace_id)
);
`,
} as const;
