import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;

describe('a queue that takes no work', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const TAKES_NOTHING = 'the queue is full';
  const refusing = (on: boolean) =>
    flow.app.core.db.query(
      on
        ? `create function bullmq.refuse() returns trigger language plpgsql as $$ begin raise exception '${TAKES_NOTHING}'; end $$;
           create trigger refuse before insert on bullmq.job for each row execute function bullmq.refuse()`
        : 'drop trigger refuse on bullmq.job',
    );

  it('is told in the thread of the decision that waits for it, once, and the decision is done afterwards', async () => {
    await flow.report(ada);
    await refusing(true);
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    const told = await flow.inChannel('*is waiting*: the queue accepts no work');
    expect(textOf(told)).toContain(TAKES_NOTHING);
    expect(textOf(told)).toContain('Disable');
    // A further look finds it told.
    const before = flow.app.core.runtime.now().getTime();
    await flow.player.until('another round', () => flow.app.core.runtime.now().getTime() - before > 6_000);
    await refusing(false);
    await flow.inChannel('*Mimecast: Disable* verified');
    const lines = flow.player.messages(flow.channel).filter((one) => textOf(one).includes('the queue accepts no work'));
    expect(lines).toHaveLength(1);
  }, 240_000);
});
