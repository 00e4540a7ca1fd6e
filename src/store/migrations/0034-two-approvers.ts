/** Decisions that wait for a second approver, what was decided by two, and what one approver ran by breaking the glass. */
export const twoApprovers = {
  id: 34,
  name: 'two-approvers',
  sql: `
create table waiting_decisions (
  workspace_id text not null,
  id text not null,
  incident_id text not null,
  -- what it decides: a kind of decision, or undo/<the step>
  subject text not null,
  -- the window that was submitted, its proof, its plan and how long it holds: under the sealing key, so that nobody
  -- can write one here. The columns beside it are for drawing and for finding it.
  sealed text not null,
  signed_by text not null,
  signed_at timestamptz not null,
  expires_at timestamptz not null,
  request_key text not null,
  status text not null check (status in ('waiting', 'decided', 'expired', 'outdated')),
  ended_at timestamptz,
  primary key (id, workspace_id),
  unique (request_key, workspace_id)
);
create unique index waiting_decisions_one on waiting_decisions (incident_id, subject, workspace_id)
  where status = 'waiting';

-- who signed second, when, how it was shown, and for which plan
alter table decisions add column second jsonb;
-- why one approver did not wait for a second
alter table decisions add column break_glass text;
-- who reviewed that, with a tag under the sealing key
alter table decisions add column review jsonb;
`,
} as const;
