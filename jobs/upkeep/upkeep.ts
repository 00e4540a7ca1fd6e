import type { Connector } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import type { Dispatcher } from '../dispatcher.js';
import { pollEvents } from './poll-events.js';

export interface UpkeepParts {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  /** Told of each poll, for the metrics. */
  readonly onPoll: (system: string, notices: number | null) => void;
  /** Told of each look for forgotten work. */
  readonly onRound: () => Promise<void>;
  /** Whether this process reads events. */
  readonly polls: boolean;
  readonly pollMs: (system: string) => number;
  readonly reconcileMs: number;
}

export interface Upkeep {
  stop(): Promise<void>;
}

/** Runs `task` again and again, each time after the pause that it asks for, until stopped. */
function loop(task: (signal: AbortSignal) => Promise<number>): Upkeep {
  const ending = new AbortController();
  let wake: () => void = () => undefined;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
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

function pollLoop(parts: UpkeepParts, connector: Connector): Upkeep {
  const { core } = parts;
  let failures = 0;
  return loop(async (signal) => {
    try {
      const polled = await pollEvents(core, connector, signal, failures);
      if ('notices' in polled) {
        failures = 0;
        parts.onPoll(connector.system, polled.notices);
        return parts.pollMs(connector.system);
      }
      if (!signal.aborted)
        core.log.warn({ system: connector.system, problem: polled.failed }, 'events could not be read');
      failures += 1;
      parts.onPoll(connector.system, null);
      return polled.againInMs;
    } catch (error) {
      failures += 1;
      core.log.error({ err: error, system: connector.system }, 'reading events failed; it is tried again');
      return parts.pollMs(connector.system);
    }
  });
}

/** Starts what runs by the clock: the pollers, and the look for work that was left behind. */
export function startUpkeep(parts: UpkeepParts): Upkeep {
  const { core, dispatcher } = parts;
  const loops = [
    loop(async () => {
      await dispatcher
        .reconcile()
        .then(parts.onRound)
        .catch((error: unknown) => core.log.warn({ err: error }, 'the look for forgotten work failed; it is repeated'));
      return parts.reconcileMs;
    }),
    ...(parts.polls ? [...core.connectors.values()].filter((connector) => connector.events) : []).map((connector) =>
      pollLoop(parts, connector),
    ),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((one) => one.stop()));
      await dispatcher.stop();
    },
  };
}
