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

/** Part of a time, of a hardware or IPv6 address, or of a port: people copy those, and no emoji has such a name. */
const NUMBERS = /^(?:[0-9a-f]{0,4}|\d\d(?:\.\d+)?Z)$/i;

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
