import type { IncidentView } from '../src/incidents/view.js';
import { type WaitingDecision, waitingKind } from '../src/incidents/waiting-decisions.js';
import { type Phrase, sayPhrase } from '../src/texts/phrase.js';
import { mention, moment, Mrkdwn } from '../src/texts/say.js';
import { buttons, drawButton } from './interactions.js';
import { actions, type Content, section, type Translator } from './parts.js';

const stillWaits = ({ status, expires_at: end }: WaitingDecision, now: Date): boolean =>
  status === 'waiting' && end > now;

/** On the incident's card: what waits for a second approver. */
export const waitingLines = ({ say }: Translator, view: IncidentView): Content['blocks'] =>
  view.waiting
    .filter((row) => stillWaits(row, view.now))
    .map((row) => {
      const values = { action: new Mrkdwn(say(`action.${waitingKind(row)}`)), who: mention(row.signed_by) };
      return section(say('card.waiting', { ...values, until: moment(row.expires_at) }));
    });

/** What one approver signed, and its button while a second one is missing. */
export function waitingCard(
  { say, plain }: Translator,
  view: IncidentView,
  { waiting, phrase }: { readonly waiting: string; readonly phrase: Phrase },
): Content | null {
  const row = view.waiting.find(({ id }) => id === waiting);
  if (!row) return null;
  const open = stillWaits(row, view.now) && view.incident.status === 'open';
  const said = open ? sayPhrase(say, phrase) : sayDecided(say, phrase);
  const values = { who: mention(row.signed_by), when: moment(row.signed_at), until: moment(row.expires_at) };
  const state = open ? say('quorum.state.waiting', values) : say(`quorum.state.${endOf(row)}`);
  const button = drawButton(
    buttons.decision_countersign,
    { waiting },
    { text: plain('quorum.button'), style: 'primary' },
  );
  const blocks = [section(said), section(state), ...(open ? [actions('countersign', [button])] : [])];
  return { text: `${said}\n${state}`, blocks };
}

/** What was decided, without that it waits: it does not any more. */
function sayDecided(say: Translator['say'], phrase: Phrase): string {
  const line = phrase.values['line'];
  if (typeof line !== 'object' || !('phrases' in line)) return sayPhrase(say, phrase);
  return line.phrases.map((one) => sayPhrase(say, one)).join(line.join);
}

/** What still says that it waits, and does not: its time is over, or the incident was closed. */
const endOf = ({ status }: WaitingDecision) => (status === 'waiting' ? 'closed' : status);

/** What was run by breaking the glass: a button until it is reviewed, then by whom. */
export function reviewCard(
  { say, plain }: Translator,
  { decision, phrase }: { readonly decision: string; readonly phrase: Phrase },
  review: { readonly by: string; readonly at: string } | null,
): Content {
  const said = sayPhrase(say, phrase);
  if (review === null) {
    const button = drawButton(buttons.review_sign, { decision }, { text: plain('review.button'), style: 'primary' });
    return { text: said, blocks: [section(said), actions('review', [button])] };
  }
  const signed = say('review.state.signed', { who: mention(review.by), when: moment(new Date(review.at)) });
  return { text: `${said}\n${signed}`, blocks: [section(said), section(signed)] };
}
