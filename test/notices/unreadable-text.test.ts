import { beforeEach, describe, expect, it } from '@jest/globals';
import { pollEvents, pollingsOf } from '../../jobs/handlers/poll-events.js';
import type { SystemEvent } from '../../src/ports/connector.js';
import { CEM, ELI, found, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { takesReports: true } } });
}, 120_000);

let made = 0;
const of = (login: string, more: Partial<SystemEvent> = {}): SystemEvent => ({
  eventId: `event-${(made += 1)}`,
  kind: 'reported',
  login,
  actor: null,
  ip: '198.51.100.7',
  occurredAt: scene.runtime.now(),
  ...more,
});
const read = async (...events: readonly SystemEvent[]): Promise<readonly object[]> => {
  scene.okta.reported.push(...events);
  const polling = found(pollingsOf(scene.okta)[1]);
  const polled = await pollEvents(scene.core, polling, new AbortController().signal, 0);
  expect(polled).not.toHaveProperty('failed');
  return (await scene.core.db.query('select login, word from notices')).rows;
};

const NUL = 'user.mfa\u0000factor';
const HALF = 'user.mfa\ud83dfactor';
// A random text, as the database packs others.
const LONG = Array.from({ length: 9_000 }, (_, at) => ((at * 7_919 + 13) ** 3).toString(36)).join('');

describe('an event with a text that the database does not take', () => {
  it.each<[string, Partial<SystemEvent>]>([
    ['a NUL in its word', { word: NUL }],
    ['half a sign in its word', { word: HALF }],
    ['half a sign where its word is cut', { word: `${'x'.repeat(199)}\u{1f4f1}` }],
    ['a NUL in its login', { login: NUL }],
    ['a NUL in its id', { eventId: NUL }],
    ['a NUL in who did it', { actor: NUL }],
    ['a NUL in its address', { ip: NUL }],
    ['a NUL, of a question', { kind: 'password_reset', actor: NUL }],
    ['a NUL, of a sign-in', { kind: 'sign_in', login: NUL, ip: NUL }],
    ['an id without an end', { eventId: LONG }],
    ['a login without an end', { login: LONG }],
    ['everything without an end, of a sign-in', { kind: 'sign_in', eventId: LONG, login: LONG, ip: LONG }],
  ])('costs no other report: %s', async (_what, more) => {
    expect(await read(of(CEM.email, more), of(ELI.email))).toContainEqual({ login: ELI.email, word: null });
  });

  it('is kept, and shows where something is missing', async () => {
    const kept = await read(of(CEM.email, { word: NUL }), of(ELI.email, { word: HALF }));
    expect(kept).toContainEqual({ login: CEM.email, word: 'user.mfa\ufffdfactor' });
    expect(kept).toContainEqual({ login: ELI.email, word: 'user.mfa\ufffdfactor' });
  });

  it('stays another one than one whose long id begins alike', async () => {
    expect(await read(of(CEM.email, { eventId: `${LONG}a` }), of(ELI.email, { eventId: `${LONG}b` }))).toHaveLength(2);
  });
});
