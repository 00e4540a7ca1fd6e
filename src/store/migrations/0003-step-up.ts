/** The approvers' one-time codes. */
export const stepUp = {
  id: 3,
  name: 'step-up',
  sql: `
-- The approver's one-time codes. sealed_seed is AES-256-GCM text (src/platform/seal.ts), bound to workspace and user.
CREATE TABLE totp_enrolments (
  workspace_id text NOT NULL,
  user_id text NOT NULL,
  sealed_seed text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);

-- Each time-step counts once per person; binding says for which plan it was given.
CREATE TABLE totp_used_steps (
  workspace_id text NOT NULL,
  user_id text NOT NULL,
  time_step bigint NOT NULL,
  binding text NOT NULL CHECK (binding ~ '^[0-9a-f]{64}$'),
  used_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, user_id, time_step)
);

-- Wrong codes in a row. The row is also the lock that makes one person's tries wait for each other.
CREATE TABLE totp_attempts (
  workspace_id text NOT NULL,
  user_id text NOT NULL,
  failed integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  PRIMARY KEY (workspace_id, user_id)
);
`,
} as const;
