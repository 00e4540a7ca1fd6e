import { incidentCard } from '../../blocks/incident-card.js';
import type { Translator } from '../../blocks/parts.js';
import { elsewhereCard } from '../../blocks/elsewhere.js';
import { lineCard, offerCard, progressCard, statusCard, stepLineCard } from '../../blocks/status-card.js';
import { reviewCard, waitingCard } from '../../blocks/quorum.js';
import { residualCard } from '../../blocks/residual.js';
import { taskList } from '../../blocks/task-list.js';
import type { Core } from '../../src/ports/core.js';
import type { Drawn } from '../../src/ports/messenger.js';
import type { PostBody } from '../../src/incidents/post-body.js';
import type { Step } from '../../src/incidents/steps.js';
import { tasksOf } from '../../src/incidents/tasks.js';
import { residualView } from '../../src/containment/residual.js';
import { type IncidentView, progressView } from '../../src/incidents/view.js';

import { reviewOf } from '../../src/approvals/reviews.js';
import { supersededBy } from '../../src/approvals/superseded.js';
import { canHold } from '../../src/approvals/hold.js';
import { drawSignIns } from './draw-sign-ins.js';

/** Draws a post from the store's present state; `null` when there is nothing to draw. */
export type Draw = (view: IncidentView, body: PostBody) => Promise<Drawn | null>;

/** Whether the button under a step's line still has something to do. */
function waits(core: Core, view: IncidentView, step: Step, button: 'retry' | 'tick' | 'undo'): boolean {
  if (button === 'retry') return step.status === 'needs_human';
  if (button === 'tick') return step.status === 'console';
  const undone = view.steps.some((other) => other.undo_of === step.id && other.status !== 'needs_human');
  return step.after_facts !== null && !undone && supersededBy(core, view.steps, step) === null;
}

export function createDraw(core: Core, translator: Translator): Draw {
  return async (view, body) => {
    switch (body.kind) {
      case 'card':
        return incidentCard(translator, view);
      case 'status':
        return statusCard(translator, view, await canHold(core, view));
      case 'line':
      case 'tell':
        return lineCard(translator, body.phrase);
      case 'offer':
        return offerCard(translator, view, body);
      case 'sign_ins':
        return drawSignIns(core, translator, view);
      case 'tasks':
        return taskList(translator, view, await tasksOf(core.db, core.workspaceId, view.incident.id));
      case 'elsewhere':
        return elsewhereCard(translator, view, body.notice);
      case 'step_line':
        return drawStepLine(core, translator, view, body);
      default:
        return drawDecision(core, translator, view, body);
    }
  };
}

type BodyOf<K extends PostBody['kind']> = Extract<PostBody, { kind: K }>;

/** What is drawn from one decision. */
function drawDecision(
  core: Core,
  translator: Translator,
  view: IncidentView,
  body: BodyOf<'progress' | 'residual' | 'waiting' | 'review'>,
): Drawn | null {
  switch (body.kind) {
    case 'progress': {
      const progress = progressView(view, body.decision);
      return progress && progressCard(translator, view, { ...progress, phrase: body.phrase ?? null });
    }
    case 'residual':
      return drawResidual(translator, view, body.decision);
    case 'waiting':
      return waitingCard(translator, view, body);
    case 'review':
      return drawReview(core, translator, view, body);
  }
}

function drawResidual(translator: Translator, view: IncidentView, decision: string): Drawn | null {
  const left = residualView(view, decision);
  // A decision that ends nothing leaves nothing to say but what it does leave.
  if (left === null || (left.decision.action === 'enable_account' && left.accounts.length === 0)) return null;
  return residualCard(translator, view, left);
}

function drawReview(core: Core, translator: Translator, view: IncidentView, body: BodyOf<'review'>): Drawn | null {
  const decision = view.decisions.find(({ id }) => id === body.decision);
  return decision ? reviewCard(translator, body, reviewOf(core, decision)) : null;
}

function drawStepLine(
  core: Core,
  translator: Translator,
  view: IncidentView,
  { phrase, step: id, button }: BodyOf<'step_line'>,
): Drawn {
  const step = view.steps.find((one) => one.id === id);
  const open = step !== undefined && view.incident.status === 'open' && waits(core, view, step, button);
  return stepLineCard(translator, phrase, open ? { step: id, button } : null);
}
