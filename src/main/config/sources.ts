import { Secret } from '../../platform/secret.js';
import type { EnvironmentName } from './environment.js';
import type { FileConfig } from './file-schema.js';
import type { ConfigProblem } from './problem.js';
import type { Environment } from './read-environment.js';

/**
 * Environment and file, without the values that are wrong on their own; conflicts between them are added to `problems`.
 */
export interface Sources {
  readonly env: Environment;
  readonly file: FileConfig;
  readonly problems: ConfigProblem[];
}

/** A setting from the environment or from notme.yml; the environment wins. */
export interface Place {
  readonly name: EnvironmentName;
  /** Its place in notme.yml, e.g. `mimecast.client_id`. */
  readonly key: string;
  readonly inFile: string | undefined;
}

/** Whether a setting was given at all: a wrong value already has its problem and is not also reported as missing. */
export function isGiven({ env, problems }: Sources, { name, key, inFile }: Place): boolean {
  return env.given.has(name) || inFile !== undefined || problems.some((problem) => problem.key === key);
}

export function read(sources: Sources, place: Place): string | undefined {
  return sources.env.text(place.name) ?? place.inFile;
}

/** Reads a required setting; `because` completes "X is missing: …". */
export function required(sources: Sources, place: Place, because: string): string | undefined {
  if (!isGiven(sources, place)) {
    sources.problems.push({
      key: place.name,
      problem: `${place.name} is missing: ${because}.`,
      fix: `Set ${place.name} in the environment or ${place.key} in notme.yml.`,
    });
  }
  return read(sources, place);
}

export function secretFrom(env: Environment, name: EnvironmentName): Secret | null {
  const value = env.text(name);
  return value === undefined ? null : new Secret(value);
}

/** Reads a required secret. */
export function requiredSecret(sources: Sources, name: EnvironmentName, because: string): Secret | null {
  if (!sources.env.given.has(name)) {
    sources.problems.push({
      key: name,
      problem: `${name} is missing: ${because}.`,
      fix: `Set ${name} in the environment, or ${name}_FILE to the path of a file that holds it.`,
    });
  }
  return secretFrom(sources.env, name);
}

/** Whether any of these variables was given. */
export function anyGiven({ env }: Sources, names: readonly string[]): boolean {
  return names.some((name) => env.given.has(name));
}
