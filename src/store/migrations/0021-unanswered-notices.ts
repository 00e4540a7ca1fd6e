/**
 * When an unanswered notice is told to the security channel, in which post, and who saw to it. Those of before have no
 * due time: whoever was asked and never answered needs a human, and is told at the first start.
 */
export const unansweredNotices = {
  id: 21,
  name: 'unanswered-notices',
  sql: `
alter table notices
  add column asked boolean not null default false,
  add column asked_at timestamptz,
  add column due_at timestamptz,
  add column told_in text,
  add column settled_by text,
  add column settled_at timestamptz,
  add column incident_id text;
update notices set asked = true where not is_ours and noticed_at - occurred_at <= interval '7 days';
create index notices_unanswered on notices (due_at, workspace_id) where asked and answer is null and settled_at is null;

create table unanswered_posts (
  workspace_id text not null,
  id text not null,
  created_at timestamptz not null,
  channel text,
  ts text,
  told_directly_at timestamptz,
  primary key (id, workspace_id)
);

insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
select distinct workspace_id, 'tell_unanswered_notices', 'tell_unanswered', 'notices', 'pending', now(), 'unanswered-notices', now()
from notices where asked and answer is null;
`,
} as const;
