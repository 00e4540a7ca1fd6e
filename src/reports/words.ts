import { distance } from 'fastest-levenshtein';

/** What somebody meant with a message in plain words. `unsure` is asked about with buttons. */
export type Meaning = 'not_me' | 'was_me' | 'unsure' | 'other';

const NOT_ME = [
  "i didn't do this",
  "i didn't do that",
  "i didn't reset my password",
  "i didn't change my password",
  "i didn't sign in",
  "i didn't log in",
  "i didn't request this",
  'i never reset my password',
  'i never did this',
  'i never asked for this',
  "that wasn't me",
  "this wasn't me",
  "it wasn't me",
  "wasn't me",
  'not me',
  'that was not me',
  'this is not me',
  'somebody reset my password',
  'somebody changed my password',
  'somebody is in my account',
  'somebody signed in',
  'somebody logged in',
  'somebody else signed in',
  'i have been hacked',
  "i've been hacked",
  'my account was hacked',
  'my account is compromised',
  'help i was hacked',
];
const WAS_ME = [
  'that was me',
  'this was me',
  'it was me',
  'i did this',
  'i did that',
  'yes it was me',
  'i reset my password myself',
  'i changed it myself',
];
const TOPIC = [
  'password',
  'sign',
  'signin',
  'login',
  'log',
  'account',
  'hacked',
  'suspicious',
  'weird',
  'strange',
  'reset',
  'locked',
  'verification',
  'phishing',
  'notice',
];
const NEGATIONS = new Set(['not', 'never', 'didnt', 'wasnt', 'isnt', 'dont', 'havent', 'no']);

/** Lower case, straight apostrophes dropped, everything else that is not a letter or digit a space. */
function words(message: string): string[] {
  return message
    .toLowerCase()
    .replace(/['’`´]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, 60);
}

const SLIPS: readonly { from: number; slips: number }[] = [
  { from: 9, slips: 2 },
  { from: 4, slips: 1 },
  { from: 0, slips: 0 },
];

/** The same word with the typing mistakes that a word of that length forgives. */
function alike(said: string, meant: string): boolean {
  if (said === meant) return true;
  if (NEGATIONS.has(said) !== NEGATIONS.has(meant) && !isTypoOfNegation(said, meant)) return false;
  const allowed = SLIPS.find((rule) => meant.length >= rule.from)?.slips ?? 0;
  return distance(said, meant) <= allowed + (isSwap(said, meant) ? 1 : 0);
}

const isTypoOfNegation = (said: string, meant: string): boolean =>
  NEGATIONS.has(meant) && !NEGATIONS.has(said) && said.length >= 4;

/** Two neighbouring letters typed in the wrong order count as one slip. */
function isSwap(said: string, meant: string): boolean {
  if (said.length !== meant.length) return false;
  const wrong = meant.split('').flatMap((letter, index) => (letter === said[index] ? [] : [index]));
  const [first, second] = wrong;
  return (
    wrong.length === 2 &&
    first !== undefined &&
    second === first + 1 &&
    said[first] === meant[second] &&
    said[second] === meant[first]
  );
}

/** Whether the words of `pattern` stand in `said` in order, with at most `between` other words between neighbours. */
function contains(said: readonly string[], pattern: readonly string[], between: number): boolean {
  return said.some((_, start) => {
    let position = start;
    return pattern.every((meant, index) => {
      const reach = index === 0 ? 1 : between + 1;
      for (let step = 0; step < reach; step += 1) {
        const word = said[position + step];
        if (word !== undefined && alike(word, meant)) {
          position += step + 1;
          return true;
        }
      }
      return false;
    });
  });
}

const somebody = (phrase: string): string[] =>
  phrase.includes('somebody') ? [phrase, phrase.replace('somebody', 'someone')] : [phrase];
const patterns = (phrases: readonly string[]): string[][] => phrases.flatMap(somebody).map(words);
const notMe = patterns(NOT_ME);
const wasMe = patterns(WAS_ME);

const isNegated = (said: readonly string[]): boolean =>
  said.some((word) => [...NEGATIONS].some((negation) => alike(word, negation)));

/** Half a claim ("was that me?", "it was nat me") is asked about: read as "was me" it could silence an attack. */
const isHalfClaim = (said: readonly string[]): boolean =>
  said.includes('me') && said.some((word) => ['was', 'is', 'it', 'that', 'this'].includes(word));

/** Reads a message in plain words, typing mistakes forgiven. A doubtful one is `unsure`: never guessed into silence. */
export function meaningOf(message: string): Meaning {
  const said = words(message);
  if (notMe.some((pattern) => contains(said, pattern, 2))) return 'not_me';
  if (wasMe.some((pattern) => contains(said, pattern, 0)))
    return isNegated(said) || message.includes('?') ? 'unsure' : 'was_me';
  const about = said.some((word) => TOPIC.some((topic) => alike(word, topic)));
  return about || isHalfClaim(said) ? 'unsure' : 'other';
}
