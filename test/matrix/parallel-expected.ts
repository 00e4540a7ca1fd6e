/** What two at once may leave beyond what one leaves. Nothing is taken from the product. */
import { type Expected, expectedOf, type Rule, RULES } from './expected.js';

/** The second one finds it done, and is told so: it stands in the record as a try that was refused, and changes nothing. */
const TOLD = ['record_entries', 'used_limits'];
/** What was heard, or asked for, twice stands there twice; the look that follows is one. */
const HEARD = ['record_entries'];

const all = (names: readonly string[], tables: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(names.map((name) => [name, tables]));

/** The same delivery once more: Slack sends it again when the answer was late. Left out: as if it had come once. */
const TWICE: Readonly<Record<string, readonly string[]>> = {
  ...all(
    [
      'action home_enrol',
      'action step_retry',
      'action step_tick',
      'action task_move take',
      'action task_move done',
      'action task_move not_needed',
      'view close',
      'view enrolment',
      'view lift',
      'view links',
      'view review',
    ],
    TOLD,
  ),
  ...all(
    [
      'action incident_look',
      'event channel_shared',
      'event channel_archive',
      'event channel_deleted',
      'event group_archive',
      'event group_deleted',
    ],
    HEARD,
  ),
};

/** Two approvers press the same: one of them is refused, which is recorded, and their proof is spent. */
const OF_TWO = ['record_entries', 'record_heads', 'work', 'people', 'used_limits', 'totp_used_steps', 'totp_attempts'];
const TWO: Readonly<Record<string, readonly string[]>> = {
  // Each asks for themself.
  'action home_enrol': ['announcements'],
  // Whoever comes second takes it over, and the thread says so.
  'action incident_take': ['posts'],
  'action task_move take': ['posts'],
};

/** Whoever may, the most usual first. */
const USUAL = ['approver', 'group_approver', 'administrator', 'responder', 'reporter', 'auditor'];
const IN_ROLES = ['responders', 'approvers', 'seconds', 'reviewers', 'administrators'];

const changes = ({ must }: Rule): boolean => must.some((table) => table !== 'slack.window' && table !== 'used_limits');

export interface Sampled {
  readonly interaction: string;
  readonly roles: readonly string[];
  readonly state: string;
}

/** Every interaction that changes something, in the first state in which somebody may, by whoever may. */
export function changing(states: readonly string[]): readonly Sampled[] {
  return Object.entries(RULES).flatMap(([interaction, rule]) => {
    if (!changes(rule)) return [];
    const may = (state: string): readonly string[] =>
      USUAL.filter((role) => expectedOf(interaction, role, state).kind === 'allowed');
    const state = states.find((one) => may(one).length > 0);
    return state === undefined ? [] : [{ interaction, roles: may(state), state }];
  });
}

/** By two people it is the same only where it is about the same, and neither answers for themself. */
export const byTwo = ({ interaction, roles }: Sampled): boolean =>
  roles.length > 1 && IN_ROLES.includes(RULES[interaction]?.by ?? '');

/** @param parallel `twice` or `two`, and the interaction */
export function expectedOfParallel(parallel: string): Expected {
  const [how = '', ...rest] = parallel.split(' ');
  const interaction = rest.join(' ');
  const may = how === 'twice' ? (TWICE[interaction] ?? []) : [...OF_TWO, ...(TWO[interaction] ?? [])];
  return { kind: 'allowed', must: [], may };
}
