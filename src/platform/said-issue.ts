import type { z } from 'zod';

/** What zod expects, in words. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
};

/** What was found, without repeating a text: it may be a secret that was put in the wrong place. */
function foundIn(input: unknown): string {
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  return Array.isArray(input) ? 'a list' : 'a section with keys';
}

const isAbsent = (input: unknown): boolean => input === undefined || input === null || input === '';
const counted = (count: number | bigint, one: string, many: string): string =>
  `${String(count)} ${Number(count) === 1 ? one : many}`;

/** The parts of such an issue that are told. */
type Bound<I extends { readonly origin: unknown; readonly inclusive?: unknown }, K extends keyof I> = Pick<
  I,
  'origin' | 'inclusive' | K
> & { readonly input: unknown };

function tooSmall({ origin, minimum, inclusive, input }: Bound<z.core.$ZodIssueTooSmall, 'minimum'>): string {
  if (origin === 'array' && Number(minimum) === 1) return 'is an empty list';
  if (origin === 'array') return `has fewer than ${counted(minimum, 'entry', 'entries')}`;
  if (origin === 'string') return `has fewer than ${counted(minimum, 'character', 'characters')}`;
  return `is ${foundIn(input)}, and must be ${inclusive === false ? 'more than' : 'at least'} ${String(minimum)}`;
}

function tooBig({ origin, maximum, input }: Bound<z.core.$ZodIssueTooBig, 'maximum'>): string {
  if (origin === 'array') return `has more than ${counted(maximum, 'entry', 'entries')}`;
  if (origin === 'string') return `has more than ${counted(maximum, 'character', 'characters')}`;
  return `is ${foundIn(input)}, and must be at most ${String(maximum)}`;
}

/**
 * What is wrong, as the end of a sentence that begins with the setting's name, wherever a schema has no words of its own.
 * Handed to `safeParse`: the schema's own messages win.
 */
export function saidIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (input === undefined) return 'is missing';
  if (isAbsent(input)) return 'is empty';
  switch (issue.code) {
    case 'invalid_type':
      return `is ${foundIn(input)}, not ${KINDS[issue.expected] ?? 'what belongs here'}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_value':
      return `is none of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return typeof issue['prefix'] === 'string'
        ? `does not begin with ${issue['prefix']}`
        : 'is not written as it must be';
    default:
      return `is ${foundIn(input)}, which does not fit here`;
  }
}
