import { ok } from '../../platform/result.js';
import type { CallContext, ReportSource, RiskLevel, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced, type Slice, type SlicedLog } from '../kit/poll.js';
import { readAlerts } from './alerts.js';
import { SYSTEM } from './find.js';
import { readActivities, type Activity } from './reports.js';
import type { Tools } from './tools.js';

/** Google keeps 180 days; a day is left for clocks and days that differ. */
const LOOK_BACK_MS = 179 * 24 * 60 * 60 * 1000;
const PAGES_PER_SLICE = 5;
/** Verdicts come minutes after what they are about; each is a request of its own. */
const PAUSE_MS = 60_000;

/** The verdicts in the login log, and how sure Google is (Reports API, login audit activity events). */
const VERDICTS: Readonly<Record<string, RiskLevel>> = {
  account_disabled_hijacked: 'high',
  account_disabled_password_leak: 'high',
  gov_attack_warning: 'high',
  suspicious_login: 'medium',
  suspicious_login_less_secure_app: 'medium',
  suspicious_programmatic_login: 'medium',
};

/** Google names the account in a parameter, or as the actor of its own suspicious sign-in. */
function eventOf(row: Activity): SystemEvent | null {
  const login = row.parameter('affected_email_address') ?? row.actor;
  const level = VERDICTS[row.name];
  if (login === null || !login.includes('@') || level === undefined) return null;
  return {
    eventId: row.id,
    kind: 'at_risk',
    login,
    actor: null,
    occurredAt: row.at,
    ip: row.ip,
    word: row.name,
    level,
  };
}

type Window = { readonly from: Date; readonly to?: Date };

async function readVerdicts(tools: Tools, window: Window, call: CallContext): Answer<Slice<SystemEvent>> {
  const rows: SystemEvent[] = [];
  const unreadable: string[] = [];
  let complete = true;
  for (const eventName of Object.keys(VERDICTS)) {
    const query = { application: 'login', actor: 'all', eventName, ...window, mostPages: PAGES_PER_SLICE } as const;
    const found = await readActivities(tools, query, call);
    if (!found.ok) return found;
    complete &&= !found.value.cut;
    const events = found.value.items.map(eventOf);
    const lost = found.value.unreadable + events.filter((event) => event === null).length;
    unreadable.push(...Array.from({ length: lost }, () => `${eventName}: a row names no account, id or time`));
    rows.push(...events.filter((event) => event !== null));
  }
  return ok({ rows, unreadable, complete });
}

/** Google's own verdicts: the alerts of its Alert Center, and those in the login log. People report nothing there. */
export function reportsOf(tools: Tools, log: ConnectorLog): readonly ReportSource[] {
  const sliced = (read: (window: Window, call: CallContext) => Answer<Slice<SystemEvent>>): ReportSource['poll'] => {
    const found: SlicedLog<SystemEvent>['read'] = ({ from, to, last }, call) =>
      read(last ? { from } : { from, to }, call);
    return pollSliced<SystemEvent>({
      system: SYSTEM,
      title: 'Google Workspace',
      runtime: tools.runtime,
      clock: tools.api,
      log,
      overlapMs: tools.settings.poll_overlap_s * 1000,
      lookBackMs: LOOK_BACK_MS,
      read: found,
      events: (events) => events,
    });
  };
  return [
    {
      name: 'login_log',
      ownDeeds: {},
      pauseMs: PAUSE_MS,
      poll: sliced((window, call) => readVerdicts(tools, window, call)),
    },
    {
      name: 'alerts',
      ownDeeds: {},
      pauseMs: PAUSE_MS,
      poll: sliced((window, call) => readAlerts(tools, window, call)),
    },
  ];
}
