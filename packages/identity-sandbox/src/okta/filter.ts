/** Okta's filter and search expressions, as far as they are spoken here: `eq`, `sw`, `and`, `or`, parentheses. */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly op: 'eq' | 'sw'; readonly name: string; readonly value: string };

const TOKEN = /\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([A-Za-z][\w.]*))/y;
const MOST_TOKENS = 2000;

type Token = { readonly kind: '(' | ')' } | { readonly kind: 'text' | 'word'; readonly text: string };

function tokens(source: string): readonly Token[] | null {
  const text = source.trim();
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length && found.length < MOST_TOKENS) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, open, close, quoted, word] = match;
    if (open !== undefined) found.push({ kind: '(' });
    else if (close !== undefined) found.push({ kind: ')' });
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else found.push({ kind: 'word', text: word ?? '' });
  }
  return found;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #next(): Token | undefined {
    this.#at += 1;
    return this.#tokens[this.#at - 1];
  }

  #takeWord(wanted: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== wanted) return false;
    this.#at += 1;
    return true;
  }

  list(op: 'and' | 'or'): Filter | null {
    const parts: Filter[] = [];
    do {
      const found = op === 'or' ? this.list('and') : this.#one();
      if (found === null) return null;
      parts.push(found);
    } while (this.#takeWord(op));
    return parts.length === 1 ? (parts[0] ?? null) : { op, parts };
  }

  #one(): Filter | null {
    const first = this.#next();
    if (first?.kind === '(') {
      const inner = this.list('or');
      return this.#next()?.kind === ')' ? inner : null;
    }
    const how = this.#next();
    const value = this.#next();
    if (first?.kind !== 'word' || how?.kind !== 'word' || value?.kind !== 'text') return null;
    const op = how.text.toLowerCase();
    return op === 'eq' || op === 'sw' ? { op, name: first.text, value: value.text } : null;
  }
}

/** `null` when the expression is not well formed. */
export function parseFilter(source: string): Filter | null {
  const found = tokens(source);
  if (found === null) return null;
  const parser = new Parser(found);
  const filter = parser.list('or');
  return parser.atEnd ? filter : null;
}

/** Letters count the same in either case, as Okta compares them. `valuesOf` gives all values of an attribute. */
export function matches(filter: Filter, valuesOf: (name: string) => readonly string[]): boolean {
  if ('parts' in filter) {
    const holds = (part: Filter): boolean => matches(part, valuesOf);
    return filter.op === 'and' ? filter.parts.every(holds) : filter.parts.some(holds);
  }
  const wanted = filter.value.toLowerCase();
  return valuesOf(filter.name).some((value) =>
    filter.op === 'eq' ? value.toLowerCase() === wanted : value.toLowerCase().startsWith(wanted),
  );
}
