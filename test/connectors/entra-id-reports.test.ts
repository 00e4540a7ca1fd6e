import { afterEach, describe, expect, it } from '@jest/globals';
import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import type { Connector, SystemEvent } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory } from './entra-id-subject.js';

const FROM = '198.51.100.66';

let directory: EntraIdDirectory;
afterEach(() => directory.close());

async function start() {
  const runtime = playedRuntime('2026-03-02T09:00:00.000Z');
  directory = await startDirectory(() => runtime.now());
  return { entra: connect(directory.url, runtime), runtime };
}

const source = (entra: Connector, name: string) => entra.reports.find((one) => one.name === name);

async function poll(entra: Connector, name: string, cursor: string | null = null): Promise<readonly SystemEvent[]> {
  const polled = await source(entra, name)?.poll(cursor, call());
  if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
  return polled.value.events;
}

describe('what people report in the Authenticator app', () => {
  it('is told from the risk detections, with who, when, from where and how sure', async () => {
    const { entra, runtime } = await start();
    directory.reportSuspicious(ADA, FROM);
    expect(await poll(entra, 'user_reports')).toEqual([
      {
        eventId: expect.any(String),
        kind: 'reported',
        login: ADA,
        actor: ADA,
        ip: FROM,
        occurredAt: runtime.now(),
        word: 'userReportedSuspiciousActivity',
        level: 'high',
      },
    ]);
  });

  it.each([
    ['the right', () => directory.permit('IdentityRiskEvent.Read.All', false)],
    ['the licence', () => directory.license('P1', false)],
  ])('is told from the audit log without %s for these', async (_what, withhold) => {
    const { entra } = await start();
    withhold();
    directory.reportSuspicious(ADA, FROM);
    const [event, ...more] = await poll(entra, 'user_reports');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      kind: 'reported',
      login: ADA,
      actor: ADA,
      ip: FROM,
      word: 'Suspicious activity reported',
    });
  });
});

describe('risky users', () => {
  it.each(['low', 'medium', 'high'] as const)("are told as Microsoft's verdict, %s", async (level) => {
    const { entra, runtime } = await start();
    directory.holdAtRisk(ADA, level);
    const events = await poll(entra, 'risky_users');
    expect(events).toMatchObject([{ kind: 'at_risk', login: ADA, actor: null, level, word: 'atRisk' }]);
    expect(events[0]?.occurredAt).toEqual(runtime.now());
    expect(events[0]?.about).toBeUndefined();
  });

  it('whom an administrator confirmed tell when, since it may have been us', async () => {
    const { entra, runtime } = await start();
    const found = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!found.ok) throw new Error(found.error.message);
    await entra.perform({ kind: 'confirm_compromised' }, found.value, call());
    expect(await poll(entra, 'risky_users')).toMatchObject([
      { kind: 'at_risk', level: 'high', word: 'adminConfirmedUserCompromised', about: runtime.now() },
    ]);
  });

  it('who were dismissed are no verdict', async () => {
    const { entra } = await start();
    const found = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!found.ok) throw new Error(found.error.message);
    await entra.perform({ kind: 'confirm_compromised' }, found.value, call());
    await entra.restore(
      { kind: 'confirm_compromised' },
      found.value,
      { confirmed_compromised: false, risk_level: 'none' },
      call(),
    );
    expect(await poll(entra, 'risky_users')).toEqual([]);
  });

  it('from before the first look are not told', async () => {
    const { entra, runtime } = await start();
    directory.holdAtRisk(ADA, 'high');
    runtime.advance(3_600_000);
    expect(await poll(entra, 'risky_users')).toEqual([]);
  });

  it('are another verdict whenever they change, and the same one however often it is read', async () => {
    const { entra, runtime } = await start();
    const ids: string[] = [];
    for (let look = 0; look < 3; look += 1) {
      directory.holdAtRisk(ADA, 'high');
      for (let again = 0; again < 2; again += 1)
        ids.push(...(await poll(entra, 'risky_users')).map(({ eventId }) => eventId));
      runtime.advance(10_000);
    }
    expect([ids.length, new Set(ids).size]).toEqual([6, 3]);
  });
});

it.each([
  ['the right', 'permission', () => directory.permit('IdentityRiskyUser.Read.All', false)],
  ['the licence', 'licence', () => directory.license('P2', false)],
])('without %s for risky users the other source is read on, and the doctor says so', async (_what, kind, withhold) => {
  const { entra } = await start();
  directory.permit('IdentityRiskyUser.ReadWrite.All', false);
  withhold();
  expect(await source(entra, 'risky_users')?.poll(null, call())).toMatchObject({ ok: false, error: { kind } });
  directory.reportSuspicious(ADA, FROM);
  expect(await poll(entra, 'user_reports')).toHaveLength(1);
  const findings = await entra.examine(null, call());
  expect(findings.find(({ subject }) => subject === 'reports')?.verdict).not.toBe('ok');
  expect(findings.find(({ subject }) => subject === 'events')?.verdict).toBe('ok');
});
