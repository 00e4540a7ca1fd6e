import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';
import { Desk } from './desk.js';

let db: Database;
let desk: Desk;
beforeAll(async () => {
  db = await openMemoryDatabase();
}, 240_000);
beforeEach(async () => {
  desk = await Desk.open(db);
  await desk.start('socket');
});
afterEach(() => desk.close());
afterAll(() => db.close());

const rows = async (statement: string): Promise<readonly unknown[]> => (await db.query(statement)).rows;

describe('what Slack tells of the security channel', () => {
  it.each(['channel_shared', 'channel_archive', 'channel_deleted', 'group_archive', 'group_deleted'])(
    '%s is recorded, and the channel is looked at',
    async (type) => {
      await db.query('delete from work');
      await desk.deliver('C0SECURITY', { type });
      expect(await rows("select ref from work where name = 'check_channel'")).toEqual([{ ref: 'C0SECURITY' }]);
      expect(
        await rows(
          "select detail from record_entries where action = 'channel.changed' order by at desc, seq desc limit 1",
        ),
      ).toEqual([{ detail: { channel: 'C0SECURITY', event: type } }]);
    },
    60_000,
  );

  it('says nothing about other channels', async () => {
    await db.query('delete from work');
    await desk.deliver('C0GENERAL', { type: 'channel_shared' });
    expect(await rows('select ref from work')).toEqual([]);
  });
});
