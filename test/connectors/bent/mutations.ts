/** What one vendor's answers look like, as far as a bent one is judged by it. */
export interface Traits {
  /** Names of the members that hold the rows of a list, e.g. `value`; an answer that is an array is one anyway. */
  readonly lists: readonly string[];
  /** Names of the members by which a thing is known: without it, the thing itself is lost. */
  readonly keys: readonly string[];
  /** Members that need not be there: without them, there is none. `''`: the answer itself may be empty. */
  readonly optional?: readonly string[];
  /** Where an answer says that there is more, each as a path of members: bent, it must not look like the end. */
  readonly cursors?: readonly (readonly string[])[];
  /** Headers that say that there is more, bent. */
  readonly headers?: readonly Readonly<Record<string, string>>[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One answer with one place bent. */
export interface Bending {
  /** Where and how, for the report. */
  readonly what: string;
  readonly answer: Answer;
  /**
   * What may be lost by it: `detail` one field of one thing, `thing` one thing of a list, `all` the whole answer, `extra`
   * nothing at all.
   */
  readonly loses: 'extra' | 'detail' | 'thing' | 'all';
  /** The bent place belongs to one thing of a list, not to an answer about one thing. */
  readonly inList: boolean;
  /** It says something else, readably: then somebody else may be meant. */
  readonly marked: boolean;
}

/** A text that no vendor ever sent. */
export const MARK = 'zz-unheard-of';

type Path = readonly (string | number)[];
type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const GONE = Symbol('gone');

function put(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.flatMap((one, index) => {
      if (index !== step) return [one];
      return rest.length === 0 && by === GONE ? [] : [put(one, rest, by)];
    });
  }
  if (!isObject(value)) return value;
  if (rest.length === 0 && by === GONE)
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
  return { ...value, [step]: put(value[step], rest, by) };
}

function instead(value: unknown): readonly (readonly [string, unknown])[] {
  if (value === null)
    return [
      ['an object', { [MARK]: 7 }],
      ['a number', 7],
    ];
  if (typeof value === 'string')
    return [
      ['null', null],
      ['a number', 7],
      ['unheard of', MARK],
      ['empty', ''],
      ['an object', { value }],
    ];
  if (typeof value === 'number')
    return [
      ['null', null],
      ['a text', String(value)],
      ['an object', { value }],
    ];
  if (typeof value === 'boolean')
    return [
      ['null', null],
      ['a text', String(value)],
      ['a number', 7],
    ];
  if (Array.isArray(value))
    return [
      ['null', null],
      ['an object', Object.fromEntries(value.entries())],
      ['a text', MARK],
    ];
  return [
    ['null', null],
    ['an array', [value]],
    ['a text', MARK],
    ['empty', {}],
  ];
}

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** First, middle and last; every member of an object. */
function* places(value: unknown, path: Path = []): Generator<Place> {
  yield { path, value };
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    for (const index of new Set([0, Math.floor(list.length / 2), list.length - 1]))
      if (index in list) yield* places(list[index], [...path, index]);
  } else if (isObject(value)) for (const [key, one] of Object.entries(value)) yield* places(one, [...path, key]);
}

const isList = (path: Path, value: unknown, { lists }: Traits): boolean =>
  Array.isArray(value) &&
  (path.length === 0 || (typeof path.at(-1) === 'string' && lists.includes(String(path.at(-1)))));

/** Whether a list of things stands at this place or below it. */
const holdsList = (path: Path, value: unknown, traits: Traits): boolean =>
  [...places(value, path)].some((place) => isList(place.path, place.value, traits));

/** An answer is a list, or holds one; the things in a member of one thing are part of that. */
const isInList = (path: Path, traits: Traits): boolean => {
  const row = path.findIndex((step) => typeof step === 'number');
  return row === 0 || (row > 0 && traits.lists.includes(String(path[row - 1])));
};

function lossAt(path: Path, value: unknown, traits: Traits): Bending['loses'] {
  if (path.length === 0 || holdsList(path, value, traits)) return 'all';
  const last = path.at(-1);
  const isKey = typeof last === 'number' || traits.keys.includes(String(last));
  // A thing that holds the key of another is lost with it: `{ device: { id } }`.
  const holdsKey = isObject(value) && traits.keys.some((key) => key in value);
  if (!isKey && !holdsKey) return 'detail';
  return isInList(path, traits) ? 'thing' : 'all';
}

const at = (path: Path): string => (path.length === 0 ? 'the whole' : path.join('.'));

const whole = (what: string, answer: Answer): Bending => ({
  what,
  answer,
  loses: 'all',
  inList: false,
  marked: false,
});

function* bentAt({ path, value }: Place, answer: Answer, traits: Traits): Generator<Bending> {
  const bent = (how: string, by: unknown, loses = lossAt(path, value, traits)): Bending => ({
    what: `${at(path)}: ${how}`,
    answer: { ...answer, body: put(answer.body, path, by) },
    loses,
    inList: isInList(path, traits),
    // Of an id, a number is another one.
    marked: how === 'unheard of' || (how === 'a number' && loses === 'thing'),
  });
  const isOptional = traits.optional?.includes(String(path.at(-1) ?? '')) === true;
  for (const [how, by] of instead(value)) if (!isOptional || (how !== 'null' && how !== 'empty')) yield bent(how, by);
  // A list that is one shorter is another answer, and no worse.
  if (typeof path.at(-1) === 'string' && !isOptional) yield bent('left out', GONE);
  if (isObject(value)) yield bent('one member more', { ...value, [MARK]: [{ [MARK]: 7 }] }, 'extra');
  if (!isList(path, value, traits) || !Array.isArray(value)) return;
  const list: readonly unknown[] = value;
  for (const more of [null, {}, MARK]) yield bent(`with ${JSON.stringify(more)}`, [...list, more], 'thing');
}

/** The answer with each of its places bent in each way. */
export function* bendings(answer: Answer, traits: Traits): Generator<Bending> {
  for (const place of places(answer.body)) yield* bentAt(place, answer, traits);
  if (!holdsList([], answer.body, traits)) return;
  for (const path of traits.cursors ?? [])
    for (const by of [7, { [MARK]: 1 }, true])
      yield whole(`${at(path)}: ${JSON.stringify(by)}`, { ...answer, body: put(answer.body, path, by) });
  for (const headers of traits.headers ?? [])
    yield whole(`headers: ${JSON.stringify(headers)}`, { ...answer, headers: { ...answer.headers, ...headers } });
}
