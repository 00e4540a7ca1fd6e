import { distance } from 'fastest-levenshtein';

/** What somebody meant by a message in plain words. For `unsure`, buttons ask. */
export type Meaning = 'not_me' | 'was_me' | 'unsure' | 'other';

const NOT_ME = [
  "didn't do this",
  "didn't do that",
  "didn't do it",
  "i didn't reset",
  "i didn't change",
  "i didn't sign in",
  "i didn't log in",
  "i didn't request",
  "i didn't ask for",
  "i haven't done this",
  "i haven't done that",
  "i haven't reset",
  "i haven't changed",
  "i haven't requested",
  "i haven't asked for",
  "i haven't signed in",
  "i haven't logged in",
  "i wasn't signing in",
  "i wasn't logging in",
  'i never reset',
  'i never changed',
  'i never requested',
  'i never signed in',
  'i never logged in',
  'i never did this',
  'i never did that',
  'i never did it',
  'i never asked for',
  "i don't recognise",
  "i don't recognize",
  "that wasn't me",
  "this wasn't me",
  "it wasn't me",
  "wasn't me",
  'not me',
  'that was not me',
  "isn't me",
  "isn't mine",
  "wasn't mine",
  'not mine',
  'somebody reset my password',
  'somebody changed my password',
  'somebody is in my account',
  'somebody is using my account',
  'somebody got into my account',
  'somebody got into my email',
  'somebody got into my mail',
  'somebody signed in',
  'somebody logged in',
  'somebody else signed in',
  'i have been hacked',
  "i've been hacked",
  'my account was hacked',
  'my account is compromised',
  'my account has been hacked',
  'i was hacked',
  'i got hacked',
];
const WAS_ME = [
  'that was me',
  'this was me',
  'it was me',
  'i did this',
  'i did that',
  'i did it',
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
  'help',
  'mail',
  'email',
  'link',
  'clicked',
  'code',
  'prompt',
  'prompts',
  'approved',
  'mfa',
  '2fa',
  'stolen',
  'lost',
  'hacker',
  'attacker',
  'phished',
  'scam',
  'virus',
];
const NEGATIONS = new Set(['not', 'never', 'didnt', 'wasnt', 'isnt', 'dont', 'havent', 'no']);
/** "did not" is read as "didn't": frightened people write either. */
const SHORTENED = /\b(did|was|is|do|have|has) not\b/g;
/** Far more than a frightened person types, and still little work. */
const MOST_WORDS = 400;

/** Lower case, straight apostrophes dropped, everything else that is not a letter or digit becomes a space. */
function words(message: string): string[] {
  return message
    .toLowerCase()
    .replace(/['’`´]s\b/g, ' is')
    .replace(/['’`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(SHORTENED, '$1nt')
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
}

const SLIPS: readonly { from: number; slips: number }[] = [
  { from: 9, slips: 2 },
  { from: 4, slips: 1 },
  { from: 0, slips: 0 },
];
const MOST_SLIPS = 3;

/** The same word, allowing as many typing mistakes as its length permits. */
function alike(said: string, meant: string): boolean {
  if (said === meant) return true;
  if (NEGATIONS.has(said) !== NEGATIONS.has(meant) && !isTypoOfNegation(said, meant)) return false;
  // A word that much longer or shorter is no slip, and one endless word must not be compared with all others.
  if (Math.abs(said.length - meant.length) > MOST_SLIPS) return false;
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

/** Whether the words of `pattern` occur in `said` in order, with at most `between` other words between neighbours. */
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

/** Half a claim ("was that me?", "it was nat me") leads to a question: read as "was me" it could silence an attack. */
const isHalfClaim = (said: readonly string[]): boolean =>
  said.includes('me') && said.some((word) => ['was', 'is', 'it', 'that', 'this'].includes(word));

/**
 * Interprets a message in plain words, allowing for typing mistakes. A doubtful one is `unsure`: never guessed into
 * silence.
 */
export function meaningOf(message: string): Meaning {
  const said = words(message);
  if (notMe.some((pattern) => contains(said, pattern, 2))) return 'not_me';
  if (wasMe.some((pattern) => contains(said, pattern, 0)))
    return isNegated(said) || message.includes('?') ? 'unsure' : 'was_me';
  const about = said.some((word) => TOPIC.some((topic) => alike(word, topic)));
  return about || isHalfClaim(said) ? 'unsure' : 'other';
}
