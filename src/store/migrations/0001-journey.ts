/** The tables of the journey: notice, report, incident, decision, step, and the work and posts that follow from them. */
export const journey = {
  id: 1,
  name: 'journey',
  sql: `
create table people (
  workspace_id text not null,
  id text not null,
  slack_user_id text,
  email text not null,
  name text not null,
  title text,
  manager text,
  time_zone text not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index people_by_slack on people (workspace_id, slack_user_id) where slack_user_id is not null;
create unique index people_by_email on people (workspace_id, lower(email));

create table accounts (
  workspace_id text not null,
  id text not null,
  person_id text not null,
  system text not null,
  account_id text,
  login text,
  state jsonb,
  problem text,
  read_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, person_id, system),
  foreign key (workspace_id, person_id) references people (workspace_id, id)
);

create table event_cursors (
  workspace_id text not null,
  system text not null,
  cursor text not null,
  polled_at timestamptz not null,
  primary key (workspace_id, system)
);

create table sign_ins (
  workspace_id text not null,
  system text not null,
  event_id text not null,
  login text not null,
  ip text not null,
  occurred_at timestamptz not null,
  primary key (workspace_id, system, event_id)
);
create index sign_ins_by_login on sign_ins (workspace_id, login, occurred_at);

create table notices (
  workspace_id text not null,
  id text not null,
  system text not null,
  event_id text not null,
  kind text not null,
  login text not null,
  actor text,
  ip text,
  occurred_at timestamptz not null,
  noticed_at timestamptz not null,
  person_id text,
  channel text,
  message_ts text,
  mailed_to text,
  is_ours boolean not null default false,
  answer text check (answer in ('not_me', 'me')),
  answered_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, system, event_id)
);

create table report_tokens (
  workspace_id text not null,
  token_hash text not null,
  sealed_token text not null,
  notice_id text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (token_hash),
  unique (workspace_id, notice_id)
);

create table counters (
  workspace_id text not null,
  name text not null,
  value bigint not null,
  primary key (workspace_id, name)
);

create table incidents (
  workspace_id text not null,
  id text not null,
  reference text not null,
  person_id text not null,
  status text not null check (status in ('open', 'closed')),
  outcome text check (outcome in ('compromised', 'harmless', 'it_was_it', 'wrong_person')),
  owner text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  channel text not null,
  card_ts text,
  primary key (workspace_id, id),
  unique (workspace_id, reference),
  foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create unique index incidents_one_open on incidents (workspace_id, person_id) where status = 'open';

create table reports (
  workspace_id text not null,
  id text not null,
  incident_id text not null,
  notice_id text,
  surface text not null,
  reporter text not null,
  said text not null,
  source_key text not null,
  reported_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, source_key),
  foreign key (workspace_id, incident_id) references incidents (workspace_id, id)
);

create table decisions (
  workspace_id text not null,
  id text not null,
  incident_id text not null,
  action text not null,
  reason text not null,
  ranges jsonb not null default '[]',
  decided_by text not null,
  decided_at timestamptz not null,
  request_key text not null,
  correlation_id text not null,
  primary key (workspace_id, id),
  unique (workspace_id, request_key),
  foreign key (workspace_id, incident_id) references incidents (workspace_id, id)
);

create table steps (
  workspace_id text not null,
  id text not null,
  decision_id text not null,
  incident_id text not null,
  account_row text not null,
  system text not null,
  action text not null,
  ranges jsonb not null default '[]',
  sealed_password text,
  position integer not null,
  after_step text,
  status text not null check (status in
    ('waiting', 'queued', 'running', 'retrying', 'accepted', 'verified', 'console', 'console_done', 'needs_human')),
  attempts integer not null default 0,
  reads integer not null default 0,
  round integer not null default 0,
  prior_state jsonb,
  first_sent_at timestamptz,
  accepted_at timestamptz,
  result jsonb,
  owner text,
  finished_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, decision_id) references decisions (workspace_id, id)
);
create unique index steps_one_active on steps (workspace_id, incident_id, account_row, action)
  where status in ('waiting', 'queued', 'running', 'retrying');
create index steps_by_incident on steps (workspace_id, incident_id, created_at);

create table work (
  workspace_id text not null,
  id text not null,
  name text not null,
  ref text not null,
  status text not null check (status in ('pending', 'enqueued', 'running', 'done')),
  wanted integer not null default 1,
  attempt integer not null default 0,
  run_after timestamptz not null,
  lease_token text,
  lease_until timestamptz,
  correlation_id text not null,
  changed_at timestamptz not null,
  primary key (workspace_id, id)
);
create index work_open on work (status, run_after) where status <> 'done';

create table posts (
  workspace_id text not null,
  id text not null,
  incident_id text not null,
  post_key text not null,
  position bigint not null,
  body jsonb not null,
  status text not null check (status in ('pending', 'sending', 'posted', 'refused')),
  channel text,
  ts text,
  drawn text,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, post_key)
);
create index posts_open on posts (workspace_id, incident_id, position) where status in ('pending', 'sending');
`,
} as const;
