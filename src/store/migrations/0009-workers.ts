/** The worker processes that are alive: they part the limits of the identity systems among them. */
export const workers = {
  id: 9,
  name: 'workers',
  sql: `
create table workers (
  workspace_id text not null,
  id text not null,
  seen_at timestamptz not null,
  primary key (workspace_id, id)
);
`,
} as const;
