/** Open windows in Slack that show a lockdown as soon as the person's accounts are looked up. */
export const waitingWindows = {
  id: 30,
  name: 'waiting-windows',
  sql: `
create table waiting_windows (
  workspace_id text not null,
  view_id text not null,
  incident_id text not null,
  actor text not null,
  reason text not null,
  surface text not null,
  channel text,
  correlation_id text not null,
  opened_at timestamptz not null,
  primary key (view_id, workspace_id)
);
create index waiting_windows_incident on waiting_windows (incident_id, workspace_id);
`,
} as const;
