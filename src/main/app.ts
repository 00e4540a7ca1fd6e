import type { Logger } from 'pino';
import { createDispatcher, type Dispatcher } from '../../jobs/dispatcher.js';
import { createHandlers } from '../../jobs/handlers/index.js';
import { overdueWork } from '../../jobs/overdue.js';
import { openQueue } from '../../jobs/queue/open.js';
import type { JobQueue } from '../ports/queue.js';
import { createWaitingTeller } from '../../jobs/handlers/tell-waiting.js';
import { startScheduler, type Scheduler } from '../../jobs/scheduler.js';
import { startWorker } from '../../jobs/worker.js';
import { translatorOf } from '../../blocks/parts.js';
import { problemsOf, sayPlain, withOverrides } from '../texts/say.js';
import { sayUncoded } from '../../blocks/uncoded.js';
import { alone, sayMembers } from '../doctor/examine-roles.js';
import type { Config } from './config.js';
import { closeAll, type Closer } from '../platform/closing.js';
import { createWorkerShare, type WorkerShare } from '../../jobs/worker-share.js';
import type { Core } from '../ports/core.js';
import { createCore, type Party } from './create-core.js';
import { createMailer } from '../mail/mailer.js';
import { createNoticeMailer } from '../mail/notice-mailer.js';
import { mailSettings } from '../mail/settings.js';
import { MAIL_TROUBLES, mailTroubles } from '../notices/refused-mail.js';
import type { Runtime } from '../platform/runtime.js';
import { createSlackApp, type SlackApp } from '../slack/app.js';
import { createSlackClient, identify, type SlackIdentity } from '../slack/client.js';
import { createMessenger } from '../slack/messenger.js';
import { refuseExposed } from '../slack/private-channel.js';
import type { Messenger } from '../ports/messenger.js';
import { sealOldPosts } from '../incidents/sealed-posts.js';
import { migrate } from '../store/migrate.js';
import { migrations } from '../store/migrations/index.js';
import { openDatabase } from '../store/open.js';
import { createMetrics, type Metrics } from '../web/metrics.js';
import { startWeb, type Web } from '../web/start.js';
import type { WebClient } from '@slack/web-api';

/** What this process does: takes Slack's deliveries, or works the queue, or both. */
export type Role = 'bot' | 'worker';

export interface StartOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly roles: readonly Role[];
  /** How long a claim on work lasts without a sign of life, ms. */
  readonly leaseMs?: number;
  /** How long a run may go without progress before another takes over, ms. */
  readonly stuckMs?: number;
  /** How long a job of the queue stays with a process that died, ms; see `jobs/queue/open.ts`. */
  readonly queueLockMs?: number;
  readonly concurrency?: number;
  /** Reports the progress of starting. */
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
/** One call may be given at most two minutes (`deadline_ms`), and a statement before or after it half a minute. */
const STUCK_MS = 180_000;
const CONCURRENCY = 20;
/** How long running work may continue after a stop, before it is handed back. */
const GRACE_MS = 2_500;
/** How long each part may take to end, ms: less than ten seconds together, after which supervisors kill. */
const ENDS = {
  slack: 1_500,
  scheduler: 800,
  web: 1_200,
  share: 300,
  queue: 4_000,
  store: 1_000,
  systems: 300,
} as const;

/** Starts Notme. @throws a sentence with the fix when something it needs is missing */
export async function startNotme(options: StartOptions): Promise<Notme> {
  const { config, runtime, log, roles } = options;
  const say = options.progress ?? (() => undefined);
  if (!config.slack)
    throw new Error(
      'No Slack token is configured. Set SLACK_BOT_TOKEN, or run "notme start" without any for the sandbox.',
    );
  const wrongTexts = problemsOf(config.texts);
  if (wrongTexts.length > 0) throw new Error(`Some texts in notme.yml cannot be used:\n  ${wrongTexts.join('\n  ')}`);
  warnOf(config, log);
  say('store');
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    runtime,
    log,
  });
  const closers: Closer[] = [];
  const onStop = (name: keyof typeof ENDS, close: () => Promise<void>): void => {
    closers.unshift({ name, withinMs: ENDS[name], close });
  };
  onStop('store', () => database.close());
  try {
    await migrate(database, migrations);
    say('queue');
    const queue = await openQueue({
      redisUrl: config.redisUrl?.reveal() ?? null,
      database,
      log,
      ...(options.queueLockMs === undefined ? {} : { lockMs: options.queueLockMs }),
    });
    onStop('queue', () => queue.close(GRACE_MS));
    say('Slack');
    const client = createSlackClient(config.slack.botToken, config.slack.apiUrl, log);
    const identity = await identify(client);
    const metrics = createMetrics();
    const dispatcher = createDispatcher({ db: database, queue, runtime, log });
    const share = createWorkerShare({ db: database, runtime, workspaceId: identity.teamId });
    const party: Party = { listeningAt: null };
    const core = await createCore(
      options,
      { database, queue, client, identity },
      { dispatcher, metrics, share, party },
    );
    await sealOldPosts(core);
    const guarded = { channel: core.policy.securityChannel, allowPublic: config.workspace.allowPublicChannel };
    await refuseExposed(client, guarded);
    const messenger = createMessenger(client, guarded, runtime);
    await sayRoles(core);
    onStop('share', () => share.stop());
    // Last of all: until then, work left in the queue still calls them.
    closers.push({ name: 'systems', withinMs: ENDS.systems, close: () => closeSystems(core) });
    say('listeners');
    const slack = roles.includes('bot') ? createSlack(options, core, { client, identity, metrics }) : null;
    const web = await startWeb({
      config,
      core,
      queue,
      dispatcher,
      metrics,
      client,
      messenger,
      slack: slack?.http ?? null,
      log,
      texts: textsOf(config),
    });
    party.listeningAt = web.url;
    onStop('web', () => web.close());
    const scheduler = await startWork(options, core, { messenger, queue, dispatcher, metrics, web, share });
    onStop('scheduler', () => scheduler.stop());
    if (slack) {
      await slack.start();
      onStop('slack', () => slack.stop());
    }
    dispatcher.nudge();
    return { core, metrics, webUrl: web.url, queue, stop: () => closeAll(closers, log) };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

/** What an operator should know at each start. */
function warnOf(config: Config, log: Logger): void {
  for (const { key, problem, fix } of config.warnings) log.warn({ key }, `${problem} ${fix}`);
  const { notRequiredFor } = config.stepUp;
  const uncoded = sayUncoded(sayPlain(textsOf(config)), notRequiredFor);
  if (uncoded !== null) log.warn({ decisions: notRequiredFor }, uncoded);
}

/** Who is in which role: an operator sees at each start whether it is whom they meant. */
async function sayRoles({ roles, log, policy }: Core): Promise<void> {
  const [asked] = await Promise.allSettled([roles.members()]);
  if (asked.status === 'fulfilled') {
    log.info(sayMembers(asked.value));
    for (const line of alone(asked.value, policy.twoApprovers)) log.warn(line);
  } else log.warn({ err: asked.reason }, 'Slack does not say who is in which role; nobody acts before it does');
}

async function closeSystems({ connectors }: Core): Promise<void> {
  await Promise.all([...connectors.values()].map((connector) => connector.close()));
}

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
  const edge = {
    core,
    translator: translatorOf(textsOf(config)),
    client: parts.client,
    log,
    workspaceUrl: parts.identity.url,
    rejected,
  };
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
  { config, runtime, log, roles, leaseMs = LEASE_MS, stuckMs = STUCK_MS, concurrency = CONCURRENCY }: StartOptions,
  core: Core,
  parts: {
    messenger: Messenger;
    queue: JobQueue;
    dispatcher: Dispatcher;
    metrics: Metrics;
    web: Web;
    share: WorkerShare;
  },
): Promise<Scheduler> {
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
      messenger: parts.messenger,
      translator: translatorOf(textsOf(config)),
      mailer,
    });
    await startWorker({
      db: core.db,
      queue,
      runtime,
      log,
      handlers,
      leaseMs,
      stuckMs,
      concurrency,
      dispatch: () => dispatcher.nudge(),
    });
  }
  const pollMs = (system: string): number =>
    1000 * (config.systems.find((one) => one.system === system)?.pollSeconds ?? config.notices.pollSeconds);
  const onPoll = (system: string, notices: number | null): void => {
    if (notices !== null) metrics.notices.inc({ system }, notices);
    metrics.connectorUp.set({ system }, notices === null ? 0 : 1);
  };
  const worker = roles.includes('worker');
  if (worker) await parts.share.beat();
  const tellWaiting = createWaitingTeller({
    core,
    messenger: parts.messenger,
    translator: translatorOf(textsOf(config)),
  });
  const onRound = async (): Promise<void> => {
    await tellWaiting(dispatcher.refusal());
    const { late, oldestMs } = await overdueWork(core.db, core.runtime.now());
    metrics.workOverdue.set(late);
    metrics.oldestDueWork.set(oldestMs / 1000);
    const refused = await mailTroubles(core);
    for (const kind of MAIL_TROUBLES)
      metrics.noticesUnmailed.set({ kind }, refused.find((one) => one.kind === kind)?.notices ?? 0);
    if (worker) await parts.share.beat();
    for (const [state, count] of Object.entries(await queue.counts())) metrics.queueJobs.set({ state }, count);
  };
  return startScheduler({
    core,
    dispatcher,
    onPoll,
    onRound,
    polls: worker,
    pollMs,
    reconcileMs: Math.min(leaseMs, 5000),
  });
}
