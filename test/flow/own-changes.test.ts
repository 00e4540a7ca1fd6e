import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SystemEvent } from '../../src/ports/connector.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem } = PEOPLE;
const STRANGER = '198.51.100.66';

/** What a system tells of a new password, as the poll hands it over; returns how many notices were requested. */
const told = (
  flow: Flow,
  system: string,
  event: Pick<SystemEvent, 'eventId' | 'login' | 'actor' | 'kind'> & Partial<SystemEvent>,
): Promise<number> => {
  const { core } = flow.app;
  const whole = { occurredAt: core.runtime.now(), ip: STRANGER, ...event };
  return core.db.transaction((tx) => ingestEvents({ core, tx }, system, [whole], 'a test'));
};

const isOurs = async (flow: Flow, actor: string): Promise<boolean[]> => {
  const { rows } = await flow.app.core.db.query<{ is_ours: boolean }>(
    'select is_ours from notices where actor = $1 order by occurred_at',
    [actor],
  );
  return rows.map((row) => row.is_ours);
};

describe("a change by somebody else within minutes of Notme's own", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  it('is told when it is a reset after our own Disable in Mimecast', async () => {
    await flow.report(ada);
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
    flow.pass(70_000);
    flow.world.mimecast.resetByAttacker(ada.email, 'evil', STRANGER);
    expect(textOf(await flow.told(ada.id, 'Was this you?'))).toContain('evil');
    expect(await isOurs(flow, 'evil')).toEqual([false]);
  }, 240_000);

  it('is told when it is a reset after our own reset that nobody has read of yet: its actor is not ours', async () => {
    await flow.report(cem);
    await flow.decide(bea.id, 'Cem Aydin', 'reset_password');
    // Before the poll can meet our own row.
    flow.world.mimecast.resetByAttacker(cem.email, 'evil twin', STRANGER);
    await flow.inChannel('Mimecast: Reset password');
    expect(textOf(await flow.told(cem.id, 'Was this you?'))).toContain('evil twin');
    expect(await isOurs(flow, 'evil twin')).toEqual([false]);
    await flow.player.until(
      'the event of our own reset',
      async () => (await isOurs(flow, 'API Application')).length > 0,
    );
    expect(await isOurs(flow, 'API Application')).toEqual([true]);
  }, 240_000);

  it('is told when our own command was refused and so explains nothing', async () => {
    const { core } = flow.app;
    await core.db.query('delete from notices where login = $1 and is_ours', [cem.email]);
    await core.db.query(
      `update steps set status = 'needs_human', accepted_at = null, finished_at = $1, first_sent_at = $1
       where action = 'reset_password'`,
      [core.runtime.now()],
    );
    expect(
      await told(flow, 'mimecast', { eventId: 'refused', login: cem.email, kind: 'password_reset', actor: null }),
    ).toBe(1);
  });
});

describe("a new password within minutes of Notme's own Disable", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
    await flow.report(ada);
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.player.until('every Disable to have been sent', async () => {
      const { rows } = await flow.app.core.db.query<{ ended: boolean }>(
        "select finished_at is not null as ended from steps where action = 'disable_account'",
      );
      return rows.length > 4 && rows.every(({ ended }) => ended);
    });
  }, 240_000);
  afterAll(() => flow.close());

  const systems = ['mimecast', 'okta', 'entra_id', 'google_workspace', 'keycloak', 'slack', 'scim_wiki'];

  it.each(systems)('is told in %s, though the log does not say whose it was', async (system) => {
    const event = { eventId: `${system} reset`, login: ada.email, kind: 'password_reset', actor: 'evil' } as const;
    expect(await told(flow, system, event)).toBe(1);
  });
});
