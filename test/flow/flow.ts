import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Notme, type Role } from '../../src/app.js';
import { createLog } from '../../src/log.js';
import { systemRuntime } from '../../src/runtime.js';
import { Player, type SeenMessage, textOf } from '../../sandbox/drill/player.js';
import { PEOPLE, SECURITY_CHANNEL } from '../../sandbox/world/people.js';
import { codeAt } from '../../sandbox/world/phones.js';
import { startAppIn, startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';

export { PEOPLE, SECURITY_CHANNEL, textOf };

/** A step of an authenticator app, ms. */
const STEP_MS = 30_000;

/** The real app in the sandbox company, with a clock that can be moved forward. */
export class Flow {
  readonly world: World;
  readonly app: Notme;
  readonly player: Player;
  readonly #move: (ms: number) => void;
  readonly #close: () => Promise<void>;

  constructor(parts: { world: World; app: Notme; move: (ms: number) => void; close: () => Promise<void> }) {
    this.world = parts.world;
    this.app = parts.app;
    this.player = new Player(parts.world.slack, 15_000);
    this.#move = parts.move;
    this.#close = parts.close;
  }

  close(): Promise<void> {
    return this.#close();
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

  whispered(userId: string, text: string): Promise<unknown> {
    return this.world.slack.wait({ timeout_ms: 10_000, until: { ephemeral: { user: userId, text_contains: text } } });
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

  async closeIncident(approver: string, name: string): Promise<void> {
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
              selected_option: { text: { type: 'plain_text', text: 'harmless' }, value: 'harmless' },
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
  readonly publicUrl?: string;
  readonly webPort?: number;
  readonly roles?: readonly Role[];
  readonly watchMinutes?: readonly number[];
  /** Further people and protected addresses in notme.yml. */
  readonly people?: readonly object[];
  readonly neverTouch?: readonly string[];
}

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-flow-'));
  let ahead = 0;
  const base = systemRuntime();
  const runtime = { ...base, now: () => new Date(Date.now() + ahead) };
  const log = createLog({ level: process.env['FLOW_LOG'] ?? 'silent', pretty: false });
  const world = await startWorld({
    dataDir,
    runtime,
    port: 0,
    page: false,
    keep: false,
    publicUrl: options.publicUrl ?? null,
    everySystem: options.everySystem ?? false,
  });
  if (options.publicUrl !== undefined) world.slack.setRequestUrl(`${options.publicUrl}/slack/events`);
  const app = await startAppIn(world, {
    dataDir,
    runtime,
    log,
    pollSeconds: 1,
    ...(options.watchMinutes === undefined ? {} : { watchMinutes: options.watchMinutes }),
    ...(options.people === undefined ? {} : { people: options.people }),
    ...(options.neverTouch === undefined ? {} : { neverTouch: options.neverTouch }),
    ...(options.webPort === undefined ? {} : { webPort: options.webPort }),
  });
  const close = async (): Promise<void> => {
    await app.stop();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return new Flow({ world, app, move: (ms) => (ahead += ms), close });
}
