/**
 * The part of OData's `$filter` that Graph's directory and log collections take: `and`, `or`, parentheses, `eq`, `ge`,
 * `le`, `startswith`, and `any` over a list of values or of objects. Texts compare without regard to case, as Graph does.
 */
export type Filter = (row: unknown) => boolean;

const TOKEN = /\s*(?:('(?:[^']|'')*'|\d{4}-\d\d-\d\dT[\d:.]+Z)|([()/,:])|([^\s()/,:']+))/y;
const MOST_TOKENS = 400;

function tokens(text: string): string[] | null {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length && found.length < MOST_TOKENS) {
    if (text.slice(TOKEN.lastIndex).trim() === '') return found;
    const match = TOKEN.exec(text);
    if (match === null) return null;
    found.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return found.length < MOST_TOKENS ? found : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function at(row: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (isRecord(value) ? value[key] : undefined), row);
}

type Literal = string | number | boolean | null;

function literal(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  return /^-?\d+$/.test(token) ? Number(token) : token;
}

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

function compare(operator: string, value: unknown, wanted: Literal): boolean {
  if (operator === 'eq') return lower(value ?? null) === lower(wanted);
  if (typeof value !== 'string' || typeof wanted !== 'string') return false;
  const [left, right] = [Date.parse(value), Date.parse(wanted)];
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  return operator === 'ge' ? left >= right : left <= right;
}

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(list: readonly string[]) {
    this.#tokens = list;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#next < this.#tokens.length) throw new SyntaxError('Too much text');
    return filter;
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  #take(wanted?: string): string {
    const token = this.#peek();
    if (token === '' || (wanted !== undefined && token !== wanted))
      throw new SyntaxError(`Expected ${wanted ?? 'more'}`);
    this.#next += 1;
    return token;
  }

  #or(): Filter {
    const parts = [this.#and()];
    while (this.#peek() === 'or') {
      this.#take();
      parts.push(this.#and());
    }
    return (row) => parts.some((part) => part(row));
  }

  #and(): Filter {
    const parts = [this.#term()];
    while (this.#peek() === 'and') {
      this.#take();
      parts.push(this.#term());
    }
    return (row) => parts.every((part) => part(row));
  }

  #term(): Filter {
    if (this.#peek() === '(') {
      this.#take('(');
      const inner = this.#or();
      this.#take(')');
      return inner;
    }
    if (this.#peek().toLowerCase() === 'startswith') return this.#startsWith();
    const path = this.#path();
    if (path.at(-1) === 'any') return this.#any(path.slice(0, -1));
    const operator = this.#take();
    if (!['eq', 'ge', 'le'].includes(operator)) throw new SyntaxError(`Unsupported operator ${operator}`);
    const wanted = literal(this.#take());
    return (row) => compare(operator, at(row, path), wanted);
  }

  #path(): string[] {
    const path = [this.#take()];
    while (this.#peek() === '/') {
      this.#take();
      path.push(this.#take());
    }
    return path;
  }

  #startsWith(): Filter {
    this.#take();
    this.#take('(');
    const path = this.#path();
    this.#take(',');
    const wanted = String(literal(this.#take())).toLowerCase();
    this.#take(')');
    return (row) => {
      const value = at(row, path);
      return typeof value === 'string' && value.toLowerCase().startsWith(wanted);
    };
  }

  #any(path: readonly string[]): Filter {
    this.#take('(');
    const name = this.#take();
    this.#take(':');
    const inner = this.#or();
    this.#take(')');
    return (row) => {
      const list = at(row, path);
      return Array.isArray(list) && list.some((element: unknown) => inner({ [name]: element }));
    };
  }
}

/** The predicate of a `$filter`; `null` when it is none. */
export function parseFilter(text: string): Filter | null {
  const list = tokens(text);
  if (list === null) return null;
  try {
    return new Parser(list).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
