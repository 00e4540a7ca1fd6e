import { createHmac } from 'node:crypto';
import type { HTTPReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Dispatcher } from '../../jobs/dispatcher.js';
import type { JobQueue } from '../ports/queue.js';
import type { Messenger } from '../ports/messenger.js';
import { sayPlain, type Texts } from '../texts/say.js';
import { createPasskeyPage } from './passkey-page.js';
import type { Core } from '../ports/core.js';
import { claimByMail, lookAtMailedNotice, reportByMail } from '../notices/answer.js';
import type { Notice } from '../notices/notice.js';
import { Secret } from '../platform/secret.js';
import type { Metrics } from './metrics.js';
import { checksOf } from './checks.js';
import { createReadiness } from './readiness.js';
import type { ReportPagePort } from './report-port.js';
import { createWebServer, type WebServer } from './server.js';
import { createReplayGuard } from './slack-http.js';

export type Web = WebServer;

/** What the configuration says about the HTTP edge. */
interface WebSettings {
  readonly web: {
    readonly port: number;
    readonly host: string;
    readonly publicUrl: string | null;
    readonly trustedProxies: number;
    readonly metricsToken: Secret | null;
  };
  /** `null`: no mail is sent, so no mailed link leads to the report page. */
  readonly mail: object | null;
  readonly secretKeys: readonly Secret[];
}

interface Parts {
  readonly config: WebSettings;
  readonly core: Core;
  readonly queue: JobQueue;
  readonly dispatcher: Dispatcher;
  readonly metrics: Metrics;
  readonly client: WebClient;
  readonly messenger: Messenger;
  /** Slack's HTTP mode, to be mounted; `null` in Socket Mode. */
  readonly slack: HTTPReceiver | null;
  readonly log: Logger;
  readonly texts: Texts;
}

const SAID: Readonly<Record<Notice['kind'], string>> = {
  password_reset: 'Password reset',
  sign_in: 'New sign-in',
  two_step_changed: '2-step changed',
  reported: 'Reported there',
  push_denied: 'Sign-in request rejected',
  at_risk: 'Held to be at risk',
};

/** The report page's access to the core. */
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
        saidMe: notice.answer === 'me',
      };
    },
    answer: async (token, answer) => {
      const origin = { surface: 'mail', ip: answer.ip, correlationId: answer.correlationId };
      if (answer.answer === 'me') return claimByMail(core, token, origin);
      const result = await reportByMail(core, token, { said: (notice) => SAID[notice.kind], origin });
      return result.state === 'reported'
        ? { state: 'reported', reference: result.reported.incident.reference }
        : result;
    },
  };
}

/** Processes behind one address share the sealing key; by it they accept each other's forms. */
function sharedFormKey([sealKey]: WebSettings['secretKeys']): Secret | undefined {
  if (sealKey === undefined) return undefined;
  return new Secret(createHmac('sha256', sealKey.reveal()).update('form nonces').digest('base64'));
}

/** Starts the HTTP edge with checks that really query what they report on. */
export function startWeb(parts: Parts): Promise<Web> {
  const { config, core, queue, dispatcher, metrics, client, messenger, slack, log, texts } = parts;
  return createWebServer({
    port: config.web.port,
    host: config.web.host,
    runtime: core.runtime,
    readiness: createReadiness(checksOf({ core, queue, client, messenger, dispatcher, metrics }), core.runtime),
    metrics,
    report: config.mail ? reportPort(core) : null,
    passkeys: (parts) => createPasskeyPage({ ...parts, core, say: sayPlain(texts) }),
    publicUrl: config.web.publicUrl ?? undefined,
    trustedProxies: config.web.trustedProxies,
    metricsToken: config.web.metricsToken ?? undefined,
    formKey: sharedFormKey(config.secretKeys),
    texts,
    extraHandler: slack
      ? createReplayGuard(slack, core.runtime, (reason) => metrics.rejectedInputs.inc({ edge: 'slack_http', reason }))
      : undefined,
    onUnexplainedProxy: () =>
      log.warn(
        { trusted_proxies: config.web.trustedProxies },
        'a request came with a forwarded header that web.trusted_proxies does not explain: all callers behind that proxy look like one. Set it to the number of proxies that append to X-Forwarded-For, or let them send none.',
      ),
    onError: (error, correlationId) => log.error({ err: error, correlationId }, 'an HTTP request failed'),
  });
}
