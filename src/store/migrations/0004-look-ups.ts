/**
 * Indexes for what is read at every click and every job: without them each reads the whole table. And incident numbers
 * from a sequence, which nobody has to wait for; a number may be left out.
 */
export const lookUps = {
  id: 4,
  name: 'look-ups',
  sql: `
create index posts_by_incident on posts (workspace_id, incident_id, position);
create index reports_by_incident on reports (workspace_id, incident_id, reported_at);
create index decisions_by_incident on decisions (workspace_id, incident_id, action);
create index steps_after on steps (workspace_id, after_step) where status = 'waiting';
drop index posts_open;

create sequence incident_references;
select setval('incident_references', coalesce((select max(value) from counters where name = 'incident'), 0) + 1, false);
drop table counters;
`,
} as const;
