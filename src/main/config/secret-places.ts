import { SYSTEMS } from '../../connectors/registry.js';
import { environmentOption, isEnvironmentName } from './environment.js';
import type { ConfigProblem } from './problem.js';

const SOUNDS_SECRET = /(secret|password|passwd|passphrase|token|api_?key|private_?key|credential)/i;
const SLACK_TOKEN = /\bx(ox[a-z]|app)-[\w-]{6,}/;
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...SYSTEMS.map(({ id, prefix }) => [id, prefix] as const),
  ['secret_key', 'NOTME_SECRET_KEY'],
]);

/**
 * Whether an unknown key is a secret that was put into the file. One that only sounds like it is none when its value is
 * no text, or when a key beside it begins so: `unanswered_minutes.password` is half of `password_reset`.
 */
export function isSecretPlace(path: readonly PropertyKey[], value: unknown, beside: readonly string[]): boolean {
  if (secretVariable(path) !== null) return true;
  const key = String(path.at(-1));
  if (beside.some((known) => known.startsWith(key))) return false;
  return typeof value === 'string' && SOUNDS_SECRET.test(key);
}

export function secretProblem(path: readonly PropertyKey[], key: string): ConfigProblem {
  const name = secretVariable(path);
  const where =
    name === null ? 'the environment' : `the environment variable ${name}, or into a file named by ${name}_FILE`;
  return {
    key,
    problem: `${key} is a secret, and secrets are not read from notme.yml.`,
    fix: `Take it out of the file and put it into ${where}. If the file was shared, make a new one.`,
  };
}

/** `mimecast.client_secret` is MIMECAST_CLIENT_SECRET, `active_directory.bind_password` AD_BIND_PASSWORD, and so on. */
function secretVariable(path: readonly PropertyKey[]): string | null {
  const [key = '', section = ''] = path.map(String).reverse();
  const candidates = [ALIASES.get(key) ?? key, `${ALIASES.get(section) ?? section}_${key}`, `NOTME_${key}`].map(
    (name) => name.toUpperCase(),
  );
  return candidates.find((name) => isEnvironmentName(name) && environmentOption(name).secret) ?? null;
}

/** Slack tokens among the values, wherever they occur. */
export function findSecrets(value: unknown, place = ''): readonly ConfigProblem[] {
  if (typeof value === 'string') {
    if (!SLACK_TOKEN.test(value)) return [];
    const key = place === '' ? 'notme.yml' : place;
    return [
      {
        key,
        problem: `${key} holds a Slack token, and secrets are not read from notme.yml.`,
        fix: 'Take it out, revoke it if the file was shared, and set SLACK_BOT_TOKEN or SLACK_APP_TOKEN in the environment.',
      },
    ];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const part = Array.isArray(value) ? `[${key}]` : place === '' ? key : `.${key}`;
    return findSecrets(child, `${place}${part}`);
  });
}
