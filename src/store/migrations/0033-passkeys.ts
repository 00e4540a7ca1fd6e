/** Passkeys (WebAuthn), and the pages by which they are registered and confirm what a window was submitted for. */
export const passkeys = {
  id: 33,
  name: 'passkeys',
  sql: `
create table passkeys (
  workspace_id text not null,
  user_id text not null,
  -- as its authenticator gave it, base64url
  id text not null,
  public_key text not null,
  counter bigint not null,
  -- of the WebAuthn response: transports, kind of device, whether it is backed up
  traits jsonb not null,
  -- under the sealing key: whoever can write here can neither add a passkey nor set its counter back
  tag text not null,
  registered_at timestamptz not null,
  used_at timestamptz,
  primary key (id, workspace_id)
);
create index passkeys_user on passkeys (user_id, workspace_id);

-- what a link leads to: sealed for its token, so that nobody can write one here
create table page_requests (
  workspace_id text not null,
  token_hash text not null,
  user_id text not null,
  sealed text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (token_hash, workspace_id)
);
`,
} as const;
