/** How an approver showed who they are: a time-step was the only way before. What was decided with one stays proven. */
export const proofs = {
  id: 31,
  name: 'proofs',
  sql: `
-- null: none was asked for
alter table decisions add column proof jsonb;
update decisions set proof = jsonb_build_object('kind', 'totp', 'timeStep', time_step) where time_step is not null;
alter table decisions drop column time_step;
`,
} as const;
