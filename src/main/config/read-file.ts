import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import { fileJsonSchema, fileSchema, type FileConfig } from './file-schema.js';
import { nearest, placeOf, problemFrom, type ConfigProblem } from './problem.js';
import { schemaAt, suggestKey } from './schema-walk.js';
import { findSecrets, isSecretPlace, secretProblem } from './secret-places.js';
import { saidIssue } from '../../platform/said-issue.js';
import { errorCode } from '../../platform/system-error.js';

const LARGEST_BYTES = 1024 * 1024;

export interface ReadFile {
  /** What is valid in the file, without the wrong settings; `null` when it cannot be read at all. */
  readonly values: FileConfig | null;
  readonly problems: readonly ConfigProblem[];
}

/** Reads `notme.yml`. All problems at once; those of the text itself (tabs, duplicate keys) come with line and column. */
export function readConfigFile(path: string): ReadFile {
  try {
    return parseConfigText(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = errorCode(error);
    const fix = 'Give the path of a readable notme.yml, or none.';
    return { values: null, problems: [{ key: path, problem: `The file cannot be read (${code}).`, fix }] };
  }
}

export function parseConfigText(text: string): ReadFile {
  if (text.length > LARGEST_BYTES) {
    const fix = 'Check that this is the right file.';
    return { values: null, problems: [{ key: 'notme.yml', problem: 'The file is larger than 1 MiB.', fix }] };
  }
  const raw = parseYaml(text);
  if (!raw.ok) return { values: null, problems: raw.error };
  const value = raw.value ?? {};
  const leaked = findSecrets(value);
  const parsed = fileSchema.safeParse(value, { error: saidIssue });
  if (parsed.success) return { values: parsed.data, problems: leaked };
  const { issues } = parsed.error;
  const rest = fileSchema.safeParse(without(value, issues.flatMap(wrongPlaces)));
  return {
    values: rest.success ? rest.data : null,
    problems: [...leaked, ...issues.flatMap((issue) => explain(issue, value))],
  };
}

function wrongPlaces(issue: Issue): readonly (readonly PropertyKey[])[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** A copy of the value without these places. A wrong entry removes its whole list. */
function without(value: unknown, places: readonly (readonly PropertyKey[])[]): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return places.length > 0 ? undefined : value;
  const kept = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    const inside = places.filter((place) => place[0] === key).map((place) => place.slice(1));
    if (inside.some((place) => place.length === 0)) return [];
    return [[key, without(child, inside)]];
  });
  return Object.fromEntries(kept);
}

function parseYaml(text: string): Result<unknown, readonly ConfigProblem[]> {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true, logLevel: 'error' });
  const problems = document.errors.map((error): ConfigProblem => {
    const at = error.linePos?.[0];
    const place = at === undefined ? '' : `:${at.line}:${at.col}`;
    return { key: `notme.yml${place}`, problem: `The file is not valid YAML (${error.code}).`, fix: 'Mend this line.' };
  });
  if (problems.length > 0) return err(problems);
  try {
    return ok(plain(document.toJS({ maxAliasCount: 50 })));
  } catch {
    const fix = 'Write the values out.';
    return err([{ key: 'notme.yml', problem: 'The file nests too many YAML aliases, or one inside itself.', fix }]);
  }
}

/**
 * Only what JSON can express, so that YAML's sets, dates and bytes are no special case. Throws for an alias of itself.
 */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, value: unknown): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...issue.path, key], valueAt(value, [...issue.path, key])));
  return [problemFrom(placeOf(issue.path), issue.message, fixOf(issue.path))];
}

/** What belongs there; of a part that has no description, what belongs to the whole. */
function fixOf(path: readonly PropertyKey[]): string {
  const key = placeOf(path);
  const { description, properties, items } = schemaAt(fileJsonSchema(), path) ?? {};
  const entry = path.length === 0 ? null : schemaAt(items, []);
  const keys = Object.keys(properties ?? entry?.properties ?? {});
  if (path.length === 0) return 'Write one section below the other; notme.example.yml shows every setting.';
  if (keys.length > 0) {
    const kind = properties === undefined ? 'a list of entries' : 'a section';
    return `Write ${key} as ${kind} with keys of ${keys.join(', ')}; notme.example.yml shows them.`;
  }
  return description === undefined ? fixOf(path.slice(0, -1)) : `Set ${key} to ${description}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      typeof here === 'object' && here !== null ? Object.getOwnPropertyDescriptor(here, part)?.value : undefined,
    value,
  );
}

function unknownKey(path: readonly PropertyKey[], value: unknown): ConfigProblem {
  const key = placeOf(path);
  const schema = fileJsonSchema();
  if (isSecretPlace(path, value, Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {})))
    return secretProblem(path, key);
  const suggestion = suggestKey(schema, path, nearest);
  return {
    key,
    problem: `${key} is not a setting of Notme.`,
    fix:
      suggestion === null
        ? 'Remove it; notme.example.yml shows every setting.'
        : `Did you mean ${suggestion}? Rename or remove it.`,
  };
}
