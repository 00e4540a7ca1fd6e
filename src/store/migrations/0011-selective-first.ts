/**
 * Indexes begin with the column that tells rows apart. A plan that is made while a table is empty lasts for the life of a
 * connection (or until statistics are gathered, which PGlite never does by itself): it took any index that begins with the
 * workspace, and so read every row of it for one.
 */
export const selectiveFirst = {
  id: 11,
  name: 'selective-first',
  sql: `
-- Takes the foreign keys along; they are made again below.
alter table people drop constraint people_pkey cascade, add primary key (id, workspace_id);
alter table incidents drop constraint incidents_pkey cascade, add primary key (id, workspace_id);
alter table decisions drop constraint decisions_pkey cascade, add primary key (id, workspace_id);
alter table accounts drop constraint accounts_pkey, add primary key (id, workspace_id);
alter table notices drop constraint notices_pkey, add primary key (id, workspace_id);
alter table reports drop constraint reports_pkey, add primary key (id, workspace_id);
alter table steps drop constraint steps_pkey, add primary key (id, workspace_id);
alter table posts drop constraint posts_pkey, add primary key (id, workspace_id);
alter table evidence drop constraint evidence_pkey, add primary key (id, workspace_id);
alter table work drop constraint work_pkey, add primary key (id, workspace_id);
alter table sign_ins drop constraint sign_ins_pkey, add primary key (event_id, system, workspace_id);

alter table account_links add foreign key (person_id, workspace_id) references people (id, workspace_id);
alter table accounts add foreign key (person_id, workspace_id) references people (id, workspace_id);
alter table incidents add foreign key (person_id, workspace_id) references people (id, workspace_id);
alter table decisions add foreign key (incident_id, workspace_id) references incidents (id, workspace_id);
alter table evidence add foreign key (incident_id, workspace_id) references incidents (id, workspace_id);
alter table reports add foreign key (incident_id, workspace_id) references incidents (id, workspace_id);
alter table tasks add foreign key (incident_id, workspace_id) references incidents (id, workspace_id);
alter table steps add foreign key (decision_id, workspace_id) references decisions (id, workspace_id);

alter table decisions drop constraint decisions_workspace_id_request_key_key, add unique (request_key, workspace_id);
alter table evidence drop constraint evidence_workspace_id_incident_id_account_row_key,
  add unique (incident_id, workspace_id, account_row);
alter table incidents drop constraint incidents_workspace_id_reference_key, add unique (reference, workspace_id);
alter table notices drop constraint notices_workspace_id_system_event_id_key, add unique (event_id, system, workspace_id);
alter table posts drop constraint posts_workspace_id_post_key_key, add unique (post_key, workspace_id);
alter table report_tokens drop constraint report_tokens_workspace_id_notice_id_key, add unique (notice_id, workspace_id);
alter table reports drop constraint reports_workspace_id_source_key_key, add unique (source_key, workspace_id);

drop index people_by_slack, people_by_email, accounts_by_login, accounts_in_use, accounts_retired, incidents_one_open,
  notices_by_login, sign_ins_by_login, reports_by_incident, decisions_by_incident, posts_by_incident, steps_by_account,
  steps_by_incident, steps_one_active, steps_waiting;
create unique index people_by_slack on people (slack_user_id, workspace_id) where slack_user_id is not null;
create unique index people_by_email on people (lower(email), workspace_id);
create index accounts_by_login on accounts (lower(login), system, workspace_id);
create unique index accounts_in_use on accounts (person_id, system, workspace_id) where retired_at is null;
create index accounts_by_person on accounts (person_id, workspace_id);
create unique index incidents_one_open on incidents (person_id, workspace_id) where status = 'open';
create index notices_by_login on notices (login, system, workspace_id, occurred_at);
create index sign_ins_by_login on sign_ins (login, workspace_id, occurred_at);
create index reports_by_incident on reports (incident_id, workspace_id, reported_at);
create index decisions_by_incident on decisions (incident_id, action, workspace_id);
create index posts_by_incident on posts (incident_id, workspace_id, position);
create index steps_by_account on steps (account_row, workspace_id);
create index steps_by_incident on steps (incident_id, workspace_id, created_at);
create unique index steps_one_active on steps (incident_id, account_row, action, workspace_id)
  where status in ('waiting', 'queued', 'running', 'retrying');
`,
} as const;
