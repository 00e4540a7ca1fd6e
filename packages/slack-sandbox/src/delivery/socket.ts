import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { refused } from './outcome.js';
import type { Attempt, Outcome } from './outcome.js';

const PING_EVERY_MS = 10_000;
const MAX_CONNECTIONS = 10;
const TICKET_LIFE_MS = 30_000;
const GOODBYE_MS = 1000;

const Ack = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

/** Socket Mode's server side: `hello` first, one envelope per delivery, each acked by its `envelope_id`. */
export class SocketMode {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 * 1024 });
  readonly #sockets: WebSocket[] = [];
  readonly #tickets = new Map<string, number>();
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  readonly #pinger: NodeJS.Timeout;
  #turn = 0;

  constructor(
    private readonly appId: string,
    private readonly now: () => number,
    private readonly connectionChanged: () => void,
  ) {
    this.#pinger = setInterval(() => {
      for (const socket of this.#sockets) socket.ping();
    }, PING_EVERY_MS);
    this.#pinger.unref();
  }

  get connections(): number {
    return this.#sockets.length;
  }

  /** A single-use ticket, good for half a minute, as the query of the WebSocket URL. */
  issueTicket(): string {
    const ticket = randomUUID();
    for (const [old, until] of this.#tickets) if (until < this.now()) this.#tickets.delete(old);
    this.#tickets.set(ticket, this.now() + TICKET_LIFE_MS);
    return ticket;
  }

  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    const until = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (until === undefined || until < this.now() || this.#sockets.length >= MAX_CONNECTIONS) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#welcome(socket));
  }

  #welcome(socket: WebSocket): void {
    this.#sockets.push(socket);
    socket.on('message', (data) => this.#receive(textOf(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      const at = this.#sockets.indexOf(socket);
      if (at >= 0) this.#sockets.splice(at, 1);
      this.connectionChanged();
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#sockets.length,
        debug_info: { host: 'local', build_number: 1, approximate_connection_time: 18060 },
        connection_info: { app_id: this.appId },
      }),
    );
    this.connectionChanged();
  }

  #receive(text: string): void {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      return; // Slack ignores what is not JSON; the envelope then times out
    }
    const ack = Ack.safeParse(document);
    if (ack.success) this.#waiting.get(ack.data.envelope_id)?.({ acked: true, body: ack.data.payload });
  }

  /** Sends one envelope to one of the connections, in turn, and waits for its ack. */
  send(attempt: Attempt): Promise<Outcome> {
    const open = this.#sockets.filter((socket) => socket.readyState === socket.OPEN);
    const socket = open[this.#turn++ % Math.max(1, open.length)];
    if (!socket) return Promise.resolve(refused('not_connected', 'no Socket Mode connection is open'));
    const envelopeId = randomUUID();
    const envelope = {
      envelope_id: envelopeId,
      payload: attempt.payload,
      type: attempt.type,
      accepts_response_payload: attempt.acceptsResponse,
      ...(attempt.type === 'events_api' ? { retry_attempt: attempt.retry, retry_reason: attempt.retryReason } : {}),
    };
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        this.#waiting.delete(envelopeId);
        resolve(outcome);
      };
      const timer = setTimeout(
        () => settle(refused('timeout', `no ack within ${attempt.ackTimeoutMs} ms`)),
        attempt.ackTimeoutMs,
      );
      this.#waiting.set(envelopeId, settle);
      socket.send(JSON.stringify(envelope), (error) => {
        if (error) settle(refused('not_connected', error.message));
      });
    });
  }

  /** Asks every connection to come back later, as Slack does when it recycles a host. */
  disconnectAll(reason = 'refresh_requested'): void {
    for (const socket of [...this.#sockets]) {
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } }));
      const leave = setTimeout(() => socket.terminate(), GOODBYE_MS);
      leave.unref();
      socket.once('close', () => clearTimeout(leave));
    }
  }

  /** Says goodbye to every connection; those that do not answer within a second are cut. */
  async close(): Promise<void> {
    clearInterval(this.#pinger);
    for (const settle of [...this.#waiting.values()]) settle(refused('not_connected', 'the simulator is closing'));
    const gone = [...this.#sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          const cut = setTimeout(() => socket.terminate(), GOODBYE_MS);
          socket.once('close', () => {
            clearTimeout(cut);
            resolve();
          });
          socket.close(1001);
        }),
    );
    await Promise.all(gone);
    this.#server.close();
  }
}
