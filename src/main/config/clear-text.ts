import { isIPv4 } from 'node:net';
import { parseRedisUrl } from '../../../jobs/queue/redis-url.js';
import type { ConfigProblem } from './problem.js';
import type { Sources } from './sources.js';

/** Addresses that no packet to leaves the machine. */
export function isThisMachine(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** Why what is sent to this Postgres can be read or answered by others on the way; `null` when it cannot. */
function postgresInClear(address: string): string | null {
  if (!URL.canParse(address)) return null; // Opening the store says what is wrong with it.
  const url = new URL(address);
  // The last of several counts, as in pg-connection-string, which also prefers `?host=` over the host before it.
  const last = (name: string): string | undefined => url.searchParams.getAll(name).at(-1);
  const host = last('host') ?? url.hostname;
  if (host === '') return 'names no host, so that PGHOST in the environment would choose one';
  if (/^(\/|%2f)/i.test(host) || isThisMachine(host)) return null;
  const mode = last('sslmode');
  if (mode === 'verify-full') return null;
  if (mode === undefined) return 'leads to another machine without sslmode=verify-full';
  return `leads to another machine with sslmode=${/^[a-z-]{1,20}$/.test(mode) ? mode : '…'}, which promises no verified certificate`;
}

/** The same for Redis, whose every node is asked for its certificate when the scheme is `rediss`. */
function redisInClear(address: string): string | null {
  const parsed = parseRedisUrl(address);
  if (!parsed.ok || parsed.value.tls || parsed.value.nodes.every(({ host }) => isThisMachine(host))) return null;
  return 'leads to another machine without TLS';
}

const CA = 'a certificate authority of your own stands in the file that NODE_EXTRA_CA_CERTS names';

const SERVERS = [
  {
    name: 'DATABASE_URL',
    section: 'database',
    judge: postgresInClear,
    fix: `Write postgres://user:password@host:5432/notme?sslmode=verify-full (${CA}, or in &sslrootcert=file)`,
    crosses: 'the password of the database and every row',
  },
  {
    name: 'REDIS_URL',
    section: 'redis',
    judge: redisInClear,
    fix: `Write rediss:// instead of redis:// (${CA})`,
    crosses: 'the password of Redis and every job',
  },
] as const;

/**
 * What leaves the machine is encrypted, and the other side proves who it is. `verify-full` alone means that in every
 * release of node-postgres: 8.x takes `prefer`, `require` and `verify-ca` for it and warns that 9 will verify no host
 * name, or nothing at all, for them (pg-connection-string, `deprecatedSslModeWarning`); `no-verify` never did.
 * @returns what was allowed by name, to be said at each start
 */
export function clearText({ env, file, problems }: Sources): readonly ConfigProblem[] {
  return SERVERS.flatMap(({ name, section, judge, fix, crosses }) => {
    const address = env.text(name);
    const why = address === undefined ? null : judge(address);
    if (why === null) return [];
    const problem = `${name} ${why}: ${crosses} could be read or changed on the way.`;
    const allowed = `${section}.allow_plain_text`;
    if (file[section]?.allow_plain_text === true) return [{ key: allowed, problem, fix: `${fix}.` }];
    const outOf = `Where nobody else can reach that network, allow it by name in notme.yml: ${allowed}: true.`;
    problems.push({ key: name, problem, fix: `${fix}. ${outOf}` });
    return [];
  });
}

/** Node's switch that accepts every certificate, also those of identity systems. */
export function unverified(value: string | undefined): readonly ConfigProblem[] {
  if (value !== '0') return [];
  const key = 'NODE_TLS_REJECT_UNAUTHORIZED';
  return [{ key, problem: `${key}=0 accepts every certificate of every system.`, fix: `Remove it; ${CA}.` }];
}
