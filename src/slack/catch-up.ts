import type { SocketModeReceiver } from '@slack/bolt';
import { noteHeardUntil, unheardSince } from '../reports/heard.js';
import { mayPass, slackErrorOf } from './failures.js';
import { hearOnce } from './listeners/direct-messages.js';
import type { Written } from './listeners/payloads.js';
import type { Edge } from './listeners/shared.js';
import { readMissed } from './missed-messages.js';

/** How often the mark up to which everything was heard is moved forward, and a failed read is retried. */
const ROUND_MS = 60_000;
/** Read separately, beside the conversations: a reply in a thread is missing from the conversation's history. */
const MOST_KEPT = 1_000;
/** Shorter than Slack keeps redelivering: whatever Slack gives up lies in a longer silence. */
const SILENCE_MS = 5 * 60_000;

export interface CatchUp {
  /** Slack delivers from now on: what was written before is read. */
  connected(): void;
  disconnected(): void;
  /** Slack has delivered something, whatever it is. */
  reached(): void;
  /** A delivered message could not be taken in: until it is, nothing written since counts as heard. */
  missed(written: Written): void;
  stop(): Promise<void>;
}

interface Options {
  /**
   * Whether a connection shows that Slack reaches us. Over HTTP only a delivery does: a long silence triggers a read.
   */
  readonly isTold: boolean;
  readonly roundMs?: number;
}

/**
 * Slack redelivers an event for about six minutes and then never again. So the direct messages are read once at the
 * start and after each reconnect, after a failed delivery and after a silence, from the mark up to which everything was
 * heard.
 */
export function createCatchUp(edge: Edge, { isTold, roundMs = ROUND_MS }: Options): CatchUp {
  const { core, client, log } = edge;
  const stopping = new AbortController();
  let isConnected = false;
  /**
   * Whether nothing is left to read: everything from before the present connection was read, and no delivery failed
   * since.
   */
  let isCurrent = false;
  const failed = new Map<string, Written>();
  let reachedAt = core.runtime.now();
  let running: Promise<void> | null = null;
  let wanted = false;

  async function hearFailed(correlationId: string): Promise<boolean> {
    for (const [key, written] of [...failed]) {
      try {
        await hearRead(edge, written, correlationId);
        failed.delete(key);
      } catch (error) {
        log.error({ err: error, channel: written.message.channel }, 'a direct message could still not be taken in');
      }
    }
    return failed.size === 0;
  }

  async function look(): Promise<void> {
    const begun = core.runtime.now();
    const since = await unheardSince(core);
    const correlationId = core.runtime.newId('read');
    const heard = await hearFailed(correlationId);
    let taken = 0;
    const read = await readMissed(
      client,
      { since, signal: stopping.signal },
      {
        take: async (message) => {
          if (await hearRead(edge, { message, edit: null }, correlationId)) taken += 1;
        },
        unread: (channel, error) => log.error({ err: error, channel }, 'a direct conversation could not be read'),
      },
    );
    if (taken > 0) log.info({ since, taken }, 'direct messages that were written while nobody listened were read');
    if (!heard || !read) return;
    await noteHeardUntil(core, begun);
    reachedAt = later(reachedAt, begun);
    isCurrent = !wanted && failed.size === 0;
  }

  async function moveOn(): Promise<void> {
    try {
      await noteHeardUntil(core, isTold ? core.runtime.now() : reachedAt);
    } catch (error) {
      // Where this cannot be stored, a message cannot either.
      isCurrent = false;
      log.warn({ err: error }, 'it could not be kept up to when direct messages were heard');
    }
  }

  const isSilent = (): boolean => !isTold && core.runtime.now().getTime() - reachedAt.getTime() > SILENCE_MS;

  /** One read at a time; a request in the meantime gets another one after it. */
  function start(): void {
    wanted = true;
    running ??= (async () => {
      while (wanted && isConnected && !stopping.signal.aborted) {
        wanted = false;
        await look();
      }
    })()
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        log.error({ err: error }, sayTrouble(error));
      })
      .finally(() => {
        running = null;
      });
  }

  const round = setInterval(() => {
    if (!isConnected || running) return;
    if (isSilent()) isCurrent = false;
    if (isCurrent) void moveOn();
    else start();
  }, roundMs);
  round.unref();

  return {
    connected: () => {
      isConnected = true;
      isCurrent = false;
      start();
    },
    disconnected: () => {
      isConnected = false;
      isCurrent = false;
    },
    reached: () => {
      if (isSilent()) isCurrent = false;
      reachedAt = core.runtime.now();
    },
    missed: (written) => {
      isCurrent = false;
      if (failed.size < MOST_KEPT)
        failed.set(`${written.message.channel}_${written.message.ts}_${written.edit?.ts ?? ''}`, written);
    },
    stop: async () => {
      clearInterval(round);
      stopping.abort();
      await running;
    },
  };
}

/**
 * Handled as if delivered. A message whose answer Slack never accepts, and which would fail forever, counts as heard.
 */
async function hearRead(edge: Edge, written: Written, correlationId: string): Promise<boolean> {
  const { channel } = written.message;
  try {
    return await hearOnce(edge, written, { surface: 'dm', correlationId, channel });
  } catch (error) {
    if (mayPass(error)) throw error;
    edge.log.error({ err: error, channel }, 'a direct message was read, and Slack takes no answer to it');
    return false;
  }
}

const later = (one: Date, other: Date): Date => (one > other ? one : other);

const sayTrouble = (error: unknown): string =>
  slackErrorOf(error) === 'missing_scope'
    ? "direct messages that were written while Notme was away cannot be read: the installed app lacks im:read or im:history. Paste the present manifest.yml into the app's settings and reinstall the app to the workspace."
    : 'direct messages that were written while Notme was away could not be read; it is tried again';

/** Reads after each (re)connect of the socket. */
export function followSocket({ client }: SocketModeReceiver, catchUp: CatchUp): void {
  client.on('connected', () => catchUp.connected());
  for (const gone of ['reconnecting', 'disconnecting', 'disconnected', 'close'])
    client.on(gone, () => catchUp.disconnected());
}
