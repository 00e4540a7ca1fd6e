/** The window in Slack that waits for what the doctor finds out; null for an examination that was asked for before. */
export const waitingExaminations = {
  id: 29,
  name: 'waiting-examinations',
  sql: `
alter table examinations add column view_id text;
`,
} as const;
