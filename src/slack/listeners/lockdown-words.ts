import { plainText } from '../plain-text.js';

/** Somebody whom the words of `/lockdown` name. Never a display name: those are not unique. */
export type Named =
  | { readonly by: 'id'; readonly who: string }
  | { readonly by: 'email'; readonly who: string }
  | { readonly by: 'login'; readonly who: string };

export interface LockdownWords {
  readonly named: readonly Named[];
  /** `@name` that Slack did not resolve, as typed. */
  readonly unresolved: readonly string[];
  /** User groups, channels and `@here`, as typed: several people, or none. */
  readonly groups: readonly string[];
  /** Addresses among the words of the reason: people, if somebody knows them. */
  readonly beside: readonly string[];
  readonly reason: string;
}

type Token =
  | { readonly kind: 'person' | 'address'; readonly raw: string; readonly named: Named }
  | { readonly kind: 'unresolved' | 'group' | 'channel' | 'and' | 'word'; readonly raw: string };

const TOKENS = /<[^<>]*>|[^\s<>]+/g;
const MENTION = /^<@([A-Z0-9]+)(?:\|[^>]*)?>$/;
const MAILTO = /^<mailto:([^|>]+)(?:\|[^>]*)?>$/;
const ADDRESS = /^[^\s<>|@,;]+@[^\s<>|@,;]+\.[^\s<>|@,;]+$/;
const AND = /^(?:and|und|et|y|&amp;|[,;+&]+)$/i;
const EVERYBODY = /^@(?:here|channel|everyone|all)$/i;

function tokenOf(raw: string): Token {
  const mention = MENTION.exec(raw)?.[1];
  if (mention !== undefined) return { kind: 'person', raw, named: { by: 'id', who: mention } };
  const bare = raw.replace(/[,;.:]+$/, '');
  const email = MAILTO.exec(raw)?.[1] ?? (ADDRESS.test(bare) ? bare : undefined);
  if (email !== undefined) return { kind: 'address', raw, named: { by: 'email', who: email } };
  if (raw.startsWith('<!') || EVERYBODY.test(bare)) return { kind: 'group', raw };
  if (raw.startsWith('<#')) return { kind: 'channel', raw };
  if (/^@./.test(bare)) return { kind: 'unresolved', raw: bare };
  return { kind: AND.test(raw) ? 'and' : 'word', raw };
}

const isWord = ({ kind }: Token): boolean => kind === 'word' || kind === 'channel';

/** One person, however often they are named. */
const distinct = (named: readonly Named[]): readonly Named[] =>
  named.filter((one, index) => named.findIndex(({ who }) => who.toLowerCase() === one.who.toLowerCase()) === index);

/**
 * Whom `/lockdown` names, and why. Mentions count anywhere; addresses at the beginning, where the people are listed, or
 * anywhere when nobody else is named; without either, the first word may be a login. The rest is the reason.
 */
export function wordsOfLockdown(text: string): LockdownWords {
  const tokens = (text.match(TOKENS) ?? []).map(tokenOf);
  const firstWord = tokens.findIndex(isWord);
  const listed = firstWord === -1 ? tokens : tokens.slice(0, firstWord);
  const people = tokens.flatMap((token) => (token.kind === 'person' ? [token.named] : []));
  const addressesIn = (some: readonly Token[]): Named[] =>
    some.flatMap((token) => (token.kind === 'address' ? [token.named] : []));
  const named = distinct([...people, ...addressesIn(people.length === 0 && listed.length === 0 ? tokens : listed)]);
  const login = named.length === 0 && tokens[0]?.kind === 'word' ? tokens[0] : null;
  const isNamed = (token: Token): boolean =>
    token === login ||
    ((token.kind === 'person' || token.kind === 'address') && named.some(({ who }) => who === token.named.who));
  const reason = tokens.filter((token, index) => !isNamed(token) && !(token.kind === 'and' && index < listed.length));
  return {
    named: login === null ? named : [{ by: 'login', who: plainText(login.raw) }],
    unresolved: tokens.flatMap((token) => (token.kind === 'unresolved' ? [token.raw] : [])),
    groups: tokens.flatMap((token) =>
      token.kind === 'group' || (token.kind === 'channel' && named.length === 0 && login === null)
        ? [plainText(token.raw)]
        : [],
    ),
    beside: addressesIn(tokens)
      .map(({ who }) => who)
      .filter((who) => !named.some((one) => one.who === who)),
    reason: plainText(reason.map(({ raw }) => raw).join(' ')).trim(),
  };
}
