import { isThisMachine } from './clear-text.js';
import type { ConfigProblem } from './problem.js';
import type { Config } from './shape.js';
import type { Sources } from './sources.js';

/**
 * What a server that others reach needs: figures and readiness tell an onlooker that containment has begun, so they are
 * for whoever has the token.
 * @returns what should be looked at
 */
export function exposed({ env, file, problems }: Sources, web: Config['web']): readonly ConfigProblem[] {
  const url = web.publicUrl === null ? null : new URL(web.publicUrl);
  if (url === null || isThisMachine(url.hostname)) return [];
  if (!env.given.has('METRICS_TOKEN')) {
    problems.push({
      key: 'METRICS_TOKEN',
      problem: 'METRICS_TOKEN is missing: with PUBLIC_URL the world could read /metrics and /readyz.',
      fix: 'Set METRICS_TOKEN to a long random text (openssl rand -base64 32), and send it as "Authorization: Bearer …"; /healthz needs none.',
    });
  }
  if (env.given.has('TRUSTED_PROXIES') || file.web?.trusted_proxies !== undefined) return [];
  return [
    {
      key: 'web.trusted_proxies',
      problem:
        'PUBLIC_URL leads through a proxy (this server itself has no TLS), and nothing says how many append to X-Forwarded-For: all callers look like one, and one of them can use up the limit of all.',
      fix: 'Set TRUSTED_PROXIES or web.trusted_proxies to their number; 0 when none appends, so that the header is not believed.',
    },
  ];
}
