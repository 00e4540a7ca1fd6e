/** The append-only record: one hash chain per incident. */
export const record = {
  id: 2,
  name: 'record',
  sql: `
-- The record: one chain per incident. detail is json, not jsonb: the hash covers its exact text.
CREATE TABLE record_entries (
  workspace_id text NOT NULL,
  incident_id text NOT NULL,
  seq integer NOT NULL CHECK (seq > 0),
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'system')),
  actor_id text NOT NULL,
  actor_name text,
  action text NOT NULL,
  why text,
  from_surface text,
  from_channel text,
  from_ip text,
  correlation_id text,
  detail json NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (workspace_id, incident_id, seq)
);

-- The newest entry of each chain. Its row lock makes writers of one incident wait for each other, of others never.
CREATE TABLE record_heads (
  workspace_id text NOT NULL,
  incident_id text NOT NULL,
  seq integer NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (workspace_id, incident_id)
);

CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The record is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME;
END $$;

CREATE TRIGGER record_entries_append_only BEFORE UPDATE OR DELETE ON record_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_record_change();
CREATE TRIGGER record_entries_no_truncate BEFORE TRUNCATE ON record_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change();
CREATE TRIGGER record_heads_no_delete BEFORE DELETE ON record_heads
  FOR EACH ROW EXECUTE FUNCTION refuse_record_change();
CREATE TRIGGER record_heads_no_truncate BEFORE TRUNCATE ON record_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change();

CREATE FUNCTION check_record_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.workspace_id = OLD.workspace_id AND NEW.incident_id = OLD.incident_id
     AND (NEW.seq = OLD.seq + 1 OR (NEW.seq = OLD.seq AND NEW.hash = OLD.hash)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The head of incident % moves from % to %: only the next entry may follow.', OLD.incident_id, OLD.seq, NEW.seq;
END $$;

CREATE TRIGGER record_heads_forward_only BEFORE UPDATE ON record_heads
  FOR EACH ROW EXECUTE FUNCTION check_record_head();
`,
} as const;
