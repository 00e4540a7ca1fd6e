/**
 * Why a notice could not be mailed, and what the security channel was told of it: once for each kind of trouble. Notices
 * of before whose mail was given up within the last week are delivered again; older ones are told as unanswered.
 */
export const refusedMail = {
  id: 22,
  name: 'refused-mail',
  sql: `
alter table notices
  add column mail_kind text check (mail_kind in ('unconfigured', 'auth', 'rejected', 'passing')),
  add column mail_problem text,
  add column mail_failed_at timestamptz;
create index notices_unmailed on notices (mail_kind, workspace_id) where mail_kind is not null;

create table mail_troubles (
  workspace_id text not null,
  kind text not null,
  id text not null,
  began_at timestamptz not null,
  told_at timestamptz,
  primary key (kind, workspace_id)
);

update work set status = 'pending', attempt = 0, run_after = now(), changed_at = now()
where name = 'deliver_notice' and status = 'done' and exists (
  select 1 from notices n
  where n.workspace_id = work.workspace_id and n.id = work.ref and n.asked and n.mailed_to is null and n.message_ts is null
    and n.answer is null and n.settled_at is null and n.noticed_at > now() - interval '7 days');
`,
} as const;
