/** The tasks of the runbook that only people can do, one set for each incident. */
export const tasks = {
  id: 6,
  name: 'tasks',
  sql: `
create table tasks (
  workspace_id text not null,
  incident_id text not null,
  task text not null,
  status text not null check (status in ('open', 'done', 'not_needed')),
  owner text,
  changed_at timestamptz not null,
  primary key (workspace_id, incident_id, task),
  foreign key (workspace_id, incident_id) references incidents (workspace_id, id)
);
`,
} as const;
