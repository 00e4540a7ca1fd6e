import { afterEach, describe, expect, it } from '@jest/globals';
import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
import type { Connector, SystemEvent } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { ADA, connect, startDirectory } from './google-workspace-subject.js';

const FROM = '198.51.100.66';
const call = () => ({ signal: new AbortController().signal, correlationId: 'test-1' });

let directory: GoogleWorkspaceDirectory;
afterEach(() => directory.close());

async function start() {
  let at = Date.parse('2026-03-02T09:00:00.000Z');
  const runtime = { ...systemRuntime(), now: () => new Date(at) };
  directory = await startDirectory(() => new Date(at));
  return { google: connect(directory.url, runtime), advance: (ms: number) => void (at += ms) };
}

const source = (google: Connector, name: string) => google.reports.find((one) => one.name === name);

async function poll(google: Connector, name: string): Promise<readonly SystemEvent[]> {
  const polled = await source(google, name)?.poll(null, call());
  if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
  return polled.value.events;
}

describe("Google's own verdicts", () => {
  it.each([
    ['alerts', 'hijacked', 'User suspended (suspicious activity)', 'high'],
    ['alerts', 'suspicious_login', 'Suspicious login', 'medium'],
    ['login_log', 'hijacked', 'account_disabled_hijacked', 'high'],
    ['login_log', 'suspicious_login', 'suspicious_login', 'medium'],
  ] as const)('in %s: %s is "%s", %s', async (name, verdict, word, level) => {
    const { google } = await start();
    directory.warn(ADA, verdict, FROM);
    expect(await poll(google, name)).toEqual([
      {
        eventId: expect.any(String),
        kind: 'at_risk',
        login: ADA,
        actor: null,
        ip: FROM,
        occurredAt: new Date('2026-03-02T09:00:00.000Z'),
        word,
        level,
      },
    ]);
  });

  it('are none where somebody merely signed in from elsewhere', async () => {
    const { google } = await start();
    directory.intrude(ADA, { ip: FROM, country: 'RO' });
    expect([await poll(google, 'alerts'), await poll(google, 'login_log')]).toEqual([[], []]);
  });

  it('from long before the first look are not told', async () => {
    const { google, advance } = await start();
    directory.warn(ADA, 'hijacked', FROM);
    advance(24 * 3_600_000);
    expect([await poll(google, 'alerts'), await poll(google, 'login_log')]).toEqual([[], []]);
  });

  it('are read from the login log on without the scope of the Alert Center, and the doctor names it', async () => {
    const { google } = await start();
    directory.permit('apps.alerts', false);
    directory.warn(ADA, 'hijacked', FROM);
    expect(await source(google, 'alerts')?.poll(null, call())).toMatchObject({
      ok: false,
      error: { kind: 'permission', missing: 'apps.alerts' },
    });
    expect(await poll(google, 'login_log')).toHaveLength(1);
    const findings = await google.examine(null, call());
    expect(findings.find(({ subject }) => subject === 'reports')).toMatchObject({
      verdict: 'missing_permission',
      missing: ['https://www.googleapis.com/auth/apps.alerts'],
    });
    expect(findings.find(({ subject }) => subject === 'events')?.verdict).toBe('ok');
  });
});
