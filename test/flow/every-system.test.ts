import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ingestEvents } from '../../src/notices/ingest.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, dia } = PEOPLE;

/** Messages from Notme that ask the person whether a change was hers. */
const asked = (flow: Flow, system: string): number =>
  flow.player
    .messages(flow.player.dmOf(ada.id))
    .filter((one) => textOf(one).includes('notice_not_me') && textOf(one).includes(system)).length;

describe('one person with accounts in six systems', () => {
  let flow: Flow;
  const own = (system: string) =>
    flow.world.systems
      .find(({ id }) => id === system)
      ?.accounts()
      .find(({ email }) => email === ada.email);

  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
    for (const { id } of flow.world.systems) await flow.world.intrude(id, ada.email);
    await flow.report(ada);
    await flow.inChannel('What does not fit');
    // Keycloak's poll tells of what the attacker added there.
    await flow.told(ada.id, 'Keycloak');
  }, 240_000);
  afterAll(() => flow.close());

  it('names the forward that leaves the company among what does not fit', async () => {
    const told = textOf(await flow.inChannel('What does not fit'));
    expect(told).toContain('sends mail out of the company');
    // How many more of a kind there are is said with its number.
    expect(told).toMatch(/ and \d+ more like it/);
  });

  it('draws a long plan in few words, and says what each action does once', async () => {
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'lockdown');
    const modal = textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    expect(modal).toContain('What each of them does');
    expect(modal.split('A new random password is set').length).toBe(2);
    await flow.player.approve(bea.id, view, { reason: 'contain everything', code: flow.freshCode(bea.id) });
    const disabled = ['okta', 'entra_id', 'google_workspace', 'keycloak', 'scim_wiki'];
    await flow.player.until('every account to be disabled', () => disabled.every((id) => own(id)?.enabled === false));
  }, 240_000);

  it('lets nothing wait for a proof that a system can never give', async () => {
    await flow.inChannel('*Meadow Wiki: Disable* verified');
    const { rows } = await flow.app.core.db.query<{ action: string; ended: boolean }>(
      "select action, finished_at is not null as ended from steps where system = 'scim_wiki' and action in ('reset_password', 'disable_account')",
    );
    expect(rows).toContainEqual({ action: 'disable_account', ended: true });
    expect(rows).toContainEqual({ action: 'reset_password', ended: false });
  }, 240_000);

  it('takes away the forward and what else the attacker left', async () => {
    await flow.inChannel('*Google Workspace: Disable mail rules* verified');
    await flow.inChannel('*Okta: Remove sign-in methods* verified');
    // A day ahead is not told as a clock time alone, which would be taken for today's.
    expect(textOf(await flow.inChannel('*Google Workspace: Require 2-step* accepted'))).toMatch(
      /effective by <!date\^\d+\^\{date_short_pretty\}/,
    );
    expect(own('google_workspace')?.lists['Mail rules']?.join()).not.toContain('collector@evil.example');
    expect(own('okta')?.lists['Factors']).toEqual(['push iPhone']);
    expect(own('google_workspace')?.lists['App passwords']).toEqual([]);
  }, 240_000);

  it('asks the person about what the attacker did, and not about its own containment', async () => {
    // Every poller has looked again after the last change, and told what it found.
    const looked = async (): Promise<boolean> => {
      const { rows } = await flow.app.core.db.query<{ found: number }>(
        "select count(*)::int as found from notices where is_ours and system in ('okta', 'keycloak', 'google_workspace', 'entra_id')",
      );
      return (rows[0]?.found ?? 0) >= 6;
    };
    await flow.player.until('the pollers to meet our own changes', looked, 90_000);
    // Two factors were added in Okta, one each in Keycloak and Google.
    expect(asked(flow, 'Okta')).toBe(2);
    expect(asked(flow, 'Keycloak')).toBe(1);
    expect(asked(flow, 'Google Workspace')).toBe(1);
  }, 240_000);

  it('tells of every change by others, however many a step of its own has caused', async () => {
    const { core } = flow.app;
    const taken = (login: string, own: boolean, count: number) =>
      core.db.transaction((tx) =>
        ingestEvents(
          { core, tx },
          'okta',
          Array.from({ length: count }, (_one, index) => ({
            eventId: `${login} ${String(own)} ${index}`,
            kind: 'password_reset' as const,
            login,
            actor: 'somebody',
            own,
            occurredAt: core.runtime.now(),
            ip: null,
          })),
          'a test',
        ),
      );
    expect(await taken(ada.email, true, 9)).toBe(0);
    expect(await taken(ada.email, false, 1)).toBe(1);
    // Nothing is being done about Dia: somebody else holds Notme's credentials.
    expect(await taken(dia.email, true, 1)).toBe(1);
  });
});
