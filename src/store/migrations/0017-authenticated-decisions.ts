/**
 * What a worker checks before it calls an identity system: a tag under a key that is not in the database. Steps of before
 * this have none, so they end as "needs a human" and are decided anew.
 */
export const authenticatedDecisions = {
  id: 17,
  name: 'authenticated-decisions',
  sql: `
-- the binding of what was decided, and the time-step of the code that was spent for it (null: none was asked for)
alter table decisions add column plan_digest text;
alter table decisions add column time_step integer;
alter table steps add column authentication text;
-- since when the tag holds: when it was decided, or last asked for again
alter table steps add column authenticated_at timestamptz;
`,
} as const;
