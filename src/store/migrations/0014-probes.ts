/** A row for each workspace that readiness writes: a database that answers may still take no write (full disk, read-only). */
export const probes = {
  id: 14,
  name: 'probes',
  sql: `
create table probes (
  workspace_id text not null,
  written_at timestamptz not null,
  primary key (workspace_id)
);
`,
} as const;
