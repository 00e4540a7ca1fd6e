import { incidentCard } from '../../blocks/incident-card.js';
import type { Translator } from '../../blocks/parts.js';
import { lineCard, offerCard, progressCard, statusCard, stepLineCard } from '../../blocks/status-card.js';
import { taskList } from '../../blocks/task-list.js';
import type { Core } from '../../src/ports/core.js';
import type { Drawn } from '../../src/ports/messenger.js';
import type { PostBody } from '../../src/incidents/posts.js';
import type { Step } from '../../src/incidents/steps.js';
import { tasksOf } from '../../src/incidents/tasks.js';
import { type IncidentView, progressView } from '../../src/incidents/view.js';

import { canHold } from '../../src/approvals/hold.js';
import { drawSignIns } from './draw-sign-ins.js';

/** Draws a post from the store's present state; `null` when there is nothing to draw. */
export type Draw = (view: IncidentView, body: PostBody) => Promise<Drawn | null>;

/** Whether the button under a step's line still has something to do. */
function waits(view: IncidentView, step: Step, button: 'retry' | 'tick' | 'undo'): boolean {
  if (button === 'retry') return step.status === 'needs_human';
  if (button === 'tick') return step.status === 'console';
  const undone = view.steps.some((other) => other.undo_of === step.id && other.status !== 'needs_human');
  return step.after_facts !== null && !undone;
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
      case 'progress': {
        const progress = progressView(view, body.decision);
        return progress && progressCard(translator, view, { ...progress, phrase: body.phrase ?? null });
      }
      case 'step_line': {
        const step = view.steps.find((one) => one.id === body.step);
        const open = step !== undefined && view.incident.status === 'open' && waits(view, step, body.button);
        return stepLineCard(translator, body.phrase, open ? { step: body.step, button: body.button } : null);
      }
    }
  };
}
