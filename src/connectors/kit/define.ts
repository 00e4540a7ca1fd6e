import { err, ok } from '../../platform/result.js';
import { recordOf } from '../../platform/record.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type AccountState,
  type ActionKind,
  type CallContext,
  type Connector,
  type ConnectorFailure,
  type Evidence,
  type EventSource,
  type Limits,
  type PersonIdentifiers,
  type ReadBack,
  type ReportSource,
} from '../../ports/connector.js';
import { cannotTell, inPlace, unsupported, type Actions, type Answer, type CommandOf, type Outcome } from './action.js';
import type { Reading, Target, Verdict } from './action.js';
import type { Ahead } from '../http/vendor-clock.js';
import { andThen, mapped } from './answers.js';
import { examineWith, healthWith, type Examination } from './examine.js';

/** The description of one identity system; `defineConnector` turns it into the port's connector. */
export interface Description<R extends Reading> {
  readonly system: string;
  readonly title: string;
  readonly limits: Limits;
  readonly knownRangeSets: Connector['knownRangeSets'];
  find(person: PersonIdentifiers, call: CallContext): Answer<AccountRef>;
  /** One account with everything that its state and the verdicts need. */
  read(target: Target): Answer<R>;
  /** The state given by a reading, where it is not simply its `state`: e.g. of an account that the system hides. */
  stateOf?(reading: R): Outcome<AccountState>;
  /** An instant of our clock on the vendor's. Called after the reading, whose answer has shown the vendor's clock. */
  vendorTime(own: Date, reading: R): Date;
  /** How far our clock is ahead of the vendor's; `null` when it does not show that. */
  ahead(call: CallContext): Ahead | null | Promise<Ahead | null>;
  readonly actions: Actions<R>;
  /** Why nothing is sent for this account; `null` when something may be. E.g. because Notme itself uses it. */
  barred?(kind: ActionKind, target: Target): Promise<ConnectorFailure | null>;
  /**
   * What overrides every verdict on such an account; `null` when nothing does. E.g. that a guest is managed elsewhere.
   */
  overruled?(kind: ActionKind, reading: R): Verdict | null;
  /** A refused change in clearer words, with the help of what else can be read. */
  explain?(failure: ConnectorFailure, target: Target): Promise<ConnectorFailure>;
  evidence(target: Target): Promise<Evidence>;
  readonly examination: Examination<R>;
  readonly events: EventSource | null;
  /** Absent: no reports are made there. */
  readonly reports?: readonly ReportSource[];
}

/** Where people prove themselves elsewhere, a password that was set here opens nothing: it proves no containment. */
function unlessElsewhere(kind: ActionKind, verdict: Verdict, { state: { authority } }: Reading): Verdict {
  if (kind !== 'reset_password' || verdict.verdict !== 'holds' || authority?.where !== 'federated') return verdict;
  const from = authority.from ?? 'another system';
  return inPlace(`${verdict.observed} But the account proves itself at ${from}, where this password opens nothing.`);
}

/** The port's connector of one system: what all systems have in common is implemented here, once. */
export function defineConnector<R extends Reading>(description: Description<R>): Connector {
  const { system, title, limits, knownRangeSets, actions, events, reports = [] } = description;
  const { granting } = description.examination;

  const explained = async <T>(outcome: Outcome<T>, target: Target): Answer<T> =>
    outcome.ok || !description.explain ? outcome : err(await description.explain(outcome.error, target));

  async function perform<K extends ActionKind>(command: CommandOf<K>, target: Target) {
    const barred = await description.barred?.(command.kind, target);
    if (barred) return err(barred);
    return explained(await actions[command.kind].perform({ ...target, command }), target);
  }

  async function judge<K extends ActionKind>(command: CommandOf<K>, target: Target, reading: R, sentAt: Date) {
    const overruled = description.overruled?.(command.kind, reading) ?? null;
    if (overruled !== null) return ok(overruled);
    const since = description.vendorTime(sentAt, reading);
    const judged = await actions[command.kind].judge({ ...target, command }, { reading, since });
    if ('verdict' in judged) return ok(unlessElsewhere(command.kind, judged, reading));
    if (judged.ok) return ok(unlessElsewhere(command.kind, judged.value, reading));
    // What the system does not show, or shows in a form that is not known, is no reason to ask again.
    return judged.error.kind === 'unsupported' ? ok(cannotTell(judged.error.message)) : judged;
  }

  const readBack = <K extends ActionKind>(command: CommandOf<K>, target: Target, sentAt: Date): Answer<ReadBack> =>
    andThen(description.read(target), (reading) =>
      mapped(judge(command, target, reading, sentAt), (verdict) => {
        const { residual = [] } = actions[command.kind];
        const left = typeof residual === 'function' ? residual(reading) : residual;
        return { ...verdict, state: reading.state, residual: left };
      }),
    );

  async function capture<K extends ActionKind>(command: CommandOf<K>, target: Target) {
    return (await actions[command.kind].undo?.capture({ ...target, command })) ?? ok({});
  }

  async function restore<K extends ActionKind>(
    command: CommandOf<K>,
    target: Target,
    before: Parameters<Connector['restore']>[2],
  ) {
    const { undo } = actions[command.kind];
    if (undo !== undefined) return explained(await undo.restore({ ...target, command }, before), target);
    const what = command.kind.replaceAll('_', ' ');
    return unsupported(`What ${what} did in ${title} cannot be undone; do what is needed by hand.`);
  }

  const clicks = <K extends ActionKind>(command: CommandOf<K>, account: AccountRef) =>
    actions[command.kind].clicks?.(command, account) ?? [];

  const examined = { ...description, clicks };
  return {
    system,
    title,
    limits,
    knownRangeSets,
    events,
    reports,
    ...(granting === undefined ? {} : { granting: { where: granting.where, separator: granting.separator } }),
    capabilities: recordOf(ACTION_KINDS, (kind) => ({
      ...actions[kind].can,
      undo: actions[kind].undo === undefined ? null : 'restore',
    })),
    find: (person, call) => description.find(person, call),
    readState: (account, call) =>
      andThen(description.read({ account, call }), (reading) => description.stateOf?.(reading) ?? ok(reading.state)),
    perform: (command, account, call) => perform(command, { account, call }),
    readBack: (command, account, since, call) => readBack(command, { account, call }, since),
    capture: (command, account, call) => capture(command, { account, call }),
    restore: (command, account, before, call) => restore(command, { account, call }, before),
    cannotRestore: ({ kind }, before) => actions[kind].undo?.cannotRestore?.(before) ?? null,
    evidence: (account, call) => description.evidence({ account, call }),
    examine: (account, call) => examineWith(examined, account, call),
    consoleSteps: (command, account) => clicks(command, account),
    health: (call) => healthWith(description.examination, call),
    close: () => Promise.resolve(),
  };
}
