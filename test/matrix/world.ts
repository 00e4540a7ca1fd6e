import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import pino from 'pino';
import { translatorOf } from '../../blocks/parts.js';
import { Secret } from '../../src/platform/secret.js';
import type { Core } from '../../src/ports/core.js';
import { createRoles } from '../../src/ports/roles.js';
import { createSlackApp, type SlackApp } from '../../src/slack/app.js';
import { createSlackClient } from '../../src/slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from '../../src/slack/directory.js';
import { createStandingReader } from '../../src/slack/standing.js';
import { withOverrides } from '../../src/texts/say.js';
import { coreOver } from '../core.js';
import { MemoryConnector } from '../memory-connector.js';
import { openMemoryDatabase } from '../memory-database.js';
import { type PlayedRuntime, playedRuntime } from '../played-runtime.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';
import { changeable, type Ground } from './ground.js';
import { PageServer } from './page-server.js';
import { PlayedSlack } from './played-slack.js';
import { ACTORS, LISTS, TEAM } from './roles.js';
import { Tables } from './tables.js';

const SIGNING_SECRET = 'matrix';

/** As an installation has it, but for approvers: one shares the account here, and every decision would wait for two. */
const TWO_APPROVERS = {
  actions: ['enable_account', 'remove_admin_roles', 'block_address'],
  targets: ['vip', 'administrator', 'service_account'],
  expireMs: 4 * 3_600_000,
  remindMs: 600_000,
} as const;

/** What the app has registered with Bolt, as `kind name`: the registry that no new interaction gets around. */
function spyOnRegistrations(): { readonly found: Set<string>; readonly end: () => void } {
  const found = new Set<string>();
  const kinds = ['action', 'view', 'command', 'shortcut', 'event', 'message', 'options'] as const;
  const kept = kinds.map((kind): [string, unknown] => [kind, Reflect.get(App.prototype, kind)]);
  for (const [kind, real] of kept) {
    Object.defineProperty(App.prototype, kind, {
      configurable: true,
      writable: true,
      value: function (this: App, ...given: unknown[]): unknown {
        found.add(`${kind} ${nameOf(given[0])}`);
        return (real as (...given: unknown[]) => unknown).apply(this, given);
      },
    });
  }
  const end = (): void => {
    for (const [kind, value] of kept)
      Object.defineProperty(App.prototype, kind, { configurable: true, writable: true, value });
  };
  return { found, end };
}

function nameOf(constraint: unknown): string {
  if (typeof constraint === 'string') return constraint;
  if (constraint instanceof RegExp) return constraint.source.replace(/^\^|\(.*$/g, '');
  const { action_id: action, callback_id: callback } = constraint as { action_id?: unknown; callback_id?: unknown };
  return nameOf(action ?? callback ?? 'everything');
}

/** A signed delivery: the path's body, as Slack sends it. */
export interface Delivery {
  readonly type: 'form' | 'json';
  readonly body: string;
}

/** The whole Slack edge over one store and one played Slack: deliveries come signed, by HTTP. */
export class World {
  readonly #underWay = new Set<Promise<void>>();

  readonly core: Core;
  readonly runtime: PlayedRuntime;
  readonly systems: readonly MemoryConnector[];
  readonly slack: PlayedSlack;
  readonly tables: Tables;
  readonly registered: ReadonlySet<string>;
  readonly pages: PageServer;
  /** What Slack says of people for as long as a cell lasts. */
  readonly ground: Ground;
  /** Everybody's security key, by their Slack id. */
  readonly keys: ReadonlyMap<string, SoftwareAuthenticator>;
  readonly #app: SlackApp;
  readonly #server: Server;

  private constructor(
    parts: Pick<
      World,
      'core' | 'runtime' | 'systems' | 'slack' | 'tables' | 'registered' | 'pages' | 'ground' | 'keys'
    >,
    app: SlackApp,
    server: Server,
  ) {
    this.core = parts.core;
    this.runtime = parts.runtime;
    this.systems = parts.systems;
    this.slack = parts.slack;
    this.tables = parts.tables;
    this.registered = parts.registered;
    this.pages = parts.pages;
    this.ground = parts.ground;
    this.keys = parts.keys;
    this.#app = app;
    this.#server = server;
  }

  static async open(): Promise<World> {
    const [db, slack, runtime, log] = [
      await openMemoryDatabase(),
      await PlayedSlack.open(),
      playedRuntime(),
      pino({ level: 'silent' }),
    ];
    const systems = ['mimecast', 'okta'].map((system) => new MemoryConnector(system));
    const client = createSlackClient(new Secret('xoxb-1'), slack.url, log);
    const { core: plain } = coreOver(db, {
      connectors: systems,
      runtime,
      policy: { uncoded: [], twoApprovers: TWO_APPROVERS },
    });
    const { roles, ground } = changeable(
      createRoles(LISTS, {
        membersOf: createUserGroupReader(client, runtime, log),
        standingOf: createStandingReader(client, { runtime, teamId: TEAM }),
      }),
    );
    const core: Core = {
      ...plain,
      people: createPeopleDirectory(client, { teamId: TEAM, defaultTimeZone: 'UTC', overrides: [] }),
      roles,
    };
    const spy = spyOnRegistrations();
    const app = createSlackApp({
      edge: {
        core,
        translator: translatorOf(withOverrides({})),
        client,
        log,
        workspaceUrl: 'https://meadow.slack.example/',
        rejected: () => undefined,
      },
      runtime,
      transport: { kind: 'http', signingSecret: new Secret(SIGNING_SECRET) },
      botToken: new Secret('xoxb-1'),
      apiUrl: slack.url,
      identity: { botId: 'B0NOTME', botUserId: 'U0NOTME', teamId: TEAM },
    });
    spy.end();
    const server = createServer((request, response) => app.http?.requestListener(request, response));
    // Cells may lie further apart than a connection is kept: on a busy machine it would end while it is written to.
    server.keepAliveTimeout = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const [tables, pages] = [await Tables.of(db), await PageServer.open(core, client)];
    const keys = new Map(Object.values(ACTORS).map(({ id }) => [id, new SoftwareAuthenticator(id)]));
    const world = new World(
      { core, runtime, systems, slack, tables, registered: spy.found, pages, ground, keys },
      app,
      server,
    );
    world.#follow();
    return world;
  }

  /** Bolt's answer comes before the work behind it: a delivery has ended when its listeners have. */
  #follow(): void {
    const { bolt } = this.#app;
    const real = bolt.processEvent.bind(bolt);
    bolt.processEvent = async (event) => {
      const work = real(event);
      this.#underWay.add(work);
      try {
        await work;
      } finally {
        this.#underWay.delete(work);
      }
    };
  }

  /** Sends it signed, and waits until everything behind it has ended. */
  async deliver({ type, body }: Delivery): Promise<number> {
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', SIGNING_SECRET).update(`v0:${stamp}:${body}`).digest('hex');
    const answer = await fetch(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': type === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
        'x-slack-request-timestamp': stamp,
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    });
    await answer.text();
    await Promise.all(this.#underWay);
    return answer.status;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
    await this.pages.close();
    await this.slack.close();
    await this.core.db.close();
  }
}
