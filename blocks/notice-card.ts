import type { Button } from '@slack/types';
import type { Notice } from '../src/notices/notice.js';
import { buttons, drawButton, WORDS_IN_BUTTON } from './interactions.js';
import { clip } from './limits.js';
import { actions, type Content, context, header, section, type Translator } from './parts.js';
import { moment } from '../src/texts/say.js';

/** Of what a system says in its own words. */
const WORD_CHARS = 120;

/**
 * The direct message that starts it all: what happened, when, by whom, and two buttons. Answered: without the buttons,
 * but for the way back from "this was me", and the way to prove it for whoever has something to prove it with.
 */
export function noticeCard(
  { say, plain }: Translator,
  notice: Notice,
  systemTitle: string,
  { canProve = false } = {},
): Content {
  const what = plain(`kind.${notice.kind}`);
  const facts = [
    say('notice.when', { when: moment(notice.occurred_at) }),
    say('notice.by', { actor: notice.actor ?? plain('notice.by_unknown') }),
    say('notice.account', { login: notice.login }),
    ...(notice.word === null ? [] : [say('notice.word', { word: clip(notice.word, WORD_CHARS) })]),
    ...(notice.ip === null ? [] : [say('notice.from', { ip: notice.ip })]),
  ];
  return {
    text: say('notice.fallback', { system: systemTitle, what }),
    blocks: [
      header(plain('notice.title')),
      section([say('notice.text', { system: systemTitle, what }), ...facts].join('\n')),
      ...answer({ say, plain }, notice, canProve),
    ],
  };
}

function answer({ say, plain }: Translator, notice: Notice, canProve: boolean): Content['blocks'] {
  if (notice.answer === 'not_me') return [section(say('notice.answered_not_me'))];
  const notMe = drawButton(
    buttons.notice_not_me,
    { notice: notice.id },
    { text: plain('notice.not_me'), style: 'danger' },
  );
  if (notice.answer === 'me') return saidMe({ say, plain }, notice, { notMe, canProve });
  const me = drawButton(buttons.notice_me, { notice: notice.id }, { text: plain('notice.me') });
  return [actions('answer', [notMe, me]), context(say('notice.hint'))];
}

function saidMe(
  { say, plain }: Translator,
  { id, proven_with: proven }: Notice,
  { notMe, canProve }: { readonly notMe: Button; readonly canProve: boolean },
): Content['blocks'] {
  const change = say('notice.answered_me.change');
  if (proven !== null) {
    const proof = plain(`proof.${proven}`);
    return [section([say('notice.answered_me.proven', { proof }), change].join('\n')), actions('answer', [notMe])];
  }
  if (!canProve) return [section([say('notice.answered_me'), change].join('\n')), actions('answer', [notMe])];
  const lines = [say('notice.answered_me'), say('notice.answered_me.provable'), change];
  const prove = drawButton(buttons.notice_prove, { notice: id }, { text: plain('notice.prove') });
  return [section(lines.join('\n')), actions('answer', [notMe, prove])];
}

/** The words are passed along, so that the report contains what the person wrote and not only the click. */
const asked = (message: string, said: string) => ({ message, said: clip(said, WORDS_IN_BUTTON) });

/** Says what the app is for, with the button that reports: nobody has to find the right words while frightened. */
export function helpCard({ say, plain }: Translator, message: string, said: string): Content {
  return {
    text: plain('ask.help'),
    blocks: [
      section(say('ask.help')),
      actions('ask', [
        drawButton(buttons.ask_yes, asked(message, said), { text: plain('notice.not_me'), style: 'danger' }),
      ]),
    ],
  };
}

/** Asks, with buttons, when a message in plain words was not clear. `message` is the message's ts, `said` its words. */
export function askCard({ say, plain }: Translator, message: string, said: string): Content {
  return {
    text: plain('ask.unsure'),
    blocks: [
      section(say('ask.unsure')),
      actions('ask', [
        drawButton(buttons.ask_yes, asked(message, said), { text: plain('ask.yes'), style: 'danger' }),
        drawButton(buttons.ask_no, { message }, { text: plain('ask.no') }),
      ]),
    ],
  };
}
