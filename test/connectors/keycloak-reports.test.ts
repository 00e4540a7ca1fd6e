import { afterEach, expect, it } from '@jest/globals';
import type { KeycloakDirectory } from 'identity-sandbox/keycloak';
import { ADA, call, connect, playedRuntime, startDirectory } from './keycloak-subject.js';

const FROM = '198.51.100.66';

let directory: KeycloakDirectory;
afterEach(() => directory.close());

async function start() {
  const runtime = playedRuntime();
  directory = await startDirectory(() => runtime.now());
  const keycloak = connect(directory, runtime);
  const poll = async (cursor: string | null = null) => {
    const polled = await keycloak.reports[0]?.poll(cursor, call());
    if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
    return polled.value;
  };
  return { keycloak, runtime, poll };
}

it.each([
  ['temporary', 'USER_DISABLED_BY_TEMPORARY_LOCKOUT', 'low'],
  ['permanent', 'USER_DISABLED_BY_PERMANENT_LOCKOUT', 'medium'],
] as const)("a %s lock-out is the server's verdict, once: %s, %s", async (how, word, level) => {
  const { poll, runtime } = await start();
  const { cursor } = await poll();
  directory.lockOut(ADA, how, FROM);
  const { events } = await poll(cursor);
  expect(events).toEqual([
    {
      eventId: expect.any(String),
      kind: 'at_risk',
      login: ADA,
      actor: null,
      ip: FROM,
      occurredAt: runtime.now(),
      word,
      level,
    },
  ]);
  expect((await poll(cursor)).events.map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
});

it('wrong passwords, sign-ins and changes are no verdict', async () => {
  const { poll } = await start();
  directory.intrude(ADA, { ip: FROM });
  expect((await poll()).events).toEqual([]);
});

it('what may not be read says which role is missing, to the doctor as well', async () => {
  const { keycloak } = await start();
  directory.permit('view-events', false);
  expect(await keycloak.reports[0]?.poll(null, call())).toMatchObject({ ok: false, error: { kind: 'permission' } });
  const findings = await keycloak.examine(null, call());
  expect(findings.find(({ subject }) => subject === 'reports')?.verdict).toBe('missing_permission');
});
