import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { RISK_LEVELS, type CallContext, type RiskLevel, type SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import type { Slice } from '../kit/poll.js';
import { SCOPE } from './scopes.js';
import { text } from './shapes.js';
import type { Tools } from './tools.js';

const ALERTS = '/v1beta1/alerts';

const MOST_PAGES = 10;

/**
 * The alerts that are about one account, by their source and type, with how sure Google is where `metadata.severity` does
 * not say (Alert Center API, alert sources and types). "User suspended (spam)" and the rest are about mail or the domain.
 */
const LEVELS: Readonly<Record<string, Readonly<Record<string, RiskLevel>>>> = {
  'Google identity': {
    'Leaked password': 'high',
    'Suspicious login': 'medium',
    'Suspicious login (less secure app)': 'medium',
    'Suspicious programmatic login': 'medium',
    'User suspended': 'high',
    'User suspended (suspicious activity)': 'high',
  },
  'State Sponsored Attack': { 'Government attack warning': 'high' },
};

const instant = z.iso
  .datetime({ offset: true })
  .transform((at) => new Date(at))
  .nullable()
  .catch(null);

/** An alert with the data of AccountWarning or StateSponsoredAttack. */
const alert = z.object({
  alertId: z.string().min(1),
  createTime: instant,
  source: text,
  type: text,
  data: z
    .object({ email: text, loginDetails: z.object({ ipAddress: text }).nullable().catch(null).default(null) })
    .nullable()
    .catch(null),
  metadata: z.object({ severity: text }).nullable().catch(null).default(null),
});

/** `null`: about no one account; a text: why it cannot be told. */
function readAlert(raw: unknown): SystemEvent | string | null {
  const parsed = alert.safeParse(raw);
  if (!parsed.success || !parsed.data.source || !parsed.data.type) return 'an alert is of another shape';
  const { alertId, createTime, source, type, data, metadata } = parsed.data;
  const usual = LEVELS[source]?.[type];
  if (usual === undefined) return null;
  const login = data?.email ?? null;
  if (createTime === null || login === null || !login.includes('@')) return 'an alert names no account or no time';
  const level = RISK_LEVELS.find((one) => one === metadata?.severity?.toLowerCase()) ?? usual;
  const ip = data?.loginDetails?.ipAddress ?? null;
  return {
    eventId: `alert/${alertId}`,
    kind: 'at_risk',
    login,
    actor: null,
    occurredAt: createTime,
    ip,
    word: type,
    level,
  };
}

/** The alerts of one slice; the newest slice has no end, as Google's clock may differ. */
export async function readAlerts(
  { api }: Tools,
  { from, to }: { readonly from: Date; readonly to?: Date },
  call: CallContext,
): Answer<Slice<SystemEvent>> {
  const until = to === undefined ? '' : ` AND createTime <= "${to.toISOString()}"`;
  const query = { filter: `createTime >= "${from.toISOString()}"${until}`, orderBy: 'createTime asc', pageSize: '100' };
  const request = { path: ALERTS, query, scope: SCOPE.alerts, what: 'the Alert Center', call };
  const found = await api.list(request, { key: 'alerts', item: z.unknown(), mostPages: MOST_PAGES });
  if (!found.ok) return found;
  const readings = found.value.items.map(readAlert);
  return ok({
    rows: readings.filter((one) => one !== null && typeof one !== 'string'),
    unreadable: readings.filter((one) => typeof one === 'string'),
    complete: !found.value.cut,
  });
}
