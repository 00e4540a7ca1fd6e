import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Dispatcher } from '../../jobs/dispatcher.js';
import type { WorkerShare } from '../../jobs/worker-share.js';
import { limited } from '../connectors/limits/limited.js';
import type { Runtime } from '../platform/runtime.js';
import type { Connector } from '../ports/connector.js';
import type { Core, Meter } from '../ports/core.js';
import type { JobQueue } from '../ports/queue.js';
import { createRoles } from '../ports/roles.js';
import { resolveChannel, type SlackIdentity } from '../slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from '../slack/directory.js';
import { createStandingReader } from '../slack/standing.js';
import type { StoreDatabase } from '../store/connection.js';
import type { Metrics } from '../web/metrics.js';
import { relyingPartyOf } from '../web/relying-party.js';
import type { Config } from './config.js';
import { createConnectors } from './create-connectors.js';
import { openSealer } from './seal-key.js';

/** Known once the web server listens: its port may be any free one. */
export interface Party {
  listeningAt: string | null;
}

/** What the process was started with. */
interface Given {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/** What is open already. */
interface Opened {
  readonly database: StoreDatabase;
  readonly queue: JobQueue;
  readonly client: WebClient;
  readonly identity: SlackIdentity;
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

/** Everything that the domain works with, put together. @throws a sentence with the fix */
export async function createCore(
  { config, runtime, log }: Given,
  opened: Opened,
  { dispatcher, metrics, share, party }: { dispatcher: Dispatcher; metrics: Metrics; share: WorkerShare; party: Party },
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
    connectors: limitAll(createConnectors(config, runtime, log), { runtime, log, metrics, share }),
    people: createPeopleDirectory(client, {
      teamId: identity.teamId,
      defaultTimeZone: workspace.timeZone,
      overrides: workspace.people,
    }),
    roles: createRoles(workspace.roles, {
      membersOf: createUserGroupReader(client, runtime, log),
      standingOf: createStandingReader(client, { runtime, teamId: identity.teamId }),
    }),
    policy: {
      securityChannel: await resolveChannel(client, workspace.securityChannel),
      neverTouch: workspace.neverTouch,
      onCall: { ...workspace.onCall, againMs: workspace.onCall.againMinutes * 60_000 },
      uncoded: config.stepUp.notRequiredFor,
      identifiers: identifiersOf(workspace.people),
      kinds: kindsOf(workspace.people),
      twoApprovers: {
        actions: workspace.twoApprovers.actions,
        targets: workspace.twoApprovers.targets,
        expireMs: workspace.twoApprovers.expireHours * 3_600_000,
        remindMs: workspace.twoApprovers.remindMinutes * 60_000,
      },
      limits: workspace.limits,
      timeZone: workspace.timeZone,
      unansweredMinutes: config.notices.unansweredMinutes,
      reportsElsewhere: config.reportsElsewhere,
      watchMinutes: config.watch.afterMinutes,
    },
    log,
    meter: meterOf(metrics),
    party: () => relyingPartyOf(config.web.publicUrl, party.listeningAt ?? `http://localhost:${config.web.port}`),
    dispatch: () => dispatcher.nudge(),
  };
}

/** Every connector within this process's share of its limits, and paused for a while when its system keeps failing. */
function limitAll(
  connectors: Core['connectors'],
  { runtime, log, metrics, share }: { runtime: Runtime; log: Logger; metrics: Metrics; share: WorkerShare },
): Core['connectors'] {
  const onBreak = (system: string, ms: number | null): void => {
    metrics.connectorPaused.set({ system }, ms === null ? 0 : 1);
    if (ms !== null) log.warn({ system, ms }, 'an identity system keeps failing and is left alone for a while');
  };
  const parts = { runtime, share: (limits: Connector['limits']) => share.of(limits), onBreak };
  return new Map([...connectors].map(([system, connector]) => [system, limited(connector, parts)]));
}

const identifiersOf = (people: Config['workspace']['people']): Core['policy']['identifiers'] =>
  new Map(
    people.flatMap(({ email, aliases, employeeId, accounts }) =>
      email === null ? [] : [[email.toLowerCase(), { aliases, employeeId, logins: accounts }] as const],
    ),
  );

const kindsOf = (people: Config['workspace']['people']): Core['policy']['kinds'] =>
  new Map(
    people.flatMap(({ slackUser, email, kind }) =>
      [slackUser, email?.toLowerCase() ?? null].flatMap((name) => (name === null ? [] : [[name, kind] as const])),
    ),
  );
