/**
 * Up to when every direct message of a workspace was heard, and which ones were since: what was written while the app was
 * away is read afterwards, and what Slack also delivers again is not heard twice.
 */
export const hearing = {
  id: 20,
  name: 'hearing',
  sql: `
create table hearing (
  workspace_id text not null,
  heard_until timestamptz not null,
  primary key (workspace_id)
);

create table heard_messages (
  workspace_id text not null,
  channel text not null,
  ts text not null,
  heard_at timestamptz not null,
  primary key (ts, channel, workspace_id)
);
create index heard_messages_by_time on heard_messages (heard_at, workspace_id);
`,
} as const;
