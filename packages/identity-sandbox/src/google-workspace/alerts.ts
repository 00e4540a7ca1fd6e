import { randomUUID } from 'node:crypto';
import type { Google } from '../vendor/index.js';
import { filled, nextOf, paged, reading, refused, show, type Endpoint, type Visit } from './endpoint.js';
import { invalid, notAuthorized } from './errors.js';
import type { AlertRecord, UserRecord } from './model.js';
import type { GoogleWorkspaceState } from './state.js';

const shown = ({ alertId, createTime, type, source, severity, email, ip }: AlertRecord): Google.Alert => ({
  customerId: '03az79cb',
  alertId,
  createTime,
  startTime: createTime,
  type,
  source,
  data: {
    '@type': 'type.googleapis.com/google.apps.alertcenter.type.AccountWarning',
    email,
    ...(ip === null ? {} : { loginDetails: { ipAddress: ip } }),
  },
  metadata: { customerId: '03az79cb', alertId, status: 'NOT_STARTED', severity, updateTime: createTime },
  updateTime: createTime,
});

const CLAUSE = /^createTime (>=|<=|<|>) "([^"]+)"$/;

/** `createTime >= "…" AND createTime <= "…"`; `null` for what is not spoken here. */
function timesOf(filter: string | null): ((at: number) => boolean) | null {
  const clauses = filter === null ? [] : filter.split(' AND ').map((one) => CLAUSE.exec(one));
  if (clauses.some((clause) => clause === null || Number.isNaN(Date.parse(clause[2] ?? '')))) return null;
  return (at) =>
    clauses.every((clause) => {
      const wanted = Date.parse(clause?.[2] ?? '');
      return clause?.[1]?.startsWith('>') === true ? at >= wanted : at <= wanted;
    });
}

function list({ state, request, subject }: Visit) {
  if (state.adminKind(subject) === null) return refused(notAuthorized());
  const { query } = request;
  const isWanted = timesOf(query.get('filter'));
  if (isWanted === null) return refused(invalid('Invalid filter.'));
  const rows = state.seenAlerts().filter(({ createTime }) => isWanted(Date.parse(createTime)));
  const asked = new URLSearchParams({
    maxResults: query.get('pageSize') ?? '100',
    ...(query.has('pageToken') ? { pageToken: query.get('pageToken') ?? '' } : {}),
  });
  const page = paged(rows.map(shown), asked, 1000);
  if (page === null) return refused(invalid('Invalid pageToken.'));
  return reading(show.alerts({ ...nextOf(page), ...filled(page.items, (alerts) => ({ alerts })) }));
}

/** Alert Center API, alerts.list; another host at Google. */
export const ALERTS: readonly Endpoint[] = [
  { method: 'GET', path: '/v1beta1/alerts', scopes: ['apps.alerts'], handle: list },
];

/** Google's own verdict: an alert, and the row of the login log beside it. */
export function warn(
  state: GoogleWorkspaceState,
  user: UserRecord,
  verdict: 'suspicious_login' | 'hijacked',
  ip: string,
): void {
  const hijacked = verdict === 'hijacked';
  state.data.alerts ??= [];
  state.data.alerts.push({
    alertId: randomUUID(),
    createTime: state.clock().toISOString(),
    source: 'Google identity',
    type: hijacked ? 'User suspended (suspicious activity)' : 'Suspicious login',
    severity: hijacked ? 'HIGH' : 'MEDIUM',
    email: user.primaryEmail,
    ip,
  });
  const doer = { actor: user.primaryEmail, ip };
  const parameters = { affected_email_address: user.primaryEmail };
  if (hijacked)
    state.log({ application: 'login', type: 'account_warning', name: 'account_disabled_hijacked', parameters }, doer);
  else state.log({ application: 'login', type: 'account_warning', name: 'suspicious_login', parameters }, doer);
  state.changed();
}
