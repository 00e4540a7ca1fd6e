import { closest, distance } from 'fastest-levenshtein';

/** One thing that is wrong with the configuration. `problem` and `fix` are sentences; neither repeats a value. */
export interface ConfigProblem {
  /** An environment variable, or a place in notme.yml such as `workspace.approvers.users[0]`. */
  readonly key: string;
  readonly problem: string;
  readonly fix: string;
}

/**
 * A setting's message says what is wrong and, after a semicolon or full stop, how to mend it. `fix` is for one that does
 * not say how.
 */
export function problemFrom(key: string, message: string, fix: string): ConfigProblem {
  const [, what = message, how = ''] = /^(.*?)(?:;|(?<!e\.g)\.) +(.+)$/s.exec(message) ?? [];
  const wrong = what.replace(/\.+$/, '').replace(/^It (?=[a-z])/, '');
  const mend = how === '' ? fix : `${how.charAt(0).toUpperCase()}${how.slice(1)}`.replace(/\.*$/, '.');
  return { key, problem: `${key}${/^[a-z]/.test(wrong) ? '' : ':'} ${wrong}.`, fix: mend };
}

/** `workspace.approvers.users[0]`. */
export function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'notme.yml';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

/** The known name most similar to a wrong one, or `null` when none is similar. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(
    name.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  );
  const found = known.find((candidate) => candidate.toLowerCase() === best);
  if (found === undefined || distance(name.toLowerCase(), best) > Math.max(2, Math.floor(best.length / 5))) return null;
  return found;
}
