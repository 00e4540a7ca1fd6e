import { beforeEach, describe, expect, it } from '@jest/globals';
import { pollEvents, pollingsOf } from '../../jobs/handlers/poll-events.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import type { ConnectorFailure, EventSource, SystemEvent } from '../../src/ports/connector.js';
import { err } from '../../src/platform/result.js';
import { ADA, found, Scene } from '../scene.js';
import { waiting } from '../runs.js';

const DEEDS: EventSource['ownDeeds'] = {
  password_reset: { always: ['reset_password'], sometimes: ['revoke_sessions'] },
  two_step_changed: { always: ['remove_factors'] },
};

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { ownDeeds: DEEDS }, scim: {} } });
}, 120_000);

let made = 0;
const event = (more: Partial<SystemEvent> & { readonly agoMs?: number } = {}): SystemEvent => {
  made += 1;
  const { agoMs = 1_000, ...facts } = more;
  const occurredAt = new Date(scene.runtime.now().getTime() - agoMs);
  return {
    eventId: `e${made}`,
    kind: 'password_reset',
    login: ADA.email,
    actor: 'somebody',
    ip: null,
    occurredAt,
    ...facts,
  };
};
const tell = (...events: readonly SystemEvent[]): Promise<number> =>
  scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'okta', events, 'cor'));
const notices = async () => {
  const { rows } = await scene.core.db.query<{ login: string; is_ours: boolean; asked: boolean; due_at: Date | null }>(
    'select login, is_ours, asked, due_at from notices order by noticed_at, id',
  );
  return rows;
};

describe('an event', () => {
  it('is asked about once, under the login in lower case, and falls due', async () => {
    const one = event({ login: 'ADA@Meadow.Example' });
    expect(await tell(one)).toBe(1);
    expect(await tell(one, one)).toBe(0);
    const due_at = new Date(scene.runtime.now().getTime() + 15 * 60_000);
    expect(await notices()).toEqual([{ login: ADA.email, is_ours: false, asked: true, due_at }]);
    expect(await waiting(scene.core, 'deliver_notice')).toHaveLength(1);
    expect(await waiting(scene.core, 'tell_unanswered')).toHaveLength(1);
  });

  it.each([
    [7 * 24 * 3_600_000, 1],
    [7 * 24 * 3_600_000 + 1, 0],
  ])('that is %i ms old asks %i people; it is stored all the same', async (agoMs, asked) => {
    expect(await tell(event({ agoMs }))).toBe(asked);
    expect((await notices()).map((one) => one.asked)).toEqual([asked === 1]);
  });
});

describe('a sign-in', () => {
  const signIn = (ip: string | null, login = ADA.email): SystemEvent => event({ kind: 'sign_in', ip, login });

  it('is told from a new address only when another one is known of the login', async () => {
    expect(await tell(signIn('203.0.113.7'))).toBe(0);
    expect(await tell(signIn('203.0.113.7'))).toBe(0);
    expect(await tell(signIn('198.51.100.9'))).toBe(1);
    expect(await tell(signIn('198.51.100.9'))).toBe(0);
    expect(await tell(signIn('192.0.2.1', 'eli@meadow.example'))).toBe(0);
  });

  it('without an address is no news', async () => {
    await tell(signIn('203.0.113.7'));
    expect(await tell(signIn(null))).toBe(0);
    expect(await notices()).toEqual([]);
  });

  it('of before, told in the same stretch, counts for those after it', async () => {
    expect(await tell(signIn('203.0.113.7'), signIn('198.51.100.9'))).toBe(1);
  });
});

describe('whether it was Notme itself', () => {
  const SENT_MS = 10_000;
  /** A step of ours on her account that was sent a while ago. */
  const sent = async (
    action: 'reset_password' | 'revoke_sessions' | 'disable_account',
    ended = true,
  ): Promise<void> => {
    await scene.decide(action);
    const id = found((await scene.steps()).find((one) => one.system === 'okta' && one.action === action)).id;
    const at = new Date(scene.runtime.now().getTime() - SENT_MS);
    await scene.core.db.query('update steps set first_sent_at = $2, accepted_at = $2, finished_at = $3 where id = $1', [
      id,
      at,
      ended ? at : null,
    ]);
  };
  const ours = async (...events: readonly SystemEvent[]): Promise<readonly boolean[]> => {
    for (const one of events) await tell(one);
    return (await notices()).map(({ is_ours }) => is_ours);
  };
  const at = (agoMs: number, more: Partial<SystemEvent> = {}): SystemEvent => event({ agoMs, ...more });

  it('is counted where the log does not tell: one step explains one event, the next one is told', async () => {
    await sent('reset_password');
    expect(await ours(at(SENT_MS), at(SENT_MS))).toEqual([true, false]);
  });

  it.each([
    ['five seconds early', SENT_MS + 5_000, true],
    ['more than five seconds early', SENT_MS + 5_001, false],
    ['two minutes late', SENT_MS - 120_000, true],
    ['more than two minutes late', SENT_MS - 120_001, false],
  ])('%s', async (_when, agoMs, wanted) => {
    await sent('reset_password');
    expect(await ours(at(agoMs))).toEqual([wanted]);
  });

  it('is not ours when another action was sent, or it happened to somebody else', async () => {
    await sent('disable_account');
    expect(await ours(at(SENT_MS), at(SENT_MS, { login: 'eli@meadow.example' }))).toEqual([false, false]);
  });

  it('is never ours when the log names other credentials', async () => {
    await sent('reset_password');
    expect(await ours(at(SENT_MS, { own: false }))).toEqual([false]);
  });

  it('with our credentials is ours while a step was under way, also one that only sometimes tells so, and as often as it is told', async () => {
    await sent('revoke_sessions');
    expect(await ours(at(SENT_MS, { own: true }), at(SENT_MS, { own: true }), at(SENT_MS))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('with our credentials while nothing of ours ran is somebody else with them: it is told', async () => {
    expect(await ours(at(SENT_MS, { own: true }))).toEqual([false]);
  });

  it('is never ours in a system whose log does not tell of our commands', async () => {
    await sent('reset_password');
    const { core } = scene;
    await core.db.transaction((tx) => ingestEvents({ core, tx }, 'scim', [at(SENT_MS)], 'cor'));
    expect((await notices()).map(({ is_ours }) => is_ours)).toEqual([false]);
  });

  it('asks nobody about what it did itself', async () => {
    await sent('reset_password', false);
    expect(await tell(at(SENT_MS))).toBe(0);
    expect(await waiting(scene.core, 'deliver_notice')).toEqual([]);
  });
});

describe('a poll', () => {
  const poll = (failures = 0) =>
    pollEvents(scene.core, found(pollingsOf(scene.okta)[0]), new AbortController().signal, failures);
  const cursor = async (): Promise<unknown> => (await scene.core.db.query('select cursor from event_cursors')).rows;

  it('takes in what is new and keeps its place with it', async () => {
    scene.okta.news.push(event(), event());
    expect(await poll()).toEqual({ notices: 2 });
    expect(await cursor()).toEqual([{ cursor: '+' }]);
    expect(await poll()).toEqual({ notices: 0 });
    expect(await cursor()).toEqual([{ cursor: '++' }]);
  });

  it.each<[ConnectorFailure, number, number]>([
    [{ kind: 'throttled', message: 'later', retryAfterMs: 9_000 }, 0, 9_000],
    [{ kind: 'throttled', message: 'later', retryAfterMs: null }, 1, 1_000],
    [{ kind: 'transient', message: 'down' }, 2, 2_000],
    [{ kind: 'auth', message: 'no' }, 0, 500],
  ])(
    'that fails (%j) for the time after %i is repeated in %i ms, from the same place',
    async (failure, failures, againInMs) => {
      const events: EventSource = { ownDeeds: {}, poll: () => Promise.resolve(err(failure)) };
      Object.defineProperty(scene.okta, 'events', { value: events });
      expect(await poll(failures)).toEqual({ failed: failure.message, againInMs });
      expect(await cursor()).toEqual([]);
    },
  );
});
