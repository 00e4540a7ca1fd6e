import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { type Notme, type Role } from '../../src/main/app.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Player, type SeenMessage, textOf } from '../../sandbox/drill/player.js';
import { PEOPLE, SECURITY_CHANNEL } from '../../sandbox/world/people.js';
import { codeAt } from '../../sandbox/world/phones.js';
import { startAppIn, startWorld, type WorldOptions } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';
import { layStore } from '../lay-store.js';

export { PEOPLE, SECURITY_CHANNEL, textOf };

/** A step of an authenticator app, ms. */
const STEP_MS = 30_000;

/** The real app in the sandbox company, with a clock that can be moved forward. */
export class Flow {
  readonly world: World;
  app: Notme;
  readonly player: Player;
  readonly #move: (ms: number) => void;
  readonly #start: () => Promise<Notme>;
  readonly #close: () => Promise<void>;

  constructor(parts: {
    world: World;
    app: Notme;
    move: (ms: number) => void;
    start: () => Promise<Notme>;
    close: () => Promise<void>;
  }) {
    this.world = parts.world;
    this.app = parts.app;
    this.player = new Player(parts.world.slack, 60_000);
    this.#move = parts.move;
    this.#start = parts.start;
    this.#close = parts.close;
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.#close();
  }

  /** Stops the app, lets the world go on without it, and starts it again on the same store. */
  async away(meanwhile: () => Promise<void>): Promise<void> {
    await this.app.stop();
    await meanwhile();
    // A real restart has connections of its own; here the first call may meet one that the local Slack has closed.
    this.app = await this.#start().catch(() => this.#start());
  }

  get channel(): string {
    return this.player.channel(SECURITY_CHANNEL);
  }

  /** Lets the clock jump. */
  pass(ms: number): void {
    this.#move(ms);
  }

  /** A code of this approver that was never used: the clock moves to the next step first. */
  freshCode(userId: string): string {
    this.pass(STEP_MS);
    return codeAt(this.world.phones[userId] ?? '', this.world.now());
  }

  async say(userId: string, text: string): Promise<string> {
    const { channel } = await this.world.slack.act({ as: userId, do: 'open_dm', with: this.world.slack.botUserId });
    await this.world.slack.act({ as: userId, do: 'message', channel: String(channel), text });
    return String(channel);
  }

  /** The newest message for the person in the app's direct messages that contains the text. */
  told(userId: string, text: string): Promise<SeenMessage> {
    return this.player.message(
      `"${text}" told to ${userId}`,
      () => this.player.dmOf(userId),
      (message) => textOf(message).includes(text),
    );
  }

  inChannel(text: string): Promise<SeenMessage> {
    return this.player.message(
      `"${text}" in the security channel`,
      () => this.channel,
      (message) => textOf(message).includes(text),
    );
  }

  toldPrivately(userId: string, text: string): Promise<unknown> {
    return this.world.slack.wait({ timeout_ms: 30_000, until: { ephemeral: { user: userId, text_contains: text } } });
  }

  /** The open incident's card of a person, with its accounts read. */
  card(name: string): Promise<SeenMessage> {
    return this.player.message(
      `the card of ${name}`,
      () => this.channel,
      (message) =>
        textOf(message).includes('incident_take') &&
        new RegExp(`N-\\d+: ${name}`).test(textOf(message)) &&
        !textOf(message).includes('being looked up'),
    );
  }

  /** Reports in plain words and waits for the card. */
  async report(person: { id: string; real_name: string }): Promise<SeenMessage> {
    await this.say(person.id, "I didn't do this");
    return this.card(person.real_name);
  }

  async openDecision(approver: string, name: string, action: string): Promise<string> {
    await this.player.press(approver, this.channel, await this.card(name), `incident_action.${action}`);
    return (await this.player.modal(approver, 'decide')).id;
  }

  /** Approves an action with a fresh code. */
  async decide(approver: string, name: string, action: string, more: Record<string, string> = {}): Promise<void> {
    const view = await this.openDecision(approver, name, action);
    await this.player.approve(approver, view, {
      reason: 'test of the whole way',
      code: this.freshCode(approver),
      ...more,
    });
  }

  async closeIncident(approver: string, name: string, outcome = 'benign'): Promise<void> {
    await this.player.press(approver, this.channel, await this.card(name), 'incident_close');
    const { id } = await this.player.modal(approver, 'close');
    await this.world.slack.act({
      as: approver,
      do: 'submit',
      view_id: id,
      state: {
        values: {
          outcome: {
            outcome: {
              type: 'radio_buttons',
              selected_option: { text: { type: 'plain_text', text: outcome }, value: outcome },
            },
          },
          reason: { reason: { type: 'plain_text_input', value: 'all clear' } },
        },
      },
    });
    await this.inChannel('closed this');
  }

  /** The record's actions of the newest incident of a person, in order. */
  async record(email: string): Promise<string[]> {
    const { rows } = await this.app.core.db.query<{ action: string }>(
      `select e.action from record_entries e join incidents i on i.workspace_id = e.workspace_id and i.id = e.incident_id
       join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
       where p.email = $1 and i.opened_at = (select max(opened_at) from incidents j where j.person_id = p.id) order by e.seq`,
      [email],
    );
    return rows.map((row) => row.action);
  }
}

export interface FlowOptions {
  /** Accounts in all systems that speak HTTP; left out: Mimecast alone. */
  readonly everySystem?: boolean;
  /** Further accounts in Mimecast. */
  readonly accounts?: WorldOptions['accounts'];
  readonly publicUrl?: string;
  readonly webPort?: number;
  readonly roles?: readonly Role[];
  readonly unansweredMinutes?: Readonly<Record<string, number>>;
  readonly watchMinutes?: readonly number[];
  /** Further people and protected addresses in notme.yml. */
  readonly people?: readonly object[];
  readonly neverTouch?: readonly string[];
  readonly onCall?: object;
  /** `workspace.two_approvers` in notme.yml. */
  readonly twoApprovers?: object;
  /** Slack ids of `workspace.roles.administrator` in notme.yml. */
  readonly administrators?: readonly string[];
  /** `workspace.limits_per_hour` in notme.yml. */
  readonly limitsPerHour?: object;
  /** Decisions without a one-time code. */
  readonly uncoded?: readonly string[];
  /** As an installation without a mail server. */
  readonly withoutMail?: boolean;
  /** Where log lines go, from `warn` on; left out: nowhere. */
  readonly logTo?: DestinationStream;
  /** When Slack delivers an event again that was not acknowledged. */
  readonly retryDelaysMs?: readonly number[];
  /** How long the app has to ack and to open a view. Patient: the tests share their cores. Slack's own time: 3000. */
  readonly ackMs?: number;
}

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-flow-'));
  await layStore(dataDir);
  let ahead = 0;
  const base = systemRuntime();
  const runtime = { ...base, now: () => new Date(Date.now() + ahead) };
  const log = options.logTo
    ? createLog({ level: 'warn', pretty: false, destination: options.logTo })
    : createLog({ level: process.env['FLOW_LOG'] ?? 'silent', pretty: false });
  const world = await startWorld({
    dataDir,
    runtime,
    port: 0,
    page: false,
    keep: false,
    publicUrl: options.publicUrl ?? null,
    everySystem: options.everySystem ?? false,
    ackMs: options.ackMs ?? 15_000,
    ...(options.accounts === undefined ? {} : { accounts: options.accounts }),
    ...(options.retryDelaysMs === undefined ? {} : { retryDelaysMs: options.retryDelaysMs }),
  });
  if (options.publicUrl !== undefined) world.slack.setRequestUrl(`${options.publicUrl}/slack/events`);
  const start = (): Promise<Notme> =>
    startAppIn(world, {
      dataDir,
      runtime,
      log,
      pollSeconds: 1,
      ...(options.unansweredMinutes === undefined ? {} : { unansweredMinutes: options.unansweredMinutes }),
      ...(options.watchMinutes === undefined ? {} : { watchMinutes: options.watchMinutes }),
      ...(options.people === undefined ? {} : { people: options.people }),
      ...(options.neverTouch === undefined ? {} : { neverTouch: options.neverTouch }),
      ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
      ...(options.twoApprovers === undefined ? {} : { twoApprovers: options.twoApprovers }),
      ...(options.limitsPerHour === undefined ? {} : { limitsPerHour: options.limitsPerHour }),
      ...(options.administrators === undefined ? {} : { administrators: options.administrators }),
      ...(options.uncoded === undefined ? {} : { uncoded: options.uncoded }),
      ...(options.withoutMail === undefined ? {} : { withoutMail: options.withoutMail }),
      ...(options.webPort === undefined ? {} : { webPort: options.webPort }),
      ...(options.roles === undefined ? {} : { roles: options.roles }),
    });
  const app = await start();
  const close = async (): Promise<void> => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return new Flow({ world, app, move: (ms) => (ahead += ms), start, close });
}
