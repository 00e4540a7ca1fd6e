/** Reports made at an identity system itself: by the person, or its own verdict. */
export const reportsElsewhere = {
  id: 39,
  name: 'reports_elsewhere',
  sql: `
-- how sure the system is, and what it is about in its own word
alter table notices add column level text check (level in ('low', 'medium', 'high'));
alter table notices add column word text;
-- the first report of its kind about an account within the hour, which one line counts them with; its own id on the first
alter table notices add column counted_with text;
create index notices_counted on notices (counted_with, workspace_id) where counted_with is not null;
-- what became of the first; null: nobody has looked yet, or it is no such report
alter table notices add column taken text check (taken in ('kept', 'asked', 'listed', 'joined', 'opened'));
create index notices_taken on notices (incident_id, workspace_id) where taken is not null;
-- how many of them the record was told of last
alter table notices add column recorded_count integer not null default 0;
`,
} as const;
