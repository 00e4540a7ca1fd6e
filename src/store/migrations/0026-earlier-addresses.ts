/** E-mail addresses that members of the workspace were known by before: an approver's own accounts stay his own. */
export const earlierAddresses = {
  id: 26,
  name: 'earlier-addresses',
  sql: `
create table earlier_addresses (
  workspace_id text not null,
  slack_user_id text not null,
  address text not null,
  kept_at timestamptz not null,
  primary key (slack_user_id, address, workspace_id)
);
create index earlier_addresses_by_address on earlier_addresses (address, workspace_id);
`,
} as const;
