/**
 * A tag under the sealing key that a step has begun: that a plan goes on when its incident is closed hangs on it. A plan of
 * before whose incident is closed already ends as "needs a human"; what was sent of it is read back first.
 */
export const begunSteps = {
  id: 24,
  name: 'begun-steps',
  sql: 'alter table steps add column begun text;',
} as const;
