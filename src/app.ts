import type { Logger } from 'pino';
import { createDispatcher, type Dispatcher } from '../jobs/dispatcher.js';
import { createHandlers } from '../jobs/handlers.js';
import { openQueue } from '../jobs/queue/open.js';
import type { JobQueue } from '../jobs/queue/port.js';
import { startUpkeep, type Upkeep } from '../jobs/upkeep/upkeep.js';
import { startWorker } from '../jobs/worker.js';
import { voiceOf } from '../blocks/parts.js';
import { problemsOf, withOverrides } from '../blocks/texts/say.js';
import { createApprovers } from './approvals/approvers.js';
import type { Config } from './config.js';
import { connectSystems } from './connect.js';
import { limited } from './connectors/limits/limited.js';
import type { Connector } from './connectors/port.js';
import { createWorkerShare, type WorkerShare } from '../jobs/worker-share.js';
import type { Core, Meter } from './core.js';
import { createMailer } from './mail/mailer.js';
import { createNoticeMailer } from './mail/notice-mailer.js';
import { mailSettings } from './mail/settings.js';
import type { Runtime } from './runtime.js';
import { openSealer } from './seal-key.js';
import { createSlackApp, type SlackApp } from './slack/app.js';
import { createSlackClient, identify, resolveChannel, type SlackIdentity } from './slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from './slack/directory.js';
import { createMessenger } from './slack/messenger.js';
import type { StoreDatabase } from './store/link.js';
import { migrate } from './store/migrate.js';
import { migrations } from './store/migrations/index.js';
import { openDatabase } from './store/open.js';
import { createMetrics, type Metrics } from './web/metrics.js';
import { startWeb, type Web } from './web/start.js';
import type { WebClient } from '@slack/web-api';

/** What this process does: takes Slack's deliveries, or works the queue, or both. */
export type Role = 'bot' | 'worker';

export interface StartOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly roles: readonly Role[];
  /** How long a claim on work holds without a sign of life, ms. */
  readonly leaseMs?: number;
  /** How long a job of the queue stays with a process that died, ms. */
  readonly queueLockMs?: number;
  readonly concurrency?: number;
  /** Tells how far starting has come. */
  readonly progress?: (step: string) => void;
}

export interface Notme {
  readonly core: Core;
  readonly metrics: Metrics;
  /** Where the web edge listens: health, metrics, report page, Slack's HTTP mode. */
  readonly webUrl: string;
  readonly queue: JobQueue;
  /** Finishes or hands back what runs, then closes everything. */
  stop(): Promise<void>;
}

const LEASE_MS = 15_000;
const CONCURRENCY = 20;
const GRACE_MS = 8_000;

interface Opened {
  readonly database: StoreDatabase;
  readonly queue: JobQueue;
  readonly client: WebClient;
  readonly identity: SlackIdentity;
}

/** Starts Notme. @throws a sentence with the fix when something it needs is not there */
export async function startNotme(options: StartOptions): Promise<Notme> {
  const { config, runtime, log, roles } = options;
  const say = options.progress ?? (() => undefined);
  if (!config.slack)
    throw new Error(
      'No Slack token is configured. Set SLACK_BOT_TOKEN, or run "notme start" without any for the sandbox.',
    );
  const wrongTexts = problemsOf(config.texts);
  if (wrongTexts.length > 0) throw new Error(`Some texts in notme.yml cannot be used:\n  ${wrongTexts.join('\n  ')}`);
  say('store');
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    runtime,
    log,
  });
  const closers: (() => Promise<void>)[] = [() => database.close()];
  try {
    await migrate(database, migrations);
    say('queue');
    const queue = await openQueue({
      redisUrl: config.redisUrl?.reveal() ?? null,
      database,
      log,
      ...(options.queueLockMs === undefined ? {} : { lockMs: options.queueLockMs }),
    });
    closers.unshift(() => queue.close(GRACE_MS));
    say('Slack');
    const client = createSlackClient(config.slack.botToken, config.slack.apiUrl, log);
    const identity = await identify(client);
    const metrics = createMetrics();
    const dispatcher = createDispatcher({ db: database, queue, runtime, log });
    const share = createWorkerShare({ db: database, runtime, workspaceId: identity.teamId });
    const core = await createCore(options, { database, queue, client, identity }, { dispatcher, metrics, share });
    closers.unshift(() => share.stop());
    for (const connector of core.connectors.values()) closers.push(() => connector.close());
    say('listeners');
    const slack = roles.includes('bot') ? createSlack(options, core, { client, identity, metrics }) : null;
    const web = await startWeb({
      config,
      core,
      queue,
      metrics,
      client,
      slack: slack?.http ?? null,
      log,
      texts: textsOf(config),
    });
    closers.unshift(() => web.close());
    const upkeep = await startWork(options, core, { client, queue, dispatcher, metrics, web, share });
    closers.unshift(() => upkeep.stop());
    if (slack) {
      await slack.start();
      closers.unshift(() => slack.stop());
    }
    dispatcher.nudge();
    return { core, metrics, webUrl: web.url, queue, stop: () => closeAll(closers, log) };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

async function closeAll(closers: readonly (() => Promise<void>)[], log: Logger): Promise<void> {
  for (const close of closers) {
    await close().catch((error: unknown) => log.warn({ err: error }, 'something did not close cleanly'));
  }
}

function meterOf(metrics: Metrics): Meter {
  return {
    incidentOpened: () => metrics.incidentsOpened.inc(),
    stepEnded: ({ system, action, outcome, seconds }) => {
      metrics.steps.inc({ system, action, outcome });
      metrics.stepDuration.observe({ system, action }, seconds);
    },
    posted: (outcome) => metrics.slackPosts.inc({ outcome }),
  };
}

async function createCore(
  { config, runtime, log }: StartOptions,
  opened: Opened,
  { dispatcher, metrics, share }: { dispatcher: Dispatcher; metrics: Metrics; share: WorkerShare },
): Promise<Core> {
  const { client, database, identity } = opened;
  const sealer = openSealer(config, runtime);
  if (!sealer.ok) throw new Error(sealer.error);
  const { workspace } = config;
  if (workspace.securityChannel === null) {
    throw new Error(
      'No security channel is configured. Set workspace.security_channel in notme.yml to the channel where incidents open.',
    );
  }
  return {
    workspaceId: identity.teamId,
    db: database,
    runtime,
    sealer: sealer.value,
    connectors: limitAll(connectSystems(config, runtime, log), { runtime, log, metrics, share }),
    people: createPeopleDirectory(client, { defaultTimeZone: workspace.timeZone, overrides: workspace.people }),
    approvers: createApprovers(workspace.approvers, createUserGroupReader(client, runtime)),
    policy: {
      securityChannel: await resolveChannel(client, workspace.securityChannel),
      neverTouch: workspace.neverTouch,
      stepUpFor: config.stepUp.requiredFor,
      handles: handlesOf(workspace.people),
      timeZone: workspace.timeZone,
      watchMinutes: config.watch.afterMinutes,
    },
    log,
    meter: meterOf(metrics),
    dispatch: () => dispatcher.nudge(),
  };
}

/** Every connector within this process's part of its limits, and left alone for a while when its system keeps failing. */
function limitAll(
  connectors: Core['connectors'],
  { runtime, log, metrics, share }: { runtime: Runtime; log: Logger; metrics: Metrics; share: WorkerShare },
): Core['connectors'] {
  const onPause = (system: string, ms: number | null): void => {
    metrics.connectorPaused.set({ system }, ms === null ? 0 : 1);
    if (ms !== null) log.warn({ system, ms }, 'an identity system keeps failing and is left alone for a while');
  };
  const parts = { runtime, share: (limits: Connector['limits']) => share.of(limits), onPause };
  return new Map([...connectors].map(([system, connector]) => [system, limited(connector, parts)]));
}

const handlesOf = (people: Config['workspace']['people']): Core['policy']['handles'] =>
  new Map(
    people.flatMap(({ email, aliases, employeeId, accounts }) =>
      email === null ? [] : [[email.toLowerCase(), { aliases, employeeId, logins: accounts }] as const],
    ),
  );

const textsOf = (config: Config) => withOverrides(config.texts);

function createSlack(
  { config, runtime, log }: StartOptions,
  core: Core,
  parts: { client: WebClient; identity: SlackIdentity; metrics: Metrics },
): SlackApp {
  const { slack } = config;
  if (!slack) throw new Error('No Slack token is configured.');
  const transport =
    slack.transport === 'socket'
      ? ({ kind: 'socket', appToken: slack.appToken } as const)
      : ({ kind: 'http', signingSecret: slack.signingSecret } as const);
  const rejected = (edge: string, reason: string): void => parts.metrics.rejectedInputs.inc({ edge, reason });
  const edge = { core, voice: voiceOf(textsOf(config)), client: parts.client, log, rejected };
  return createSlackApp({
    edge,
    runtime,
    transport,
    botToken: slack.botToken,
    apiUrl: slack.apiUrl,
    identity: parts.identity,
  });
}

async function startWork(
  { config, runtime, log, roles, leaseMs = LEASE_MS, concurrency = CONCURRENCY }: StartOptions,
  core: Core,
  parts: { client: WebClient; queue: JobQueue; dispatcher: Dispatcher; metrics: Metrics; web: Web; share: WorkerShare },
): Promise<Upkeep> {
  const { queue, dispatcher, metrics } = parts;
  if (roles.includes('worker')) {
    const mail = config.mail ? createMailer(mailSettings.parse(config.mail), runtime) : null;
    if (mail && config.web.publicUrl === null && config.slack?.apiUrl.startsWith('https:'))
      log.warn(`PUBLIC_URL is not set: the links in mails lead to ${parts.web.url}, which only this machine reaches`);
    const mailer = mail
      ? createNoticeMailer(mail, `${config.web.publicUrl ?? parts.web.url}/report/`, textsOf(config))
      : null;
    const handlers = createHandlers({
      core,
      messenger: createMessenger(parts.client),
      voice: voiceOf(textsOf(config)),
      mailer,
    });
    await startWorker({
      db: core.db,
      queue,
      runtime,
      log,
      handlers,
      leaseMs,
      concurrency,
      dispatch: () => dispatcher.nudge(),
    });
  }
  const pollMs = (system: string): number =>
    (system === 'mimecast' ? (config.mimecast?.poll_seconds ?? 0) * 1000 : 0) || config.notices.pollSeconds * 1000;
  const onPoll = (system: string, notices: number | null): void => {
    if (notices !== null) metrics.notices.inc({ system }, notices);
    metrics.connectorUp.set({ system }, notices === null ? 0 : 1);
  };
  const worker = roles.includes('worker');
  if (worker) await parts.share.beat();
  const onRound = async (): Promise<void> => {
    if (worker) await parts.share.beat();
    for (const [state, count] of Object.entries(await queue.counts())) metrics.queueJobs.set({ state }, count);
  };
  return startUpkeep({
    core,
    dispatcher,
    onPoll,
    onRound,
    polls: worker,
    pollMs,
    reconcileMs: Math.min(leaseMs, 5000),
  });
}
