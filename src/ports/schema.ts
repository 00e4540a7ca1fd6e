/** The tables after all migrations, as the drivers give their values. Made by: npm run schema */
export interface AccountLinks {
  confirmed: unknown;
  incident_id: string | null;
  login: string;
  person_id: string;
  set_at: Date;
  set_by: string;
  system: string;
  workspace_id: string;
}

export interface Accounts {
  account_id: string | null;
  id: string;
  login: string | null;
  person_id: string;
  problem: string | null;
  read_at: Date;
  retired_at: Date | null;
  state: unknown;
  system: string;
  workspace_id: string;
}

export interface Announcements {
  about: unknown;
  channel: string | null;
  created_at: Date;
  id: string;
  phrase: unknown;
  recipient: string | null;
  status: 'pending' | 'sending' | 'posted' | 'refused';
  ts: string | null;
  workspace_id: string;
}

export interface Decisions {
  action: string;
  break_glass: string | null;
  correlation_id: string;
  decided_at: Date;
  decided_by: string;
  id: string;
  incident_id: string;
  plan_digest: string | null;
  proof: unknown;
  ranges: unknown;
  reason: string;
  request_key: string;
  review: unknown;
  second: unknown;
  unplanned: unknown;
  workspace_id: string;
}

export interface DirectTellings {
  failing_since: Date;
  id: string;
  told: unknown;
  workspace_id: string;
}

export interface EarlierAddresses {
  address: string;
  kept_at: Date;
  slack_user_id: string;
  workspace_id: string;
}

export interface EventCursors {
  cursor: string;
  polled_at: Date;
  system: string;
  workspace_id: string;
}

export interface Evidence {
  account_row: string;
  id: string;
  incident_id: string;
  sealed: string;
  summary: unknown;
  taken_at: Date;
  workspace_id: string;
}

export interface EvidenceRescans {
  account_row: string;
  incident_id: string;
  sealed: string;
  taken_at: Date;
  workspace_id: string;
}

export interface Examinations {
  asked_at: Date;
  asked_by: string;
  findings: unknown;
  finished_at: Date | null;
  id: string;
  view_id: string | null;
  workspace_id: string;
}

export interface HeardMessages {
  channel: string;
  heard_at: Date;
  ts: string;
  workspace_id: string;
}

export interface Hearing {
  heard_until: Date;
  workspace_id: string;
}

export interface Incidents {
  card_ts: string | null;
  channel: string;
  closed_at: Date | null;
  id: string;
  opened_at: Date;
  outcome: 'compromised' | 'benign' | 'authorized_change' | 'wrong_person' | null;
  owner: string | null;
  person_id: string;
  reference: string;
  status: 'open' | 'closed';
  workspace_id: string;
}

export interface KnownAccounts {
  account_id: string;
  first_seen: Date;
  last_seen: Date;
  login: string;
  person_id: string;
  system: string;
  workspace_id: string;
}

export interface MailTroubles {
  began_at: Date;
  id: string;
  kind: string;
  told_at: Date | null;
  workspace_id: string;
}

export interface Migrations {
  applied_at: Date;
  checksum: string;
  id: number;
  name: string;
}

export interface Notices {
  actor: string | null;
  answer: 'not_me' | 'me' | null;
  answered_at: Date | null;
  asked: boolean;
  asked_at: Date | null;
  channel: string | null;
  counted_with: string | null;
  due_at: Date | null;
  event_id: string;
  id: string;
  incident_id: string | null;
  ip: string | null;
  is_ours: boolean;
  kind: string;
  level: 'low' | 'medium' | 'high' | null;
  login: string;
  mail_failed_at: Date | null;
  mail_kind: 'unconfigured' | 'auth' | 'rejected' | 'passing' | null;
  mail_problem: string | null;
  mailed_to: string | null;
  message_ts: string | null;
  noticed_at: Date;
  occurred_at: Date;
  person_id: string | null;
  proven_tag: string | null;
  proven_with: 'totp' | 'passkey' | 'recovery' | null;
  recorded_count: number;
  settled_at: Date | null;
  settled_by: string | null;
  system: string;
  taken: 'kept' | 'asked' | 'listed' | 'joined' | 'opened' | null;
  tells: boolean;
  told_in: string | null;
  word: string | null;
  workspace_id: string;
}

export interface PageRequests {
  created_at: Date;
  expires_at: Date;
  sealed: string;
  token_hash: string;
  used_at: Date | null;
  user_id: string;
  workspace_id: string;
}

export interface Passkeys {
  counter: number | string;
  id: string;
  public_key: string;
  registered_at: Date;
  tag: string;
  traits: unknown;
  used_at: Date | null;
  user_id: string;
  workspace_id: string;
}

export interface People {
  email: string;
  id: string;
  manager: string | null;
  name: string;
  remembered_at: Date | null;
  slack_user_id: string | null;
  time_zone: string;
  title: string | null;
  updated_at: Date;
  workspace_id: string;
}

export interface Posts {
  body: unknown;
  channel: string | null;
  created_at: Date;
  drawn: string | null;
  id: string;
  incident_id: string;
  position: number | string;
  post_key: string;
  status: 'pending' | 'sending' | 'posted' | 'refused';
  ts: string | null;
  workspace_id: string;
}

export interface Probes {
  workspace_id: string;
  written_at: Date;
}

export interface RecordCheckpoints {
  made_at: Date;
  posted_at: Date | null;
  root: string;
  size: number;
  workspace_id: string;
}

export interface RecordEntries {
  action: string;
  actor_id: string;
  actor_kind: 'person' | 'system';
  actor_name: string | null;
  at: Date;
  correlation_id: string | null;
  detail: unknown;
  from_channel: string | null;
  from_ip: string | null;
  from_surface: string | null;
  hash: string;
  incident_id: string;
  prev_hash: string;
  seq: number;
  why: string | null;
  workspace_id: string;
}

export interface RecordHeads {
  hash: string;
  incident_id: string;
  seq: number;
  workspace_id: string;
}

export interface RecordLeaves {
  hash: string;
  incident_id: string;
  position: number;
  seq: number;
  workspace_id: string;
}

export interface RecoveryCodes {
  hash: string;
  id: string;
  number: number;
  salt: string;
  tag: string;
  used_at: Date | null;
  used_for: string | null;
  user_id: string;
  workspace_id: string;
}

export interface Reports {
  id: string;
  incident_id: string;
  notice_id: string | null;
  reported_at: Date;
  reporter: string;
  said: string;
  source_key: string;
  surface: string;
  workspace_id: string;
}

export interface ReportTokens {
  expires_at: Date;
  notice_id: string;
  sealed_token: string;
  token_hash: string;
  used_at: Date | null;
  workspace_id: string;
}

export interface SignIns {
  event_id: string;
  ip: string;
  login: string;
  occurred_at: Date;
  system: string;
  workspace_id: string;
}

export interface Steps {
  accepted_at: Date | null;
  account_row: string;
  action: string;
  after_facts: string | null;
  after_steps: unknown;
  after_tries: unknown;
  attempts: number;
  authenticated_at: Date | null;
  authentication: string | null;
  before_facts: string | null;
  begun: string | null;
  created_at: Date;
  decision_id: string;
  finished_at: Date | null;
  first_sent_at: Date | null;
  id: string;
  incident_id: string;
  items: unknown;
  position: number;
  ranges: unknown;
  reads: number;
  result: unknown;
  round: number;
  sealed_password: string | null;
  status:
    | 'waiting'
    | 'queued'
    | 'running'
    | 'retrying'
    | 'accepted'
    | 'verified'
    | 'console'
    | 'console_done'
    | 'needs_human';
  system: string;
  undo_of: string | null;
  watch_verdict: string | null;
  watched: number;
  workspace_id: string;
}

export interface Tasks {
  changed_at: Date;
  incident_id: string;
  owner: string | null;
  status: 'open' | 'done' | 'not_needed';
  task: string;
  workspace_id: string;
}

export interface TotpAttempts {
  clock_off: number | null;
  failed: number;
  locked_until: Date | null;
  user_id: string;
  workspace_id: string;
}

export interface TotpEnrolments {
  enrolled_at: Date;
  sealed_seed: string;
  user_id: string;
  workspace_id: string;
}

export interface TotpUsedSteps {
  binding: string;
  time_step: number | string;
  used_at: Date;
  user_id: string;
  workspace_id: string;
}

export interface UnansweredPosts {
  channel: string | null;
  created_at: Date;
  id: string;
  ts: string | null;
  workspace_id: string;
}

export interface UsedLimits {
  actor: string;
  hour: Date;
  used: number;
  what: string;
  workspace_id: string;
}

export interface WaitingDecisions {
  ended_at: Date | null;
  expires_at: Date;
  id: string;
  incident_id: string;
  request_key: string;
  sealed: string;
  signed_at: Date;
  signed_by: string;
  status: 'waiting' | 'decided' | 'expired' | 'outdated';
  subject: string;
  workspace_id: string;
}

export interface WaitingWindows {
  actor: string;
  channel: string | null;
  correlation_id: string;
  incident_id: string;
  opened_at: Date;
  reason: string;
  surface: string;
  view_id: string;
  workspace_id: string;
}

export interface Withheld {
  actor: string;
  count: number;
  hour: Date;
  id: string;
  incident_id: string | null;
  what: string;
  workspace_id: string;
}

export interface Work {
  attempt: number;
  changed_at: Date;
  correlation_id: string;
  id: string;
  lease_token: string | null;
  lease_until: Date | null;
  name: string;
  ref: string;
  run_after: Date;
  status: 'pending' | 'enqueued' | 'running' | 'done';
  wanted: number;
  workspace_id: string;
}

export interface Workers {
  id: string;
  seen_at: Date;
  workspace_id: string;
}

export interface DB {
  account_links: AccountLinks;
  accounts: Accounts;
  announcements: Announcements;
  decisions: Decisions;
  direct_tellings: DirectTellings;
  earlier_addresses: EarlierAddresses;
  event_cursors: EventCursors;
  evidence: Evidence;
  evidence_rescans: EvidenceRescans;
  examinations: Examinations;
  heard_messages: HeardMessages;
  hearing: Hearing;
  incidents: Incidents;
  known_accounts: KnownAccounts;
  mail_troubles: MailTroubles;
  migrations: Migrations;
  notices: Notices;
  page_requests: PageRequests;
  passkeys: Passkeys;
  people: People;
  posts: Posts;
  probes: Probes;
  record_checkpoints: RecordCheckpoints;
  record_entries: RecordEntries;
  record_heads: RecordHeads;
  record_leaves: RecordLeaves;
  recovery_codes: RecoveryCodes;
  report_tokens: ReportTokens;
  reports: Reports;
  sign_ins: SignIns;
  steps: Steps;
  tasks: Tasks;
  totp_attempts: TotpAttempts;
  totp_enrolments: TotpEnrolments;
  totp_used_steps: TotpUsedSteps;
  unanswered_posts: UnansweredPosts;
  used_limits: UsedLimits;
  waiting_decisions: WaitingDecisions;
  waiting_windows: WaitingWindows;
  withheld: Withheld;
  work: Work;
  workers: Workers;
}
