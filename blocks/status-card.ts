import type { Button } from '@slack/types';
import type { IncidentView, ProgressView } from '../src/incidents/view.js';
import { stepLines } from './incident-card.js';
import { buttons, drawButton } from './interactions.js';
import { actions, type Content, header, section, sections, type Voice } from './parts.js';
import { type Phrase, sayPhrase } from './texts/phrase.js';
import { mention, Mrkdwn } from './texts/say.js';

/** The reporter's direct message: what happens, who is looking, what was done. Kept current to the end. */
export function statusCard(voice: Voice, view: IncidentView): Content {
  const { say, plain } = voice;
  const { incident } = view;
  const closing = incident.outcome === null ? null : say(`status.closed.${incident.outcome}`);
  const owner =
    incident.owner === null ? say('status.waiting') : say('status.owner', { owner: mention(incident.owner) });
  const steps =
    view.steps.length === 0
      ? [section(say('status.nothing_yet'))]
      : sections([say('status.steps'), ...stepLines(voice, view, view.steps)]);
  const running = [
    say('status.opened', { reference: incident.reference }),
    say('status.next'),
    owner,
    say('status.do'),
  ];
  return {
    text: plain('status.fallback', { reference: incident.reference, state: plain(`status.state.${incident.status}`) }),
    blocks: [header(plain('status.title')), section(closing ?? running.join('\n\n')), ...steps],
  };
}

const FINISHED = new Set(['verified', 'accepted', 'console', 'console_done', 'needs_human']);

/** A decision, and its steps, system by system, redrawn as they go on. */
export function progressCard(
  voice: Voice,
  view: IncidentView,
  progress: ProgressView & { readonly phrase: Phrase | null },
): Content {
  const done = progress.steps.filter((step) => FINISHED.has(step.status)).length;
  const action = progress.decision.action as 'lockdown' | 'undo';
  const title = voice.say('timeline.progress', {
    action: new Mrkdwn(voice.say(`action.${action}`)),
    done,
    total: progress.steps.length,
  });
  const decided = progress.phrase === null ? [] : [sayPhrase(voice.say, progress.phrase)];
  const lines = [...decided, title, ...stepLines(voice, view, progress.steps)];
  return { text: lines.join('\n'), blocks: sections(lines) };
}

/** One line of the thread. */
export function lineCard({ say }: Voice, phrase: Phrase): Content {
  const text = sayPhrase(say, phrase);
  return { text, blocks: [section(text)] };
}

/** A line with a button for one step; without it once the step has moved on. */
export function stepLineCard(
  voice: Voice,
  phrase: Phrase,
  waiting: { step: string; button: 'retry' | 'tick' | 'undo' } | null,
): Content {
  const line = lineCard(voice, phrase);
  if (!waiting) return line;
  return { text: line.text, blocks: [...line.blocks, actions('step', [stepButton(voice, waiting)])] };
}

function stepButton({ plain }: Voice, { step, button }: { step: string; button: 'retry' | 'tick' | 'undo' }): Button {
  switch (button) {
    case 'retry':
      return drawButton(buttons.step_retry, { step }, { text: plain('button.retry'), style: 'primary' });
    case 'tick':
      return drawButton(buttons.step_tick, { step }, { text: plain('button.tick'), style: 'primary' });
    case 'undo':
      return drawButton(buttons.step_undo, { step }, { text: plain('button.undo') });
  }
}
