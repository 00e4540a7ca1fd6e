import {
  ACTION_KINDS,
  type AccountRef,
  type AccountState,
  type ActionKind,
  type CallContext,
  type Command,
  type ConnectorFailure,
  type ConsoleStep,
  type EventSource,
  type Finding,
  type Granting,
  type HealthProbe,
} from '../../ports/connector.js';
import { sampleCommand } from '../../ports/command.js';
import type { Actions, Answer, Outcome, Reading, Target } from './action.js';
import { type Ahead } from '../http/vendor-clock.js';
import { clockTold } from './clock.js';
import { describeAccount } from './describe-account.js';
import { blocked, fine, misconfigured, notPermitted, type Told, untold } from './told.js';

export { blocked, fine, misconfigured, notPermitted, untold, type Told };

export type Subject = Finding['subject'];

/** One thing that is checked without changing anything. */
export interface Probe {
  /** Its name in the list of health checks; `null`: only the doctor checks it. */
  readonly name: string | null;
  /** What in Notme needs it. */
  readonly subjects: readonly Subject[];
  readonly ask: () => Told | Promise<Told>;
}

/** How one system is examined: the kit runs the probes in order, sorts by subject, and reports the worst first. */
export interface Examination<R extends Reading> {
  /** The name of the sign-in in the list of health checks, e.g. `access token`. */
  readonly credentials: string;
  /**
   * Reaches the system and signs in; without it nothing else is checked. `fresh`: the doctor wants today's grants, so a
   * held token is renewed; the health checks come often and use the held one.
   */
  enter(call: CallContext, fresh: boolean): Answer<unknown>;
  /** What to do about a failure, in the vendor's words; `null` leaves it to the failure's own last clause. */
  readonly fix: (failure: ConnectorFailure) => string | null;
  readonly granting?: Granting & {
    /**
     * A missing right in the form in which it is granted there: several where the vendor contradicts itself, none where it
     * is granted elsewhere. Default: as it is.
     */
    readonly form?: (right: string) => readonly string[];
  };
  /** Called after `enter`. With an account, the probes may check that very one. */
  probes(call: CallContext, account: AccountRef | null): readonly Probe[] | Promise<readonly Probe[]>;
  /**
   * Why this account cannot be contained this way although everything is permitted; `null` when nothing prevents it.
   */
  blocked?(kind: ActionKind, reading: R): Told | null;
}

const VERDICTS: Readonly<Record<ConnectorFailure['kind'], Finding['verdict']>> = {
  auth: 'misconfigured',
  permission: 'missing_permission',
  protected_account: 'blocked',
  not_found: 'misconfigured',
  ambiguous: 'misconfigured',
  conflict: 'cannot_tell',
  invalid_input: 'misconfigured',
  throttled: 'unreachable',
  licence: 'unlicensed',
  unsupported: 'misconfigured',
  transient: 'unreachable',
  unknown_outcome: 'cannot_tell',
};

/** Switching a copied account off or on is possible, and lasts until the next copy (`round`) overwrites it. */
export function switchedBack(kind: ActionKind, authority: AccountState['authority'], round: string): Told | null {
  const switches = kind === 'disable_account' || kind === 'enable_account';
  if (!switches || authority?.where !== 'synced') return null;
  const from = authority.from ?? 'another system';
  return fine(`Possible, but ${from} decides: its next ${round} switches it back unless it is done there too.`);
}

/** Failures say what is wrong and, after the last semicolon, how to fix it. */
function lastClause(message: string): string {
  const at = message.lastIndexOf('; ');
  const mend = at < 0 ? message : message.slice(at + 2);
  return `${mend.charAt(0).toUpperCase()}${mend.slice(1)}`;
}

/** A failed read as the doctor reports it. */
export const toldOf = (failure: ConnectorFailure, fix: string | null = null): Told => ({
  verdict: VERDICTS[failure.kind],
  detail: failure.message,
  fix: fix ?? lastClause(failure.message),
  ...(failure.kind === 'permission' && failure.missing !== undefined ? { missing: [failure.missing] } : {}),
});

/** A probe that is one read: it works, or the failure says why not. */
export const reads = (
  { fix }: Pick<Examination<never>, 'fix'>,
  {
    name,
    subjects,
    ok: detail,
  }: { readonly name: string | null; readonly subjects: readonly Subject[]; readonly ok: string },
  read: () => Answer<unknown>,
): Probe => ({
  name,
  subjects,
  async ask() {
    const answer = await read();
    return answer.ok ? fine(detail) : toldOf(answer.error, fix(answer.error));
  },
});

/** The worst is reported: first what prevents it, then what is unknown, then that it works; and every missing right. */
function worstOf(told: readonly Told[]): Told | undefined {
  const worst =
    told.find(({ verdict }) => verdict !== 'ok' && verdict !== 'cannot_tell') ??
    told.find(({ verdict }) => verdict === 'cannot_tell') ??
    told.at(-1);
  const missing = [...new Set(told.flatMap((one) => one.missing ?? []))];
  return worst === undefined || missing.length === 0 ? worst : { ...worst, missing };
}

interface Examined<R extends Reading> {
  readonly title: string;
  readonly examination: Examination<R>;
  readonly actions: Actions<R>;
  readonly events: EventSource | null;
  read(target: Target): Answer<R>;
  /** How far our clock is ahead of the system's; `null` when it does not show that. Called after the probes. */
  ahead(call: CallContext): Ahead | null | Promise<Ahead | null>;
  readonly clicks: (command: Command, account: AccountRef) => readonly ConsoleStep[];
}

/** One probe for each action that is done by calls: whether what it needs is granted. */
export const permissionProbes = <R extends Reading>(
  actions: Actions<R>,
  ask: (kind: ActionKind, permissions: readonly string[]) => Told | Promise<Told>,
): readonly Probe[] =>
  ACTION_KINDS.map((kind) => ({ kind, can: actions[kind].can }))
    .filter(({ can: { route } }) => route === 'native' || route === 'group')
    .map(({ kind, can }) => ({ name: null, subjects: [kind], ask: () => ask(kind, can.permissions) }));

const isAway = ({ kind }: ConnectorFailure): boolean => kind === 'transient' || kind === 'throttled';

async function notEntered<R extends Reading>(
  { title, examination, ...examined }: Examined<R>,
  failure: ConnectorFailure,
  call: CallContext,
): Promise<readonly Finding[]> {
  const told = toldOf(failure, examination.fix(failure));
  // A wrong clock may be why: signed sign-ins have a time.
  const ahead = isAway(failure) ? null : await examined.ahead(call);
  return [
    { subject: 'reach', ...(isAway(failure) ? told : fine(`${title} answers.`)) },
    { subject: 'sign_in', ...told },
    ...(ahead === null ? [] : [{ subject: 'clock' as const, ...clockTold(title, ahead) }]),
  ];
}

const ANYBODY: AccountRef = { system: '', accountId: 'the person', login: 'the person' };

function byPerson<R extends Reading>({ title, clicks }: Examined<R>, kind: ActionKind): Told {
  const command = sampleCommand(kind);
  const steps = command === null ? [] : clicks(command, ANYBODY);
  return {
    verdict: 'console',
    detail: `${title} has no call for it, or nothing was prepared: a person does it in the console.`,
    fix: steps.map((step) => step.clicks.join(' > ')).join('; '),
  };
}

/** What no probe has looked at is not told as ok. */
const unseen = (title: string, subject: Subject): Told =>
  untold(
    `Nothing that ${title} shows tells whether it works (${subject.replaceAll('_', ' ')}).`,
    'Rehearse it with a test account: notme doctor --rehearse.',
  );

type BySubject = (subject: Subject) => Told | undefined;

/** `null`: the system has no such concept. */
function ofAction<R extends Reading>(
  examined: Examined<R>,
  kind: ActionKind,
  told: BySubject,
  reading: Outcome<R> | null,
): Told | null {
  const { examination, actions, title } = examined;
  switch (actions[kind].can.route) {
    case 'none':
      return null;
    case 'console':
      return byPerson(examined, kind);
    case 'effect_of_reset':
      return fine(`It happens with the password reset; ${title} has no call of its own for it.`);
    case 'native':
    case 'group': {
      const general = told(kind) ?? unseen(title, kind);
      if (reading === null || (general.verdict !== 'ok' && general.verdict !== 'cannot_tell')) return general;
      if (!reading.ok) return toldOf(reading.error, examination.fix(reading.error));
      return examination.blocked?.(kind, reading.value) ?? general;
    }
  }
}

function ofFind<R extends Reading>({ examination }: Examined<R>, general: Told, reading: Outcome<R> | null): Told {
  if (reading === null || general.verdict !== 'ok') return general;
  if (!reading.ok) return toldOf(reading.error, examination.fix(reading.error));
  return { ...general, detail: `${general.detail} ${describeAccount(reading.value.state)}` };
}

/** What is reachable, permitted and licensed, for each action; with an account, for that very one. Changes nothing. */
export async function examineWith<R extends Reading>(
  examined: Examined<R>,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const { examination, title } = examined;
  const entered = await examination.enter(call, true);
  if (!entered.ok) return notEntered(examined, entered.error, call);
  const [probes, reading] = await Promise.all([
    examination.probes(call, account),
    account === null ? null : examined.read({ account, call }),
  ]);
  const asked = await Promise.all(probes.map(async ({ subjects, ask }) => ({ subjects, told: await ask() })));
  const told: BySubject = (subject) =>
    worstOf(asked.filter(({ subjects }) => subjects.includes(subject)).map((one) => one.told));
  const general: readonly Finding[] = [
    { subject: 'reach', ...fine(`${title} answers.`) },
    { subject: 'sign_in', ...(told('sign_in') ?? fine(`${title} takes the credentials.`)) },
    { subject: 'clock', ...clockTold(title, await examined.ahead(call)) },
    { subject: 'find', ...ofFind(examined, told('find') ?? unseen(title, 'find'), reading) },
    ...(['events', 'reports', 'evidence'] as const).flatMap((subject) => {
      const one = told(subject);
      return one === undefined ? [] : [{ subject, ...one }];
    }),
  ];
  const actions = ACTION_KINDS.flatMap((subject): Finding[] => {
    const one = ofAction(examined, subject, told, reading);
    return one === null ? [] : [{ subject, ...one }];
  });
  return [...general, ...actions].map((finding) => inForm(finding, examination));
}

function inForm<R extends Reading>(finding: Finding, { granting }: Examination<R>): Finding {
  const { missing, ...rest } = finding;
  const rights = missing?.flatMap((right) => granting?.form?.(right) ?? [right]);
  return rights === undefined || rights.length === 0 ? rest : { ...rest, missing: [...new Set(rights)] };
}

/** A failure that was already reported ends with how to fix it. */
const withFix = ({ detail, fix }: Told): string =>
  detail.toLowerCase().endsWith(fix.toLowerCase()) ? detail : `${detail} ${fix}`;

/** The named probes in the form of the list of health checks; without a sign-in, further checks are useless. */
export async function healthWith<R extends Reading>(
  examination: Examination<R>,
  call: CallContext,
): Promise<readonly HealthProbe[]> {
  const entered = await examination.enter(call, false);
  if (!entered.ok) return [{ name: examination.credentials, ok: false, detail: entered.error.message }];
  const probes = await examination.probes(call, null);
  const asked = probes.map(async ({ name, ask }): Promise<readonly HealthProbe[]> => {
    if (name === null) return [];
    const told = await ask();
    const good = told.verdict === 'ok' || told.verdict === 'cannot_tell';
    return [{ name, ok: good, detail: good ? '' : withFix(told) }];
  });
  return [{ name: examination.credentials, ok: true, detail: '' }, ...(await Promise.all(asked)).flat()];
}
