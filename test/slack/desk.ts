import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { WebSocketServer } from 'ws';
import { translatorOf } from '../../blocks/parts.js';
import { withOverrides } from '../../src/texts/say.js';
import { rolesOf } from '../roles.js';
import type { Core } from '../../src/ports/core.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { createSealer } from '../../src/platform/seal.js';
import { Secret } from '../../src/platform/secret.js';
import { createSlackApp, type SlackApp } from '../../src/slack/app.js';
import { createSlackClient } from '../../src/slack/client.js';
import { createPeopleDirectory } from '../../src/slack/directory.js';
import type { Database } from '../../src/ports/database.js';

/** Between two rounds of the app at the desk, ms. */
const ROUND_MS = 25;
/** Patient: the tests share their cores. */
const PATIENCE_MS = 25_000;

let desks = 0;

type Written = Readonly<Record<string, unknown>>;

/**
 * The Slack edge over a real store, and a Slack of which a test says what it answers: what it tells of people, what stands in
 * the conversations, and what it delivers. The clock and the database are the test's.
 */
export class Desk {
  /** By conversation: what stands there, the oldest first. */
  readonly history = new Map<string, Written[]>();
  /** What Slack tells of people beside their names and addresses, by id. */
  readonly profiles = new Map<string, Readonly<Record<string, unknown>>>();
  /** What else stands in its list of conversations. */
  page: Readonly<Record<string, unknown>> = {};
  readonly said: { readonly channel: string; readonly text: string }[] = [];
  isDown = false;
  /** While it is so, Slack gives no history. */
  isUnreadable = false;
  looks = 0;
  /** How often the database was asked in vain. */
  refused = 0;
  readonly #db: Database;
  readonly #team: string;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  #app: SlackApp | null = null;
  #ahead = 0;
  #stamped = 0;

  /** @param team the workspace: one database serves many desks */
  private constructor(db: Database, team: string) {
    this.#team = team;
    this.#db = db;
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const method = request.url?.split('/').at(-1) ?? '';
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ok: true, ...this.#answer(method, new URLSearchParams(body)) }));
      });
    });
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on('connection', (socket) => socket.send(JSON.stringify({ type: 'hello' })));
  }

  static async open(db: Database): Promise<Desk> {
    desks += 1;
    const desk = new Desk(db, `T0DESK${desks}`);
    desk.#server.listen(0, '127.0.0.1');
    await once(desk.#server, 'listening');
    return desk;
  }

  #answer(method: string, form: URLSearchParams): object {
    const channel = form.get('channel') ?? '';
    if (method === 'users.info') {
      const id = form.get('user') ?? '';
      const base = { id, real_name: id, profile: { email: `${id.toLowerCase()}@meadow.example` } };
      return { user: { ...base, ...this.profiles.get(id) } };
    }
    if (method === 'apps.connections.open')
      return { url: `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/` };
    if (method === 'users.conversations') {
      this.looks += 1;
      return { channels: [...this.history.keys()].map((id) => ({ id })), ...this.page };
    }
    if (method === 'conversations.history') {
      if (this.isUnreadable) return { ok: false, error: 'internal_error' };
      const written = this.history.get(channel) ?? [];
      return { messages: written.filter(({ ts = '9e9' }) => Number(ts) > Number(form.get('oldest'))).toReversed() };
    }
    if (method === 'chat.postMessage') this.said.push({ channel, text: form.get('text') ?? '' });
    return { channel, ts: '1.0' };
  }

  readonly now = (): Date => new Date(Date.now() + this.#ahead);
  pass(ms: number): void {
    this.#ahead += ms;
  }

  /** Slack's stamp of a message that is written now. */
  stamp(): string {
    this.#stamped += 1;
    return `${Math.floor(this.now().getTime() / 1000)}.${String(this.#stamped).padStart(6, '0')}`;
  }

  /** Rounds and looks go on until this is so. */
  async until<T>(what: string, ask: () => Promise<T | false> | T | false): Promise<T> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = await ask();
      if (found !== false) return found;
      if (deadline.aborted) throw new Error(`waited in vain for ${what}`);
      await pause(ROUND_MS);
    }
  }

  /** Slack delivers it, as an event of a direct conversation. */
  async deliver(channel: string, event: Readonly<Record<string, unknown>>): Promise<void> {
    const body = {
      type: 'event_callback',
      team_id: this.#team,
      event_id: `Ev${this.stamp()}`,
      event: { type: 'message', channel_type: 'im', channel, ...event },
    };
    await this.#app?.bolt.processEvent({ body, ack: () => Promise.resolve() });
  }

  async reports(): Promise<
    readonly { readonly said: string; readonly reported_at: Date; readonly incident_id: string }[]
  > {
    const { rows } = await this.#db.query<{ said: string; reported_at: Date; incident_id: string }>(
      'select said, reported_at, incident_id from reports where workspace_id = $1 order by reported_at, id',
      [this.#team],
    );
    return rows;
  }

  /** Waits until exactly this was reported, in this order. */
  reported(...said: readonly string[]) {
    return this.until(`the reports ${said.join()}`, async () => {
      const reports = await this.reports();
      return reports.map((one) => one.said).join() === said.join() && reports;
    });
  }

  /** Up to when everything was heard; `false` before the first look has ended. */
  readonly mark = async (): Promise<Date | false> => {
    const { rows } = await this.#db.query<{ heard_until: Date }>(
      'select heard_until from hearing where workspace_id = $1',
      [this.#team],
    );
    return rows[0]?.heard_until ?? false;
  };

  readonly #refuse = (): Promise<never> => {
    this.refused += 1;
    return Promise.reject(new Error('the database is down'));
  };

  #core(people: Core['people'], log: pino.Logger): Core {
    const db = new Proxy(this.#db, {
      get: (real, name) => {
        const member: unknown = Reflect.get(real, name);
        if (typeof member !== 'function') return member;
        if (this.isDown) return this.#refuse;
        return (member as (...given: unknown[]) => unknown).bind(real);
      },
    });
    // Reports ask nothing else of the core.
    return {
      workspaceId: this.#team,
      db,
      runtime: { ...systemRuntime(), now: this.now },
      connectors: new Map(),
      people,
      roles: rolesOf({}),
      policy: {
        securityChannel: 'C0SECURITY',
        onCall: { userGroups: [], users: [], againMs: 300_000 },
        limits: { messages: 60 },
      },
      sealer: createSealer(new Secret('6e'.repeat(32))),
      log,
      meter: { incidentOpened: () => undefined },
      dispatch: () => undefined,
    } as unknown as Core;
  }

  /** Starts the app; after a stop, as again on the same store. */
  async start(transport: 'socket' | 'http'): Promise<void> {
    const apiUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/`;
    const log = pino({ level: 'silent' });
    const client = createSlackClient(new Secret('xoxb-1'), apiUrl, log);
    const core = this.#core(
      createPeopleDirectory(client, { teamId: this.#team, defaultTimeZone: 'UTC', overrides: [] }),
      log,
    );
    const translator = translatorOf(withOverrides({}));
    this.#app = createSlackApp({
      edge: { core, translator, client, log, workspaceUrl: 'https://meadow.slack.example/', rejected: () => undefined },
      runtime: core.runtime,
      transport:
        transport === 'http'
          ? { kind: 'http', signingSecret: new Secret('secret') }
          : { kind: 'socket', appToken: new Secret('xapp-1') },
      botToken: new Secret('xoxb-1'),
      apiUrl,
      identity: { botId: 'B0NOTME', botUserId: 'U0NOTME', teamId: this.#team },
      roundMs: ROUND_MS,
    });
    const { looks } = this;
    await this.#app.start();
    await this.until('the first look', () => this.looks > looks);
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
    this.#app = null;
  }

  async close(): Promise<void> {
    await this.stop();
    this.#sockets.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
