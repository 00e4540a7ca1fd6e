import type { ClaimedEvent } from '../approvals/claims.js';
import type { ComesBack } from '../approvals/comes-back.js';
import type { Confirmable, LinksToConfirm } from '../approvals/confirm.js';
import type { CountersignPreview } from '../approvals/countersign-preview.js';
import type { ChosenItem, SignedLine } from '../approvals/waiting-decisions.js';
import { html, type Html } from '../platform/html.js';
import { needOf } from '../ports/command.js';
import { sayWhen } from '../platform/when.js';
import type { ActionKind } from '../ports/connector.js';
import type { DecisionKind } from '../ports/decision-kinds.js';
import { sayPhrase, type Phrase } from '../texts/phrase.js';
import type { Say } from '../texts/say.js';
import { layout } from './layout.js';
import type { Page } from './report-views.js';

/** What the script of the page works with: public parameters of WebAuthn, in attributes, so that nothing inline is run. */
interface Ceremony {
  readonly kind: 'register' | 'authenticate';
  readonly options: object;
  readonly nonce: string;
}

const SCRIPTS = html`<script src="/passkey/simplewebauthn.js" defer=""></script>
  <script src="/passkey/page.js" defer=""></script>`;

function form(say: Say, { kind, options, nonce }: Ceremony): Html {
  const button = say(kind === 'register' ? 'passkey.register.button' : 'passkey.confirm.button');
  return html`<form method="post" id="passkey" data-kind="${kind}" data-options="${JSON.stringify(options)}">
      <input type="hidden" name="nonce" value="${nonce}" />
      <input type="hidden" name="response" value="" />
      <button type="submit">${button}</button>
    </form>
    <p
      id="problem"
      role="alert"
      data-unsupported="${say('passkey.unsupported')}"
      data-stopped="${say('passkey.stopped')}"
    ></p>
    <noscript><p role="alert">${say('passkey.no_script')}</p></noscript>
    ${SCRIPTS}`;
}

export function registerPage(say: Say, label: string, ceremony: Ceremony): Page {
  const body = html`<p>${say('passkey.register.text', { label })}</p>
    <p>${say('passkey.register.next')}</p>
    ${form(say, ceremony)}`;
  return { status: 200, body: layout(say('passkey.register.title'), body) };
}

const row = (label: string, value: string): Html | null =>
  value === ''
    ? null
    : html`<dt>${label}</dt>
        <dd>${value}</dd>`;

const rows = (...parts: readonly (Html | null)[]): Html => html`<dl>${parts.filter((part) => part !== null)}</dl>`;

/** The signature of somebody else's plan, a review, and what is done about somebody else's codes. */
function act(say: Say, shown: Exclude<Confirmable, { kind: 'decide' | 'undo' | 'links' }>): Html {
  if (shown.kind === 'countersign') {
    const { name, firstName, lines, ranges, reason, override, corrected, isUndo, changes, comesBack } = shown.preview;
    return html`${rows(
        row(say('passkey.row.action'), say('quorum.button')),
        row(say('passkey.row.whom'), name),
        row(say('passkey.row.first'), firstName),
        row(say('passkey.row.ranges'), ranges.join(', ')),
        row(say('passkey.row.reason'), reason),
        row(say('passkey.row.override'), override),
      )}
      ${corrected.map((one) => html`<p role="alert">${sayByHand(say, one)}</p>`)}
      <ol>
        ${lines.map((line) => html`<li>${sayLine(say, line, isUndo)} ${itemsOf(line)}</li>`)}
      </ol>
      ${changeList(say, changes)} ${comesBackPart(say, comesBack)}`;
  }
  if (shown.kind === 'review')
    return rows(
      row(say('passkey.row.action'), say('review.button')),
      row(say('passkey.row.done'), say(`action.${shown.decision.action as DecisionKind | 'undo'}`)),
      row(say('passkey.row.reason'), shown.decision.break_glass ?? ''),
    );
  if (shown.kind === 'prove_claim') return claim(say, shown.event);
  return rows(
    row(say('passkey.row.action'), say(shown.kind === 'lift' ? 'lock.lift' : 'enrolment.approve')),
    row(say('passkey.row.whom'), shown.name),
  );
}

/** The values that an undo restores. */
function changeList(say: Say, changes: CountersignPreview['changes']): Html | null {
  if (changes.length === 0) return null;
  return html`<ul>
    ${changes.map(({ name, now, then }) => html`<li>${say('passkey.change', { name, now, then })}</li>`)}
  </ul>`;
}

function comesBackPart(say: Say, comesBack: readonly ComesBack[]): Html | null {
  if (comesBack.length === 0) return null;
  const account = ({ title, login, what }: ComesBack): Html =>
    html`<li>
      ${title}: ${login ?? say('passkey.no_account')}
      ${html`<ul>
        ${what.map((one) => html`<li>${one}</li>`)}
      </ul>`}
    </li>`;
  return html`<h2>${say('passkey.comes_back')}</h2>
    <ul>
      ${comesBack.map(account)}
    </ul>`;
}

/** Of what it is said that it was them; whoever was talked into it is told to stop. */
function claim(say: Say, { kind, systemTitle, occurredAt, doneBy }: ClaimedEvent): Html {
  return html`${rows(
      row(say('passkey.row.action'), say('modal.prove.title')),
      row(say('passkey.row.event'), `${systemTitle}: ${say(`kind.${kind}.short`)}`),
      row(say('passkey.row.when'), sayWhen(occurredAt, 'UTC')),
      row(say('passkey.row.by'), doneBy ?? say('notice.by_unknown')),
    )}
    <p role="alert">${say('passkey.prove.stop')}</p>`;
}

const sayByHand = (say: Say, { system, correction }: CountersignPreview['corrected'][number]): string =>
  say(correction.confirmedBy === null ? 'passkey.by_hand' : 'passkey.by_hand_of_two', { system });

function itemsOf(line: SignedLine): Html | null {
  if (!('action' in line) || line.chosen.length === 0) return null;
  const say = ({ title, at, where }: ChosenItem): string =>
    [title, ...(at === null ? [] : [`${at.slice(0, 16).replace('T', ' ')} UTC`]), ...where].join(', ');
  return html`<ul>
    ${line.chosen.map((one) => html`<li>${say(one)}</li>`)}
  </ul>`;
}

function sayLine(say: Say, line: SignedLine, isUndo: boolean): string {
  const { system } = line;
  if ('action' in line) {
    const action = say(`action.${line.action}`);
    const what = isUndo ? `${say('action.undo')}: ${action}` : action;
    return `${system}: ${what} (${line.login}${line.items === null ? '' : `, ${line.items}`})`;
  }
  const values = { name: system, now: sayLogin(say, line.before), then: sayLogin(say, line.after) };
  return line.holder === null
    ? say('passkey.change', values)
    : say('passkey.change_of', { ...values, holder: line.holder });
}

/** The plan as the window showed it: nothing of it may differ from what is signed. */
function plan(say: Say, shown: Confirmable): Html {
  if (shown.kind !== 'decide' && shown.kind !== 'undo' && shown.kind !== 'links') return act(say, shown);
  if (shown.kind === 'links') return links(say, shown.preview);
  const { reason, override } = shown.request;
  if (shown.kind === 'undo') {
    const { person, step, account, systemTitle, changes } = shown.preview;
    return html`${rows(
      row(say('passkey.row.whom'), person.name),
      row(say('passkey.row.account'), `${systemTitle}: ${account.login ?? ''}`),
      row(say('passkey.row.undo'), say(`action.${step.action}`)),
      row(say('passkey.row.reason'), reason),
      row(say('passkey.row.override'), override),
      ...twoRows(say, shown),
    )}
    ${changeList(say, changes)} ${comesBackPart(say, shown.preview.comesBack)}`;
  }
  const { person, incident, decision } = shown.preview;
  return html`${rows(
    row(say('passkey.row.whom'), person.name),
    row(say('passkey.row.incident'), incident.reference),
    row(say('passkey.row.action'), say(`action.${decision}`)),
    row(say('passkey.row.ranges'), shown.request.ranges.join(', ')),
    row(say('passkey.row.reason'), reason),
    row(say('passkey.row.override'), override),
    ...twoRows(say, shown),
  )}
  ${shown.preview.systems.map((system) => systemPart(say, shown, system))}
  ${comesBackPart(say, shown.preview.comesBack)}`;
}

/** Whether it runs with this signature, where it takes two. */
function twoRows(say: Say, { request, preview }: Confirmable & { kind: 'decide' | 'undo' }): readonly (Html | null)[] {
  const breakGlass = request.breakGlass.trim();
  const waits = breakGlass === '' && preview.why.length > 0;
  return [
    row(say('passkey.row.break_glass'), breakGlass),
    row(say('passkey.row.two'), waits ? say('passkey.two') : ''),
  ];
}

function links(say: Say, { name, changes: { changes, confirms } }: LinksToConfirm): Html {
  const changed = changes.map(({ title, before, after, holder }) => {
    const values = { name: title, now: sayLogin(say, before), then: sayLogin(say, after) };
    return holder === null ? say('passkey.change', values) : say('passkey.change_of', { ...values, holder });
  });
  const confirmed = confirms.map(({ system, login }) =>
    say('passkey.confirms', { system, login: sayLogin(say, login) }),
  );
  return html`${rows(row(say('passkey.row.whom'), name), row(say('passkey.row.action'), say('action.links')))}
    <ul>
      ${[...changed, ...confirmed].map((one) => html`<li>${one}</li>`)}
    </ul>`;
}

const sayLogin = (say: Say, login: string): string => (login === '' ? say('timeline.links.by_addresses') : login);

function systemPart(
  say: Say,
  { request }: Confirmable & { kind: 'decide' },
  { title, account, actions, choices }: (Confirmable & { kind: 'decide' })['preview']['systems'][number],
): Html {
  const keys = request.chosen.find(([accountRow]) => accountRow === account.id)?.[1] ?? [];
  const chosen = keys.map((key) => choices.find(({ value }) => value === key)?.title ?? key);
  // The preview shows what could be chosen; here stands only what was.
  const isPlanned = (action: ActionKind): boolean =>
    (needOf(action) !== 'ranges' || request.ranges.length > 0) && (choices.length === 0 || keys.length > 0);
  const steps = actions.flatMap(({ action }) => (isPlanned(action) ? [say(`action.${action}`)] : []));
  return html`<h2>${title}: ${account.login ?? say('passkey.no_account')}</h2>
    <ol>
      ${[...steps, ...chosen].map((one) => html`<li>${one}</li>`)}
    </ol>`;
}

export function confirmPage(say: Say, shown: Confirmable, ceremony: Ceremony): Page {
  const body = html`<p>${say('passkey.confirm.text')}</p>
    ${plan(say, shown)} ${form(say, ceremony)}`;
  return { status: 200, body: layout(say('passkey.confirm.title'), body) };
}

export function donePage(say: Say, what: 'registered' | 'confirmed' | 'proven'): Page {
  return { status: 200, body: layout(say(`passkey.${what}.title`), html`<p>${say(`passkey.${what}.text`)}</p>`) };
}

export function problemPage(say: Say, problem: Phrase, status = 403): Page {
  return { status, body: layout(say('passkey.problem.title'), html`<p>${sayPhrase(say, problem)}</p>`, 'alert') };
}
