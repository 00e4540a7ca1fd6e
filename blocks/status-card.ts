import type { IncidentView, ProgressView } from '../src/incidents/view.js';
import { stepLines } from './incident-card.js';
import { buttons, drawButton } from './interactions.js';
import { actions, type Content, header, section, type Voice } from './parts.js';
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
      ? say('status.nothing_yet')
      : say('status.steps', { steps: new Mrkdwn(stepLines(voice, view, view.steps)) });
  const running = [
    say('status.opened', { reference: incident.reference }),
    say('status.next'),
    owner,
    say('status.do'),
  ];
  return {
    text: plain('status.fallback', { reference: incident.reference, state: plain(`status.state.${incident.status}`) }),
    blocks: [header(plain('status.title')), section(closing ?? running.join('\n\n')), section(steps)],
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
  const action = progress.decision.action as 'lockdown';
  const text = voice.say('timeline.progress', {
    action: new Mrkdwn(voice.say(`action.${action}`)),
    done,
    total: progress.steps.length,
    lines: new Mrkdwn(stepLines(voice, view, progress.steps)),
  });
  if (progress.phrase === null) return { text, blocks: [section(text)] };
  const decided = sayPhrase(voice.say, progress.phrase);
  return { text: `${decided}\n${text}`, blocks: [section(decided), section(text)] };
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
  waiting: { step: string; button: 'retry' | 'tick' } | null,
): Content {
  const line = lineCard(voice, phrase);
  if (!waiting) return line;
  const payload = { step: waiting.step };
  const button =
    waiting.button === 'retry'
      ? drawButton(buttons.step_retry, payload, { text: voice.plain('button.retry'), style: 'primary' })
      : drawButton(buttons.step_tick, payload, { text: voice.plain('button.tick'), style: 'primary' });
  return { text: line.text, blocks: [...line.blocks, actions('step', [button])] };
}
