/**
 * Notices that wait no longer because of what an approver or the person said, and of which the security channel is told
 * nevertheless. What approvers saw to before anything stood in the channel is told at the first start; the answers of
 * before are left as they are.
 */
export const toldSettlements = {
  id: 23,
  name: 'told-settlements',
  sql: `
alter table notices add column tells boolean not null default false;
update notices set tells = true where settled_by is not null and incident_id is null and told_in is null;
create index notices_to_tell on notices (workspace_id) where tells and told_in is null;

insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
select distinct workspace_id, 'tell_unanswered_notices', 'tell_unanswered', 'notices', 'pending', now(), 'told-settlements', now()
from notices where tells and told_in is null
on conflict (workspace_id, id) do update set wanted = work.wanted + 1, attempt = 0, run_after = excluded.run_after,
  status = case when work.status = 'running' then 'running' else 'pending' end, changed_at = excluded.changed_at;
`,
} as const;
