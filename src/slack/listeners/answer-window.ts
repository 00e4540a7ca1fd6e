import { confirmModal } from '../../../blocks/modals/confirm.js';
import { accountOfBlock, DECIDE_INPUTS } from '../../../blocks/modals/inputs.js';
import type { Problem } from '../../texts/problem.js';
import type { Submit } from './payloads.js';
import { type Edge, modalOf, sayProblem } from './shared.js';

/** The block id of the input that a problem belongs to; of several selection lists, the first. */
function inputOf(submit: Submit, field: Problem['field']): string | null {
  if (field === null) return null;
  const blocks = Object.keys(submit.view.state.values);
  if (field === 'items') return blocks.find((block) => accountOfBlock(block) !== null) ?? null;
  return field in DECIDE_INPUTS ? field : (blocks.find((block) => block === field) ?? null);
}

/**
 * A problem of one input is shown beside it; any other replaces the modal. Plain text: Slack shows errors as they are.
 */
export function answerTo(edge: Edge, submit: Submit, problem: Problem) {
  if (problem.link !== undefined)
    return { response_action: 'update' as const, view: confirmModal(edge.translator, problem.link) };
  const field = inputOf(submit, problem.field);
  if (field !== null && submit.view.state.values[field]) {
    return { response_action: 'errors' as const, errors: { [field]: sayProblemPlain(edge, problem) } };
  }
  return { response_action: 'update' as const, view: modalOf(edge, sayProblem(edge, problem)) };
}

/** Error texts are plain: dates are written out in UTC instead of Slack's date markup. */
function sayProblemPlain(edge: Edge, problem: Problem): string {
  return sayProblem(edge, problem)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
