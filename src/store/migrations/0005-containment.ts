/** What a plan, an undo, the evidence and the watch over an accepted change need. */
export const containment = {
  id: 5,
  name: 'containment',
  sql: `
-- A step waits until all of after_steps have ended, and until all of after_tries have at least been tried.
alter table steps add column after_steps jsonb not null default '[]';
alter table steps add column after_tries jsonb not null default '[]';
update steps set after_steps = jsonb_build_array(after_step) where after_step is not null;
alter table steps drop column after_step;
-- 'all', or a list of ids; null for actions that are not about items
alter table steps add column items jsonb;
-- sealed facts: what the action changes, before it and after it was proven
alter table steps add column before_facts text;
alter table steps add column after_facts text;
-- the step whose change this one takes back
alter table steps add column undo_of text;
-- how often an accepted or proven change was read again, and what that showed
alter table steps add column watched integer not null default 0;
alter table steps add column watch_verdict text;
create index steps_waiting on steps (workspace_id, incident_id) where status = 'waiting';

create table evidence (
  workspace_id text not null,
  id text not null,
  incident_id text not null,
  account_row text not null,
  sealed text not null,
  summary jsonb not null,
  taken_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, incident_id, account_row),
  foreign key (workspace_id, incident_id) references incidents (workspace_id, id)
);

-- A login that an approver named for a person; an empty one means that the person has no account there.
create table account_links (
  workspace_id text not null,
  person_id text not null,
  system text not null,
  login text not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (workspace_id, person_id, system),
  foreign key (workspace_id, person_id) references people (workspace_id, id)
);
`,
} as const;
