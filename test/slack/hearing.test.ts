import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';
import { Desk } from './desk.js';

const MINUTE = 60_000;
const NOT_ME = "I didn't do this";

let db: Database;
beforeAll(async () => {
  db = await openMemoryDatabase();
}, 240_000);
afterAll(() => db.close());

describe('a direct message that is delivered while the database is down', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open(db);
    await desk.start('socket');
    await desk.until('a mark', desk.mark);
  });
  afterEach(() => desk.close());

  /** Eli writes, Slack delivers in vain and gives up. */
  async function writeInVain(more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const message = { user: 'U0ELI', text: NOT_ME, ts: desk.stamp(), ...more };
    if (!('thread_ts' in more)) desk.history.set('D0ELI', [message]);
    desk.isDown = true;
    for (let delivery = 0; delivery < 4; delivery += 1) await desk.deliver('D0ELI', message);
    desk.pass(20 * MINUTE);
  }
  it('is read when the database is back, with the time at which it was written', async () => {
    await writeInVain();
    const back = desk.now();
    desk.isDown = false;
    await desk.reported(NOT_ME);
    await desk.until('all to be heard', async () => (await desk.mark()) >= back);
    const [report] = await desk.reports();
    expect(back.getTime() - (report?.reported_at.getTime() ?? 0)).toBeGreaterThanOrEqual(19 * MINUTE);
  });

  it('is read after a restart when it could not be read before: nothing counts as heard until then', async () => {
    const heard = await desk.until('a mark', desk.mark);
    await writeInVain();
    const { looks } = desk;
    desk.isUnreadable = true;
    desk.isDown = false;
    await desk.until('looks in vain', () => desk.looks > looks + 1);
    expect(await desk.mark()).toEqual(heard);
    await desk.stop();
    desk.isUnreadable = false;
    await desk.start('socket');
    await desk.reported(NOT_ME);
  });

  it('is heard although it stands in no history, as a reply in a thread', async () => {
    await writeInVain({ thread_ts: '1.000001' });
    desk.isDown = false;
    await desk.reported(NOT_ME);
  });
});

describe('a mark of what was heard that a clock left in the future', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open(db);
    desk.pass(24 * 60 * MINUTE);
    await desk.start('socket');
    await desk.until('a mark', desk.mark);
  });
  afterEach(() => desk.close());

  it('does not keep a message from being read after the next start', async () => {
    await desk.stop();
    desk.pass(-24 * 60 * MINUTE);
    const ts = [desk.stamp(), `${Math.floor(desk.now().getTime() / 1000) - 3600}.000001`] as const;
    desk.history.set('D0ELI', [{ user: 'U0ELI', text: NOT_ME, ts: ts[0] }]);
    desk.history.set('D0ADA', [{ user: 'U0ADA', text: 'that was not me', ts: ts[1] }]);
    await desk.start('socket');
    await desk.reported('that was not me', NOT_ME);
  });

  it('does not stay there: it comes back with the clock', async () => {
    desk.pass(-24 * 60 * MINUTE);
    await desk.until('the mark to be back', async () => (await desk.mark()) <= desk.now());
  });
});

describe('a direct message in another form', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open(db);
    await desk.start('http');
  });
  afterEach(() => desk.close());
  const user = 'U0ELI';

  it('is a report when it was written with /me, delivered or read', async () => {
    const written = { user, subtype: 'me_message', text: NOT_ME, ts: desk.stamp() };
    await desk.deliver('D0ELI', written);
    await desk.reported(NOT_ME);
    desk.pass(MINUTE);
    desk.history.set('D0ELI', [{ ...written, text: 'it was not me', ts: desk.stamp() }]);
    desk.pass(10 * MINUTE);
    await desk.reported(NOT_ME, 'it was not me');
  });

  /** As Slack tells that a message was changed. */
  function edited(ts: string, before: string | null, text: string) {
    const at = desk.stamp();
    const message = { type: 'message', user, text, ts, edited: { user, ts: at } };
    const previous = before === null ? {} : { previous_message: { type: 'message', user, text: before, ts } };
    return { subtype: 'message_changed', hidden: true, message, ...previous, ts: at, event_ts: at };
  }

  it('is a report when it was edited into one: once, and of the time of the edit', async () => {
    const ts = desk.stamp();
    await desk.deliver('D0ELI', { user, text: 'hello', ts });
    desk.pass(60 * MINUTE);
    const edit = edited(ts, 'hello', NOT_ME);
    await desk.deliver('D0ELI', edit);
    await desk.deliver('D0ELI', edit);
    await desk.deliver('D0ELI', edited(ts, NOT_ME, `${NOT_ME}!`));
    const [report] = await desk.reported(NOT_ME);
    expect(desk.now().getTime() - (report?.reported_at.getTime() ?? 0)).toBeLessThan(10 * MINUTE);
  });

  it('is a report when Slack does not tell what it was before', async () => {
    await desk.deliver('D0ELI', edited(desk.stamp(), null, NOT_ME));
    await desk.reported(NOT_ME);
  });

  it('is asked about when an edit has made it unclear', async () => {
    await desk.deliver('D0ELI', edited(desk.stamp(), 'hello', 'is my account all right?'));
    expect(desk.said.at(-1)?.text).toContain('I want to be sure that I understand you');
  });

  it('is nothing new when an app, or the preview of a link, changed it', async () => {
    const change = edited(desk.stamp(), 'hello', NOT_ME);
    await desk.deliver('D0ELI', { ...change, message: { ...change.message, bot_id: 'B0OTHER' } });
    await desk.deliver('D0ELI', { ...change, message: { ...change.message, edited: undefined } });
    expect(await desk.reports()).toEqual([]);
    expect(desk.said).toEqual([]);
  });

  it('is taken in later when its edit was delivered while the database was down', async () => {
    desk.isDown = true;
    await desk.deliver('D0ELI', edited(desk.stamp(), 'hello', NOT_ME));
    desk.isDown = false;
    await desk.reported(NOT_ME);
  });
});

describe('a direct message that no delivery brought', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open(db);
  });
  afterEach(() => desk.close());
  const write = (): void => {
    desk.history.set('D0ELI', [{ user: 'U0ELI', text: NOT_ME, ts: desk.stamp() }]);
  };

  it('is read when the mark of what was heard could not be written meanwhile', async () => {
    await desk.start('socket');
    await desk.until('a mark', desk.mark);
    desk.isDown = true;
    await desk.until('a round in vain', () => desk.refused > 0);
    write();
    desk.pass(20 * MINUTE);
    desk.isDown = false;
    await desk.reported(NOT_ME);
  });

  it('is read beside one that can never be taken in', async () => {
    const user = 'U0ELI';
    const ts = [desk.stamp(), desk.stamp()] as const;
    desk.history.set('D0ELI', [
      { user, text: 'not me \u0000', ts: ts[0] },
      { user, text: NOT_ME, ts: ts[1] },
    ]);
    await desk.start('socket');
    await desk.reported(NOT_ME);
  });

  it('is read in HTTP mode after a silence', async () => {
    await desk.start('http');
    await desk.until('a mark', desk.mark);
    write();
    desk.pass(20 * MINUTE);
    await desk.reported(NOT_ME);
  });

  it('is read in HTTP mode when the first delivery after a silence arrives', async () => {
    await desk.start('http');
    await desk.until('a mark', desk.mark);
    write();
    desk.pass(20 * MINUTE);
    await desk.deliver('D0ADA', { user: 'U0ADA', text: 'hello', ts: desk.stamp() });
    await desk.reported(NOT_ME);
  });

  it('makes nobody read again and again while Slack delivers', async () => {
    await desk.start('http');
    await desk.until('a mark', desk.mark);
    const { looks } = desk;
    for (let minute = 0; minute < 20; minute += 2) {
      desk.pass(2 * MINUTE);
      await desk.deliver('D0ADA', { user: 'U0ADA', text: 'hello', ts: desk.stamp() });
      const { now } = desk;
      const at = now();
      await desk.until('a round', async () => (await desk.mark()) >= new Date(at.getTime() - 1000));
    }
    expect(desk.looks).toBe(looks);
  });
});
