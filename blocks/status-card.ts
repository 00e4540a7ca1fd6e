import type { Button } from '@slack/types';
import type { HoldReach } from '../src/incidents/hold-reach.js';
import type { IncidentOutcome } from '../src/incidents/incident.js';
import { switchedOff } from '../src/incidents/proven-state.js';
import type { IncidentView, ProgressView } from '../src/incidents/view.js';
import type { DecisionKind } from '../src/ports/decision-kinds.js';
import { stepLines } from './incident-card.js';
import { buttons, drawButton } from './interactions.js';
import { holdBlocks } from './hold.js';
import { actions, type Content, header, section, sections, type Translator } from './parts.js';
import type { SELF_HOLD } from '../src/incidents/step-standing.js';
import { OPEN_STANDINGS, remainingOf, securedAs, type Standing, standingOf } from '../src/incidents/step-standing.js';
import { type Phrase, sayPhrase } from '../src/texts/phrase.js';
import { mention, Mrkdwn } from '../src/texts/say.js';

/**
 * The reporter's direct message: what happens, who is looking, what the progress is. Kept current to the end. It names
 * no step, and no system but those that a freeze does not reach: whoever presses has to know where somebody still is.
 * `offer`: what a freeze would reach now; `null` when none is possible.
 */
export function statusCard(translator: Translator, view: IncidentView, offer: HoldReach | null): Content {
  const { say, plain } = translator;
  const { incident } = view;
  const closing = incident.outcome === null ? null : sayClosed(translator, view, incident.outcome);
  const owner =
    incident.owner === null ? say('status.waiting') : say('status.owner', { owner: mention(incident.owner) });
  const running = [
    ...(view.reports.some(({ surface }) => surface === 'elsewhere') ? [say('status.elsewhere')] : []),
    say('status.opened', { reference: incident.reference }),
    say('status.next'),
    owner,
    say(view.steps.length === 0 ? 'status.nothing_yet' : 'status.begun'),
    say('status.do'),
  ];
  return {
    text: plain('status.fallback', { reference: incident.reference, state: plain(`status.state.${incident.status}`) }),
    blocks: [
      header(plain('status.title')),
      section(closing ?? running.join('\n\n')),
      ...(closing === null ? holdBlocks(translator, view, offer) : []),
    ],
  };
}

/** The result is reported as it is: nobody is told that their accounts are safe while something is open. */
function sayClosed({ say, plain }: Translator, view: IncidentView, outcome: IncidentOutcome): string {
  const { owner } = view.incident;
  const by = owner === null ? plain('status.security_team') : mention(owner);
  const off = switchedOff(view.accounts, view.steps).map(({ system }) => view.systemTitle(system));
  const still = off.length === 0 ? '' : `\n\n${say('status.closed.off', { systems: off.join(', '), owner: by })}`;
  if (outcome !== 'compromised') return say(`status.closed.${outcome}`) + still;
  const secured = securedAs(remainingOf(view, []));
  if (secured === 'done') return say('status.closed.compromised') + still;
  return say(`status.closed.compromised.${secured}`, { owner: by }) + still;
}

/** A decision and its steps, system by system, redrawn as they change. */
export function progressCard(
  translator: Translator,
  view: IncidentView,
  progress: ProgressView & { readonly phrase: Phrase | null },
): Content {
  const count = (wanted: Standing): number => progress.steps.filter((step) => standingOf(step) === wanted).length;
  const action = progress.decision.action as 'lockdown' | 'undo' | typeof SELF_HOLD;
  const title = translator.say('timeline.progress', {
    action: new Mrkdwn(translator.say(`action.${action}`)),
    done: count('done'),
    total: progress.steps.length,
    rest: OPEN_STANDINGS.flatMap((one) =>
      count(one) === 0 ? [] : [translator.say(`progress.rest.${one}`, { count: count(one) })],
    ).join(''),
  });
  const decided = progress.phrase === null ? [] : [sayPhrase(translator.say, progress.phrase)];
  const lines = [...decided, title, ...stepLines(translator, view, progress.steps)];
  return { text: lines.join('\n'), blocks: sections(lines) };
}

/** One line of the thread. */
export function lineCard({ say }: Translator, phrase: Phrase): Content {
  const text = sayPhrase(say, phrase);
  return { text, blocks: [section(text)] };
}

/** A line with a button for one step; without it once the step has changed state. */
export function stepLineCard(
  translator: Translator,
  phrase: Phrase,
  waiting: { step: string; button: 'retry' | 'tick' | 'undo' } | null,
): Content {
  const line = lineCard(translator, phrase);
  if (!waiting) return line;
  return { text: line.text, blocks: [...line.blocks, actions('step', [stepButton(translator, waiting)])] };
}

/** A line with the decisions that it offers, while the incident is open. */
export function offerCard(
  translator: Translator,
  { incident }: IncidentView,
  { phrase, actions: offered }: { readonly phrase: Phrase; readonly actions: readonly DecisionKind[] },
): Content {
  const line = lineCard(translator, phrase);
  if (offered.length === 0 || incident.status === 'closed') return line;
  const elements = offered.map((action) =>
    drawButton(
      buttons.incident_action,
      { incident: incident.id, action },
      { text: translator.plain(`action.${action}`), suffix: action, style: 'primary' },
    ),
  );
  return { text: line.text, blocks: [...line.blocks, actions('offer', elements)] };
}

function stepButton(
  { plain }: Translator,
  { step, button }: { step: string; button: 'retry' | 'tick' | 'undo' },
): Button {
  switch (button) {
    case 'retry':
      return drawButton(buttons.step_retry, { step }, { text: plain('button.retry'), style: 'primary' });
    case 'tick':
      return drawButton(buttons.step_tick, { step }, { text: plain('button.tick'), style: 'primary' });
    case 'undo':
      return drawButton(buttons.step_undo, { step }, { text: plain('button.undo') });
  }
}
