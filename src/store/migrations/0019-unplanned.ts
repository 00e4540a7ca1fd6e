/** What a lockdown left for later because it was not read yet, until it is read and offered. */
export const unplanned = {
  id: 19,
  name: 'unplanned',
  sql: "alter table decisions add column unplanned jsonb not null default '[]';",
} as const;
