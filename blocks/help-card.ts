import { buttons, drawButton, WORDS_IN_BUTTON } from './interactions.js';
import { clip } from './limits.js';
import { actions, type Content, context, section, type Translator } from './parts.js';
import type { OwnReport } from '../src/reports/help.js';
import { mention, moment } from '../src/texts/say.js';

/** The state of a person's own report, in one sentence. */
function sayOwnReport({ say }: Translator, { reference, opened_at: openedAt, owner }: OwnReport): string {
  const when = moment(openedAt);
  return owner === null
    ? say('help.open.waiting', { reference, when })
    : say('help.open.taken', { reference, when, owner: mention(owner) });
}

/** The source of the request: `message` tells one request from another, `said` is the text that came with it. */
interface Asked {
  readonly message: string;
  readonly said: string;
  readonly surface: 'command' | 'mention';
}

/**
 * The private answer to `/notme help` and to `@Notme`: the state of the own report, what this is for, and the button.
 */
export function askedForHelp(
  translator: Translator,
  { message, said, surface }: Asked,
  open: OwnReport | null,
): Content {
  const { say, plain } = translator;
  const words = { message, said: clip(said, WORDS_IN_BUTTON), surface };
  return {
    text: plain('help.what'),
    blocks: [
      ...(open === null ? [] : [section(sayOwnReport(translator, open))]),
      section(say('help.what')),
      actions('ask', [drawButton(buttons.ask_yes, words, { text: plain('notice.not_me'), style: 'danger' })]),
      section(say(`help.how.${surface}`)),
      context(say('help.else')),
    ],
  };
}

/** The answer to whoever adds something to an open report. */
export function sayAdded(
  { say }: Translator,
  { reference, owner }: Omit<OwnReport, 'opened_at'>,
  files: number,
): string {
  const passed =
    owner === null
      ? say('report.added.waiting', { reference })
      : say('report.added.taken', { reference, owner: mention(owner) });
  return files === 0 ? passed : `${passed}\n${say('report.added.files')}`;
}
