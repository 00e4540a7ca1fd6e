import { z } from 'zod';
import { SYSTEMS } from '../../connectors/registry.js';
import type { Configured, Misconfigured, System } from '../../connectors/kit/system.js';
import { Secret } from '../../platform/secret.js';
import { variableOf } from './environment.js';
import { placeOf, problemFrom, type ConfigProblem } from './problem.js';
import type { Sources } from './sources.js';

type Values = Readonly<Record<string, unknown>>;

/** Where a key of these values is written, for somebody who fixes it. */
interface Place {
  readonly name: string;
  readonly fix: string;
  /** Where else it may be written. */
  readonly also?: string;
}
type PlaceOf = (path: readonly PropertyKey[]) => Place;

function problemOf(issue: z.core.$ZodIssue, values: Values, title: string, { name, fix }: Place): ConfigProblem {
  const absent = issue.path.length === 1 && values[String(issue.path[0])] === undefined;
  if (absent && issue.code !== 'custom')
    return { key: name, problem: `${name} is missing: ${title} is only half configured.`, fix };
  return problemFrom(name, issue.message, fix);
}

function readOne({ problems }: Sources, system: System, values: Values, placeOf: PlaceOf): readonly Configured[] {
  const configured = system.configure(values);
  if (configured.ok) return [configured.value];
  const { title, issues }: Misconfigured = configured.error;
  // What is wrong in the file alone was already reported.
  const isSaid = ({ name, also }: Place): boolean => problems.some(({ key }) => key === name || key === also);
  const open = issues.map((issue) => ({ issue, place: placeOf(issue.path) })).filter(({ place }) => !isSaid(place));
  problems.push(...open.map(({ issue, place }) => problemOf(issue, values, title, place)));
  return [];
}

const section = z.record(z.string(), z.unknown());
const sectionsOf = ({ file }: Sources): Values => file;

/** One system's settings from file and environment; nothing when none of it is configured. */
function single(sources: Sources, system: System): readonly Configured[] {
  const { id, environment } = system;
  const { env } = sources;
  const inFile = section.optional().parse(sectionsOf(sources)[id]);
  const variables = Object.entries(environment);
  const given = Object.keys(environment).filter((name) => env.given.has(variableOf(system, name)));
  if (inFile === undefined && given.length === 0) return [];
  const fromEnvironment = variables.flatMap(([name, { secret }]) => {
    const value = env.value(variableOf(system, name));
    if (value === undefined) return [];
    return [[name, secret ? new Secret(value) : value] as const];
  });
  return readOne(sources, system, { ...inFile, ...Object.fromEntries(fromEnvironment) }, (path) => {
    const [name = ''] = path.map(String);
    const key = placeOf([id, ...path]);
    const variable = variableOf(system, name);
    if (environment[name]?.secret === true)
      return {
        name: variable,
        fix: `Set ${variable} in the environment, or ${variable}_FILE to the path of a file that holds it.`,
      };
    const isOpen = Object.hasOwn(environment, name) && (given.includes(name) || inFile?.[name] === undefined);
    const expects = expected(system, name);
    if (isOpen)
      return { name: variable, also: key, fix: `Set ${variable} in the environment or ${key} in notme.yml${expects}.` };
    return { name: key, fix: fixOf(placeOf([id, name]), expects) };
  });
}

/** What a setting is for, as the end of "Set … to"; empty when it has no description. */
function expected({ keys }: System, name: string): string {
  const { description } = keys[name] ?? {};
  return description === undefined ? '' : ` to ${description}`;
}

const fixOf = (key: string, expects: string): string =>
  expects === '' ? `Mend ${key}; notme.example.yml shows every setting.` : `Set ${key}${expects}.`;

const tokens = z.record(z.string(), z.string().min(1));

/** The applications of a list in notme.yml, with their secrets from the environment. */
function several(sources: Sources, system: System, list: NonNullable<System['list']>): readonly Configured[] {
  const applications = z.array(section).optional().parse(sectionsOf(sources)[system.id]) ?? [];
  if (applications.length === 0) return [];
  const given = readTokens(sources, list.variable);
  return applications.flatMap((application, index) => {
    const token = given[String(application['id'])];
    const values = { ...application, ...(token === undefined ? {} : { [list.secret]: new Secret(token) }) };
    return readOne(sources, system, values, (path) => {
      const key = placeOf([system.id, index, ...path]);
      if (path[0] !== list.secret)
        return {
          name: key,
          fix: fixOf(placeOf([system.id, index, ...path.slice(0, 1)]), expected(system, String(path[0]))),
        };
      return { name: list.variable, fix: `Set ${list.variable} to a JSON object with a secret for each id.` };
    });
  });
}

function readTokens({ env, problems }: Sources, variable: string): Readonly<Record<string, string>> {
  const text = env.value(variable);
  if (text === undefined) return {};
  const parsed = tokens.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  problems.push({
    key: variable,
    problem: `${variable} is no JSON object of tokens by id.`,
    fix: `Set ${variable} to something like {"wiki":"the token"}.`,
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

/** The identity systems that are configured, in the order of the registry. */
export const identitySystems = (sources: Sources): readonly Configured[] =>
  SYSTEMS.flatMap((system) => (system.list === null ? single(sources, system) : several(sources, system, system.list)));
