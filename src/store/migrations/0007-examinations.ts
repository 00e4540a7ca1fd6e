/** What the doctor was asked from Slack, and what it found out. */
export const examinations = {
  id: 7,
  name: 'examinations',
  sql: `
create table examinations (
  workspace_id text not null,
  id text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  findings jsonb,
  finished_at timestamptz,
  primary key (workspace_id, id)
);
`,
} as const;
