import { commandFor } from '../../../src/ports/command.js';
import { ITEM_ACTIONS } from '../../../src/ports/connector.js';
import type { AccountRef, ActionKind, CallContext, Command, Connector } from '../../../src/ports/connector.js';
import type { ConnectorLog } from '../../../src/connectors/kit/log.js';
import { Secret } from '../../../src/platform/secret.js';
import { unsupported } from '../../../src/connectors/kit/action.js';
import { systemRuntime, type Runtime } from '../../../src/platform/runtime.js';
import {
  judgeDeed,
  judgeDoctor,
  judgeEvents,
  judgeEvidence,
  judgeFacts,
  judgeFind,
  judgeReadBack,
  judgeState,
  type Judge,
  type Polled,
  type Seen,
} from './compare.js';
import { bendings, type Bending, type Traits } from './mutations.js';
import type { Heard, Tape } from './tape.js';

interface Directory {
  readonly url: string;
  /** Leaves something to do for an action; `null`: something in every section. */
  prepare(kind: ActionKind | null): void;
  /** Has reported there what can be. */
  report?(): void;
  close(): Promise<void>;
}

/** A system whose answers are bent. */
export interface BentSubject extends Traits {
  start(clock: () => Date): Promise<Directory>;
  connect(url: string, runtime: Runtime, log: ConnectorLog, directory: Directory): Connector;
  readonly emails: { readonly person: string; readonly ambiguous?: string };
  /** Whether a request changes something, where its method does not tell. */
  isWrite?(method: string, path: string): boolean;
  /** Its answers are not bent. */
  isSignIn(path: string): boolean;
}

const START = Date.parse('2026-03-02T09:00:00.000Z');
const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'bent-1' });

interface Scene {
  readonly name: string;
  readonly heard: readonly Heard[];
  /** The same work again, with one answer bent, and what is wrong about its result. */
  try(at: Heard, bent: Bending): Promise<string | null>;
}

export interface Report {
  readonly scenes: number;
  readonly decoders: number;
  readonly mutations: number;
  readonly wrong: readonly string[];
}

const commandOf = (kind: ActionKind, connector: Connector): Command =>
  commandFor(kind, {
    password: new Secret('Some-Passw0rd-zq7'),
    ranges: kind === 'block_address' ? ['198.51.100.66/32'] : (connector.knownRangeSets?.[0] ?? ['203.0.113.0/24']),
    items: 'all',
  });

const OFTEN = 8;
/** A question without what differs from thing to thing: each has one decoder. */
const shapeOf = ({ method, path }: Heard): string =>
  `${method} ${(path.split('?')[0] ?? '').replace(/(?<=\/)[^/]*[\d@%][^/]*/g, (part) => (/^v\d$/.test(part) ? part : '*'))}`;

const writesByMethod = (method: string): boolean => method !== 'GET';

/** Reads of one system, recorded once and tried again with their answers bent. */
export class Bench {
  readonly #subject: BentSubject;
  readonly #tape: Tape;
  readonly #scenes: Scene[] = [];
  readonly #open: Directory[] = [];
  #now = START;

  constructor(subject: BentSubject, tape: Tape) {
    this.#subject = subject;
    this.#tape = tape;
  }

  #stage(directory: Directory, log: ConnectorLog = {}): Connector {
    const runtime: Runtime = {
      ...systemRuntime(),
      now: () => new Date(this.#now),
      randomBytes: (size) => Buffer.alloc(size, 7),
    };
    return this.#subject.connect(this.#tape.url, runtime, log, directory);
  }

  #isWrite({ method, path }: Heard): boolean {
    return (this.#subject.isWrite ?? writesByMethod)(method, path) && !this.#subject.isSignIn(path);
  }

  async #record<T>(
    directory: Directory,
    name: string,
    run: (connector: Connector) => Promise<T>,
    judge: Judge<T>,
  ): Promise<T> {
    const at = this.#now;
    const ofItems = [...Object.keys(ITEM_ACTIONS), 'remove_admin_roles'].some((kind) => name.startsWith(kind));
    const seen = async (
      work: (on: () => Promise<T>) => Promise<{ readonly value: T; readonly heard: readonly Heard[] }>,
    ): Promise<Seen<T> & { readonly heard: readonly Heard[] }> => {
      let told = false;
      this.#now = at;
      const { value, heard } = await work(() => run(this.#stage(directory, { unreadableRows: () => (told = true) })));
      return { value, heard, told, writes: heard.filter((one) => this.#isWrite(one)).length };
    };
    const right = await seen((work) => this.#tape.record(directory.url, work));
    const again = await seen((work) => this.#tape.play(right.heard, null, work));
    if (JSON.stringify(again.value) !== JSON.stringify(right.value))
      throw new Error(`${name} is not the same again: ${JSON.stringify([right.value, again.value])}`);
    this.#scenes.push({
      name,
      heard: right.heard,
      try: async (where, { answer, ...how }) => {
        const bent = await seen((work) => this.#tape.play(right.heard, { at: where, answer }, work));
        return judge(right, bent, { ...how, ofItems, body: JSON.stringify(where.answer.body) });
      },
    });
    return right.value;
  }

  async #start(): Promise<Directory> {
    this.#now = START;
    const directory = await this.#subject.start(() => new Date(this.#now));
    this.#open.push(directory);
    return directory;
  }

  async #accountIn(directory: Directory): Promise<AccountRef> {
    const { emails } = this.#subject;
    const { value } = await this.#tape.record(directory.url, () =>
      this.#stage(directory).find({ emails: [emails.person], employeeId: null }, call()),
    );
    if (!value.ok) throw new Error(value.error.message);
    return value.value;
  }

  async #disable(directory: Directory, account: AccountRef): Promise<void> {
    const disable = () => this.#stage(directory).perform({ kind: 'disable_account' }, account, call());
    const { value } = await this.#tape.record(directory.url, disable);
    if (!value.ok) throw new Error(value.error.message);
  }

  async recordReads(): Promise<void> {
    const { person, ambiguous } = this.#subject.emails;
    const directory = await this.#start();
    const find = (email: string) =>
      this.#record(
        directory,
        `find ${email}`,
        (connector) => connector.find({ emails: [email], employeeId: null }, call()),
        judgeFind,
      );
    const account = await this.#accountIn(directory);
    await find(person);
    if (ambiguous !== undefined) await find(ambiguous);
    const poll =
      (cursor: string | null) =>
      async (connector: Connector): Promise<Polled> =>
        connector.events === null ? unsupported('It has no log.') : connector.events.poll(cursor, call());
    const first = await this.#tape.record(directory.url, () => poll(null)(this.#stage(directory)));
    this.#now += 60_000;
    directory.prepare(null);
    this.#now += 60_000;
    await this.#record(directory, 'state', (connector) => connector.readState(account, call()), judgeState);
    await this.#record(directory, 'doctor', (connector) => connector.examine(account, call()), judgeDoctor);
    await this.#record(directory, 'evidence', (connector) => connector.evidence(account, call()), judgeEvidence);
    if (first.value.ok) await this.#record(directory, 'events', poll(first.value.value.cursor), judgeEvents);
  }

  /** After the actions, so that these are bent in the same places as without it. */
  async recordReports(): Promise<void> {
    const directory = await this.#start();
    const poll =
      (at: number, cursor: string | null) =>
      async (connector: Connector): Promise<Polled> =>
        connector.reports[at]?.poll(cursor, call()) ?? unsupported('It takes no reports.');
    const sources = this.#stage(directory).reports;
    const before = [];
    for (const at of sources.keys())
      before.push(await this.#tape.record(directory.url, () => poll(at, null)(this.#stage(directory))));
    this.#now += 60_000;
    directory.report?.();
    this.#now += 60_000;
    for (const [at, { name }] of sources.entries()) {
      const { value } = before[at] ?? {};
      if (value?.ok === true)
        await this.#record(directory, `reports (${name})`, poll(at, value.value.cursor), judgeEvents);
    }
  }

  async recordAction(kind: ActionKind): Promise<void> {
    const directory = await this.#start();
    const connector = this.#stage(directory);
    const command = commandOf(kind, connector);
    const { route, undo } = connector.capabilities[kind];
    if (route === 'native' || route === 'group') {
      const account = await this.#accountIn(directory);
      directory.prepare(kind);
      if (kind === 'enable_account') await this.#disable(directory, account);
      this.#now += 60_000;
      const since = new Date(this.#now);
      const readBack = (when: string) =>
        this.#record(
          directory,
          `${kind}, read back ${when}`,
          (on) => on.readBack(command, account, since, call()),
          judgeReadBack,
        );
      const capture = (when: string) =>
        this.#record(directory, `${kind}, capture ${when}`, (on) => on.capture(command, account, call()), judgeFacts);
      await readBack('before');
      if (undo !== null) await capture('before');
      const perform = (on: Connector) => on.perform(command, account, call());
      const done = await this.#record(directory, `${kind}, perform`, perform, judgeDeed);
      if (!done.ok) throw new Error(`${kind} cannot be tried: ${done.error.message}`);
      await readBack('after');
      if (undo !== null) await capture('after');
    }
  }

  async close(): Promise<void> {
    for (const directory of this.#open.splice(0)) await directory.close();
  }

  /** The answers of a scene that are bent: what is read, not what is sent. */
  #answersOf({ heard }: Scene): readonly Heard[] {
    const read = heard.filter(
      (one) => !this.#subject.isSignIn(one.path) && !this.#isWrite(one) && typeof one.answer.body === 'object',
    );
    // Questions asked side by side come in any order.
    return read.toSorted((one, other) => shapeOf(one).localeCompare(shapeOf(other)));
  }

  /**
   * Bends every answer of every scene in every place; with `step` a part of them: what is read in many scenes (the
   * account, its groups) in one place of so many, another one each time, all else in more.
   */
  async run({ only = /./, step = 1 } = {}): Promise<Report> {
    const heardIn = new Map<string, number>();
    for (const scene of this.#scenes)
      for (const shape of new Set(this.#answersOf(scene).map(shapeOf)))
        heardIn.set(shape, (heardIn.get(shape) ?? 0) + 1);
    const wrong: string[] = [];
    let mutations = 0;
    let turn = 0;
    for (const scene of this.#scenes.filter(({ name }) => only.test(name))) {
      for (const at of this.#answersOf(scene)) {
        const every = (heardIn.get(shapeOf(at)) ?? 0) > OFTEN ? step : Math.ceil(step / 4);
        for (const bent of bendings(at.answer, this.#subject)) {
          turn += 1;
          if (turn % every !== 0) continue;
          mutations += 1;
          const problem = await scene.try(at, bent);
          if (problem !== null)
            wrong.push(`${scene.name} | ${at.path.split('?')[0] ?? ''} | ${bent.what} | ${problem}`);
        }
      }
    }
    return { scenes: this.#scenes.length, decoders: heardIn.size, mutations, wrong };
  }
}
