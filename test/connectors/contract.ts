import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type Command,
  type Connector,
  type ConnectorFailure,
} from '../../src/connectors/port.js';
import type { Result } from '../../src/result.js';
import { Secret } from '../../src/secret.js';

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
  };
  readonly passwords: {
    /** The policy accepts them; all different. */
    readonly good: readonly [string, string, string];
    /** The policy refuses it; `null` when there is no policy. */
    readonly weak: string | null;
  };
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

/** A harmless command of each kind, for what needs no password of its own. */
function commandOf(kind: ActionKind, subject: ContractSubject): Command {
  switch (kind) {
    case 'reset_password':
      return { kind, password: new Secret(subject.passwords.good[0]) };
    case 'limit_login_ips':
      return { kind, ranges: subject.connector.knownRangeSets?.[0] ?? ['203.0.113.0/24'] };
    case 'revoke_sessions':
    case 'disable_account':
    case 'enable_account':
    case 'require_two_step':
      return { kind };
  }
}

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
    const perform = (command: Command, connector = subject.connector) => connector.perform(command, account, context());

    beforeAll(async () => {
      subject = await create();
      account = valueOf(await subject.connector.findByEmail(subject.emails.person, context()));
    }, timeoutMs);
    afterEach(() => subject.calm(), timeoutMs);
    afterAll(() => subject.close(), timeoutMs);

    describe('finding', () => {
      test('finds one account, in any case of letters', async () => {
        expect(account).toMatchObject({ system: subject.connector.system });
        expect(account.accountId).not.toBe('');
        expect(account.login).not.toBe('');
        const shouted = await subject.connector.findByEmail(subject.emails.person.toUpperCase(), context());
        expect(valueOf(shouted).accountId).toBe(account.accountId);
      });

      test('says not_found for an address nobody has', async () => {
        expect(said.failure(await subject.connector.findByEmail(subject.emails.missing, context())).kind).toBe(
          'not_found',
        );
      });

      test('takes characters with a meaning in queries for plain text', async () => {
        for (const email of ['*', 'a*@example.com', ')(uid=*', 'x" or "1"="1', '\u0000', '']) {
          const failure = said.failure(await subject.connector.findByEmail(email, context()));
          expect(['not_found', 'invalid_input']).toContain(failure.kind);
        }
      });

      test('never chooses between two accounts', async () => {
        if (subject.emails.ambiguous === null) return;
        const failure = said.failure(await subject.connector.findByEmail(subject.emails.ambiguous, context()));
        expect(failure).toMatchObject({ kind: 'ambiguous' });
        if (failure.kind === 'ambiguous') expect(failure.candidates.length).toBeGreaterThan(1);
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

      test('sets it, demands a new one, and proves it', async () => {
        const since = subject.now();
        said.note(valueOf(await perform(reset(0))));
        const read = await readBack(reset(0), since);
        expect(read.verdict).toBe('holds');
        expect(read.state.mustChangePassword).toBe(true);
        expect(await knows(0)).toBe(true);
      });

      test('may be repeated with the same password', async () => {
        const since = subject.now();
        valueOf(await perform(reset(0)));
        valueOf(await perform(reset(0)));
        expect((await readBack(reset(0), since)).verdict).toBe('holds');
        expect(await knows(0)).toBe(true);
      });

      test('replaces the old password', async () => {
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

        test('does what its route says, is proven, and may be repeated', async () => {
          if (!works()) return;
          const since = subject.now();
          valueOf(await perform(command()));
          expect((await readBack(command(), since)).verdict).toBe('holds');
          valueOf(await perform(command()));
          expect((await readBack(command(), since)).verdict).toBe('holds');
        });

        test('is undone by the action that it names', async () => {
          const { undo } = capability();
          if (!works() || undo === null) return;
          const since = subject.now();
          if (undo === 'remove_from_group') {
            if (kind !== 'require_two_step' && kind !== 'limit_login_ips')
              throw new Error(`${kind} has no group to leave`);
            expect(valueOf(await subject.connector.removeFromGroup(kind, account, context())).alreadyDone).toBe(false);
            expect(valueOf(await subject.connector.removeFromGroup(kind, account, context())).alreadyDone).toBe(true);
          } else {
            valueOf(await perform(commandOf(undo, subject)));
            expect((await readBack(commandOf(undo, subject), since)).verdict).toBe('holds');
          }
          expect((await readBack(command(), since)).verdict).toBe('does_not_hold');
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
        const probes = await connector.health(context());
        said.note(probes);
        const bad = probes.filter((probe) => !probe.ok);
        expect(bad.length).toBeGreaterThan(0);
        for (const probe of bad) expect(probe.detail).not.toBe('');
      });

      test('a missing right is told as permission', async () => {
        const connector = await under('permission');
        if (connector === null) return;
        const failure = said.failure(await perform(commandOf('reset_password', subject), connector));
        expect(['permission', 'protected_account']).toContain(failure.kind);
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
        const command: Command = { kind: 'reset_password', password: new Secret(subject.passwords.good[2]) };
        expect(said.failure(await perform(command, connector)).kind).toBe('unknown_outcome');
        await subject.calm();
        expect((await readBack(command, since)).verdict).toBe('holds');
        expect(await subject.checkPassword(subject.emails.person, subject.passwords.good[2])).toBe(true);
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
      if (events === null) return;
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
