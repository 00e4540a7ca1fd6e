/** Indexes for what each event from a system asks: without them, whose reset it was is looked up in every account and step. */
export const load = {
  id: 8,
  name: 'load',
  sql: `
create index accounts_by_login on accounts (workspace_id, system, lower(login));
create index steps_by_account on steps (workspace_id, account_row);
create index notices_by_login on notices (workspace_id, system, login, occurred_at);
`,
} as const;
