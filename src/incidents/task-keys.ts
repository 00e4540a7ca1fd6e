/** The human-only steps of the runbook; docs/runbook.md says which step each belongs to. */
export const TASK_KEYS = [
  'verify_reporter',
  'whose_event',
  'reused_passwords',
  'rotate_secrets',
  'other_victims',
  'unblock_sending',
  'tell_people',
  'clean_device',
  'lessons',
] as const;
export type TaskKey = (typeof TASK_KEYS)[number];

/** What a person may do with a task. */
export const TASK_MOVES = ['take', 'done', 'not_needed', 'reopen'] as const;
export type TaskMove = (typeof TASK_MOVES)[number];
