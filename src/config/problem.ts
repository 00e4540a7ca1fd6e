import { closest, distance } from 'fastest-levenshtein';

/** One thing that is wrong with the configuration. `problem` and `fix` are sentences; neither repeats a value. */
export interface ConfigProblem {
  /** An environment variable, or a place in notme.yml such as `workspace.approvers.users[0]`. */
  readonly key: string;
  readonly problem: string;
  readonly fix: string;
}

/** The known name most like a wrong one, or `null` when none is like it. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(
    name.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  );
  const found = known.find((candidate) => candidate.toLowerCase() === best);
  if (found === undefined || distance(name.toLowerCase(), best) > Math.max(2, Math.ceil(best.length / 3))) return null;
  return found;
}
