import type { App } from '@slack/bolt';
import { modals } from '../../../blocks/interactions.js';
import { CLOSE_INPUTS } from '../../../blocks/modals/close.js';
import { accountOfBlock, DECIDE_INPUTS } from '../../../blocks/modals/inputs.js';
import { decide } from '../../approvals/decide.js';
import { type Attempt, recordRefusal } from '../../approvals/refusals.js';
import { decideUndo } from '../../approvals/undo.js';
import { mayDecide } from '../../approvals/policy.js';
import { parseRanges } from '../../approvals/ranges.js';
import { closeIncident } from '../../incidents/close.js';
import { correctLinks } from '../../incidents/links.js';
import { incidentById, OUTCOMES } from '../../incidents/incident.js';
import { personById } from '../../incidents/people.js';
import { phrase } from '../../../blocks/texts/phrase.js';
import { type Problem, refuse } from '../../problem.js';
import { ok, type Result } from '../../result.js';
import { chosen, chosenItems, type Submit, submitPayload, ticked, typed, typedLogins } from './payloads.js';
import { type Edge, modalOf, originOf, sayProblem } from './shared.js';

/** The block id of the input that a problem belongs to; of several lists to choose from it is the first. */
function inputOf(submit: Submit, field: Problem['field']): string | null {
  if (field === null) return null;
  const blocks = Object.keys(submit.view.state.values);
  if (field === 'items') return blocks.find((block) => accountOfBlock(block) !== null) ?? null;
  return field in DECIDE_INPUTS ? field : (blocks.find((block) => block === field) ?? null);
}

/** A problem of one input stands beside it; any other replaces the modal. Plain text: Slack shows errors as they are. */
function answerTo(edge: Edge, submit: Submit, problem: Problem) {
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

function rangesOf(submit: Submit, action: string): Result<readonly string[], Problem> {
  const entered = typed(submit, DECIDE_INPUTS.ranges);
  if (entered.trim() === '' && action !== 'limit_login_ips' && action !== 'block_address') return ok([]);
  return parseRanges(entered);
}

function onDecide(app: App, edge: Edge): void {
  app.view(modals.decide.id, async ({ ack, body, context }) => {
    const submit = submitPayload.parse(body);
    const plan = modals.decide.decode(submit.view.private_metadata);
    if (!plan) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.voice.say('problem.old_card')) });
      return;
    }
    const ranges = rangesOf(submit, plan.action);
    if (!ranges.ok) {
      await ack(answerTo(edge, submit, ranges.error));
      return;
    }
    const decided = await decide(edge.core, {
      incidentId: plan.incident,
      action: plan.action,
      actor: submit.user.id,
      reason: typed(submit, DECIDE_INPUTS.reason),
      ranges: ranges.value,
      chosen: chosenItems(submit),
      outsideAccepted: ticked(submit, DECIDE_INPUTS.outside),
      override: typed(submit, DECIDE_INPUTS.override),
      code: typed(submit, DECIDE_INPUTS.code),
      seen: plan.seen,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    });
    await (decided.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, decided.error)));
  });
}

/** Checked again at the submit: rights may have gone since the window was opened. */
async function mayManage(edge: Edge, incidentId: string, actor: string): Promise<Result<null, Problem>> {
  const { core } = edge;
  const incident = await incidentById(core.db, core.workspaceId, incidentId);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  return person ? mayDecide(core, actor, person) : refuse(phrase('problem.unknown_incident'));
}

/** A refused try of somebody leaves an entry in the record, if there is an incident that it was about. */
async function recordTry(edge: Edge, attempt: Attempt, problem: Problem): Promise<void> {
  if (problem.phrase.key !== 'problem.unknown_incident') await recordRefusal(edge.core, attempt, problem);
}

function onClose(app: App, edge: Edge): void {
  app.view(modals.close.id, async ({ ack, body, context }) => {
    const submit = submitPayload.parse(body);
    const closing = modals.close.decode(submit.view.private_metadata);
    const outcome = OUTCOMES.find((one) => one === chosen(submit, CLOSE_INPUTS.outcome));
    if (!closing || !outcome) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.voice.say('problem.old_card')) });
      return;
    }
    const allowed = await mayManage(edge, closing.incident, submit.user.id);
    const closed = allowed.ok
      ? await closeIncident(edge.core, {
          incidentId: closing.incident,
          actor: submit.user.id,
          outcome,
          reason: typed(submit, CLOSE_INPUTS.reason),
          origin: originOf(context, 'modal'),
        })
      : allowed;
    if (!closed.ok) {
      const attempt = {
        incidentId: closing.incident,
        action: 'close',
        actor: submit.user.id,
        origin: originOf(context, 'modal'),
      };
      await recordTry(edge, attempt, closed.error);
    }
    await (closed.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, closed.error)));
  });
}

function onUndo(app: App, edge: Edge): void {
  app.view(modals.undo.id, async ({ ack, body, context }) => {
    const submit = submitPayload.parse(body);
    const undo = modals.undo.decode(submit.view.private_metadata);
    if (!undo) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.voice.say('problem.old_card')) });
      return;
    }
    const decided = await decideUndo(edge.core, {
      stepId: undo.step,
      actor: submit.user.id,
      reason: typed(submit, DECIDE_INPUTS.reason),
      code: typed(submit, DECIDE_INPUTS.code),
      override: typed(submit, DECIDE_INPUTS.override),
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    });
    await (decided.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, decided.error)));
  });
}

function onLinks(app: App, edge: Edge): void {
  app.view(modals.links.id, async ({ ack, body, context }) => {
    const submit = submitPayload.parse(body);
    const links = modals.links.decode(submit.view.private_metadata);
    if (!links) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.voice.say('problem.old_card')) });
      return;
    }
    const allowed = await mayManage(edge, links.incident, submit.user.id);
    const corrected = allowed.ok
      ? await correctLinks(edge.core, {
          incidentId: links.incident,
          actor: submit.user.id,
          typed: typedLogins(submit),
          seen: links.seen,
          origin: originOf(context, 'modal'),
        })
      : allowed;
    if (!corrected.ok) {
      const attempt = {
        incidentId: links.incident,
        action: 'links',
        actor: submit.user.id,
        origin: originOf(context, 'modal'),
      };
      await recordTry(edge, attempt, corrected.error);
    }
    await (corrected.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, corrected.error)));
  });
}

/** The modals of approvers: decide, undo, correct the accounts, and close. */
export function listenToDecisions(app: App, edge: Edge): void {
  onDecide(app, edge);
  onUndo(app, edge);
  onLinks(app, edge);
  onClose(app, edge);
}
