/** Checkpoints over the whole record: the ends of chains in the order in which they were taken in, and the heads over them. */
export const checkpoints = {
  id: 16,
  name: 'checkpoints',
  sql: `
create table record_leaves (
  workspace_id text not null,
  position integer not null check (position > 0),
  incident_id text not null,
  seq integer not null,
  hash text not null,
  primary key (workspace_id, position),
  unique (workspace_id, incident_id, seq)
);
create trigger record_leaves_append_only before update or delete on record_leaves
  for each row execute function refuse_record_change();
create trigger record_leaves_no_truncate before truncate on record_leaves
  for each statement execute function refuse_record_change();

create table record_checkpoints (
  workspace_id text not null,
  size integer not null,
  root text not null,
  made_at timestamptz not null,
  posted_at timestamptz,
  primary key (workspace_id, size)
);
`,
} as const;
