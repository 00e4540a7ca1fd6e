import { readdirSync, readFileSync } from 'node:fs';

export interface SourceFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

export const read = (path: string): string => readFileSync(path, 'utf8');

/** Every file of these folders whose name ends with `ending`, with its text. */
export const filesIn = (folders: readonly string[], ending: string): SourceFile[] =>
  folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
    .filter((path) => path.endsWith(ending))
    .toSorted()
    .map((path) => ({ path, text: read(path) }));

/** The app itself. */
export const appFiles = (): SourceFile[] => filesIn(['src', 'jobs', 'blocks'], '.ts');

/** What a pattern's first group matches in a text, without repeats, sorted. */
export const allMatches = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].toSorted();
