import { incidentCard } from '../../blocks/incident-card.js';
import type { Voice } from '../../blocks/parts.js';
import { lineCard, progressCard, statusCard, stepLineCard } from '../../blocks/status-card.js';
import type { Core } from '../../src/core.js';
import type { Drawn } from '../../src/incidents/messenger.js';
import type { PostBody } from '../../src/incidents/posts.js';
import { type IncidentView, progressView } from '../../src/incidents/view.js';

/** Draws a post from the store's present truth; `null` when there is nothing to draw. */
export type Draw = (view: IncidentView, body: PostBody) => Promise<Drawn | null>;

const WAITING = { retry: 'needs_human', tick: 'console' } as const;

export function createDraw(core: Core, voice: Voice): Draw {
  return async (view, body) => {
    switch (body.kind) {
      case 'card':
        return incidentCard(voice, view);
      case 'status':
        return statusCard(voice, view);
      case 'line':
      case 'tell':
        return lineCard(voice, body.phrase);
      case 'progress': {
        const progress = await progressView(core, view, body.decision);
        return progress && progressCard(voice, view, { ...progress, phrase: body.phrase ?? null });
      }
      case 'step_line': {
        const step = view.steps.find((one) => one.id === body.step);
        const waits = step?.status === WAITING[body.button] && view.incident.status === 'open';
        return stepLineCard(voice, body.phrase, waits ? { step: body.step, button: body.button } : null);
      }
    }
  };
}
