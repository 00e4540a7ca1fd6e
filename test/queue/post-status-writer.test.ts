import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { claimWork, type Lease, LeaseLostError, requestWork } from '../../src/outbox/outbox.js';
import { deliverPost, type Delivery, type Post } from '../../jobs/handlers/deliver-post.js';
import { PostStatusWriter } from '../../jobs/handlers/post-status-writer.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger } from '../../src/ports/messenger.js';
import { ok } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';

const WORKSPACE = 'T1';
const WORK = { workspaceId: WORKSPACE, id: 'sync_incident_inc_1' };
const LEASE_MS = 15_000;

describe('a post and the claim on its work', () => {
  const runtime = systemRuntime();
  let db: StoreDatabase;
  let core: Core;
  let sent: string[];
  let now: Date;

  beforeAll(async () => {
    db = await openDatabase({ databaseUrl: null, dataDir: null, runtime });
    await migrate(db, migrations);
    // Of the core, a post's delivery asks the store, the observer and the meter only.
    core = {
      workspaceId: WORKSPACE,
      db,
      runtime,
      log: pino({ level: 'silent' }),
      meter: { posted: () => undefined },
    } as unknown as Core;
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    sent = [];
    now = runtime.now();
    await db.query('delete from posts');
    await db.query('delete from work');
    await requestWork(db, { workspaceId: WORKSPACE, name: 'sync_incident', ref: 'inc_1', correlationId: 'c', now });
    await db.query(
      `insert into posts (workspace_id, id, incident_id, post_key, position, body, status, created_at)
       select $1, id, 'inc_1', id, 1, '{"kind":"line"}', 'pending', $2 from unnest($3::text[]) as id`,
      [WORKSPACE, now, ['post_1', 'post_2']],
    );
  });

  /** Slack, as far as it matters here: it takes everything. */
  const messenger: Messenger = {
    post: (_to, drawn) => {
      sent.push(drawn.text);
      return Promise.resolve(ok({ channel: 'C1', ts: `${String(sent.length)}.0` }));
    },
    attach: () => Promise.resolve(ok(null)),
    update: () => Promise.resolve(ok(null)),
    fill: () => Promise.resolve(ok(null)),
    find: () => Promise.resolve(ok(null)),
    standing: () => Promise.resolve(ok(null)),
    openDm: () => Promise.resolve(ok('D1')),
  };

  async function claim(at: Date): Promise<Lease> {
    const token = runtime.newId('lease');
    const work = await claimWork(db, WORK, { now: at, token, leaseMs: LEASE_MS });
    return { ...WORK, token, wanted: work!.wanted };
  }
  const deliveryOf = (lease: Lease): Delivery => ({ core, messenger, statuses: new PostStatusWriter(core, lease) });
  const post = (id: string): Post => ({
    id,
    body: { kind: 'card' },
    status: 'pending',
    channel: null,
    ts: null,
    drawn: null,
    created_at: now,
  });
  const sheet = (text: string) => ({ to: { channel: 'C1', threadTs: null }, drawn: { text, blocks: [] } });
  const stored = async (id: string) =>
    (await db.query<{ status: string; ts: string | null }>('select status, ts from posts where id = $1', [id])).rows[0];

  it('is sent once by the worker that holds it, and what became of it is written', async () => {
    const delivery = deliveryOf(await claim(now));
    expect((await deliverPost(delivery, post('post_1'), sheet('one'))).ok).toBe(true);
    expect(await stored('post_1')).toEqual({ status: 'sending', ts: null });
    // Marking the next writes what became of the one before.
    expect((await deliverPost(delivery, post('post_2'), sheet('two'))).ok).toBe(true);
    expect(await stored('post_1')).toEqual({ status: 'posted', ts: '1.0' });
    await delivery.statuses.write();
    expect(await stored('post_2')).toEqual({ status: 'posted', ts: '2.0' });
    expect(sent).toEqual(['one', 'two']);
  });

  it('is not sent by a worker whose claim ran out and was taken over', async () => {
    const stale = deliveryOf(await claim(now));
    const next = deliveryOf(await claim(new Date(now.getTime() + LEASE_MS + 1)));
    await expect(deliverPost(stale, post('post_1'), sheet('stale'))).rejects.toThrow(LeaseLostError);
    expect(sent).toEqual([]);
    expect(await stored('post_1')).toEqual({ status: 'pending', ts: null });
    await deliverPost(next, post('post_1'), sheet('next'));
    await next.statuses.write();
    expect(sent).toEqual(['next']);
  });

  it('keeps what the next worker wrote when the stale one comes back from Slack', async () => {
    const stale = deliveryOf(await claim(now));
    await deliverPost(stale, post('post_1'), sheet('stale'));
    const next = deliveryOf(await claim(new Date(now.getTime() + LEASE_MS + 1)));
    await next.statuses.write({ id: 'post_1', status: 'posted', channel: 'C1', ts: '9.0', drawn: null });
    await expect(stale.statuses.write()).rejects.toThrow(LeaseLostError);
    expect(await stored('post_1')).toEqual({ status: 'posted', ts: '9.0' });
  });
});
