import { createHmac } from 'node:crypto';
import type { HTTPReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { JobQueue } from '../../jobs/queue/port.js';
import type { PageTexts } from '../../blocks/texts/page.js';
import type { Config } from '../config.js';
import type { Core } from '../core.js';
import { lookAtMailedNotice, reportByMail } from '../notices/answer.js';
import type { Notice } from '../notices/notice.js';
import { Secret } from '../secret.js';
import type { Metrics } from './metrics.js';
import { createReadiness } from './readiness.js';
import type { ReportPagePort } from './report-port.js';
import { createWebServer, type WebServer } from './server.js';
import { createReplayGuard } from './slack-http.js';

export type Web = WebServer;

interface Parts {
  readonly config: Config;
  readonly core: Core;
  readonly queue: JobQueue;
  readonly metrics: Metrics;
  readonly client: WebClient;
  /** Slack's HTTP mode, to be mounted; `null` in Socket Mode. */
  readonly slack: HTTPReceiver | null;
  readonly log: Logger;
  readonly texts: PageTexts;
}

const SAID: Readonly<Record<Notice['kind'], string>> = {
  password_reset: 'Password reset',
  sign_in: 'New sign-in',
  two_step_changed: '2-step changed',
};

/** The report page's way into the core. */
function reportPort(core: Core): ReportPagePort {
  return {
    look: async (token) => {
      const found = await lookAtMailedNotice(core, token);
      if (found.state !== 'open') return found;
      const { notice, person, expiresAt } = found;
      const systemTitle = core.connectors.get(notice.system)?.title ?? notice.system;
      return {
        state: 'open',
        ...notice,
        systemTitle,
        occurredAt: notice.occurred_at,
        expiresAt,
        timeZone: person?.time_zone ?? 'UTC',
      };
    },
    report: async (token, answer) => {
      const origin = { surface: 'mail', ip: answer.ip, correlationId: answer.correlationId };
      const result = await reportByMail(core, token, { said: (notice) => SAID[notice.kind], origin });
      return result.state === 'reported'
        ? { state: 'reported', reference: result.reported.incident.reference }
        : result;
    },
  };
}

/** Processes behind one address share the key that seals their secrets; so they know each other's forms by it. */
function sharedFormKey([sealKey]: Config['secretKeys']): Secret | undefined {
  if (sealKey === undefined) return undefined;
  return new Secret(createHmac('sha256', sealKey.reveal()).update('form nonces').digest('base64'));
}

/** Starts the HTTP edge with checks that really ask what they report on. */
export function startWeb({ config, core, queue, metrics, client, slack, log, texts }: Parts): Promise<Web> {
  const checked = (name: string, ask: () => Promise<unknown>) => ({
    name,
    run: async () => {
      await ask();
      return { ok: true, detail: '' };
    },
  });
  const essential = [
    checked('database', () => core.db.ping()),
    checked('queue', () => queue.ping()),
    checked('slack', () => client.auth.test()),
  ];
  const connectors = [...core.connectors.values()].map((connector) => ({
    name: connector.system,
    run: async (signal: AbortSignal) => {
      const probes = await connector.health({ signal, correlationId: core.runtime.newId('health') });
      const failed = probes.filter((probe) => !probe.ok);
      metrics.connectorUp.set({ system: connector.system }, failed.length === 0 ? 1 : 0);
      return { ok: failed.length === 0, detail: failed.map((probe) => `${probe.name}: ${probe.detail}`).join('; ') };
    },
  }));
  return createWebServer({
    port: config.web.port,
    host: config.web.host,
    runtime: core.runtime,
    readiness: createReadiness({ essential, connectors }, core.runtime),
    metrics,
    report: config.mail ? reportPort(core) : null,
    publicUrl: config.web.publicUrl ?? undefined,
    trustedProxies: config.web.trustedProxies,
    metricsToken: config.web.metricsToken ?? undefined,
    formKey: sharedFormKey(config.secretKeys),
    texts,
    extraHandler: slack
      ? createReplayGuard(slack, core.runtime, (reason) => metrics.rejectedInputs.inc({ edge: 'slack_http', reason }))
      : undefined,
    onError: (error, correlationId) => log.error({ err: error, correlationId }, 'an HTTP request failed'),
  });
}
