import { afterEach, describe, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import type { Connector, SystemEvent } from '../../src/ports/connector.js';
import { ADA, BOB, call, connectApp, playedRuntime, startDirectory } from './okta-subject.js';

const ATTACKER = { ip: '198.51.100.66', country: 'Brazil' };

let directory: OktaDirectory;
afterEach(() => directory.close());

async function start(unreadable: string[] = []) {
  const runtime = playedRuntime();
  directory = await startDirectory(() => runtime.now());
  const okta = connectApp(
    directory.url,
    runtime,
    {},
    { unreadableRows: (told) => unreadable.push(JSON.stringify(told)) },
  );
  return { okta, runtime };
}

async function poll(
  okta: Connector,
  cursor: string | null,
): Promise<{ events: readonly SystemEvent[]; cursor: string }> {
  const [source] = okta.reports;
  const polled = await source?.poll(cursor, call());
  if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
  return polled.value;
}

describe("Okta's own reports", () => {
  it('are told with who says so, what it is about, when and from where', async () => {
    const { okta, runtime } = await start();
    directory.reportSuspicious(ADA, ATTACKER);
    const { events } = await poll(okta, null);
    expect(events).toEqual([
      {
        eventId: expect.any(String),
        kind: 'reported',
        login: ADA,
        actor: ADA,
        ip: ATTACKER.ip,
        occurredAt: runtime.now(),
        word: 'system.email.new_device_notification.sent_message',
      },
    ]);
  });

  it('of a factor that was reset tell when that was, since it may have been us', async () => {
    const { okta, runtime } = await start();
    const about = new Date(runtime.now().getTime() - 60_000);
    const mail = 'system.email.mfa_reset_notification.sent_message';
    directory.reportSuspicious(ADA, { ...ATTACKER, about: mail, at: about });
    expect((await poll(okta, null)).events).toMatchObject([{ kind: 'reported', word: mail, about }]);
  });

  it.each(['identity', 'classic'] as const)(
    'count a rejected request (%s), by whomever it was sent, and take no phone for where it came from',
    async (engine) => {
      const { okta } = await start();
      directory.rejectPush(BOB, ATTACKER, engine);
      const { events } = await poll(okta, null);
      expect(events).toMatchObject([{ kind: 'push_denied', login: BOB, actor: null, ip: null }]);
    },
  );

  it('count no second step that merely failed', async () => {
    const { okta } = await start();
    directory.intrude(ADA, ATTACKER);
    directory.rejectPush(ADA, ATTACKER, 'expired');
    expect((await poll(okta, null)).events).toEqual([]);
  });

  it('are told once, also across polls that overlap, and none is lost that is stored late', async () => {
    const { okta, runtime } = await start();
    let { cursor } = await poll(okta, null);
    directory.setLag(20 * 60_000);
    directory.reportSuspicious(ADA, ATTACKER);
    directory.rejectPush(ADA, ATTACKER);
    const kinds: string[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      runtime.advance(60_000);
      const polled = await poll(okta, cursor);
      cursor = polled.cursor;
      kinds.push(...polled.events.map(({ kind }) => kind));
    }
    expect(kinds).toEqual(['reported', 'push_denied']);
  });

  it('that may not be read say which scope is missing, to the doctor as well', async () => {
    const { okta } = await start();
    directory.permit('okta.logs.read', false);
    const polled = await okta.reports[0]?.poll(null, call());
    expect(polled).toMatchObject({ ok: false, error: { kind: 'permission', missing: 'okta.logs.read' } });
    const findings = await okta.examine(null, call());
    expect(findings.find(({ subject }) => subject === 'reports')).toMatchObject({
      verdict: 'missing_permission',
      missing: ['okta.logs.read'],
    });
  });
});
