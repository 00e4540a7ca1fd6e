import { z } from 'zod';
import { err, ok, type Result } from '../../src/platform/result.js';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface Shared {
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Hosts and ports for people; never the password. */
  readonly label: string;
}

/** Where Redis is and how it is run. */
export type RedisTarget =
  | (Shared & { readonly kind: 'redis'; readonly db: number })
  | (Shared & {
      readonly kind: 'redis-sentinel';
      readonly db: number;
      readonly master: string;
      readonly sentinelPassword: string | undefined;
    })
  | (Shared & { readonly kind: 'redis-cluster' });

const FORM =
  /^(?<scheme>rediss?)(?:\+(?<mode>sentinel|cluster))?:\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^/?@]+)(?:\/(?<path>[^?]*))?(?:\?(?<query>.*))?$/;

const FORMS =
  'Write redis://host:6379/0, redis+sentinel://host1:26379,host2:26379/master-name or redis+cluster://host1:6379,host2:6379 ' +
  '(rediss… for TLS, user:password@ before the hosts, special characters percent-encoded).';

const groups = z.object({
  scheme: z.string(),
  mode: z.enum(['sentinel', 'cluster']).optional(),
  login: z.string().optional(),
  hosts: z.string(),
  path: z.string().optional(),
  query: z.string().optional(),
});

/**
 * Parses `REDIS_URL`; the error is a sentence with the accepted forms, and never repeats the URL (it contains a
 * password).
 */
export function parseRedisUrl(url: string): Result<RedisTarget, string> {
  const parts = groups.safeParse(FORM.exec(url.trim())?.groups);
  if (!parts.success) return err(`REDIS_URL is not understood. ${FORMS}`);
  const { scheme, mode, hosts, path = '', query = '' } = parts.data;
  const nodes = readNodes(hosts, mode === 'sentinel' ? 26379 : 6379);
  const login = readLogin(parts.data.login);
  if (nodes === null) return err(`REDIS_URL names a host or port that cannot be. ${FORMS}`);
  if (login === null) return err(`The user or password in REDIS_URL is not percent-encoded. ${FORMS}`);
  const shared = {
    ...login,
    nodes,
    tls: scheme === 'rediss',
    label: nodes.map(({ host, port }) => `${host}:${String(port)}`).join(','),
  };
  const segments = path.split('/').filter((segment) => segment !== '');
  if (mode === 'cluster') {
    if (segments.length > 0) return err(`A Redis Cluster has no numbered databases: remove /${path} from REDIS_URL.`);
    return ok({ kind: 'redis-cluster', ...shared });
  }
  if (mode === 'sentinel') return sentinel(shared, segments, query);
  const db = readDb(segments[0]);
  if (nodes.length > 1)
    return err(`REDIS_URL names several hosts: say redis+sentinel:// or redis+cluster://. ${FORMS}`);
  if (db === null || segments.length > 1)
    return err(`The path of REDIS_URL must be the number of a database. ${FORMS}`);
  return ok({ kind: 'redis', ...shared, db });
}

function sentinel(shared: Shared, segments: readonly string[], query: string): Result<RedisTarget, string> {
  const [master, dbText] = segments;
  const db = readDb(dbText);
  if (master === undefined || db === null || segments.length > 2) {
    return err(`REDIS_URL for Sentinel must name the master, then at most a database number. ${FORMS}`);
  }
  const sentinelPassword = new URLSearchParams(query).get('sentinelPassword') ?? undefined;
  return ok({ kind: 'redis-sentinel', ...shared, db, master, sentinelPassword });
}

function readNodes(hosts: string, defaultPort: number): [RedisNode, ...RedisNode[]] | null {
  const nodes: RedisNode[] = [];
  for (const text of hosts.split(',')) {
    const [, bracketed, plain, portText] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
    const host = bracketed ?? plain;
    const port = portText === undefined ? defaultPort : Number(portText);
    if (host === undefined || port < 1 || port > 65_535) return null;
    nodes.push({ host, port });
  }
  const [first, ...rest] = nodes;
  return first === undefined ? null : [first, ...rest];
}

function readLogin(login = ''): Pick<Shared, 'username' | 'password'> | null {
  const colon = login.indexOf(':');
  // As `redis-cli -u` reads it: without a colon it is the user alone.
  const username = colon < 0 ? login : login.slice(0, colon);
  const password = colon < 0 ? '' : login.slice(colon + 1);
  try {
    return { username: decodeURIComponent(username) || undefined, password: decodeURIComponent(password) || undefined };
  } catch {
    return null;
  }
}

function readDb(text: string | undefined): number | null {
  if (text === undefined) return 0;
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}
