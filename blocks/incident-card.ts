import type { SectionBlock, StaticSelect } from '@slack/types';
import { DECISION_KINDS, type DecisionKind } from '../src/ports/decision-kinds.js';
import type { ProvenAccount } from '../src/incidents/proven-state.js';
import type { Step } from '../src/incidents/steps.js';
import type { IncidentView } from '../src/incidents/view.js';
import { sayState } from './account-state.js';
import { sayElsewhere } from './elsewhere.js';
import { buttons, drawButton } from './interactions.js';
import { waitingLines } from './quorum.js';
import { actions, type Content, context, header, option, section, sections, type Translator } from './parts.js';
import { holdReach, lastHold } from '../src/incidents/hold-reach.js';
import { remainingOf, SELF_HOLD, standingOf } from '../src/incidents/step-standing.js';
import { mention, mentionAll, moment, Mrkdwn, type TextKey } from '../src/texts/say.js';

const CARD_ACTIONS = [
  'reset_password',
  'revoke_sessions',
  'disable_account',
  'require_two_step',
  'limit_login_ips',
] as const;

/** The incident's card: who, what was said, the linked accounts now, what was done, what to do next, and the buttons. */
export function incidentCard(translator: Translator, view: IncidentView): Content {
  const { say, plain } = translator;
  const { incident, person } = view;
  const said = view.reports.filter(({ surface }) => surface !== 'elsewhere');
  const title = view.reports.length === 0 ? 'card.title.lockdown' : 'card.title';
  return {
    text: fallback(translator, view),
    blocks: [
      header(plain(title, { reference: incident.reference, name: person.name })),
      section(who(translator, view)),
      ...(said.length === 0
        ? []
        : [section(say('card.reported', { lines: new Mrkdwn(reportLines(translator, said)) }))]),
      ...elsewhereLines(translator, view),
      ...accountLines(translator, view),
      ...(view.steps.length === 0 ? [] : sections([say('card.steps'), ...stepLines(translator, view, view.steps)])),
      ...(incident.status === 'closed' ? closed(translator, view) : open(translator, view)),
    ],
  };
}

/** Waits for somebody to take it: whoever is on call is mentioned, and so notified by Slack when the card is posted. */
const calls = ({ incident, onCall }: IncidentView): boolean =>
  incident.status === 'open' && incident.owner === null && onCall.length > 0;

function fallback({ say }: Translator, view: IncidentView): string {
  const { incident, person } = view;
  const text = say('card.fallback', { reference: incident.reference, name: person.name });
  return calls(view) ? say('card.fallback.on_call', { who: mentionAll(view.onCall), text: new Mrkdwn(text) }) : text;
}

/** Who has it; and who is called while nobody does. */
function sayOwner({ say }: Translator, view: IncidentView): string {
  const { owner } = view.incident;
  if (owner !== null) return say('card.owner', { owner: mention(owner) });
  return calls(view) ? say('card.owner.called', { who: mentionAll(view.onCall) }) : say('card.owner.none_called');
}

/** Expensive to create, and a company has few time zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function localClock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  clocks.set(timeZone, made);
  return made;
}

function who({ say, plain }: Translator, { person, now }: IncidentView): string {
  const unknown = plain('card.unknown');
  const local = localClock(person.time_zone).format(now);
  return [
    say('card.who', { who: person.slack_user_id === null ? person.name : mention(person.slack_user_id) }),
    say('card.title_line', { title: person.title ?? unknown }),
    say('card.manager', { manager: person.manager ?? unknown }),
    say('card.zone', { zone: person.time_zone, local }),
  ].join('\n');
}

/** More are in the thread. */
const ELSEWHERE_SHOWN = 5;

function elsewhereLines(translator: Translator, view: IncidentView): SectionBlock[] {
  if (view.elsewhere.length === 0) return [];
  const lines = view.elsewhere.slice(0, ELSEWHERE_SHOWN).map((one) => sayElsewhere(translator, view, one));
  return sections([translator.say('card.elsewhere'), ...lines]);
}

function reportLines({ say, plain }: Translator, reports: IncidentView['reports']): string {
  return reports
    .map(({ surface, said, reported_at: when }) => {
      const key = `surface.${surface}` as TextKey;
      return say('card.report_line', { when: moment(when), surface: (plain as (key: TextKey) => string)(key), said });
    })
    .join('\n');
}

function accountLines({ say }: Translator, view: IncidentView): SectionBlock[] {
  if (view.accounts.length === 0) return [section(say('card.accounts.reading'))];
  const line = (account: ProvenAccount): string => {
    const system = view.systemTitle(account.system);
    if (account.login === null) return say('card.account_problem', { system, problem: account.problem ?? '' });
    const state = new Mrkdwn(
      sayState(say, account.state, account.quarantined) +
        (account.problem === null ? '' : ` (${say('card.account_problem', { system, problem: account.problem })})`),
    );
    return say('card.account_line', { system, login: account.login, state, when: moment(account.readAt) });
  };
  return sections([say('card.accounts'), ...view.accounts.map(line)]);
}

/** The wording for a step's state: one that the system accepted and that is read again is no failed try. */
function shown(step: Step): Step['status'] | 'unproven' {
  if (step.accepted_at !== null && step.finished_at === null) return 'unproven';
  // As it is counted: only what has a time by which it holds is done.
  return step.status === 'accepted' && standingOf(step) === 'unproven' ? 'unproven' : step.status;
}

const ICONS: Readonly<Record<Step['status'] | 'unproven', string>> = {
  waiting: ':white_circle:',
  queued: ':large_blue_circle:',
  running: ':large_blue_circle:',
  retrying: ':repeat:',
  unproven: ':hourglass_flowing_sand:',
  accepted: ':ballot_box_with_check:',
  verified: ':white_check_mark:',
  console: ':clipboard:',
  console_done: ':white_check_mark:',
  needs_human: ':warning:',
};

/** The name of a step; an undo names what it takes back. */
export function sayAction(say: Translator['say'], view: IncidentView, step: Step): string {
  const name = say(`action.${step.action}`);
  const done = step.undo_of === null ? name : say('action.undo_of', { action: new Mrkdwn(name) });
  return isLinked(view, step) ? done : say('step.unlinked', { action: new Mrkdwn(done) });
}

/** A step on an account that was linked to this person by mistake says nothing about the one linked now. */
const isLinked = (view: IncidentView, step: Step): boolean => view.accounts.some(({ id }) => id === step.account_row);

/** More steps than this are combined into one line per system: a card is read at a glance. */
const MOST_LINES = 12;

/** One line per step, or per system when there are many: an icon and the same in words. */
export function stepLines(translator: Translator, view: IncidentView, steps: readonly Step[]): readonly string[] {
  if (steps.length <= MOST_LINES) return steps.map((step) => stepLine(translator, view, step));
  const systems = [...new Set(steps.map(({ system }) => system))];
  return systems.map((system) => {
    const own = steps.filter((step) => step.system === system);
    const what = own.map((step) => sayStep(translator, view, step)).join(', ');
    return translator.say('progress.system', { system: view.systemTitle(system), what: new Mrkdwn(what) });
  });
}

const sayStep = ({ say }: Translator, view: IncidentView, step: Step): string =>
  say('progress.step', {
    icon: new Mrkdwn(ICONS[shown(step)]),
    action: new Mrkdwn(sayAction(say, view, step)),
    state: new Mrkdwn(say(`step.${shown(step)}`)),
  });

const stepLine = ({ say }: Translator, view: IncidentView, step: Step): string =>
  say('progress.line', {
    icon: new Mrkdwn(ICONS[shown(step)]),
    system: view.systemTitle(step.system),
    action: new Mrkdwn(sayAction(say, view, step)),
    state: new Mrkdwn(say(`step.${shown(step)}`)),
  });

function nextStep({ say }: Translator, view: IncidentView): string {
  const { steps } = remainingOf(view, []);
  if (steps.failed.length > 0) return say('card.next.human');
  if (steps.running.length > 0) return say('card.next.wait');
  if (steps.manual.length > 0) return say('card.next.console');
  if (steps.unproven.length > 0) return say('card.next.unproven');
  if (steps.done.length > 0) return held(say, view) ?? say('card.next.recover', { name: view.person.name });
  return say(view.incident.owner === null ? 'card.next.take' : 'card.next.contain');
}

/** What comes next after a freeze by the person, as long as nobody else has decided anything; `null` otherwise. */
function held(say: Translator['say'], view: IncidentView): string | null {
  const hold = lastHold(view.decisions);
  if (hold === undefined || view.decisions.some(({ action }) => action !== SELF_HOLD)) return null;
  const { signedOut, failed, untouched } = holdReach(view.accounts, view.steps, hold);
  const left = [...untouched, ...failed, ...signedOut];
  const { name } = view.person;
  if (left.length === 0) return say('card.next.held', { name });
  return say('card.next.held.open', { name, systems: left.map((system) => view.systemTitle(system)).join(', ') });
}

function open(translator: Translator, view: IncidentView): Content['blocks'] {
  const { say, plain } = translator;
  const { incident } = view;
  const act = (action: (typeof CARD_ACTIONS)[number] | 'lockdown' | 'enable_account', style?: 'primary' | 'danger') =>
    drawButton(
      buttons.incident_action,
      { incident: incident.id, action },
      { text: plain(`action.${action}`), suffix: action, ...(style ? { style } : {}) },
    );
  const disabled = view.accounts.some((account) => account.state?.enabled === false);
  const take = drawButton(
    buttons.incident_take,
    { incident: incident.id },
    { text: plain('button.take'), ...(incident.owner === null ? { style: 'primary' } : {}) },
  );
  const tasks = drawButton(buttons.incident_tasks, { incident: incident.id }, { text: plain('button.tasks') });
  const links = drawButton(buttons.incident_links, { incident: incident.id }, { text: plain('button.links') });
  const look = drawButton(buttons.incident_look, { incident: incident.id }, { text: plain('button.look') });
  const close = drawButton(buttons.incident_close, { incident: incident.id }, { text: plain('button.close') });
  return [
    ...waitingLines(translator, view),
    section(`${sayOwner(translator, view)}\n${say('card.next', { next: new Mrkdwn(nextStep(translator, view)) })}`),
    actions('contain', [
      act('lockdown', 'danger'),
      ...CARD_ACTIONS.map((action) => act(action)),
      more(translator, incident.id),
    ]),
    actions('manage', [take, ...(disabled ? [act('enable_account')] : []), look, tasks, links, close]),
  ];
}

const ON_BUTTONS: readonly DecisionKind[] = ['lockdown', ...CARD_ACTIONS, 'enable_account'];

/** The less frequent actions, in one menu. */
function more({ plain }: Translator, incident: string): StaticSelect {
  const others = DECISION_KINDS.filter((kind) => !ON_BUTTONS.includes(kind));
  return {
    type: 'static_select',
    action_id: buttons.incident_more.id,
    placeholder: { type: 'plain_text', text: plain('button.more'), emoji: true },
    options: others.map((action) =>
      option(plain(`action.${action}`), buttons.incident_more.encode({ incident, action })),
    ),
  };
}

function closed({ say }: Translator, { incident }: IncidentView): Content['blocks'] {
  if (incident.outcome === null || incident.closed_at === null) return [];
  const owner = incident.owner === null ? '' : mention(incident.owner);
  return [
    context(
      say('card.outcome', {
        owner,
        when: moment(incident.closed_at),
        outcome: new Mrkdwn(say(`outcome.${incident.outcome}`)),
      }),
    ),
  ];
}
