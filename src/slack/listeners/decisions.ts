import type { App, Context } from '@slack/bolt';
import { modals } from '../../../blocks/interactions.js';
import { CLOSE_INPUTS } from '../../../blocks/modals/close.js';
import type { DecisionKind } from '../../ports/decision-kinds.js';
import { decideModal } from '../../../blocks/modals/decide.js';
import { DECIDE_INPUTS } from '../../../blocks/modals/inputs.js';
import { undoModal } from '../../../blocks/modals/undo.js';
import { CONFIRMS } from '../../../blocks/modals/links.js';
import { commands } from '../../approvals/commands/index.js';
import { managedBy } from '../../approvals/managed-by.js';
import { previewDecision } from '../../approvals/preview.js';
import { previewUndo } from '../../approvals/undo-preview.js';
import { parseRanges } from '../../approvals/ranges.js';
import { recordRefusal } from '../../approvals/refusals.js';
import { OUTCOMES } from '../../incidents/incident.js';
import { preparedRanges } from '../../approvals/range-fit.js';
import { phrase } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { answerTo } from './answer-window.js';
import { givenIn } from './given.js';
import { ok, type Result } from '../../platform/result.js';
import {
  chosen,
  chosenItems,
  readPayload,
  type Submit,
  submitPayload,
  ticked,
  typed,
  typedLogins,
} from './payloads.js';
import { type Edge, modalOf, originOf } from './shared.js';

/** One of the prepared sets, or what was typed; both at once would leave open which of them counts. */
function rangesOf(edge: Edge, submit: Submit, action: string): Result<readonly string[], Problem> {
  const entered = typed(submit, DECIDE_INPUTS.ranges);
  const key = chosen(submit, DECIDE_INPUTS.prepared);
  if (key !== null) {
    const set = preparedRanges(edge.core, [...edge.core.connectors.keys()]).find((one) => one.key === key);
    if (set === undefined) return refuse('plan_changed', phrase('problem.plan_changed'));
    const fits = entered.trim() === '' || parsedAs(entered, set.ranges);
    return fits ? ok(set.ranges) : refuse('invalid_input', phrase('problem.ranges.both'), 'ranges');
  }
  if (entered.trim() === '' && action !== 'limit_login_ips' && action !== 'block_address') return ok([]);
  return parseRanges(entered);
}

function parsedAs(entered: string, ranges: readonly string[]): boolean {
  const parsed = parseRanges(entered);
  return parsed.ok && parsed.value.toSorted().join() === ranges.toSorted().join();
}

function onDecide(app: App, edge: Edge): void {
  app.view(modals.decide.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const plan = modals.decide.decode(submit.view.private_metadata);
    if (!plan) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const ranges = rangesOf(edge, submit, plan.action);
    if (!ranges.ok) {
      const tried = { incidentId: plan.incident, action: plan.action, actor: submit.user.id };
      const attempt = { ...tried, origin: originOf(context, 'modal') };
      const managed = await managedBy(edge.core, 'decide', attempt);
      if (managed.ok) await recordRefusal(edge.core, attempt, ranges.error);
      await ack(answerTo(edge, submit, managed.ok ? ranges.error : managed.error));
      return;
    }
    const request = {
      incidentId: plan.incident,
      action: plan.action,
      actor: submit.user.id,
      reason: typed(submit, DECIDE_INPUTS.reason),
      ranges: [...ranges.value],
      outsideAccepted: ticked(submit, DECIDE_INPUTS.outside),
      override: typed(submit, DECIDE_INPUTS.override),
      breakGlass: typed(submit, DECIDE_INPUTS.break_glass),
      seen: plan.seen,
      shown: plan.plan,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const chosen = chosenItems(submit);
    const kept = [...chosen].map(([row, keys]): [string, string[]] => [row, [...keys]]);
    const given = await givenIn(edge, submit, { command: 'decide', ...request, chosen: kept });
    const decided = await commands.decide(edge.core, { ...request, chosen, given });
    if (decided.ok) await ack({ response_action: 'clear' });
    else if (decided.error.code === 'plan_changed')
      await ack(await showAgain({ edge, submit, context }, { ...plan, ranges: request.ranges }));
    else await ack(answerTo(edge, submit, decided.error));
  });
}

/** A submitted window. */
interface Sent {
  readonly edge: Edge;
  readonly submit: Submit;
  readonly context: Context;
}

/** The plan has changed by now: the new one is shown instead, to be decided or left. */
async function showAgain(
  { edge, submit, context }: Sent,
  { incident, action, ranges }: { incident: string; action: DecisionKind; ranges: readonly string[] },
) {
  const origin = originOf(context, 'modal');
  const clicked = { incidentId: incident, actor: submit.user.id, origin, repeated: true } as const;
  const preview = await previewDecision(edge.core, clicked, action, ranges);
  if (!preview.ok) return answerTo(edge, submit, preview.error);
  const reason = typed(submit, DECIDE_INPUTS.reason);
  return {
    response_action: 'update' as const,
    view: decideModal(edge.translator, preview.value, { reason, changed: true }),
  };
}

function onClose(app: App, edge: Edge): void {
  app.view(modals.close.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const closing = modals.close.decode(submit.view.private_metadata);
    const outcome = OUTCOMES.find((one) => one === chosen(submit, CLOSE_INPUTS.outcome));
    if (!closing || !outcome) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const closed = await commands.close(edge.core, {
      incidentId: closing.incident,
      actor: submit.user.id,
      outcome,
      reason: typed(submit, CLOSE_INPUTS.reason),
      origin: originOf(context, 'modal'),
    });
    await (closed.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, closed.error)));
  });
}

function onUndo(app: App, edge: Edge): void {
  app.view(modals.undo.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const undo = modals.undo.decode(submit.view.private_metadata);
    if (!undo) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      stepId: undo.step,
      shown: undo.plan,
      actor: submit.user.id,
      reason: typed(submit, DECIDE_INPUTS.reason),
      override: typed(submit, DECIDE_INPUTS.override),
      breakGlass: typed(submit, DECIDE_INPUTS.break_glass),
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'undo', ...request });
    const decided = await commands.undo(edge.core, { ...request, given });
    if (decided.ok) await ack({ response_action: 'clear' });
    else if (decided.error.code === 'plan_changed')
      await ack(await showUndoAgain({ edge, submit, context }, undo.step));
    else await ack(answerTo(edge, submit, decided.error));
  });
}

async function showUndoAgain({ edge, submit, context }: Sent, step: string) {
  const origin = originOf(context, 'modal');
  const preview = await previewUndo(edge.core, { stepId: step, actor: submit.user.id, origin, repeated: true });
  if (!preview.ok) return answerTo(edge, submit, preview.error);
  return { response_action: 'update' as const, view: undoModal(edge.translator, preview.value, { changed: true }) };
}

function onLinks(app: App, edge: Edge): void {
  app.view(modals.links.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const links = modals.links.decode(submit.view.private_metadata);
    if (!links) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      incidentId: links.incident,
      actor: submit.user.id,
      confirms: ticked(submit, CONFIRMS),
      shown: links.seen,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const logins = typedLogins(submit);
    const given = await givenIn(edge, submit, { command: 'links', ...request, typed: [...logins] });
    const corrected = await commands.correctAccounts(edge.core, { ...request, typed: logins, given });
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
