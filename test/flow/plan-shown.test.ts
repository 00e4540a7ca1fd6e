import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modals } from '../../blocks/interactions.js';
import { planBinding } from '../../src/approvals/step-up.js';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const finn = CONTRACTOR.email;
const AGAIN = 'This is the plan as it is now';

describe('the plan that was shown is the plan that runs', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
    await flow.report(ada);
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const top = (approver: string) => flow.world.slack.state().views[approver]?.at(-1) ?? {};
  const correct = async (approver: string, name: string, login: string): Promise<void> => {
    await flow.player.press(approver, flow.channel, await flow.card(name), 'incident_links');
    const { id } = await flow.player.modal(approver, 'links');
    await flow.player.submit(approver, id, { login_mimecast: login, code: flow.freshCode(approver) });
    await flow.player.until('the corrected account', async () => textOf(await flow.card(name)).includes(`${login}: `));
  };
  const spent = async (approver: string): Promise<readonly string[]> => {
    const { rows } = await flow.app.core.db.query<{ binding: string }>(
      'select binding from totp_used_steps where user_id = $1 order by time_step',
      [approver],
    );
    return rows.map(({ binding }) => binding);
  };
  const digestOf = (approver: string): string => {
    const view = top(approver);
    const shown = modals.decide.decode('private_metadata' in view ? view.private_metadata : null);
    if (!shown) throw new Error('the window carries no plan');
    return shown.plan;
  };

  it('refuses a plan whose account was changed after the window opened, shows the new one, and spends no code', async () => {
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    expect(textOf(top(bea.id))).toContain(ada.email);
    const first = digestOf(bea.id);
    await correct(cem.id, 'Ada Okafor', finn);
    const code = flow.freshCode(bea.id);
    expect(await flow.player.submit(bea.id, view, { reason: 'not hers', code })).not.toBe('cleared');
    expect(textOf(top(bea.id))).toContain(AGAIN);
    expect(textOf(top(bea.id))).toContain(finn);
    expect(digestOf(bea.id)).not.toBe(first);
    expect([disabled(ada.email), disabled(finn)]).toEqual([false, false]);
    expect(await spent(bea.id)).toEqual([]);
    const { rows } = await flow.app.core.db.query<{ detail: unknown }>(
      `select detail from record_entries where action = 'decision.refused'`,
    );
    expect(rows.map(({ detail }) => detail)).toContainEqual({
      action: 'disable_account',
      problem: 'plan_changed',
      said: 'problem.plan_changed',
    });

    // Read and submitted as it is shown now, it is taken, with the same code.
    expect(await flow.player.submit(bea.id, view, { reason: 'his, then', code })).toBe('cleared');
    await flow.inChannel('*Mimecast: Disable* verified');
    expect([disabled(ada.email), disabled(finn)]).toEqual([false, true]);
  }, 240_000);

  it('names the account in the line of the result', async () => {
    const line = textOf(await flow.inChannel('*Mimecast: Disable* verified'));
    expect(line).toContain(`for ${finn}`);
    expect(line).not.toContain(ada.email);
  }, 240_000);

  it('binds the code to what was shown: another account is another binding', async () => {
    await flow.report(dia);
    const view = await flow.openDecision(bea.id, 'Dia Rahman', 'limit_login_ips');
    const shown = digestOf(bea.id);
    const submit = (ranges: string, code: string) =>
      flow.player.submit(bea.id, view, { reason: 'office only', code, ranges });
    await submit('203.0.113.0/24 2001:db8:10::/48', flow.freshCode(bea.id));
    const binding = (await spent(bea.id)).at(-1);
    const { rows } = await flow.app.core.db.query<{ incident: string; row: string; account: string; login: string }>(
      `select i.id as incident, a.id as row, a.account_id as account, a.login from accounts a
       join people p on p.id = a.person_id join incidents i on i.person_id = p.id where p.email = $1`,
      [dia.email],
    );
    const [linked] = rows;
    expect(linked?.login).toBe(dia.email);
    expect(binding).toBe(
      planBinding({
        request: `view_${view}`,
        incident: linked?.incident ?? '',
        action: 'limit_login_ips',
        shown,
        ranges: ['203.0.113.0/24', '2001:db8:10::/48'],
        steps: [
          {
            account: linked?.row ?? '',
            account_id: linked?.account ?? '',
            login: dia.email,
            system: 'mimecast',
            action: 'limit_login_ips',
            items: null,
            after: [],
            after_try: [],
          },
        ],
      }),
    );
  }, 240_000);

  it('takes a window that is sent off twice at once for one decision, and refuses neither', async () => {
    const view = await flow.openDecision(bea.id, 'Dia Rahman', 'disable_account');
    const code = flow.freshCode(bea.id);
    const send = () => flow.player.submit(bea.id, view, { reason: 'not her', code });
    expect(await Promise.all([send(), send()])).toEqual(['cleared', 'cleared']);
    const { rows } = await flow.app.core.db.query<{ count: number }>(
      'select count(*)::int as count from decisions where request_key = $1',
      [`view_${view}`],
    );
    expect(rows).toEqual([{ count: 1 }]);
    expect((await flow.record(dia.email)).filter((action) => action === 'decision.refused')).toEqual([]);
  }, 240_000);
});
