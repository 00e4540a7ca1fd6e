import pino from 'pino';
import { type Notme, startNotme } from '../../src/main/app.js';
import { enrol, isEnrolled } from '../../src/approvals/enrolment.js';
import { type Config, describeProblems, loadConfig } from '../../src/main/config.js';
import type { Core } from '../../src/ports/core.js';
import { type Moment, type Runtime, systemRuntime } from '../../src/platform/runtime.js';
import type { KillPoint, Order, Word } from './wire.js';

// The real app, in a process that ends itself by SIGKILL when the moment comes that the test has told it.
let kill: KillPoint | null = null;
let counts: Partial<Record<Moment, number>> = {};
let app: Notme | null = null;

function observe(moment: Moment): void {
  const count = (counts[moment] ?? 0) + 1;
  counts[moment] = count;
  if (kill?.moment === moment && kill.nth === count) process.kill(process.pid, 'SIGKILL');
}

const tell = (word: Word): void => {
  process.send?.(word);
};

function clockAhead(aheadMs: number): Runtime {
  const runtime = systemRuntime(observe);
  return { ...runtime, now: () => new Date(runtime.now().getTime() + aheadMs) };
}

async function enrolAll(core: Core, approvers: readonly string[]): Promise<Record<string, string>> {
  const { workspaceId, runtime, sealer, db: tx } = core;
  const seeds: Record<string, string> = {};
  for (const userId of approvers) {
    if (await isEnrolled(tx, workspaceId, userId)) continue;
    const { uri } = await enrol({ tx, runtime, sealer, workspaceId, userId, label: userId });
    seeds[userId] = new URL(uri.reveal()).searchParams.get('secret') ?? '';
  }
  return seeds;
}

/** A person cannot ask for less than a second; here every third round begins with a notice. */
function pollingOften(config: Config): Config {
  const { systems } = config;
  return { ...config, systems: systems.map((one) => (one.system === 'mimecast' ? { ...one, pollSeconds: 0.2 } : one)) };
}

async function start(order: Extract<Order, { do: 'start' }>): Promise<void> {
  const config = loadConfig();
  if (!config.ok) throw new Error(describeProblems(config.error));
  kill = order.kill;
  app = await startNotme({
    config: pollingOften(config.value),
    runtime: clockAhead(order.aheadMs),
    log: pino({ level: config.value.logLevel, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true })),
    roles: ['bot', 'worker'],
    leaseMs: order.leaseMs,
    queueLockMs: order.lockMs,
  });
  tell({ say: 'ready', seeds: await enrolAll(app.core, order.enrol) });
}

async function obey(order: Exclude<Order, { do: 'start' }>): Promise<unknown> {
  if (!app) throw new Error('the app is not started yet');
  switch (order.do) {
    case 'arm': {
      const before = counts;
      counts = {};
      kill = order.kill;
      return before;
    }
    case 'query':
      return app.core.db.query(order.sql, order.values);
    case 'stop':
      await app.stop();
      return null;
  }
}

process.on('message', (order: Order) => {
  if (order.do === 'start') {
    start(order).catch((error: unknown) => tell({ say: 'failed', why: String(error) }));
    return;
  }
  const { id } = order;
  obey(order).then(
    (value) => {
      tell({ say: 'answer', id, value });
      if (order.do === 'stop') process.disconnect();
    },
    (error: unknown) => tell({ say: 'refused', id, why: String(error) }),
  );
});
tell({ say: 'loaded' });
