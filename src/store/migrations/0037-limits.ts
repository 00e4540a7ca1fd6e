/** How often each person did what is limited, by the hour, and what of it was only counted. */
export const limits = {
  id: 37,
  name: 'limits',
  sql: `
create table used_limits (
  workspace_id text not null,
  actor text not null,
  -- what is limited: messages, refusals …
  what text not null,
  -- when the hour began
  hour timestamptz not null,
  used integer not null,
  primary key (actor, what, hour, workspace_id)
);
create table withheld (
  workspace_id text not null,
  id text not null,
  -- null: what belongs to no incident
  incident_id text,
  actor text not null,
  what text not null,
  hour timestamptz not null,
  count integer not null,
  primary key (id, workspace_id)
);
`,
} as const;
