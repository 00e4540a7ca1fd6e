import type { AnnouncedAbout } from '../src/approvals/announce.js';
import { type Phrase, sayPhrase } from '../src/texts/phrase.js';
import { buttons, drawButton } from './interactions.js';
import { actions, type Content, section, type Translator } from './parts.js';

/** What is told in the channel or to a person and belongs to no incident; with a button while it has something to do. */
export function announcementCard({ say, plain }: Translator, phrase: Phrase, about: AnnouncedAbout | null): Content {
  const text = sayPhrase(say, phrase);
  const lift = about && drawButton(buttons.lock_lift, { user: about.user }, { text: plain('lock.lift') });
  return { text, blocks: [section(text), ...(lift ? [actions('announcement', [lift])] : [])] };
}
