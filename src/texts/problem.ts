import type { Phrase } from './phrase.js';
import { err } from '../platform/result.js';

/** The login of one system, by its id. */
export type LoginField = `login_${string}`;

/** What was wrong, for whoever has to act on it by itself: the sentence may be replaced, this may not. */
export const PROBLEM_CODES = [
  'not_an_approver',
  /** In none of the roles that may do this. */
  'not_in_role',
  /** A guest, an app, or somebody of another workspace, whatever role names them. */
  'not_a_member',
  'no_approvers',
  /** Slack did not tell who the approvers are; asked later, it may. */
  'approvers_unknown',
  /** Slack tells no address of the one who decides. */
  'actor_unknown',
  /** An incident about the one who decides is open. */
  'suspended',
  /** A self-hold in an incident that is not about whoever pressed it, or that they did not report. */
  'not_own_incident',
  /** A self-hold beyond what one person may in a week. */
  'held_often',
  /** Oftener than one person may in an hour. */
  'limited',
  'own_account',
  'somebody_elses_account',
  'never_touch',
  'code_refused',
  /** Everything fits; its passkey confirms it on a page. */
  'confirm_on_page',
  'invalid_input',
  'checklist_open',
  'unknown_incident',
  'unknown_person',
  'incident_closed',
  /** The card or the window is from before something changed. */
  'outdated',
  'plan_changed',
  'already_decided',
  'already_running',
  /** What was pressed does not fit the state that it is in by now. */
  'wrong_state',
  /** Only a new decision, with reason and code, does this. */
  'decide_anew',
  'nothing_to_do',
  /** In a moment it may work. */
  'not_ready',
  /** Another approver signed it first; it waits for a second one. */
  'already_waiting',
  /** Nobody else could sign it: only break-glass runs it. */
  'nobody_second',
  /** The same person, whoever reported, or for another reason not one of the two. */
  'not_a_second',
  'too_late',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Why something was not done, as a sentence for the one who can act. `field` names the input that it belongs to. */
export interface Problem {
  readonly code: ProblemCode;
  readonly phrase: Phrase;
  /** Where it is confirmed. */
  readonly link?: string;
  readonly field: 'reason' | 'code' | 'ranges' | 'items' | 'override' | 'break_glass' | LoginField | null;
}

/** A refusal, for example `refuse('incident_closed', phrase('problem.closed'))`. */
export const refuse = (
  code: ProblemCode,
  phrase: Phrase,
  field: Problem['field'] = null,
): { readonly ok: false; readonly error: Problem } => err({ code, phrase, field });
