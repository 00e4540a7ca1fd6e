import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requestWork, type WorkName } from '../../src/outbox/outbox.js';
import { requestCheckpoint } from '../../src/audit/request-checkpoint.js';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { requestTelling } from '../../src/notices/unanswered.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const MINUTE_MS = 60_000;

describe('what the channel does not take, for a reason that is not known here,', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterEach(() => {
    flow.world.slack.faults.clear();
    flow.world.mail.faults.clear();
  });
  afterAll(() => flow.close());

  const refuse = (): void =>
    flow.world.slack.faults.add({
      target: 'api',
      method: 'chat.postMessage',
      channel: flow.channel,
      type: 'error',
      error: 'a_code_of_tomorrow',
      times: 10_000,
    });
  const tries = (): number =>
    flow.world.slack.journal(0, 10_000).filter(({ kind, name }) => kind === 'api_call' && name === 'chat.postMessage')
      .length;
  const direct = (user: string, part: string): string[] =>
    flow.player
      .messages(flow.player.dmOf(user))
      .map(textOf)
      .filter((one) => one.includes(part));
  const standing = (part: string): string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((one) => one.includes(part));

  /** Waits until the work was tried and waits again. */
  const tried = (name: WorkName) =>
    flow.player.until(`${name} to wait for its next try`, async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 as waits from work where name = $1 and status in ('pending', 'enqueued') and attempt > 0",
        [name],
      );
      return rows.length > 0;
    });
  /** Once in vain, and again after more than two minutes; told by then, and after one more try no second time. */
  async function toldOnce(name: WorkName, ref: string, part: string): Promise<void> {
    const ask = async (): Promise<void> => {
      const { core } = flow.app;
      const { workspaceId } = core;
      await requestWork(core.db, { workspaceId, name, ref, correlationId: 'a-test', now: core.runtime.now() });
      core.dispatch();
    };
    const again = async (): Promise<void> => {
      const before = tries();
      await ask();
      await flow.player.until('another try', () => tries() > before);
      await tried(name);
    };
    await tried(name);
    expect(direct(bea.id, part)).toEqual([]);
    flow.pass(3 * MINUTE_MS);
    await again();
    for (const { id } of [bea, cem]) expect(textOf(await flow.told(id, part))).toContain('a_code_of_tomorrow');
    await again();
    expect([direct(bea.id, part).length, direct(cem.id, part).length, direct(ada.id, part).length]).toEqual([1, 1, 0]);
    flow.world.slack.faults.clear();
    await ask();
  }

  it('of an unanswered notice is told to each approver directly after two minutes, once', async () => {
    flow.world.attack(dia.email);
    await flow.player.until('Dia to be asked', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as yes from notices where asked_at is not null');
      return rows.length > 0;
    });
    refuse();
    flow.pass(16 * MINUTE_MS);
    await requestTelling({ core: flow.app.core, tx: flow.app.core.db }, 'a-test');
    flow.app.core.dispatch();
    await flow.player.until('a post that was begun', async () => {
      const { rows } = await flow.app.core.db.query('select 1 as begun from unanswered_posts where ts is null');
      return rows.length > 0;
    });
    await toldOnce('tell_unanswered', 'notices', 'has not answered');
    await flow.player.until('the post in the channel', () => standing('Dia Rahman').length === 1, MINUTE_MS);
  }, 240_000);

  it('of refused mail is told to each approver directly after two minutes, once', async () => {
    refuse();
    flow.world.mail.faults.add({ type: 'http_401', times: 1_000 });
    flow.world.attack(CONTRACTOR.email);
    await toldOnce('tell_mail_trouble', 'auth', 'mail is refused');
    await flow.player.until('the trouble in the channel', () => standing('mail is refused').length === 1, MINUTE_MS);
  }, 240_000);

  it('of a checkpoint is told to each approver directly after two minutes, once', async () => {
    await flow.report(ada);
    refuse();
    await requestCheckpoint(flow.app.core, flow.app.core.db, 'a-test');
    flow.app.core.dispatch();
    await toldOnce('post_checkpoint', 'record', 'Checkpoint of the record');
    await flow.player.until('it in the channel', () => standing('Checkpoint of the record').length === 1, MINUTE_MS);
  }, 240_000);
});
