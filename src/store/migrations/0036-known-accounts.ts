/** Which account a person's address led to in each system, also in quiet times: another one later is told. */
export const knownAccounts = {
  id: 36,
  name: 'known-accounts',
  sql: `
create table known_accounts (
  workspace_id text not null,
  person_id text not null,
  system text not null,
  account_id text not null,
  login text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (person_id, system, account_id, workspace_id)
);
create index known_accounts_by_account on known_accounts (account_id, workspace_id);
-- when a person's accounts were looked up last without an incident
alter table people add column remembered_at timestamptz;
`,
} as const;
