import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type Command,
  type Connector,
  type ConnectorFailure,
  type EvidenceItem,
  EVIDENCE_SECTIONS,
  type EvidenceSection,
  type Facts,
  isItemAction,
  ITEM_ACTIONS,
  type ItemAction,
  type ReadBack,
  type ReportKind,
} from '../../src/ports/connector.js';
import { commandFor } from '../../src/ports/command.js';
import { describeAccount } from '../../src/connectors/kit/describe-account.js';
import type { Result } from '../../src/platform/result.js';
import { Secret } from '../../src/platform/secret.js';

/** Conditions that a subject can be brought into. Leave out what your system cannot be brought into. */
export type Condition =
  /** The credentials are wrong. */
  | 'auth'
  /** The credentials lack the rights for a reset. */
  | 'permission'
  /** The system answers "too many". */
  | 'throttled'
  /** Nothing listens. */
  | 'down'
  /** Something that does not speak the protocol answers. */
  | 'nonsense'
  /** The next write takes effect, its answer is lost. */
  | 'lost_answer'
  /** The next write never takes effect and no answer comes. */
  | 'lost_request';

export interface ContractSubject {
  readonly connector: Connector;
  /** The clock that the connector was given. */
  now(): Date;
  readonly emails: {
    /** Exactly one enabled, ordinary account; the contract changes it freely. */
    readonly person: string;
    readonly missing: string;
    /** Two accounts have it; `null` where the system cannot have that. */
    readonly ambiguous: string | null;
    /** Another address of the person's account; `null` when the system knows none. */
    readonly alias?: string | null;
    /** A real account that delegated rights do not reach (an administrator). */
    readonly protected?: string;
  };
  /** The person's personnel number, where the system keeps one. */
  readonly employeeId?: string;
  readonly passwords: {
    /** The policy accepts them; all different. */
    readonly good: readonly [string, string, string];
    /** The policy refuses it; `null` when there is no policy. */
    readonly weak: string | null;
  };
  /** Actions on items that this system can only do to all of them at once; evidence shows them as one item. */
  readonly wholeOnly?: readonly ItemAction[];
  /** `cannot_tell`: the system sets passwords, but shows neither when one was set nor that a new one is demanded. */
  readonly resetProof?: 'cannot_tell';
  /**
   * Brings the person's account into a state in which the action has something to do, e.g. at least two factors, grants,
   * rules or devices for an action on items, a role to take away.
   */
  prepare?(kind: ActionKind): Promise<void>;
  /** Has everything reported there that the system takes, of this account. @returns of which kinds that is told. */
  readonly report?: (account: AccountRef) => Promise<readonly ReportKind[]>;
  /** Whether a person could prove this password at the system, whatever the state of the account. */
  checkPassword(email: string, password: string): Promise<boolean>;
  /** Arranges the condition and returns the connector to try it with (the same one, or one made for it). */
  readonly conditions: Partial<Record<Condition, () => Promise<Connector>>>;
  /** Ends the condition. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

const context = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'contract-1' });

function valueOf<T>(result: Result<T, ConnectorFailure>): T {
  if (result.ok) return result.value;
  throw new Error(`expected a value, got ${result.error.kind}: ${result.error.message}`);
}

/** Everything a connector says aloud, gathered so that one check can look for secrets in all of it. */
class Said {
  readonly texts: string[] = [];

  failure<T>(result: Result<T, ConnectorFailure>): ConnectorFailure {
    if (result.ok) throw new Error('expected a failure, got a value');
    this.texts.push(JSON.stringify(result.error));
    expect(result.error.message).toMatch(/^\S.*[.!?]$/s);
    return result.error;
  }

  note(value: unknown): void {
    this.texts.push(JSON.stringify(value));
  }
}

/** A harmless command of each kind. */
const commandOf = (kind: ActionKind, subject: ContractSubject): Command =>
  commandFor(kind, {
    password: new Secret(subject.passwords.good[0]),
    ranges:
      kind === 'block_address' ? ['198.51.100.66/32'] : (subject.connector.knownRangeSets?.[0] ?? ['203.0.113.0/24']),
    items: 'all',
  });

/** What every connector must do, whatever the system behind it. Declares one describe block. */
export function describeConnectorContract(
  name: string,
  create: () => Promise<ContractSubject>,
  timeoutMs = 30_000,
): void {
  describe(`the connector contract: ${name}`, () => {
    let subject: ContractSubject;
    let account: AccountRef;
    const said = new Said();
    const test = (title: string, body: () => Promise<void>): void => it(title, body, timeoutMs);

    const readBack = async (command: Command, since: Date, connector = subject.connector) => {
      const read = valueOf(await connector.readBack(command, account, since, context()));
      said.note(read);
      expect(read.observed).toMatch(/^\S.*[.!?]$/s);
      return read;
    };
    const find = (email: string) => subject.connector.find({ emails: [email], employeeId: null }, context());
    const capture = async (command: Command): Promise<Facts> => {
      const facts = valueOf(await subject.connector.capture(command, account, context()));
      said.note(facts);
      return facts;
    };
    const itemsOf = async (section: EvidenceSection): Promise<readonly EvidenceItem[]> => {
      const found = (await subject.connector.evidence(account, context()))[section];
      if ('unavailable' in found) throw new Error(`no ${section}: ${found.unavailable.message}`);
      return found.items;
    };
    const perform = (command: Command, connector = subject.connector) => connector.perform(command, account, context());
    const resets = () => subject.connector.capabilities.reset_password.route === 'native';
    /** What a reset that was carried out reads back as. */
    const proof = () => subject.resetProof ?? 'holds';
    /** A change that every system has: the reset, or disabling where passwords are not its own. */
    const aChange = (): Command => (resets() ? commandOf('reset_password', subject) : { kind: 'disable_account' });

    beforeAll(async () => {
      subject = await create();
      account = valueOf(await find(subject.emails.person));
    }, timeoutMs);
    afterEach(() => subject.calm(), timeoutMs);
    afterAll(() => subject.close(), timeoutMs);

    describe('finding', () => {
      test('finds one account, in any case of letters', async () => {
        expect(account).toMatchObject({ system: subject.connector.system });
        expect(account.accountId).not.toBe('');
        expect(account.login).not.toBe('');
        const shouted = await find(subject.emails.person.toUpperCase());
        expect(valueOf(shouted).accountId).toBe(account.accountId);
      });

      test('says not_found for an address nobody has', async () => {
        expect(said.failure(await find(subject.emails.missing)).kind).toBe('not_found');
      });

      test('takes characters with a meaning in queries for plain text', async () => {
        for (const email of ['*', 'a*@example.com', ')(uid=*', 'x" or "1"="1', '\u0000', '']) {
          const failure = said.failure(await find(email));
          expect(['not_found', 'invalid_input']).toContain(failure.kind);
        }
      });

      test('never chooses between two accounts', async () => {
        if (subject.emails.ambiguous === null) return;
        const failure = said.failure(await find(subject.emails.ambiguous));
        expect(failure).toMatchObject({ kind: 'ambiguous' });
        if (failure.kind === 'ambiguous') expect(failure.candidates.length).toBeGreaterThan(1);
      });

      test('finds the same account by another address and by the personnel number', async () => {
        const { alias } = subject.emails;
        if (alias) expect(valueOf(await find(alias)).accountId).toBe(account.accountId);
        const emails = [subject.emails.person, ...(alias ? [alias] : []), subject.emails.missing];
        const employeeId = subject.employeeId ?? null;
        expect(valueOf(await subject.connector.find({ emails, employeeId }, context())).accountId).toBe(
          account.accountId,
        );
        if (employeeId === null) return;
        const byNumber = await subject.connector.find({ emails: [], employeeId }, context());
        expect(valueOf(byNumber).accountId).toBe(account.accountId);
      });

      test('says before anything is tried that an account is protected', async () => {
        if (subject.emails.protected === undefined) return;
        const guarded = valueOf(await find(subject.emails.protected));
        const state = valueOf(await subject.connector.readState(guarded, context()));
        expect(state.protectedBecause).toMatch(/\S/);
        const findings = await subject.connector.examine(guarded, context());
        said.note(findings);
        expect(findings.filter(({ verdict }) => verdict === 'blocked').length).toBeGreaterThan(0);
        const since = subject.now();
        const failure = said.failure(await subject.connector.perform(aChange(), guarded, context()));
        expect(['protected_account', 'permission']).toContain(failure.kind);
        const read = await subject.connector.readBack(aChange(), guarded, since, context());
        expect(valueOf(read).verdict).not.toBe('holds');
      });

      test('reads the state of the account', async () => {
        const state = valueOf(await subject.connector.readState(account, context()));
        said.note(state);
        expect(state.enabled).toBe(true);
        expect(state.readAt).toBeInstanceOf(Date);
        expect(state.protectedBecause).toBeNull();
      });

      test('says not_found for the state of an account that is gone', async () => {
        const gone: AccountRef = { ...account, accountId: subject.emails.missing, login: subject.emails.missing };
        expect(['not_found', 'invalid_input']).toContain(
          said.failure(await subject.connector.readState(gone, context())).kind,
        );
      });
    });

    describe('resetting the password', () => {
      const reset = (index: 0 | 1 | 2): Command => ({
        kind: 'reset_password',
        password: new Secret(subject.passwords.good[index]),
      });
      const knows = (index: 0 | 1 | 2) => subject.checkPassword(subject.emails.person, subject.passwords.good[index]);

      test('is refused as unsupported where passwords are not its own, and says what a person does', async () => {
        if (resets()) return;
        expect(said.failure(await perform(reset(0))).kind).toBe('unsupported');
        expect((await readBack(reset(0), subject.now())).verdict).not.toBe('holds');
        const steps = subject.connector.consoleSteps(reset(0), account);
        said.note(steps);
        expect(steps.length).toBeGreaterThan(0);
        expect(await knows(0)).toBe(false);
      });

      test('sets it, demands a new one, and proves it', async () => {
        if (!resets()) return;
        const since = subject.now();
        said.note(valueOf(await perform(reset(0))));
        const read = await readBack(reset(0), since);
        expect(read.verdict).toBe(proof());
        expect(read.state.mustChangePassword).toBe(proof() === 'holds' ? true : null);
        expect(await knows(0)).toBe(true);
      });

      test('may be repeated with the same password', async () => {
        if (!resets()) return;
        const since = subject.now();
        valueOf(await perform(reset(0)));
        valueOf(await perform(reset(0)));
        expect((await readBack(reset(0), since)).verdict).toBe(proof());
        expect(await knows(0)).toBe(true);
      });

      test('replaces the old password', async () => {
        if (!resets()) return;
        valueOf(await perform(reset(1)));
        expect([await knows(0), await knows(1)]).toEqual([false, true]);
      });

      test('does not claim a reset that was never sent', async () => {
        const later = new Date(subject.now().getTime() + 60_000);
        expect((await readBack(reset(2), later)).verdict).not.toBe('holds');
        expect(await knows(2)).toBe(false);
      });

      test('refuses a weak password as bad input, and keeps the old one', async () => {
        if (subject.passwords.weak === null) return;
        const failure = said.failure(
          await perform({ kind: 'reset_password', password: new Secret(subject.passwords.weak) }),
        );
        expect(failure.kind).toBe('invalid_input');
        expect(await knows(1)).toBe(true);
      });
    });

    describe.each(ACTION_KINDS.filter((kind) => kind !== 'reset_password' && kind !== 'enable_account'))(
      '%s',
      (kind) => {
        const command = () => commandOf(kind, subject);
        const capability = () => subject.connector.capabilities[kind];
        const works = () => capability().route === 'native' || capability().route === 'group';

        /** Of a group only the membership may show: then nothing is claimed of what it is for. */
        const isDone = ({ verdict, inPlace }: ReadBack): boolean =>
          verdict === 'holds' || (capability().route === 'group' && verdict === 'cannot_tell' && inPlace === true);

        let before: Facts = {};

        beforeAll(async () => {
          if (works()) await subject.prepare?.(kind);
        }, timeoutMs);

        test('does what its route says, is proven, and may be repeated', async () => {
          if (!works()) return;
          before = await capture(command());
          const since = subject.now();
          valueOf(await perform(command()));
          expect(isDone(await readBack(command(), since))).toBe(true);
          valueOf(await perform(command()));
          expect(isDone(await readBack(command(), since))).toBe(true);
        });

        test('is undone to what was before, no further, and only once', async () => {
          if (!works()) return;
          const after = await capture(command());
          const undo = () => subject.connector.restore(command(), account, before, context());
          if (capability().undo === null) {
            expect([before, after]).toEqual([{}, {}]);
            expect(said.failure(await undo()).kind).toBe('unsupported');
            return;
          }
          expect(after).not.toEqual(before);
          const since = subject.now();
          expect(valueOf(await undo()).alreadyDone).toBe(false);
          expect(await capture(command())).toEqual(before);
          expect((await readBack(command(), since)).verdict).toBe('does_not_hold');
          expect(valueOf(await undo()).alreadyDone).toBe(true);
          expect(await capture(command())).toEqual(before);
        });

        test('takes only what was chosen', async () => {
          if (!works() || !isItemAction(kind)) return;
          await subject.prepare?.(kind);
          const section = ITEM_ACTIONS[kind satisfies ItemAction];
          const [chosen, kept] = await itemsOf(section);
          if (subject.wholeOnly?.includes(kind)) {
            expect([chosen === undefined, kept === undefined]).toEqual([false, true]);
            expect(said.failure(await perform({ kind, items: ['one-of-several'] })).kind).toBe('unsupported');
            expect((await itemsOf(section)).map(({ id }) => id)).toEqual([chosen?.id]);
            return;
          }
          if (chosen === undefined || kept === undefined)
            throw new Error(`prepare(${kind}) left fewer than two ${section}`);
          const one: Command = { kind, items: [chosen.id] };
          const since = subject.now();
          valueOf(await perform(one));
          expect((await readBack(one, since)).verdict).toBe('holds');
          expect((await readBack(command(), since)).verdict).toBe('does_not_hold');
          const left = (await itemsOf(section)).map(({ id }) => id);
          expect(left).toContain(kept.id);
        });

        test('is refused as unsupported where it has no call of its own, and says what a person does', async () => {
          const { route } = capability();
          if (works()) return;
          expect(said.failure(await perform(command())).kind).toBe('unsupported');
          expect((await readBack(command(), subject.now())).verdict).not.toBe('holds');
          const steps = subject.connector.consoleSteps(command(), account);
          said.note(steps);
          if (route !== 'none') expect(steps.length).toBeGreaterThan(0);
          for (const step of steps) expect(step.clicks.length).toBeGreaterThan(0);
        });

        test('names its permissions', () => {
          if (works()) expect(capability().permissions.length).toBeGreaterThan(0);
          return Promise.resolve();
        });
      },
    );

    test('enables a disabled account', async () => {
      const enable: Command = { kind: 'enable_account' };
      if (subject.connector.capabilities.enable_account.route !== 'native') return;
      const since = subject.now();
      valueOf(await perform({ kind: 'disable_account' }));
      expect((await readBack(enable, since)).verdict).toBe('does_not_hold');
      const disabled = await capture(enable);
      valueOf(await perform(enable));
      expect((await readBack(enable, since)).verdict).toBe('holds');
      if (subject.connector.capabilities.enable_account.undo !== 'restore') return;
      valueOf(await subject.connector.restore(enable, account, disabled, context()));
      expect(valueOf(await subject.connector.readState(account, context())).enabled).toBe(false);
      valueOf(await perform(enable));
    });

    test('keeps evidence: every section is there or says why not', async () => {
      const evidence = await subject.connector.evidence(account, context());
      said.note(evidence);
      expect(Object.keys(evidence).toSorted()).toEqual([...EVIDENCE_SECTIONS].toSorted());
      for (const section of EVIDENCE_SECTIONS) {
        const found = evidence[section];
        if ('unavailable' in found) {
          expect(found.unavailable.message).toMatch(/^\S.*[.!?]$/s);
          continue;
        }
        const ids = found.items.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { title, at } of found.items) {
          expect(title).not.toBe('');
          expect(at === null || !Number.isNaN(at.getTime())).toBe(true);
        }
        const times = found.items.flatMap(({ at }) => (at === null ? [] : [at.getTime()]));
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      }
    });

    test('examines every action without changing anything', async () => {
      const state = valueOf(await subject.connector.readState(account, context()));
      for (const whom of [null, account]) {
        const findings = await subject.connector.examine(whom, context());
        said.note(findings);
        const about = new Map(findings.map((finding) => [finding.subject, finding]));
        expect(about.get('reach')?.verdict).toBe('ok');
        expect(about.get('sign_in')?.verdict).toBe('ok');
        if (whom !== null) expect(about.get('find')?.detail).toContain(describeAccount(state));
        for (const kind of ACTION_KINDS) {
          const { route } = subject.connector.capabilities[kind];
          const verdict = about.get(kind)?.verdict;
          if (route === 'native' || route === 'group') expect(['ok', 'cannot_tell']).toContain(verdict);
          if (route === 'console' || route === 'effect_of_reset') expect(['console', 'ok']).toContain(verdict);
        }
        for (const { verdict, fix } of findings)
          if (verdict !== 'ok' && verdict !== 'console') expect(fix).not.toBe('');
      }
      const now = valueOf(await subject.connector.readState(account, context()));
      expect({ ...now, readAt: null }).toEqual({ ...state, readAt: null });
    });

    test('leaves the account enabled, unrestricted and in no group after every undo', async () => {
      const state = valueOf(await subject.connector.readState(account, context()));
      expect(state.enabled).toBe(true);
      expect([false, null]).toContain(state.twoStepRequired);
      expect(state.loginRanges ?? []).toEqual([]);
    });

    test('refuses ranges that were not prepared', async () => {
      if (subject.connector.capabilities.limit_login_ips.route !== 'group') return;
      const failure = said.failure(await perform({ kind: 'limit_login_ips', ranges: ['198.51.100.77/32'] }));
      expect(failure.kind).toBe('unsupported');
      expect(
        subject.connector.consoleSteps({ kind: 'limit_login_ips', ranges: ['198.51.100.77/32'] }, account),
      ).not.toEqual([]);
    });

    describe('when something is wrong', () => {
      const under = async (condition: Condition): Promise<Connector | null> =>
        (await subject.conditions[condition]?.()) ?? null;
      const disable: Command = { kind: 'disable_account' };

      test('wrong credentials are told as auth', async () => {
        const connector = await under('auth');
        if (connector === null) return;
        expect(said.failure(await connector.readState(account, context())).kind).toBe('auth');
        expect(said.failure(await perform(disable, connector)).kind).toBe('auth');
        const findings = await connector.examine(null, context());
        expect(findings.find((finding) => finding.subject === 'sign_in')?.verdict).not.toBe('ok');
        const probes = await connector.health(context());
        said.note(probes);
        const bad = probes.filter((probe) => !probe.ok);
        expect(bad.length).toBeGreaterThan(0);
        for (const probe of bad) expect(probe.detail).not.toBe('');
      });

      test('a missing right is told as permission', async () => {
        const connector = await under('permission');
        if (connector === null) return;
        const failure = said.failure(await perform(aChange(), connector));
        expect(['permission', 'protected_account']).toContain(failure.kind);
        const findings = await connector.examine(account, context());
        said.note(findings);
        const missing = findings.filter(({ verdict }) => verdict === 'missing_permission' || verdict === 'blocked');
        expect(missing.map((finding) => finding.subject)).toContain(aChange().kind);
        for (const { fix } of missing) expect(fix).not.toBe('');
      });

      test('throttling is told with the wait', async () => {
        const connector = await under('throttled');
        if (connector === null) return;
        const failure = said.failure(await perform(disable, connector));
        expect(failure.kind).toBe('throttled');
        if (failure.kind === 'throttled') expect(failure.retryAfterMs).toBeGreaterThan(0);
      });

      test('a system that cannot be reached is transient, for writes too: nothing was sent', async () => {
        const connector = await under('down');
        if (connector === null) return;
        expect(said.failure(await connector.readState(account, context())).kind).toBe('transient');
        expect(said.failure(await perform(disable, connector)).kind).toBe('transient');
        const evidence = await connector.evidence(account, context());
        for (const section of EVIDENCE_SECTIONS) expect('unavailable' in evidence[section]).toBe(true);
        const [reach] = (await connector.examine(null, context())).filter((finding) => finding.subject === 'reach');
        expect(reach?.verdict).toBe('unreachable');
      });

      test('nonsense is transient for a read and an unknown outcome for a write', async () => {
        const connector = await under('nonsense');
        if (connector === null) return;
        expect(said.failure(await connector.readState(account, context())).kind).toBe('transient');
        expect(said.failure(await perform(disable, connector)).kind).toBe('unknown_outcome');
      });

      test('a lost answer is an unknown outcome, and the read-back finds the effect', async () => {
        const connector = await under('lost_answer');
        if (connector === null) return;
        const since = subject.now();
        const command: Command = resets()
          ? { kind: 'reset_password', password: new Secret(subject.passwords.good[2]) }
          : aChange();
        expect(said.failure(await perform(command, connector)).kind).toBe('unknown_outcome');
        await subject.calm();
        expect((await readBack(command, since)).verdict).toBe(resets() ? proof() : 'holds');
        if (resets()) expect(await subject.checkPassword(subject.emails.person, subject.passwords.good[2])).toBe(true);
        else valueOf(await perform({ kind: 'enable_account' }));
      });

      test('a lost request is an unknown outcome, and the read-back finds no effect', async () => {
        const connector = await under('lost_request');
        if (connector === null) return;
        const since = subject.now();
        expect(said.failure(await perform(disable, connector)).kind).toBe('unknown_outcome');
        await subject.calm();
        expect((await readBack(disable, since)).verdict).toBe('does_not_hold');
      });

      test('a call that was given up before it began sends nothing', async () => {
        const signal = AbortSignal.abort();
        const result = await subject.connector.perform(disable, account, { signal, correlationId: 'contract-2' });
        expect(said.failure(result).kind).toBe('transient');
        expect(valueOf(await subject.connector.readState(account, context())).enabled).toBe(true);
      });
    });

    test('is healthy when nothing is wrong', async () => {
      const probes = await subject.connector.health(context());
      said.note(probes);
      expect(probes.length).toBeGreaterThan(0);
      expect(probes.filter((probe) => !probe.ok)).toEqual([]);
    });

    test('tells of a reset as an event, once', async () => {
      const { events } = subject.connector;
      if (events === null || !resets()) return;
      const before = valueOf(await events.poll(null, context()));
      const seen = new Set(before.events.map(({ eventId }) => eventId));
      valueOf(await perform({ kind: 'reset_password', password: new Secret(subject.passwords.good[0]) }));
      const after = valueOf(await events.poll(before.cursor, context()));
      said.note(after);
      const ids = after.events.map(({ eventId }) => eventId);
      expect(new Set(ids).size).toBe(ids.length);
      const news = after.events.filter(
        ({ eventId, login }) => !seen.has(eventId) && login.toLowerCase() === account.login.toLowerCase(),
      );
      expect(news.map(({ kind }) => kind)).toEqual(['password_reset']);
      expect(
        valueOf(await events.poll(after.cursor, context())).events.filter(
          ({ eventId }) => !ids.includes(eventId) && !seen.has(eventId),
        ),
      ).toEqual([]);
    });

    test('tells of a report that was made there, of its account and once', async () => {
      const { report } = subject;
      if (report === undefined) return;
      const { reports } = subject.connector;
      const poll = async (cursors: readonly (string | null)[]) => {
        const polled = await Promise.all(reports.map((source, at) => source.poll(cursors[at] ?? null, context())));
        const values = polled.map(valueOf);
        said.note(values);
        return { events: values.flatMap(({ events }) => events), cursors: values.map(({ cursor }) => cursor) };
      };
      const before = await poll([]);
      const seen = new Set(before.events.map(({ eventId }) => eventId));
      const kinds = await report(account);
      const after = await poll(before.cursors);
      const news = after.events.filter(({ eventId }) => !seen.has(eventId));
      expect(news.map(({ kind }) => kind).toSorted()).toEqual([...kinds].toSorted());
      expect(new Set(news.map(({ login }) => login.toLowerCase()))).toEqual(new Set([account.login.toLowerCase()]));
      const ids = after.events.map(({ eventId }) => eventId);
      expect(new Set(ids).size).toBe(ids.length);
      const again = await poll(after.cursors);
      expect(again.events.filter(({ eventId }) => !ids.includes(eventId) && !seen.has(eventId))).toEqual([]);
    });

    test('has said no password aloud in all of this', () => {
      const all = said.texts.join('\n');
      expect(all).not.toBe('');
      for (const password of [...subject.passwords.good, subject.passwords.weak]) {
        if (password !== null) expect(all).not.toContain(password);
      }
      return Promise.resolve();
    });
  });
}
