/**
 * A row of accounts is one account for good: a correction retires it and begins another, so that the steps and the
 * evidence of the wrong account stay with the wrong account.
 */
export const retiredAccounts = {
  id: 10,
  name: 'retired-accounts',
  sql: `
alter table accounts add column retired_at timestamptz;
alter table accounts drop constraint accounts_workspace_id_person_id_system_key;
create unique index accounts_in_use on accounts (workspace_id, person_id, system) where retired_at is null;
create index accounts_retired on accounts (workspace_id, person_id) where retired_at is not null;
`,
} as const;
