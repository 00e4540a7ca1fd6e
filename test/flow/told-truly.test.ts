import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('what is said of an incident', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  /** The window that closes, as it stands on the approver's screen. */
  const closeWindow = async (name: string): Promise<string> => {
    await flow.player.press(bea.id, flow.channel, await flow.card(name), 'incident_close');
    const { id } = await flow.player.modal(bea.id, 'close');
    const shown = textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: id });
    return shown;
  };

  it('closed as compromised with nothing done: nobody is told that the accounts are safe', async () => {
    await flow.report(dia);
    expect(await closeWindow(dia.real_name)).toContain('No step has changed anything');
    await flow.closeIncident(bea.id, dia.real_name, 'compromised');
    const told = textOf(await flow.told(dia.id, 'The incident is closed'));
    expect(told).toContain('I changed nothing on your accounts');
    expect(told).not.toMatch(/secured|is done/);
  }, 240_000);

  it('counts neither what waits for a person nor what failed as done', async () => {
    await flow.report(ada);
    await flow.decide(bea.id, ada.real_name, 'revoke_sessions');
    await flow.inChannel('0 of 1 steps done, 1 wait for a person');
    flow.world.mimecast.faults.add({
      type: 'meta_status',
      status: 403,
      path: '/api/user/update-user',
      only: 'writes',
      // A right may have been granted since: it is tried once more with a new token.
      times: 2,
    });
    await flow.decide(bea.id, ada.real_name, 'disable_account');
    await flow.inChannel('0 of 1 steps done, 1 need a human');
  }, 240_000);

  it('shows in the Close window what is open, and the thread keeps it', async () => {
    await flow.player.press(bea.id, flow.channel, await flow.card(ada.real_name), 'incident_tasks');
    await flow.inChannel('0 of 9 finished');
    const shown = await closeWindow(ada.real_name);
    expect(shown).toContain('1 need a human: Mimecast: Disable');
    expect(shown).toContain('1 manual steps wait to be ticked off: Mimecast: Revoke sessions');
    expect(shown).toContain('9 tasks of the runbook');
    await flow.closeIncident(bea.id, ada.real_name, 'compromised');
    await flow.inChannel('Open when it was closed: 1 need a human, 1 manual steps, 9 tasks of the runbook');
    const told = textOf(await flow.told(ada.id, 'The incident is closed'));
    expect(told).toContain(`Please talk to <@${bea.id}>`);
    expect(told).not.toContain('is done');
  }, 240_000);

  it('closed as compromised with every step proven: what was decided is said to be done', async () => {
    await flow.report(cem);
    await flow.decide(bea.id, cem.real_name, 'disable_account');
    await flow.inChannel('1 of 1 steps done');
    expect(await closeWindow(cem.real_name)).not.toMatch(/Still open|No step/);
    await flow.closeIncident(bea.id, cem.real_name, 'compromised');
    expect(textOf(await flow.told(cem.id, 'The incident is closed'))).toContain(
      'Everything that was decided to protect your accounts is done',
    );
  }, 240_000);
});
