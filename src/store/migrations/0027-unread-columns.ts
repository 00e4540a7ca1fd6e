/**
 * Columns that were written and never read: who ticked a step off stands in the record, what an undo puts back in
 * `before_facts`, and who was told of an unanswered notice in `direct_tellings`.
 */
export const unreadColumns = {
  id: 27,
  name: 'unread-columns',
  sql: `
alter table steps drop column prior_state, drop column owner;
alter table unanswered_posts drop column told_directly_at;
`,
} as const;
