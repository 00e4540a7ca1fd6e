import { err, ok, type Result } from '../src/platform/result.js';
import {
  type AccountRef,
  type AccountState,
  ACTION_KINDS,
  type ActionKind,
  type Capability,
  type Command,
  type Connector,
  type ConnectorFailure,
  type Evidence,
  EVIDENCE_SECTIONS,
  type EvidenceItem,
  type EvidenceSection,
  type EventSource,
  type Facts,
  type PersonIdentifiers,
  type ReadBack,
  type Receipt,
  type ReportSource,
  type SystemEvent,
} from '../src/ports/connector.js';

type Method = 'find' | 'readState' | 'perform' | 'readBack' | 'capture' | 'restore';

interface Account {
  readonly ref: AccountRef;
  enabled: boolean;
  /** What was done to it and not taken back. */
  readonly done: Set<ActionKind>;
  protectedBecause: string | null;
}

export interface MemoryOptions {
  readonly title?: string;
  readonly capabilities?: Partial<Record<ActionKind, Partial<Capability>>>;
  readonly ownDeeds?: EventSource['ownDeeds'];
  /** Whether people report there. */
  readonly takesReports?: boolean;
  readonly knownRangeSets?: Connector['knownRangeSets'];
}

const NATIVE: Capability = { route: 'native', undo: 'restore', effectiveWithinSeconds: 0, permissions: [] };

/** An identity system that lives in memory: it does what it is told, and fails as often as it is told to. */
export class MemoryConnector implements Connector {
  readonly title: string;
  readonly capabilities: Connector['capabilities'];
  readonly knownRangeSets: Connector['knownRangeSets'];
  readonly limits = { concurrency: 4, perMinute: null };
  readonly events: EventSource | null;
  readonly reports: readonly ReportSource[];
  /** What it was asked, in order: the method, and the command's kind. */
  readonly asked: string[] = [];
  /** What the next read-backs say instead of the truth: a system that shows a change late, or not at all. */
  readonly verdicts: ReadBack['verdict'][] = [];
  /** What is so there shows as in place only: the system does not show its effect. */
  effectUnseen = false;
  /** What happened there and was not told yet. */
  readonly news: SystemEvent[] = [];
  /** What was reported there and was not told yet. */
  readonly reported: SystemEvent[] = [];
  /** Takes what it is told and changes nothing. */
  deaf = false;
  /** From when on it shows nothing of what an undo would compare. */
  factsHidden: 'never' | 'once_restored' | 'now' = 'never';
  readonly items: Partial<Record<EvidenceSection, readonly EvidenceItem[]>> = {};
  /** The sections that cannot be had, and why. */
  readonly hidden: Partial<Record<EvidenceSection, ConnectorFailure>> = {};
  readonly #accounts = new Map<string, Account>();
  readonly #failures = new Map<Method, ConnectorFailure[]>();

  constructor(
    readonly system: string,
    {
      title = system,
      capabilities = {},
      ownDeeds = {},
      takesReports = false,
      knownRangeSets = null,
    }: MemoryOptions = {},
  ) {
    this.title = title;
    this.knownRangeSets = knownRangeSets;
    this.capabilities = Object.fromEntries(
      ACTION_KINDS.map((kind) => [kind, { ...NATIVE, ...capabilities[kind] }]),
    ) as Connector['capabilities'];
    this.events = {
      ownDeeds,
      poll: (cursor) => Promise.resolve(ok({ events: this.news.splice(0), cursor: `${cursor ?? ''}+` })),
    };
    const source: ReportSource = {
      name: 'log',
      ownDeeds: { reported: { always: ['reset_password'] }, at_risk: { always: ['confirm_compromised'] } },
      poll: (cursor) => Promise.resolve(ok({ events: this.reported.splice(0), cursor: `${cursor ?? ''}+` })),
    };
    this.reports = takesReports ? [source] : [];
  }

  add(login: string, accountId = `${this.system}/${login}`): AccountRef {
    const ref = { system: this.system, accountId, login };
    this.#accounts.set(accountId, { ref, enabled: true, done: new Set(), protectedBecause: null });
    return ref;
  }

  /** Its account there is deleted. */
  forget(accountId: string): void {
    this.#accounts.delete(accountId);
  }

  protect(accountId: string, because: string): void {
    this.#of(accountId).protectedBecause = because;
  }

  /** Somebody changes it in the console. */
  setEnabled(accountId: string, enabled: boolean): void {
    this.#of(accountId).enabled = enabled;
  }

  isEnabled(accountId: string): boolean {
    return this.#of(accountId).enabled;
  }

  /** The next calls of a method fail, one after the other. */
  fail(method: Method, ...failures: readonly ConnectorFailure[]): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), ...failures]);
  }

  find({ emails }: PersonIdentifiers): Promise<Result<AccountRef, ConnectorFailure>> {
    return this.#answer('find', 'person', () => {
      const found = [...this.#accounts.values()].find(({ ref }) => emails.includes(ref.login));
      return found ? ok(found.ref) : err({ kind: 'not_found', message: 'nobody has this address' });
    });
  }

  readState(ref: AccountRef): Promise<Result<AccountState, ConnectorFailure>> {
    return this.#answer('readState', ref.login, () => ok(this.#state(ref)));
  }

  perform(command: Command, ref: AccountRef): Promise<Result<Receipt, ConnectorFailure>> {
    return this.#answer('perform', command.kind, () => ok(this.#carryOut(command, ref)));
  }

  readBack(command: Command, ref: AccountRef): Promise<Result<ReadBack, ConnectorFailure>> {
    return this.#answer('readBack', command.kind, () => {
      const truth = this.#holds(command, ref) ? 'holds' : 'does_not_hold';
      const verdict = this.verdicts.shift() ?? truth;
      const rest = { state: this.#state(ref), residual: [] };
      if (this.effectUnseen && verdict === 'holds')
        return ok({ verdict: 'cannot_tell', inPlace: true, observed: 'it is in place', ...rest });
      return ok({ verdict, observed: `it is ${verdict}`, ...rest });
    });
  }

  capture(command: Command, ref: AccountRef): Promise<Result<Facts, ConnectorFailure>> {
    return this.#answer('capture', command.kind, () =>
      ok(this.factsHidden === 'now' ? {} : { [FACT(command.kind)]: this.#holds(command, ref) }),
    );
  }

  restore(command: Command, ref: AccountRef, before: Facts): Promise<Result<Receipt, ConnectorFailure>> {
    return this.#answer('restore', command.kind, () => {
      if (this.factsHidden === 'once_restored') this.factsHidden = 'now';
      if (!this.deaf && before[FACT(command.kind)] === false) this.#takeBack(command, ref);
      return ok({ alreadyDone: false, requestId: 'req_restore' });
    });
  }

  evidence(): Promise<Evidence> {
    const section = (name: EvidenceSection): Evidence[EvidenceSection] => {
      const unavailable = this.hidden[name];
      return unavailable ? { unavailable } : { items: this.items[name] ?? [], complete: true };
    };
    return Promise.resolve(
      Object.fromEntries(EVIDENCE_SECTIONS.map((name) => [name, section(name)])) as unknown as Evidence,
    );
  }

  examine(): Promise<readonly []> {
    this.asked.push('examine');
    return Promise.resolve([]);
  }

  consoleSteps(command: Command): ReturnType<Connector['consoleSteps']> {
    return [{ title: `Do ${command.kind} by hand`, clicks: ['Open the console'] }];
  }

  health(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #answer<T>(
    method: Method,
    what: string,
    answer: () => Result<T, ConnectorFailure>,
  ): Promise<Result<T, ConnectorFailure>> {
    this.asked.push(`${method} ${what}`);
    const failure = this.#failures.get(method)?.shift();
    return Promise.resolve(failure ? err(failure) : answer());
  }

  #of(accountId: string): Account {
    const account = this.#accounts.get(accountId);
    if (!account) throw new Error(`${this.system} has no account ${accountId}`);
    return account;
  }

  #state({ accountId }: AccountRef): AccountState {
    const { enabled, protectedBecause } = this.#of(accountId);
    return {
      enabled,
      locked: false,
      mustChangePassword: false,
      passwordChangedAt: null,
      twoStepRequired: null,
      loginRanges: null,
      protectedBecause,
      authority: { where: 'here' },
      adminRoles: [],
      use: 'person',
      readAt: new Date(0),
    };
  }

  #carryOut({ kind }: Command, ref: AccountRef): Receipt {
    const account = this.#of(ref.accountId);
    if (this.deaf) return { alreadyDone: false, requestId: 'req_1' };
    const alreadyDone = this.#holds({ kind } as Command, ref);
    if (kind === 'disable_account' || kind === 'enable_account') account.enabled = kind === 'enable_account';
    else account.done.add(kind);
    return { alreadyDone, requestId: 'req_1' };
  }

  #takeBack({ kind }: Command, ref: AccountRef): void {
    const account = this.#of(ref.accountId);
    if (kind === 'disable_account' || kind === 'enable_account') account.enabled = kind === 'disable_account';
    else account.done.delete(kind);
  }

  #holds({ kind }: Command, ref: AccountRef): boolean {
    const account = this.#of(ref.accountId);
    if (kind === 'disable_account') return !account.enabled;
    return kind === 'enable_account' ? account.enabled : account.done.has(kind);
  }
}

const FACT = (kind: ActionKind): string => (kind === 'enable_account' ? 'enabled' : kind);
