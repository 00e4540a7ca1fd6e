import { filled, nextOf, paged, reading, refused, show, type Endpoint, type Visit } from './endpoint.js';
import { invalid, notAuthorized } from './errors.js';
import { APPLICATIONS, type ActivityRecord } from './model.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const RETENTION_MS = 180 * DAY_MS;

const shown = (row: ActivityRecord) => ({
  kind: 'admin#reports#activity',
  id: {
    time: row.time,
    uniqueQualifier: row.uniqueQualifier,
    applicationName: row.application,
    customerId: 'C03az79cb',
  },
  actor: { callerType: 'USER', email: row.actor, profileId: row.actorId },
  ...(row.ip === null ? {} : { ipAddress: row.ip }),
  ...(row.region === null ? {} : { networkInfo: { regionCode: row.region } }),
  events: [{ type: row.type, name: row.name, ...(row.parameters.length === 0 ? {} : { parameters: row.parameters }) }],
});

type Test = (row: ActivityRecord) => boolean;

/** `NAME==value`, several with commas. */
function filterOf(text: string | null): Test | null {
  if (text === null) return () => true;
  const wanted = text.split(',').map((one) => /^([A-Za-z0-9_]+)==(.*)$/.exec(one));
  if (wanted.includes(null)) return null;
  return ({ parameters }) =>
    wanted.every((match) =>
      parameters.some(({ name, value, boolValue }) => name === match?.[1] && (value ?? String(boolValue)) === match[2]),
    );
}

function timeOf(text: string | null, fallback: number): number | null {
  if (text === null) return fallback;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : null;
}

function list(visit: Visit) {
  const { state, request, params, subject } = visit;
  const { query } = request;
  if (state.adminKind(subject) === null) return refused(notAuthorized());
  const application = APPLICATIONS.find((name) => name === params['application']);
  if (application === undefined) return refused(invalid('Invalid application name.'));
  const now = state.clock().getTime();
  const from = timeOf(query.get('startTime'), now - RETENTION_MS);
  const to = timeOf(query.get('endTime'), now);
  const matches = filterOf(query.get('filters'));
  if (from === null || to === null || from > to) return refused(invalid('Invalid value for startTime or endTime.'));
  if (matches === null) return refused(invalid('Invalid filters.'));
  const key = params['user'] ?? '';
  const actor = key === 'all' ? null : state.user(key);
  if (actor === undefined) return refused(invalid('Invalid userKey.'));
  const eventName = query.get('eventName');
  const rows = state.seenActivities().filter((row) => {
    const at = Date.parse(row.time);
    const inTime = at >= Math.max(from, now - RETENTION_MS) && at <= to;
    const asked = row.application === application && (eventName === null || row.name === eventName);
    return inTime && asked && (actor === null || row.actor === actor.primaryEmail) && matches(row);
  });
  const page = paged(rows.map(shown).reverse(), query, 1000);
  if (page === null) return refused(invalid('Invalid pageToken.'));
  return reading(
    show.activities({
      kind: 'admin#reports#activities',
      ...nextOf(page),
      ...filled(page.items, (items) => ({ items })),
    }),
  );
}

export const REPORTS: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/admin/reports/v1/activity/users/:user/applications/:application',
    scopes: ['admin.reports.audit.readonly'],
    handle: list,
  },
];
