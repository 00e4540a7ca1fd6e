/** Codes that withstand guessing, and what is told about them beside any incident. */
export const withstandingCodes = {
  id: 32,
  name: 'withstanding-codes',
  sql: `
-- failed counts since the last right code and goes on when a lock ends; before, a lock that had ended set it back
update totp_attempts set failed = 0 where locked_until is not null and locked_until <= now();
-- by how many seconds the clock seems off that made the last wrong code (null: it was no code of these minutes)
alter table totp_attempts add column clock_off integer;

create table recovery_codes (
  workspace_id text not null,
  user_id text not null,
  id text not null,
  number integer not null check (number between 0 and 9),
  salt text not null,
  hash text not null,
  -- under the sealing key: whoever can write here cannot add a code
  tag text not null,
  used_for text,
  used_at timestamptz,
  primary key (user_id, number, workspace_id)
);

-- what is told in the security channel (recipient null) or to a person, and belongs to no incident
create table announcements (
  workspace_id text not null,
  id text not null,
  recipient text,
  phrase jsonb not null,
  -- what a button under it is about
  about jsonb,
  status text not null check (status in ('pending', 'sending', 'posted', 'refused')),
  channel text,
  ts text,
  created_at timestamptz not null,
  primary key (id, workspace_id)
);
`,
} as const;
