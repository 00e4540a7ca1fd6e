import { type ButtonId, buttons, modals } from '../../blocks/interactions.js';
import { CLOSE_INPUTS } from '../../blocks/modals/close.js';
import { DECIDE_INPUTS } from '../../blocks/modals/inputs.js';
import { REPORT_INPUTS } from '../../blocks/modals/report.js';
import { TASK_MOVES } from '../../src/incidents/task-keys.js';
import { DECISION_KINDS, type DecisionKind } from '../../src/ports/decision-kinds.js';
import { type Actor, LOCKED, TEAM } from './roles.js';
import type { Refs } from './states.js';
import type { Delivery } from './world.js';

/** Who does it, about whom, and what differs from cell to cell. */
export interface Cell {
  readonly actor: Actor;
  readonly refs: Refs;
  readonly code: string;
  /** Unlike in any other cell: what Slack gives each delivery. */
  readonly number: number;
}

type Make = (cell: Cell) => Delivery;
type Values = Readonly<Record<string, object>>;

const teamOf = ({ actor }: Cell): string => actor.team ?? TEAM;

const form = (payload: object): Delivery => ({
  type: 'form',
  body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
});

const who = (cell: Cell) => ({
  team: { id: teamOf(cell), domain: 'meadow' },
  user: { id: cell.actor.id, team_id: teamOf(cell) },
  trigger_id: `trigger_${cell.number}`,
});

const press =
  (id: ButtonId, value: (cell: Cell) => string): Make =>
  (cell) =>
    form({
      type: 'block_actions',
      ...who(cell),
      channel: { id: 'C0SECURITY', name: 'security' },
      container: { type: 'message', message_ts: '1.0', channel_id: 'C0SECURITY' },
      actions: [{ type: 'button', block_id: 'b', action_id: id, value: value(cell), action_ts: '1.0' }],
    });

const submit =
  (id: keyof typeof modals, reference: (cell: Cell) => string, values: (cell: Cell) => Values): Make =>
  (cell) =>
    form({
      type: 'view_submission',
      ...who(cell),
      view: {
        id: `V_${cell.number}`,
        type: 'modal',
        callback_id: id,
        private_metadata: reference(cell),
        state: { values: values(cell) },
      },
    });

const command =
  (name: string, text: (cell: Cell) => string): Make =>
  (cell) => ({
    type: 'form',
    body: new URLSearchParams({
      command: name,
      text: text(cell),
      team_id: teamOf(cell),
      user_id: cell.actor.id,
      channel_id: 'C0GENERAL',
      trigger_id: `trigger_${cell.number}`,
    }).toString(),
  });

const shortcut =
  (type: 'shortcut' | 'message_action', id: string): Make =>
  (cell) =>
    form({ type, callback_id: id, ...who(cell), message: { text: 'a notice', ts: '1.0' } });

const event =
  (about: (cell: Cell) => object): Make =>
  (cell) => ({
    type: 'json',
    body: JSON.stringify({
      type: 'event_callback',
      team_id: teamOf(cell),
      event_id: `Ev${cell.number}`,
      event: about(cell),
    }),
  });

const says = (text: string): Make =>
  event(({ actor, number }) => ({
    type: 'message',
    channel_type: 'im',
    channel: 'D0DIRECT',
    user: actor.id,
    text,
    ts: `1773133200.${String(number).padStart(6, '0')}`,
  }));

const text = (input: string, value: string): Values => ({ [input]: { [input]: { type: 'plain_text_input', value } } });
const choice = (input: string, value: string): Values => ({
  [input]: { [input]: { type: 'static_select', selected_option: { value } } },
});

const approved = ({ code }: Cell): Values => ({
  ...text(DECIDE_INPUTS.reason, 'because of the matrix'),
  ...text(DECIDE_INPUTS.code, code),
  ...text(DECIDE_INPUTS.override, 'because of the matrix'),
});

/** One approver, at once: the window is the same one, with a reason in one more field. */
const withBrokenGlass =
  (values: (cell: Cell) => Values) =>
  (cell: Cell): Values => ({
    ...values(cell),
    ...text(DECIDE_INPUTS.break_glass, 'nobody else of us can be reached tonight'),
  });

const RANGED: readonly DecisionKind[] = ['limit_login_ips', 'block_address'];

const decided =
  (action: DecisionKind) =>
  (cell: Cell): Values => ({
    ...approved(cell),
    ...(RANGED.includes(action) ? text(DECIDE_INPUTS.ranges, '203.0.113.7') : {}),
  });

const decision = (action: DecisionKind, values = decided(action)): Make =>
  submit(
    'decide',
    ({ refs: { incident, plans, decided } }) =>
      modals.decide.encode({
        incident,
        action,
        seen: decided[action] ?? 0,
        plan: plans[action] ?? 'f'.repeat(64),
        code: true,
      }),
    values,
  );

const undo = (values: (cell: Cell) => Values): Make =>
  submit('undo', ({ refs }) => modals.undo.encode({ step: refs.step, plan: refs.undo, code: true }), values);

const incident = (id: ButtonId): Make =>
  press(id, ({ refs }) => buttons.incident_take.encode({ incident: refs.incident }));
const step = (id: ButtonId): Make => press(id, ({ refs }) => buttons.step_retry.encode({ step: refs.step }));
const notice = (id: ButtonId): Make => press(id, ({ refs }) => buttons.notice_me.encode({ notice: refs.notice }));
const each = <T extends string>(prefix: string, all: readonly T[], make: (one: T) => Make): Record<string, Make> =>
  Object.fromEntries(all.map((one) => [`${prefix} ${one}`, make(one)]));

/** One maker for each button; those that carry a choice have one for each choice. */
const PRESSED = {
  notice_not_me: notice('notice_not_me'),
  notice_me: notice('notice_me'),
  notice_prove: notice('notice_prove'),
  unanswered_open: notice('unanswered_open'),
  unanswered_settle: notice('unanswered_settle'),
  ask_yes: press('ask_yes', ({ number }) => buttons.ask_yes.encode({ message: String(number), said: 'not me' })),
  ask_no: press('ask_no', ({ number }) => buttons.ask_no.encode({ message: String(number) })),
  home_enrol: press('home_enrol', () => buttons.home_enrol.encode({})),
  home_report: press('home_report', () => buttons.home_report.encode({})),
  home_doctor: press('home_doctor', () => buttons.home_doctor.encode({})),
  incident_action: each('', DECISION_KINDS, (action) =>
    press('incident_action', ({ refs }) => buttons.incident_action.encode({ incident: refs.incident, action })),
  ),
  incident_more: each('', DECISION_KINDS, (action) =>
    press('incident_more', ({ refs }) => buttons.incident_more.encode({ incident: refs.incident, action })),
  ),
  incident_take: incident('incident_take'),
  incident_close: incident('incident_close'),
  incident_links: incident('incident_links'),
  incident_look: incident('incident_look'),
  incident_tasks: incident('incident_tasks'),
  task_move: each('', TASK_MOVES, (move) =>
    press('task_move', ({ refs }) =>
      buttons.task_move.encode({ incident: refs.incident, task: 'verify_reporter', move }),
    ),
  ),
  enrolment_approve: press('enrolment_approve', () => buttons.enrolment_approve.encode({ user: LOCKED.id })),
  lock_lift: press('lock_lift', () => buttons.lock_lift.encode({ user: LOCKED.id })),
  step_retry: step('step_retry'),
  step_tick: step('step_tick'),
  step_undo: step('step_undo'),
  decision_countersign: press('decision_countersign', ({ refs }) =>
    buttons.decision_countersign.encode({ waiting: refs.first }),
  ),
  review_sign: press('review_sign', ({ refs }) => buttons.review_sign.encode({ decision: refs.review })),
  status_hold: incident('status_hold'),
} as const satisfies { readonly [K in ButtonId]: Make | Record<string, Make> };

/** And one for each window. */
const SUBMITTED = {
  report: submit(
    'report',
    () => modals.report.encode({ surface: 'home', quoted: null }),
    () => ({ ...choice(REPORT_INPUTS.what, 'other'), ...text(REPORT_INPUTS.details, 'not me') }),
  ),
  decide: {
    ...each('', DECISION_KINDS, (action) => decision(action)),
    ' limit_login_ips with unreadable ranges': decision('limit_login_ips', (cell) => ({
      ...approved(cell),
      ...text(DECIDE_INPUTS.ranges, 'the office'),
    })),
    ' enable_account by break-glass': decision('enable_account', withBrokenGlass(decided('enable_account'))),
  },
  links: submit(
    'links',
    ({ refs }) => modals.links.encode({ incident: refs.incident, seen: refs.seen }),
    (cell) => ({ ...approved(cell), ...text('login_okta', 'somebody.new@meadow.example') }),
  ),
  undo: { '': undo(approved), ' by break-glass': undo(withBrokenGlass(approved)) },
  countersign: submit(
    'countersign',
    ({ refs }) => modals.countersign.encode({ waiting: refs.first, plan: refs.countersigned }),
    approved,
  ),
  review: submit('review', ({ refs }) => modals.review.encode({ decision: refs.review }), approved),
  enrolment: submit('enrolment', () => modals.enrolment.encode({ user: LOCKED.id }), approved),
  lift: submit('lift', () => modals.lift.encode({ user: LOCKED.id }), approved),
  prove: submit('prove', ({ refs }) => modals.prove.encode({ notice: refs.notice, shown: 'f'.repeat(64) }), approved),
  close: submit(
    'close',
    ({ refs }) => modals.close.encode({ incident: refs.incident }),
    () => ({ ...choice(CLOSE_INPUTS.outcome, 'benign'), ...text(CLOSE_INPUTS.reason, 'because of the matrix') }),
  ),
} as const satisfies { readonly [K in keyof typeof modals]: Make | Record<string, Make> };

const named = (kind: string, made: Readonly<Record<string, Make | Record<string, Make>>>): [string, Make][] =>
  Object.entries(made).flatMap(([id, one]): [string, Make][] =>
    typeof one === 'function'
      ? [[`${kind} ${id}`, one]]
      : Object.entries(one).map(([choice_, make]): [string, Make] => [`${kind} ${id}${choice_}`, make]),
  );

/** Everything that somebody can send to the app through Slack: `kind name` as Bolt has it, and the choice in it. */
export const INTERACTIONS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ...named('action', PRESSED),
  ...named('view', SUBMITTED),
  ['command /notme words', command('/notme', () => 'it was not me')],
  ['command /notme empty', command('/notme', () => '')],
  ['command /notme help', command('/notme', () => 'help')],
  ['command /lockdown', command('/lockdown', ({ refs }) => `<@${refs.user}> because of the matrix`)],
  ['shortcut report_global', shortcut('shortcut', 'report_global')],
  ['shortcut report_message', shortcut('message_action', 'report_message')],
  ['event message not me', says('That was not me, I did not do this!')],
  ['event message was me', says('That was me')],
  ['event message other', says('What is for lunch?')],
  [
    'event app_mention',
    event(({ actor }) => ({
      type: 'app_mention',
      channel: 'C0GENERAL',
      user: actor.id,
      text: 'What is for lunch?',
      ts: '1.0',
    })),
  ],
  ...['channel_shared', 'channel_archive', 'channel_deleted', 'group_archive', 'group_deleted'].map(
    (type): [string, Make] => [`event ${type}`, event(() => ({ type, channel: 'C0SECURITY', event_ts: '1.0' }))],
  ),
  ['event app_home_opened', event(({ actor }) => ({ type: 'app_home_opened', user: actor.id, tab: 'home' }))],
]);
