import { ok } from '../../platform/result.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced, type Slice } from '../kit/poll.js';
import { SYSTEM } from './find.js';
import { readActivities, type Activity, type Application } from './reports.js';
import type { Tools } from './tools.js';
import { isOwnAdmin } from './user.js';

/** Google keeps 180 days; a day is left for clocks and days that differ. */
const LOOK_BACK_MS = 179 * 24 * 60 * 60 * 1000;
const PAGES_PER_SLICE = 10;

const LOGIN_KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  password_edit: 'password_reset',
  login_success: 'sign_in',
  '2sv_enroll': 'two_step_changed',
  '2sv_disable': 'two_step_changed',
};

/** In the admin log the person is in a parameter, in the login log the person is the actor. */
const ADMIN_KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  CHANGE_PASSWORD: 'password_reset',
  TURN_OFF_2_STEP_VERIFICATION: 'two_step_changed',
};

const ownByActor = (actor: string | null, { settings }: Tools): { readonly own?: boolean } =>
  actor === null ? {} : { own: isOwnAdmin(actor, settings) };

/**
 * The login log names the person as the actor even where an administrator acted. Notme can have caused only one of its
 * rows, that 2-step was switched off: it enrols nobody, signs in as nobody, and its resets are in the admin log.
 */
const ownByName = (name: string): { readonly own?: boolean } => (name === '2sv_disable' ? {} : { own: false });

function eventOf(application: Application, row: Activity, tools: Tools): SystemEvent | 'other' | 'unreadable' {
  const kinds = application === 'admin' ? ADMIN_KINDS : LOGIN_KINDS;
  const kind = Object.hasOwn(kinds, row.name) ? kinds[row.name] : undefined;
  if (kind === undefined) return 'other';
  const login = application === 'admin' ? row.parameter('USER_EMAIL') : row.actor;
  if (login === null || !login.includes('@')) return 'unreadable';
  const own = application === 'admin' ? ownByActor(row.actor, tools) : ownByName(row.name);
  return { eventId: row.id, kind, login, actor: row.actor, ...own, occurredAt: row.at, ip: row.ip };
}

/** The query to Google for one slice: whole logs would contain far more than is used. */
const QUESTIONS: readonly (readonly [Application, { readonly eventName?: string }])[] = [
  ['login', {}],
  ...Object.keys(ADMIN_KINDS).map((eventName) => ['admin', { eventName }] as const),
];

/** The newest slice has no end: Google's clock may differ, and it accepts no end in its future. */
type Window = { readonly from: Date; readonly to?: Date };

async function readSlice(tools: Tools, window: Window, call: CallContext): Answer<Slice<SystemEvent>> {
  const rows: SystemEvent[] = [];
  const unreadable: string[] = [];
  let complete = true;
  for (const [application, asked] of QUESTIONS) {
    const query = { application, actor: 'all', ...asked, ...window, mostPages: PAGES_PER_SLICE };
    const found = await readActivities(tools, query, call);
    if (!found.ok) return found;
    complete &&= !found.value.cut;
    const nameless = `a row of the ${application} log has no id or time`;
    unreadable.push(...Array.from({ length: found.value.unreadable }, () => nameless));
    for (const row of found.value.items) {
      const event = eventOf(application, row, tools);
      if (event === 'unreadable') unreadable.push(`${row.name}: it names no account`);
      else if (event !== 'other') rows.push(event);
    }
  }
  return ok({ rows, unreadable, complete });
}

/** Audit rows come late, so each poll looks back over an overlap. */
export const eventsOf = (tools: Tools, log: ConnectorLog): EventSource => ({
  ownDeeds: { password_reset: { always: ['reset_password'] }, two_step_changed: { always: ['remove_factors'] } },
  poll: pollSliced({
    system: SYSTEM,
    title: 'Google Workspace',
    runtime: tools.runtime,
    clock: tools.api,
    log,
    overlapMs: tools.settings.poll_overlap_s * 1000,
    lookBackMs: LOOK_BACK_MS,
    read: ({ from, to, last }, call) => readSlice(tools, last ? { from } : { from, to }, call),
    events: (events) => events,
  }),
});
