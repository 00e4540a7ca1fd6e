import type { User } from '../workspace/model.js';
import { ScimError } from './reply.js';

const FIELDS: Readonly<Record<string, (user: User) => string | undefined>> = {
  email: (user) => user.profile.email?.toLowerCase(),
  'emails.value': (user) => user.profile.email?.toLowerCase(),
  username: (user) => user.name.toLowerCase(),
  id: (user) => user.id.toLowerCase(),
  active: (user) => String(!user.deleted),
};

const COMPARISON = /^\s*([A-Za-z.]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*$/i;

/**
 * A filter of one comparison with `eq`, which is what is simulated.
 * @throws ScimError `invalid_query` for any other
 */
export function readFilter(text: string): (user: User) => boolean {
  const [, name = '', literal = ''] = COMPARISON.exec(text) ?? [];
  const key = name.toLowerCase();
  const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  if (!field) throw new ScimError('invalid_query', 400);
  const wanted = literal.startsWith('"') ? literal.slice(1, -1).replaceAll(/\\(.)/g, '$1') : literal;
  return (user) => field(user) === wanted.toLowerCase();
}
