import type { AnnouncedAbout } from '../src/approvals/announce.js';
import { type Phrase, sayPhrase } from '../src/texts/phrase.js';
import { Mrkdwn } from '../src/texts/say.js';
import { buttons, drawButton } from './interactions.js';
import { actions, type Content, section, type Translator } from './parts.js';

/** What there is to do under an announcement. */
export type ToDo =
  | Pick<Extract<AnnouncedAbout, { kind: 'lock' | 'enrolment' }>, 'kind' | 'user'>
  | { readonly kind: 'link'; readonly url: string };

/** What is told in the channel or to a person and belongs to no incident; with a button while it has something to do. */
export function announcementCard(translator: Translator, phrase: Phrase, toDo: ToDo | null): Content {
  const text = sayPhrase(translator.say, phrase);
  return { text, blocks: [section(text), ...(toDo ? drawToDo(translator, toDo) : [])] };
}

function drawToDo({ say, plain }: Translator, toDo: ToDo): Content['blocks'] {
  if (toDo.kind === 'link') return [section(new Mrkdwn(`<${toDo.url}|${say('enrolment.open')}>`).value)];
  const { user } = toDo;
  const button =
    toDo.kind === 'lock'
      ? drawButton(buttons.lock_lift, { user }, { text: plain('lock.lift') })
      : drawButton(buttons.enrolment_approve, { user }, { text: plain('enrolment.approve') });
  return [actions('announcement', [button])];
}
