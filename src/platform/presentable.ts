import { types } from 'node:util';
import { z } from 'zod';

const REDACTED = '[redacted]';

/** What an error may say beside its message: where it happened and how that is called, never what was sent. */
const ERROR_FIELDS = [
  ...['code', 'errno', 'syscall', 'address', 'port', 'hostname', 'path', 'status', 'statusCode', 'retryAfter'],
  // Postgres. Its `detail`, `where` and `hint` repeat the values of rows.
  ...['severity', 'schema', 'table', 'column', 'constraint', 'routine'],
] as const;

const LONGEST_TEXT = 2_000;
const LONGEST_STACK = 4_000;
const DEEPEST = 6;
const MOST = 50;

const WORDS =
  'passw(?:or)?d|passphrase|pwd|secret|token|authorization|credential|cookie|api[_-]?key|private[_-]?key|seal[_-]?key|assertion|seed|signature';
/** A name that holds a secret, in whichever spelling: `accessToken`, `client_assertion`, `X-Api-Key`. */
const SECRET_NAME = new RegExp(WORDS, 'i');
const NAME = `[\\w.-]*(?:${WORDS})[\\w.-]*`;

/**
 * Shapes of secrets inside a text. None matches the frame of a JSON line, only what stands inside its strings, so that
 * a line stays one.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^"-]|-(?!----))*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, REDACTED],
  [/\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[\w.-]{6,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  [/\b(Bearer|SSWS|Digest)(\s+|%20)[\w.~+/=:,%-]{6,}/gi, `$1 ${REDACTED}`],
  // Base64 has capitals, digits or signs among its letters; an ordinary word after it is prose ("Basic Information").
  [
    /\b(Basic|basic|BASIC)(\s+|%20)(?!\*?[A-Z]?[a-z]{5,14}[*.,:]*(?![\w.~+/=:,%-]))[\w.~+/=:,%-]{6,}/g,
    `$1 ${REDACTED}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]*:[^\s/@"\\]*@/gi, `$1${REDACTED}@`],
  // name=value in an address or a form, name: value in a header.
  [
    new RegExp(`(${NAME}(?:=|%3D|:\\s+))(?!\\[redacted|(?:Bearer|Basic|SSWS|Digest)\\b)[^\\s&"'\\\\,;]+`, 'gi'),
    `$1${REDACTED}`,
  ],
  // "name":"value" in a JSON text that stands in a string, escaped as often as it was put into another.
  [new RegExp(`(${NAME}\\\\+"\\s*:\\s*\\\\+")[^"\\\\]*`, 'gi'), `$1${REDACTED}`],
];

/** A text without what looks like a secret. */
export const withoutSecrets = (text: string): string =>
  SHAPES.reduce((left, [shape, instead]) => left.replace(shape, instead), text);

const short = (text: string, longest = LONGEST_TEXT): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${String(text.length)} characters)`;

/** What was wrong, place by place: the message of a `ZodError` may repeat the whole input. */
function messageOf(error: Error): string {
  if (!(error instanceof z.ZodError)) return error.message;
  const places = error.issues.slice(0, MOST).map(({ path, code }) => `${code} at ${path.map(String).join('.')}`);
  return `does not fit: ${places.join(', ')}`;
}

/** Where an error was thrown, without its message, which stands before. */
function stackOf(error: Error): string {
  const stack = String(error.stack);
  const first = stack.search(/^\s+at /m);
  return first < 0 ? '' : short(stack.slice(first), LONGEST_STACK);
}

/**
 * An error by an allow-list: its type, message, place, code and causes. Whatever else hangs on it (the request with its
 * headers, a command with its arguments, the input that did not fit) is not looked at.
 */
function presentableError(error: Error, depth: number): Record<string, unknown> {
  const named = ERROR_FIELDS.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, shortened(value)] as const] : [];
  });
  const several: unknown = Reflect.get(error, 'errors');
  return {
    type: error.name,
    message: short(messageOf(error)),
    ...Object.fromEntries(named),
    stack: stackOf(error),
    ...(error.cause === undefined ? {} : { cause: inside(error.cause, depth + 1) }),
    ...(Array.isArray(several) ? { errors: several.slice(0, MOST).map((one) => inside(one, depth + 1)) } : {}),
  };
}

const shortened = (value: string | number): string | number => (typeof value === 'string' ? short(value) : value);

/** What an error was caused by; anything that is no error may be what was sent. */
const inside = (value: unknown, depth: number): unknown =>
  types.isNativeError(value) && depth < DEEPEST ? presentableError(value, depth) : `[${kindOf(value)}]`;

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const hasJson = (value: object): value is { toJSON: () => unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** Plain values as they are, at any depth without what a secret's name holds; objects of a class by their own `toJSON`. */
export function presentable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return short(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (types.isNativeError(value)) return inside(value, depth);
  if (depth >= DEEPEST) return `[${kindOf(value)}]`;
  if (Array.isArray(value)) return value.slice(0, MOST).map((one) => presentable(one, depth + 1));
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (hasJson(value)) return presentable(value.toJSON(), depth + 1);
  return isPlain(value) ? presentableFields(value, depth) : `[${kindOf(value)}]`;
}

/** An object literal, of whichever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype !== 'object' || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The fields of a plain object. */
export const presentableFields = (value: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      SECRET_NAME.test(name) ? REDACTED : presentable(held, depth + 1),
    ]),
  );
