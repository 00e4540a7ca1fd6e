import { withinDeadline } from '../platform/within-deadline.js';
import type { Runtime } from '../platform/runtime.js';

/**
 * One thing that must work. `detail` says what is wrong and how to fix it; empty when ok. Never a secret: anyone may
 * read it.
 */
export interface Check {
  readonly name: string;
  run(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** ISO 8601, UTC: when it was really checked, not when it was read from memory. */
  readonly checked_at: string;
}

export interface ReadinessReport {
  /** `down`: an essential check fails. `degraded`: only others fail; reports are still accepted. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly checks: readonly CheckResult[];
}

export interface Checks {
  /** A failure makes the process not ready (503): nothing is accepted, or nothing is done. */
  readonly essential: readonly Check[];
  /** A failure is shown as degraded (200): reports are still accepted. */
  readonly connectors: readonly Check[];
}

export interface Readiness {
  read(): Promise<ReadinessReport>;
}

const DEADLINE_MS = 2_000;
const CACHE_MS = 5_000;

/** Runs one check at most every five seconds, one at a time, for at most two seconds. */
function remembering(check: Check, runtime: Runtime): () => Promise<CheckResult> {
  let last: { readonly at: number; readonly result: Promise<CheckResult> } | null = null;
  let unfinished = false;

  async function attempt(): Promise<{ ok: boolean; detail: string }> {
    if (unfinished)
      return { ok: false, detail: `${check.name} has not answered an earlier question yet; look at its own log.` };
    const stop = new AbortController();
    unfinished = true;
    const run = check.run(stop.signal).finally(() => (unfinished = false));
    try {
      const answer = await withinDeadline(run, DEADLINE_MS);
      if (answer !== 'late') return answer;
      stop.abort();
      return {
        ok: false,
        detail: `${check.name} did not answer within ${DEADLINE_MS / 1000} s; check that it runs and can be reached.`,
      };
    } catch (error) {
      return {
        ok: false,
        detail: error instanceof Error ? error.message : 'failed without a reason; look at the log.',
      };
    }
  }

  async function ask(at: Date): Promise<CheckResult> {
    const { ok, detail } = await attempt();
    return { name: check.name, ok, detail, checked_at: at.toISOString() };
  }

  return () => {
    const now = runtime.now();
    if (last === null || now.getTime() - last.at >= CACHE_MS || now.getTime() < last.at) {
      last = { at: now.getTime(), result: ask(now) };
    }
    return last.result;
  };
}

/** Reports the true state of what Notme needs; `checks.ts` has the list. */
export function createReadiness(checks: Checks, runtime: Runtime): Readiness {
  const essential = checks.essential.map((check) => remembering(check, runtime));
  const connectors = checks.connectors.map((check) => remembering(check, runtime));

  return {
    async read() {
      const [must, should] = await Promise.all([
        Promise.all(essential.map((ask) => ask())),
        Promise.all(connectors.map((ask) => ask())),
      ]);
      const works = (results: readonly CheckResult[]): boolean => results.every((result) => result.ok);
      const status = !works(must) ? 'down' : works(should) ? 'ok' : 'degraded';
      return { status, checks: [...must, ...should] };
    },
  };
}
