import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { buttons } from '../../blocks/interactions.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { bea, cem, dia } = PEOPLE;
const EDIT = 'Directories | Internal | Edit';

describe('the doctor in App Home', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const home = async (userId: string) => {
    await flow.world.slack.act({ as: userId, do: 'home' });
    return flow.player.until(`the home of ${userId}`, () => flow.world.slack.state().homes[userId]);
  };
  const top = (userId: string): string => textOf(flow.world.slack.state().views[userId]?.at(-1) ?? {});
  const ask = async (userId: string): Promise<string> => {
    const view = await home(userId);
    await flow.world.slack.act({
      as: userId,
      do: 'action',
      view_id: view.id,
      block_id: 'doctor',
      action_id: 'home_doctor',
    });
    return flow.player.until('the answer of the doctor', () => top(userId).includes('*Mimecast*') && top(userId));
  };
  const close = async (userId: string): Promise<void> => {
    const view = flow.world.slack.state().views[userId]?.at(-1);
    await flow.world.slack.act({ as: userId, do: 'close', view_id: view?.id ?? '' });
  };

  it('is there for approvers alone', async () => {
    expect(JSON.stringify(await home(bea.id))).toContain('Examine the linked systems');
    expect(JSON.stringify(await home(cem.id))).toContain('home_doctor');
    expect(JSON.stringify(await home(dia.id))).not.toContain('home_doctor');
  }, 240_000);

  it('asks nobody for somebody who was no approver when the button was pressed', async () => {
    const channel = await flow.say(dia.id, 'hello');
    const web = new WebClient(flow.world.addresses.botToken, { slackApiUrl: flow.world.addresses.slackApiUrl });
    const text = { type: 'plain_text' as const, text: 'Examine' };
    const button = { type: 'button' as const, action_id: 'home_doctor', text, value: buttons.home_doctor.encode({}) };
    const { ts } = await web.chat.postMessage({
      channel,
      text: 'a button of somebody else',
      blocks: [{ type: 'actions', block_id: 'doctor', elements: [button] }],
    });
    const place = { channel, ts: ts ?? '', block_id: 'doctor', action_id: 'home_doctor' };
    await flow.world.slack.act({ as: dia.id, do: 'action', ...place });
    await flow.toldPrivately(dia.id, 'This can be done by: approvers, administrators');
    const { rows } = await flow.app.core.db.query('select 1 as asked from examinations');
    expect(rows).toEqual([]);
  }, 240_000);

  it('tells of each system which actions work, which are done by hand, and that nothing was changed', async () => {
    const before = [flow.world.mimecast.state(), flow.world.mimecast.effects()];
    const answer = await ask(bea.id);
    expect(answer).toMatch(/white_check_mark: \*Mimecast\*: \d+ checks passed.*0 need fixing/);
    expect(answer).toMatch(/works: [^\\]*Reset password/);
    expect(answer).toMatch(/by hand: [^\\]*Revoke sessions|works: [^\\]*Revoke sessions/);
    expect([flow.world.mimecast.state(), flow.world.mimecast.effects()]).toEqual(before);
    await close(bea.id);
  }, 240_000);

  it('names the action that lacks a permission, and how to grant it', async () => {
    flow.world.mimecast.permit(EDIT, false);
    const answer = await ask(bea.id);
    flow.world.mimecast.permit(EDIT, true);
    expect(answer).toMatch(/warning: \*Mimecast\*.*[1-9]\d* need fixing/);
    expect(answer).toContain(EDIT);
    expect(answer).toMatch(/▸ \*Reset password\*/);
    await close(bea.id);
  }, 240_000);

  it('says that a system is down', async () => {
    flow.world.mimecast.faults.add({ type: 'http_500', path: '', times: Number.MAX_SAFE_INTEGER });
    const answer = await ask(bea.id);
    flow.world.mimecast.faults.clear();
    expect(answer).toMatch(/warning: \*Mimecast\*/);
    expect(answer).toMatch(/▸ \*finds people\*: Mimecast failed with HTTP 500/);
    await close(bea.id);
  }, 240_000);
});
