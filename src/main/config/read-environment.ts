import { readFileSync } from 'node:fs';
import { ENVIRONMENT_NAMES, environmentOption, isEnvironmentName, type EnvironmentName } from './environment.js';
import { saidIssue } from '../../platform/said-issue.js';
import { nearest, problemFrom, type ConfigProblem } from './problem.js';
import { distance } from 'fastest-levenshtein';
import { errorCode } from '../../platform/system-error.js';

/** The variables that are set and valid. An empty variable counts as not set, as compose files and CI leave them. */
export interface Environment {
  text(name: EnvironmentName): string | undefined;
  /** A variable of an identity system. */
  value(name: string): string | undefined;
  number(name: EnvironmentName): number | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Every variable that was given, valid or not: a wrong one is not also reported as missing. */
  readonly given: ReadonlySet<string>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Prefixes that only Slack, Mailgun and Mimecast use: a near miss there is a typing mistake. */
const VENDORS = /^(SLACK|MAILGUN|MIMECAST)_/;

export function readEnvironment(env: Variables): Environment {
  const problems = unknownVariables(env);
  const values = new Map<string, string | number>();
  const given = new Set<string>();
  for (const name of ENVIRONMENT_NAMES) {
    const raw = readVariable(env, name, problems);
    if (raw === undefined) continue;
    given.add(name);
    if (raw !== null) check(name, raw, { values, problems });
  }
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    problems,
    given,
    text,
    value: text,
    number: (name) => {
      const value = values.get(name);
      return typeof value === 'number' ? value : undefined;
    },
  };
}

/** `undefined`: not set; `null`: given but not readable (the problem is noted). */
function readVariable(env: Variables, name: string, problems: ConfigProblem[]): string | null | undefined {
  const direct = env[name] === '' ? undefined : env[name];
  const path = environmentOption(name).secret ? env[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return direct;
  if (direct !== undefined) {
    problems.push({
      key: `${name}_FILE`,
      problem: `Both ${name} and ${name}_FILE are set.`,
      fix: `Keep one of the two.`,
    });
    return null;
  }
  return readSecretFile(name, path, problems);
}

function readSecretFile(name: string, path: string, problems: ConfigProblem[]): string | null {
  const key = `${name}_FILE`;
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text !== '') return text;
    problems.push({ key, problem: `The file ${path} is empty.`, fix: `Write the value of ${name} into it.` });
  } catch (error) {
    const code = errorCode(error);
    problems.push({
      key,
      problem: `The file ${path} cannot be read (${code}).`,
      fix: `Set ${key} to the path of a file that holds ${name} and that this user can read.`,
    });
  }
  return null;
}

function check(
  name: string,
  raw: string,
  into: { values: Map<string, string | number>; problems: ConfigProblem[] },
): void {
  const { schema, numeric } = environmentOption(name);
  const parsed = schema.safeParse(numeric === true ? toNumber(raw) : raw.trim(), { error: saidIssue });
  if (parsed.success) {
    into.values.set(name, parsed.data);
    return;
  }
  const what = parsed.error.issues[0]?.message ?? 'is not valid';
  into.problems.push(problemFrom(name, what, `Set ${name} to ${schema.description ?? 'a valid value'}.`));
}

function toNumber(raw: string): number | string {
  return /^\d{1,9}$/.test(raw.trim()) ? Number(raw) : raw;
}

function unknownVariables(env: Variables): ConfigProblem[] {
  const known = [...ENVIRONMENT_NAMES, ...ENVIRONMENT_NAMES.filter(isSecretName).map((name) => `${name}_FILE`)];
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || known.includes(name)) continue;
    const ours = name.startsWith('NOTME_');
    const near = nearest(name, ours ? known : known.filter((candidate) => VENDORS.test(candidate)));
    const slip = VENDORS.test(name) && near !== null && env[near] === undefined && distance(name, near) <= 2;
    if (!ours && !slip) continue;
    problems.push({
      key: name,
      problem: `${name} is not a setting of Notme.`,
      fix: near === null ? `Remove it; .env.example lists all settings.` : `Did you mean ${near}? Rename or remove it.`,
    });
  }
  return problems;
}

function isSecretName(name: string): boolean {
  return isEnvironmentName(name) && environmentOption(name).secret;
}
