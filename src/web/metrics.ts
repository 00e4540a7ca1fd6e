import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const STEP_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const HTTP_SECONDS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 10];

/**
 * Every figure that Notme exports to Prometheus, on a registry of its own. Labels have few values: never an id or an
 * address.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });

  return {
    registry,
    incidentsOpened: counter('notme_incidents_opened_total', 'Incidents opened', []),
    steps: counter('notme_steps_total', 'Steps that ended, by outcome', ['system', 'action', 'outcome']),
    stepDuration: new Histogram({
      name: 'notme_step_duration_seconds',
      help: 'From taking a step to its read-back',
      labelNames: ['system', 'action'],
      buckets: STEP_SECONDS,
      registers,
    }),
    slackPosts: counter('notme_slack_posts_total', 'Messages posted or redrawn in Slack', ['outcome']),
    queueJobs: gauge('notme_queue_jobs', 'Jobs in the queue', ['state']),
    workOverdue: gauge(
      'notme_work_overdue',
      'Pieces of work that are due for more than five seconds and not taken',
      [],
    ),
    oldestDueWork: gauge('notme_oldest_due_work_seconds', 'For how long the oldest due work waits', []),
    notices: counter('notme_notices_total', 'Notices taken in from identity systems', ['system']),
    noticesUnmailed: gauge('notme_notices_unmailed', 'Notices whose mail is refused and tried again', ['kind']),
    connectorUp: gauge('notme_connector_up', '1 when the identity system answered its last check', ['system']),
    connectorPaused: gauge('notme_connector_paused', '1 while a failing identity system is left alone', ['system']),
    rejectedInputs: counter('notme_rejected_inputs_total', 'Inputs refused at an edge', ['edge', 'reason']),
    httpRequests: counter('notme_http_requests_total', 'HTTP requests answered', ['route', 'method', 'status']),
    httpDuration: new Histogram({
      name: 'notme_http_request_duration_seconds',
      help: 'Time to answer an HTTP request',
      labelNames: ['route'],
      buckets: HTTP_SECONDS,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
