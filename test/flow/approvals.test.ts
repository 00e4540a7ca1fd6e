import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('who may decide, and with which code', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
    await flow.report(ada);
  }, 240_000);
  afterAll(() => flow.close());

  const refusals = async (): Promise<string[]> => {
    const { rows } = await flow.app.core.db.query<{ detail: { problem: string } }>(
      "select detail from record_entries where action = 'decision.refused' order by at",
    );
    return rows.map((row) => row.detail.problem);
  };

  it('refuses somebody who is no approver, tells only them, and records the try', async () => {
    await flow.world.slack.act({ as: dia.id, do: 'join', channel: flow.channel }).catch(() => undefined);
    const general = flow.player.channel('general');
    const answer = flow.world.slack.act({
      as: dia.id,
      do: 'command',
      channel: general,
      text: '/lockdown @ada I want to',
    });
    await answer;
    await flow.toldPrivately(dia.id, 'Only approvers can decide this');
    expect(flow.world.mimecast.user(ada.email)?.accountDisabled).toBe(false);
  }, 240_000);

  it('never lets an approver decide about themselves', async () => {
    await flow.report(bea);
    await flow.player.press(bea.id, flow.channel, await flow.card('Bea Lindqvist'), 'incident_action.disable_account');
    await flow.toldPrivately(bea.id, 'somebody else has to decide');
    expect(await refusals()).toContain('own_account');
    // While it is open she would decide nothing about anybody.
    await flow.closeIncident(cem.id, 'Bea Lindqvist');
  }, 240_000);

  it('asks for a reason, and takes a code only once', async () => {
    const view = await flow.openDecision(bea.id, 'Ada Okafor', 'reset_password');
    const code = flow.freshCode(bea.id);
    await expect(flow.player.approve(bea.id, view, { reason: '', code })).rejects.toThrow(/required/);
    await expect(flow.player.approve(bea.id, view, { reason: 'x', code })).rejects.toThrow(/at least 3 characters/);
    await flow.player.approve(bea.id, view, { reason: 'not hers', code });
    await flow.inChannel('*Mimecast: Reset password* verified');
    const again = await flow.openDecision(bea.id, 'Ada Okafor', 'disable_account');
    await expect(flow.player.approve(bea.id, again, { reason: 'the same code', code })).rejects.toThrow(/already used/);
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: again });
    expect(flow.world.mimecast.user(ada.email)?.accountDisabled).toBe(false);
  }, 240_000);

  it('locks after five wrong codes and tells the channel', async () => {
    const view = await flow.openDecision(cem.id, 'Ada Okafor', 'disable_account');
    const wrong = (): Promise<void> => flow.player.approve(cem.id, view, { reason: 'guessing', code: '000000' });
    await expect(flow.player.approve(cem.id, view, { reason: 'guessing', code: '12ab' })).rejects.toThrow(/six digits/);
    for (let tries = 1; tries <= 4; tries += 1) await expect(wrong()).rejects.toThrow(/Wrong code/);
    await expect(wrong()).rejects.toThrow(/Too many wrong codes/);
    const line = await flow.inChannel('Five wrong codes were entered');
    expect(textOf(line)).toContain(`<@${cem.id}>`);
    await expect(
      flow.player.approve(cem.id, view, { reason: 'right now', code: flow.freshCode(cem.id) }),
    ).rejects.toThrow(/Too many wrong codes/);
    await flow.world.slack.act({ as: cem.id, do: 'close', view_id: view });
    flow.pass(16 * 60 * 1000);
    await flow.decide(cem.id, 'Ada Okafor', 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
  }, 240_000);

  it('explains a wrong range by field, and warns when the own recent address is outside', async () => {
    flow.world.mimecast.writeAudit({
      auditType: 'User Logged On',
      user: dia.email,
      eventInfo: `Successful authentication for ${dia.email} <Dia Rahman>, Date: 2026-01-01, Time: 10:00:00 UTC, IP: 198.51.100.77, Application: Mimecast, Method: Cloud`,
      category: 'authentication_logs',
    });
    await flow.player.until('the sign-in', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as seen from sign_ins where login = $1', [dia.email]);
      return rows.length > 0;
    });
    await flow.report(dia);
    const view = await flow.openDecision(bea.id, 'Dia Rahman', 'limit_login_ips');
    const submit = (ranges: string): Promise<void> =>
      flow.player.approve(bea.id, view, { reason: 'office only', code: flow.freshCode(bea.id), ranges });
    await expect(submit('203.0.113.0/33')).rejects.toThrow(/"ranges":"203.0.113.0\/33: is not a CIDR/);
    await expect(submit('203.0.113.7/24')).rejects.toThrow(/did you mean 203.0.113.0\/24/);
    await expect(submit('0.0.0.0/0')).rejects.toThrow(/limits nothing/);
    await expect(submit('203.0.113.0/24, 2001:db8:10::/48')).rejects.toThrow(/198.51.100.77/);
    await flow.world.slack.act({
      as: bea.id,
      do: 'submit',
      view_id: view,
      state: {
        values: {
          ranges: { ranges: { type: 'plain_text_input', value: '203.0.113.0/24 2001:db8:10::/48' } },
          reason: { reason: { type: 'plain_text_input', value: 'office only' } },
          code: { code: { type: 'plain_text_input', value: flow.freshCode(bea.id) } },
          outside_ok: {
            outside_ok: {
              type: 'checkboxes',
              selected_options: [{ text: { type: 'plain_text', text: 'x' }, value: 'yes' }],
            },
          },
        },
      },
    });
    const line = await flow.inChannel('*Mimecast: Limit login IPs* accepted');
    // That Mimecast's profile permits these ranges only is not shown to anybody but its administrators.
    expect(textOf(line)).toContain('not yet proven');
  }, 240_000);

  it('decides nothing any more once the incident is closed', async () => {
    const view = await flow.openDecision(cem.id, 'Dia Rahman', 'disable_account');
    await flow.closeIncident(bea.id, 'Dia Rahman');
    await expect(
      flow.player.approve(cem.id, view, { reason: 'too late', code: flow.freshCode(cem.id) }),
    ).rejects.toThrow(/already closed/);
    expect(flow.world.mimecast.user(dia.email)?.accountDisabled).toBe(false);
  }, 240_000);
});
