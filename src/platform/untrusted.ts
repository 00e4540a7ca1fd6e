/**
 * Characters that are invisible but change the visible text: controls, formats (bidirectional ones too), half
 * surrogates, blank fillers.
 */
const UNSEEN = /\p{Cf}|\p{Cs}|\p{Co}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u2800|\u3164|\uFFA0/gu;
/** Breaks, tabs, other controls and every kind of space. */
const SPACE = /[\s\p{Cc}\p{Z}]+/gu;

/**
 * Other people's text as one line that reads as written: it can start no line of its own, and nothing in it reverses
 * the reading direction. Spaces at the ends stay, one of each run.
 */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, '').replace(SPACE, ' ');
}

/** What a terminal obeys (ECMA-48: C0, DEL, C1), or what breaks a line there. */
const OBEYED = /[\p{Cc}\u2028\u2029]/gu;

/**
 * One line of a terminal, with its columns: it moves no cursor, sets no title, breaks no line. A sign that a terminal
 * obeys stands as a blank, so that what follows reads as what it is: text.
 */
export const terminalLine = (text: string): string => text.replace(UNSEEN, '').replace(OBEYED, ' ');

/** A text of several lines of our own, each as `terminalLine`. */
export const terminalText = (text: string): string => text.split('\n').map(terminalLine).join('\n');

/** What a command prints: each line one line, whatever names are in it. */
export const terminalLines = (lines: readonly string[]): string => `${lines.map(terminalLine).join('\n')}\n`;

const escaped = (sign: string): string =>
  Array.from({ length: sign.length }, (_none, at) => sign.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** One line of JSON that says the same, and that a terminal may be shown: `JSON.stringify` escapes C0 only. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(UNSEEN, escaped).replace(OBEYED, escaped)}\n`;

/**
 * A line of the log, which is JSON or will be drawn from it: without what a terminal obeys when it is drawn. Line breaks
 * stay, escaped; stacks have them.
 */
export const withoutControls = (line: string): string =>
  line
    .replace(/\\(?:\\|u00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f]))/gi, (sign) => (sign === '\\\\' ? sign : ' '))
    .replace(UNSEEN, '')
    .replace(/[\x7F-\x9F\u2028\u2029]/g, ' ');

/** Part of a time, of a hardware or IPv6 address, or of a port: people copy those, and no emoji has such a name. */
const NUMBERS = /^(?:[0-9a-f]{0,4}|\d{5}|\d\d(?:\.\d+)?Z?)\.?$/i;

/**
 * Replaces the colons that Slack, in both of its kinds of text, would turn into an emoji: `:name:`, and one at the end,
 * where our own text may follow. Source: docs.slack.dev, formatting text for app surfaces, emoji.
 */
function withoutPictures(line: string): string {
  return line.replace(/:(?=([\p{L}\p{M}\p{N}_+'&.-]*)(:|$))/gu, (colon, name: string, end: string, at: number) => {
    const before = line[at - 1] ?? '';
    const isNumber = NUMBERS.test(name) && (end === ':' ? /[0-9a-f:]/i : /[^\s:]/).test(before);
    return isNumber && at + 1 < line.length ? colon : '\u2236';
  });
}

/** Signs that look the same and mean nothing to Slack. A zero-width character beside the sign would leave it in force. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '\u2217', _: '\u02CD', '~': '\u223C', '`': '\u02CB' };

/** For plain_text fields: one line without emoji. Slack gives no other sign a meaning there. */
export function quietPlain(text: string): string {
  return withoutPictures(oneLine(text));
}

/**
 * For mrkdwn fields, before it is escaped: also nothing bold, italic, struck out or set as code, and no quotation. An
 * underscore inside a word has no meaning and stays, for addresses and file names.
 */
export function quietMrkdwn(text: string): string {
  const line = oneLine(text)
    .replace(/^( ?)>+/, (_, space: string) => `${space}\u203A`)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[*~`]/gu, (sign) => LOOK_ALIKES[sign] ?? sign);
  return withoutPictures(line);
}
