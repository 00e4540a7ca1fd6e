import type { WebClient } from '@slack/web-api';
import type { Dispatcher } from '../../jobs/dispatcher.js';
import { overdueWork } from '../../jobs/overdue.js';
import type { JobQueue } from '../ports/queue.js';
import type { Connector } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { channelProblem } from '../doctor/examine-slack.js';
import { type MailTroubleKind, mailTroubles } from '../notices/refused-mail.js';
import type { Messenger } from '../ports/messenger.js';
import type { Metrics } from './metrics.js';
import type { Check, Checks } from './readiness.js';

/** What the checks query. */
export interface Asked {
  readonly core: Pick<Core, 'db' | 'runtime' | 'workspaceId' | 'connectors' | 'policy'>;
  readonly queue: JobQueue;
  readonly client: WebClient;
  readonly messenger: Pick<Messenger, 'standing'>;
  readonly dispatcher: Pick<Dispatcher, 'lastRound'>;
  readonly metrics: Metrics;
}

/** Due work that nobody takes for this long is stuck: a worker that died keeps its work for 15 s. */
const STUCK_MS = 60_000;
/** The search for forgotten work runs every few seconds. */
const ROUND_MS = 30_000;

/** Every check, in the order in which it is shown. A new one is a function here, and a line in one of the two lists. */
export function checksOf(asked: Asked): Checks {
  return {
    essential: [database(asked), queue(asked), slack(asked), work(asked), rounds(asked)],
    connectors: [
      channel(asked),
      ...[...asked.core.connectors.values()].map((one) => connector(asked, one)),
      mail(asked),
    ],
  };
}

/** A check that passes when `ask` does; what it throws is the detail. */
const passes = (name: string, ask: () => Promise<unknown>): Check => ({
  name,
  run: async () => {
    await ask();
    return { ok: true, detail: '' };
  },
});

/** A full disk and a standby answer every query, but accept no report. */
const database = ({ core }: Asked): Check =>
  passes('database', () =>
    core.db.query(
      `insert into probes (workspace_id, written_at) values ($1, $2)
       on conflict (workspace_id) do update set written_at = excluded.written_at`,
      [core.workspaceId, core.runtime.now()],
    ),
  );

const queue = (asked: Asked): Check => passes('queue', () => asked.queue.ping());

const slack = ({ client }: Asked): Check => passes('slack', () => client.auth.test());

/** Reports are still accepted, and approvers get direct messages: so the process is ready, but degraded. */
const channel = ({ messenger, core }: Asked): Check => ({
  name: 'channel',
  run: async () => {
    const detail = channelProblem(await messenger.standing(core.policy.securityChannel));
    return { ok: detail === null, detail: detail ?? '' };
  },
});

/** Everything may answer while nothing is done: workers that hang, or none at all. */
const work = ({ core }: Asked): Check => ({
  name: 'work',
  run: async () => {
    const { late, oldestMs } = await overdueWork(core.db, core.runtime.now());
    if (oldestMs < STUCK_MS) return { ok: true, detail: '' };
    const age = Math.round(oldestMs / 1000);
    const detail = `${late} pieces of work wait, the oldest for ${age} s: check that a worker runs, look at its log, and restart it.`;
    return { ok: false, detail };
  },
});

const rounds = ({ core, dispatcher }: Asked): Check => ({
  name: 'scheduler',
  run: () => {
    const age = core.runtime.now().getTime() - dispatcher.lastRound().getTime();
    if (age < ROUND_MS) return Promise.resolve({ ok: true, detail: '' });
    const detail = `the look for forgotten work last came round ${Math.round(age / 1000)} s ago: look at this process's log, and restart it.`;
    return Promise.resolve({ ok: false, detail });
  },
});

const connector = ({ core, metrics }: Asked, connected: Connector): Check => ({
  name: connected.system,
  run: async (signal) => {
    const probes = await connected.health({ signal, correlationId: core.runtime.newId('health') });
    const failed = probes.filter((probe) => !probe.ok);
    metrics.connectorUp.set({ system: connected.system }, failed.length === 0 ? 1 : 0);
    return { ok: failed.length === 0, detail: failed.map((probe) => `${probe.name}: ${probe.detail}`).join('; ') };
  },
});

/** Without the mail server's own words: they may contain an address, and anyone may read this. */
const MAIL_SAYS: Readonly<Record<MailTroubleKind, string>> = {
  unconfigured: 'no mail is configured: set MAILGUN_DOMAIN or SMTP_URL, and restart',
  auth: 'the mail server refuses our credentials or domain: run `notme doctor`, and mend what it names',
  rejected: 'the mail server takes no mail for an address: look at the security channel',
  passing: 'the mail server fails or is not reached: it is tried again; look at the log when this stays',
};

/** By the notices themselves: a mail server that answers may still accept nothing. */
const mail = ({ core }: Asked): Check => ({
  name: 'mail',
  run: async () => {
    const troubles = await mailTroubles(core);
    const detail = troubles.map(({ kind, notices }) => `${notices} notices wait: ${MAIL_SAYS[kind]}`).join('; ');
    return { ok: troubles.length === 0, detail };
  },
});
