import { createHash } from 'node:crypto';
import type { SystemEvent } from '../ports/connector.js';

/** A database refuses the sign NUL; half a surrogate pair is no text there, nor in a record's JSON. */
const UNSTORABLE = /\0|\p{Cs}/gu;
/** Longer than any login or id; a key of an index may have some 2700 bytes, and one has a login and an address. */
const MOST_CHARS = 400;
const IP_CHARS = 100;
/** A system's word is a name of its own, not a letter. */
const WORD_CHARS = 200;

const clean = (text: string): string => text.replace(UNSTORABLE, '\uFFFD');
/** A cut may leave half a sign. */
const short = (text: string, most = MOST_CHARS): string => clean(text.slice(0, most));

/** Two long ids stay two. */
function idOf(text: string): string {
  if (text.length <= MOST_CHARS) return clean(text);
  const digest = createHash('sha256').update(text).digest('hex');
  return `${short(text, MOST_CHARS - digest.length - 1)}-${digest}`;
}

/**
 * An event as the database takes it, whatever a system writes: one that could not be stored would stop its source for
 * good, for it is read again and again, and all that follows with it.
 */
export const storable = (event: SystemEvent): SystemEvent => ({
  ...event,
  eventId: idOf(event.eventId),
  login: short(event.login),
  actor: event.actor === null ? null : short(event.actor),
  ip: event.ip === null ? null : short(event.ip, IP_CHARS),
  ...(event.word === undefined ? {} : { word: short(event.word, WORD_CHARS) }),
});
