import type { Core } from '../src/ports/core.js';
import type { Dispatcher } from './dispatcher.js';
import { pollEvents, type Polling, pollingsOf } from './handlers/poll-events.js';
import { requestDailyCheckpoint } from '../src/audit/request-checkpoint.js';
import { watchRoles } from '../src/approvals/role-changes.js';
import { requestRemembering } from '../src/incidents/request-remembering.js';
import { requestWork } from '../src/outbox/outbox.js';
import { repairCards } from './handlers/repair-cards.js';

export interface SchedulerParts {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  /** Called after each poll, for the metrics. */
  readonly onPoll: (system: string, notices: number | null) => void;
  /** Called after each search for forgotten work. */
  readonly onRound: () => Promise<void>;
  /** Whether this process reads events. */
  readonly polls: boolean;
  readonly pollMs: (system: string) => number;
  readonly reconcileMs: number;
}

export interface Scheduler {
  stop(): Promise<void>;
}

/** How often open incidents without a card are searched for. */
const CARDS_EVERY_MS = 30_000;

/** Runs `task` again and again, each time after the pause that it returns, until stopped. */
function loop(task: (signal: AbortSignal) => Promise<number>): Scheduler {
  const ending = new AbortController();
  let wake: () => void = () => undefined;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      // Stopped while the task ran: nobody is left to cut the pause short.
      if (ending.signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) await pause(await task(ending.signal));
  };
  const running = run();
  return {
    stop: async () => {
      ending.abort();
      wake();
      await running;
    },
  };
}

function pollLoop(parts: SchedulerParts, polling: Polling): Scheduler {
  const { core } = parts;
  const { system, key, optional, pauseMs } = polling;
  let failures = 0;
  return loop(async (signal) => {
    try {
      const polled = await pollEvents(core, polling, signal, failures);
      if ('notices' in polled) {
        failures = 0;
        parts.onPoll(system, polled.notices);
        return Math.max(parts.pollMs(system), pauseMs);
      }
      if (!signal.aborted) core.log.warn({ system, source: key, problem: polled.failed }, 'events could not be read');
      failures += 1;
      // A system that does not let everything be read is not down.
      if (!optional) parts.onPoll(system, null);
      return polled.againInMs;
    } catch (error) {
      failures += 1;
      core.log.error({ err: error, system, source: key }, 'reading events failed; it is tried again');
      return parts.pollMs(system);
    }
  });
}

/** Often enough that a day is a day, also after an outage. */
const DAILY_LOOK_MS = 3600_000;

async function daily(core: Core): Promise<number> {
  await requestDailyCheckpoint(core).catch((error: unknown) =>
    core.log.warn({ err: error }, 'the daily checkpoint could not be asked for; it is tried again'),
  );
  await requestRemembering(core).catch((error: unknown) =>
    core.log.warn({ err: error }, 'the daily look at whose account is whose could not be asked for; it is tried again'),
  );
  return DAILY_LOOK_MS;
}

/** Often enough that nobody acts in a new role for long before the others know. */
const ROLES_EVERY_MS = 60_000;

function roleLoop({ core }: SchedulerParts): Scheduler {
  return loop(async () => {
    await watchRoles(core).catch((error: unknown) =>
      core.log.warn({ err: error }, 'who is in which role could not be compared; it is tried again'),
    );
    return ROLES_EVERY_MS;
  });
}

function cardLoop({ core }: SchedulerParts): Scheduler {
  return loop(async () => {
    await repairCards(core).catch((error: unknown) =>
      core.log.warn({ err: error }, 'the look for incidents without a card failed; it is repeated'),
    );
    return CARDS_EVERY_MS;
  });
}

/** Slack tells nobody that a channel was made public: it is looked at. */
const CHANNEL_EVERY_MS = 5 * 60_000;

function channelLoop({ core, dispatcher }: SchedulerParts): Scheduler {
  const { workspaceId, policy, runtime } = core;
  return loop(async () => {
    const work = { workspaceId, name: 'check_channel', ref: policy.securityChannel } as const;
    await requestWork(core.db, { ...work, correlationId: runtime.newId('look'), now: runtime.now() })
      .then(() => dispatcher.nudge())
      .catch((error: unknown) =>
        core.log.warn({ err: error }, 'the look at the security channel failed; it is repeated'),
      );
    return CHANNEL_EVERY_MS;
  });
}

/** Starts everything that runs on a timer: the pollers, and the searches for forgotten work and lost cards. */
export function startScheduler(parts: SchedulerParts): Scheduler {
  const { core, dispatcher } = parts;
  const loops = [
    loop(async () => {
      await dispatcher
        .reconcile()
        .catch((error: unknown) => core.log.warn({ err: error }, 'the look for forgotten work failed; it is repeated'));
      // Even when that failed: counting waiting work matters most while the queue does not answer.
      await parts
        .onRound()
        .catch((error: unknown) => core.log.warn({ err: error }, 'the figures could not be read; they are read again'));
      return parts.reconcileMs;
    }),
    ...(parts.polls ? [loop(() => daily(core)), cardLoop(parts), roleLoop(parts), channelLoop(parts)] : []),
    ...(parts.polls ? [...core.connectors.values()].flatMap(pollingsOf) : []).map((polling) =>
      pollLoop(parts, polling),
    ),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((one) => one.stop()));
      await dispatcher.stop();
    },
  };
}
