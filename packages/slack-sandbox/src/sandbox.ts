import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { z } from 'zod';
import type { PanelHost } from './control/panels.js';
import type { ControlHost } from './control/routes.js';
import type { SandboxState } from './control/state.js';
import { readState } from './control/state.js';
import type { WaitRequest } from './control/wait.js';
import { waitFor } from './control/wait.js';
import type { Core } from './core.js';
import { Delivery } from './delivery/delivery.js';
import { ResponseUrls } from './delivery/response-urls.js';
import { SocketMode } from './delivery/socket.js';
import { Triggers } from './delivery/triggers.js';
import type { Fault } from './faults.js';
import { FaultInput, Faults } from './faults.js';
import type { JournalEntry } from './journal.js';
import { Journal } from './journal.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './manifest.js';
import type { ActInput } from './people/act.js';
import { perform } from './people/act.js';
import { Refusal } from './people/refusal.js';
import type { ActResult } from './people/refusal.js';
import { AuditLogs } from './audit/logs.js';
import type { DeedInput } from './office/desk.js';
import { Desk } from './office/desk.js';
import { keepPosting } from './scheduled.js';
import { Scim } from './scim/router.js';
import { createHttpServer } from './server.js';
import { RateLimits } from './webapi/rates.js';
import type { GivenToken } from './webapi/tokens.js';
import { UserTokens } from './webapi/tokens.js';
import { WebApi } from './webapi/router.js';
import type { WorkspaceState } from './workspace/model.js';
import { WorkspaceData } from './workspace/model.js';
import type { Seed } from './workspace/seed.js';
import { seededWorkspace, SMALL_WORKSPACE } from './workspace/seed.js';
import type { Change } from './workspace/workspace.js';
import { Workspace } from './workspace/workspace.js';

export interface SlackSandboxOptions {
  /** The text of the app's manifest.yml. */
  readonly manifest: string;
  /** `SMALL_WORKSPACE` when left out. */
  readonly seed?: Seed;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
  readonly clock?: () => Date;
  readonly rateLimits?: 'off' | 'tiers';
  readonly signingSecret?: string;
  readonly botToken?: string;
  readonly appToken?: string;
  /** User tokens and the ids of those they stand for; a token has the manifest's user scopes unless it has its own. */
  readonly userTokens?: Readonly<Record<string, GivenToken>>;
  /** HTTP mode: where signed requests go. */
  readonly requestUrl?: string;
  /** A snapshot to start from instead of the seed. */
  readonly snapshot?: unknown;
  readonly panels?: PanelHost;
  /** Serve the web page at `/`. */
  readonly page?: boolean;
  /** How long the app has to ack; Slack: 3000. */
  readonly ackTimeoutMs?: number;
  /** How long a trigger may open a view; Slack: 3000. */
  readonly triggerLifeMs?: number;
  /** When unacked events are sent again; Slack: 0, 60000, 300000. */
  readonly retryDelaysMs?: readonly number[];
}

export interface SlackSandbox {
  readonly url: string;
  /** What to give the app as `slackApiUrl`. */
  readonly apiUrl: string;
  /** Base of the SCIM API. */
  readonly scimUrl: string;
  /** Base of the Audit Logs API. */
  readonly auditUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  /** Does what a person would do; rejects with a `Refusal` (`code`, sentence). */
  act(input: ActInput): Promise<ActResult>;
  /** Does what an administrator, or the world, does to accounts; throws a `Refusal`. */
  administer(deed: DeedInput): void;
  /** Waits for a condition and gives what fulfilled it; rejects with a `Refusal` `timeout`. */
  wait(request: WaitRequest): Promise<unknown>;
  state(): SandboxState;
  snapshot(): WorkspaceState;
  /** @throws Error when it is no snapshot of this version */
  restore(snapshot: unknown): void;
  reset(): void;
  /** Calls back after every change that a person could see; the result ends it. */
  onChange(listener: (change: Change) => void): () => void;
  readonly faults: { add(fault: z.input<typeof FaultInput>): void; list(): Fault[]; clear(): void };
  journal(after?: number, limit?: number): JournalEntry[];
  /** Tells open pages that the panels have changed. */
  announcePanels(): void;
  setRequestUrl(url: string | undefined): void;
  close(): Promise<void>;
}

const token = (prefix: string): string => `${prefix}-${randomBytes(18).toString('hex')}`;

function readSnapshot(given: unknown): WorkspaceState {
  const read = WorkspaceData.safeParse(given);
  if (read.success) return read.data;
  throw new Refusal(
    'invalid_snapshot',
    `This is no snapshot of this version of the simulator: start from the seed instead. ${z.prettifyError(read.error)}`,
  );
}

function buildCore(options: SlackSandboxOptions, manifest: Manifest, url: () => string, signingSecret: string): Core {
  const clock = options.clock ?? (() => new Date());
  const now = () => clock().getTime();
  const data =
    options.snapshot === undefined
      ? seededWorkspace(options.seed ?? SMALL_WORKSPACE, manifest, clock())
      : readSnapshot(options.snapshot);
  const workspace = new Workspace(data, clock);
  const journal = new Journal(clock, () => workspace.changed('journal'));
  const faults = new Faults();
  const socket = new SocketMode(data.app.id, now, () => workspace.changed('connection'));
  const delivery = new Delivery(socket, faults, journal, {
    signingSecret,
    ackTimeoutMs: options.ackTimeoutMs ?? 3000,
    retryDelaysMs: options.retryDelaysMs ?? [0, 60_000, 300_000],
    nowSeconds: () => workspace.nowSeconds(),
  });
  delivery.requestUrl = options.requestUrl;
  return {
    workspace,
    manifest,
    journal,
    faults,
    socket,
    delivery,
    triggers: new Triggers(now, options.triggerLifeMs ?? 3000),
    responses: new ResponseUrls(now, url),
    messageStates: new Map(),
    verificationToken: token('verification'),
    url,
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no TCP port.');
  return address.port;
}

async function stop(core: Core, server: Server): Promise<void> {
  core.delivery.close();
  await core.socket.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What changes the whole simulator, for the control API and for callers in the same process. */
function controlHost(core: Core, options: SlackSandboxOptions, desk: Desk): ControlHost {
  return {
    core,
    desk,
    panels: options.panels,
    addFault: (fault) => {
      // a disconnect happens at once, as often as asked for, while the others wait for their occasion
      if (fault.target !== 'socket') {
        core.faults.add(fault);
        return;
      }
      core.journal.add({ kind: 'fault', name: 'socket', status: fault.type, detail: fault });
      core.socket.disconnectAll();
    },
    snapshot: () => core.workspace.snapshot(),
    restore: (snapshot) => core.workspace.replace(readSnapshot(snapshot)),
    reset: () => {
      core.faults.clear();
      core.messageStates.clear();
      core.workspace.replace(seededWorkspace(options.seed ?? SMALL_WORKSPACE, core.manifest, core.workspace.now()));
    },
  };
}

/**
 * Starts a local Slack for one app, on loopback.
 * @throws Error when the manifest, the seed or the snapshot cannot be used, or the port is taken
 */
export async function createSlackSandbox(options: SlackSandboxOptions): Promise<SlackSandbox> {
  const host = options.host ?? '127.0.0.1';
  const signingSecret = options.signingSecret ?? randomBytes(16).toString('hex');
  const manifest = readManifest(options.manifest);
  const tokens = {
    bot: options.botToken ?? token('xoxb'),
    app: options.appToken ?? token('xapp'),
    users: new UserTokens(options.userTokens ?? {}, manifest.userScopes),
  };
  let base = '';
  const core = buildCore(options, manifest, () => base, signingSecret);
  const { workspace } = core;
  const rates = new RateLimits(options.rateLimits ?? 'off', () => workspace.now().getTime());
  const desk = new Desk(core, tokens.users);
  const control = controlHost(core, options, desk);
  const server = createHttpServer({
    host: control,
    api: new WebApi(core, tokens, rates),
    scim: new Scim(core, tokens.users, rates),
    audit: new AuditLogs(core, tokens.users, rates),
    page: options.page ?? true,
  });
  base = `http://${host}:${await listen(server, options.port ?? 0, host)}`;
  const stopPosting = keepPosting(core);
  const { team, app } = workspace.data;
  return {
    url: base,
    apiUrl: `${base}/api/`,
    scimUrl: `${base}/scim/v2`,
    auditUrl: `${base}/audit/v1`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    teamId: team.id,
    appId: app.id,
    botUserId: app.bot_user_id,
    act: (input) => perform(core, input),
    administer: (deed) => desk.do(deed),
    wait: (request) => waitFor(core, request),
    state: () => readState(core),
    snapshot: () => workspace.snapshot(),
    restore: (snapshot) => control.restore(snapshot),
    reset: () => control.reset(),
    onChange: (listener) =>
      workspace.onChange((change) => {
        if (change.kind !== 'journal') listener(change);
      }),
    faults: {
      add: (fault) => control.addFault(FaultInput.parse(fault)),
      list: () => core.faults.list(),
      clear: () => core.faults.clear(),
    },
    journal: (after, limit) => core.journal.read(after, limit),
    announcePanels: () => workspace.changed('panels'),
    setRequestUrl: (url) => {
      core.delivery.requestUrl = url;
      workspace.changed('connection');
    },
    close: () => {
      stopPosting();
      return stop(core, server);
    },
  };
}
