import { z } from 'zod';
import { scimSettings } from '../connectors/scim/settings.js';
import { Secret } from '../secret.js';
import { type EnvironmentName, isEnvironmentName } from './environment.js';
import type { ConfigProblem } from './problem.js';
import { anyGiven, type Sources } from './sources.js';
import { IDENTITY_SYSTEMS, type IdentitySystemKey } from './identity-sections.js';

/** `base_url` of `okta` is OKTA_BASE_URL. */
const variableOf = (key: IdentitySystemKey, name: string): EnvironmentName => {
  const variable = `${IDENTITY_SYSTEMS[key].prefix}_${name.toUpperCase()}`;
  if (!isEnvironmentName(variable)) throw new Error(`${variable} is missing among the environment's options`);
  return variable;
};

/** What was read, and how its keys are called where people write them. */
interface Reading {
  readonly values: Readonly<Record<string, unknown>>;
  readonly nameOf: (path: readonly PropertyKey[]) => string;
}

const problemsOf = (error: z.ZodError, { values, nameOf }: Reading, { problems }: Sources): readonly ConfigProblem[] =>
  error.issues
    .map((issue) => {
      const key = nameOf(issue.path);
      const absent = issue.path.length === 1 && values[String(issue.path[0])] === undefined;
      // A secret is a text or a Secret: left out, zod calls it a wrong union.
      const missing =
        (issue.code === 'invalid_union' && absent) ||
        (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'));
      return {
        key,
        problem: missing ? `${key} is missing.` : `${key}: ${issue.message}`,
        fix: `Set ${key}; .env.example and the README of the connector tell what it is.`,
      };
    })
    // What is wrong in the file by itself was said already.
    .filter(({ key }) => !problems.some((known) => known.key === key));

/** One system's settings from file and environment; `null` when nothing of it is configured. */
export function identitySystem<T>(sources: Sources, key: IdentitySystemKey, settings: z.ZodType<T>): T | null {
  const { secrets, open } = IDENTITY_SYSTEMS[key];
  const names: readonly string[] = [...secrets, ...open];
  const section = sources.file[key];
  if (
    section === undefined &&
    !anyGiven(
      sources,
      names.map((name) => variableOf(key, name)),
    )
  )
    return null;
  const given = names.flatMap((name) => {
    const value = sources.env.text(variableOf(key, name));
    return value === undefined
      ? []
      : [[name, secrets.some((one) => one === name) ? new Secret(value) : value] as const];
  });
  const values = { ...section, ...Object.fromEntries(given) };
  const parsed = settings.safeParse(values);
  if (parsed.success) return parsed.data;
  const nameOf = (path: readonly PropertyKey[]): string => {
    const [name = ''] = path.map(String);
    return names.includes(name) ? variableOf(key, name) : `${key}.${path.map(String).join('.')}`;
  };
  sources.problems.push(...problemsOf(parsed.error, { values, nameOf }, sources));
  return null;
}

const tokens = z.record(z.string(), z.string().min(1));

/** The SCIM applications of notme.yml with their tokens from the environment. */
export function scimApplications(sources: Sources): readonly z.output<typeof scimSettings>[] {
  const applications = sources.file.scim ?? [];
  if (applications.length === 0) return [];
  const given = readTokens(sources);
  return applications.flatMap((application, index) => {
    const { id } = application;
    const token = typeof id === 'string' ? given[id] : undefined;
    const values = { ...application, ...(token === undefined ? {} : { token: new Secret(token) }) };
    const parsed = scimSettings.safeParse(values);
    if (parsed.success) return [parsed.data];
    const nameOf = (path: readonly PropertyKey[]): string =>
      path[0] === 'token' ? 'SCIM_TOKENS' : `scim[${index}].${path.map(String).join('.')}`;
    sources.problems.push(...problemsOf(parsed.error, { values, nameOf }, sources));
    return [];
  });
}

function readTokens({ env, problems }: Sources): Readonly<Record<string, string>> {
  const text = env.text('SCIM_TOKENS');
  if (text === undefined) return {};
  const parsed = tokens.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  problems.push({
    key: 'SCIM_TOKENS',
    problem: 'SCIM_TOKENS is no JSON object of tokens by id.',
    fix: 'Set SCIM_TOKENS to something like {"wiki":"the token"}.',
  });
  return {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
