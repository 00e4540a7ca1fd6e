/** "This was me" was only ever a claim. */
export const provenClaims = {
  id: 38,
  name: 'proven_claims',
  sql: `
-- what the person proved it with, beyond their Slack account; null: it is a claim
alter table notices add column proven_with text check (proven_with in ('totp', 'passkey', 'recovery'));
-- of the key's holder, over what was proven
alter table notices add column proven_tag text;
`,
} as const;
