/** What the accounts of an incident looked like when they were last looked at again; the first snapshot stays as it is. */
export const laterLooks = {
  id: 12,
  name: 'later-looks',
  sql: `
create table later_looks (
  workspace_id text not null,
  incident_id text not null,
  account_row text not null,
  sealed text not null,
  taken_at timestamptz not null,
  primary key (incident_id, workspace_id, account_row),
  foreign key (incident_id, workspace_id) references incidents (id, workspace_id)
);
`,
} as const;
