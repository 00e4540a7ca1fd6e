import { describe, expect, it } from '@jest/globals';
import { mimecastSnapshot } from '../src/mimecast/model.js';
import { ADA, directory, pass, post, restart, start, update, withMimecast } from './mimecast-lab.js';

withMimecast();

describe('what may go wrong', () => {
  it('happens as often as asked, to the calls that were named', async () => {
    directory.faults.add({ type: 'http_500', only: 'writes', times: 2, skip: 1 });
    const statuses = [
      await update({}),
      await update({ allowPop: false }),
      await update({ allowPop: true }),
      await update({ allowPop: false }),
      await update({ allowPop: true }),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 500, 500, 200]);
    directory.faults.add({ type: 'http_500', times: 9 });
    directory.faults.clear();
    expect((await update({})).status).toBe(200);
  });

  it('may stand in the envelope alone', async () => {
    directory.faults.add({ type: 'meta_status', status: 503, times: 1, path: '/api/user/update-user' });
    directory.faults.add({ type: 'fail_envelope', code: 'err_odd', only: 'writes', times: 1 });
    expect(await update({})).toMatchObject({ status: 200, body: { meta: { status: 503 }, fail: [] } });
    expect((await update({})).code).toBeUndefined();
    expect(await update({ accountDisabled: true })).toMatchObject({ status: 200, code: 'err_odd' });
    expect(directory.user(ADA)?.enabled).toBe(true);
    expect((await update({ accountDisabled: true })).code).toBeUndefined();
  });

  it('may be an audit log that is written late', async () => {
    directory.setLag(60_000);
    await update({ password: 'A-good-Passw0rd' });
    const rows = async () => {
      const window = { startDateTime: '2026-03-02T08:00:00+0000', endDateTime: '2026-03-02T10:00:00+0000' };
      return (await post('/api/audit/get-audit-events', window)).body.data.length;
    };
    expect(await rows()).toBe(0);
    pass(60_000);
    expect(await rows()).toBe(1);
  });

  it('loses an answer with the effect, or the request before it', async () => {
    directory.faults.add({ type: 'drop_after_effect', times: 1 });
    await expect(update({ accountDisabled: true })).rejects.toThrow();
    expect(directory.user(ADA)?.accountDisabled).toBe(true);
    directory.faults.add({ type: 'drop_before_effect', times: 1 });
    await expect(update({ accountDisabled: false })).rejects.toThrow();
    expect(directory.user(ADA)?.accountDisabled).toBe(true);
    expect(directory.calls().map(({ status }) => status)).toEqual([200, null, null]);
  });

  it('keeps silent until it is closed', async () => {
    directory.faults.add({ type: 'timeout_after_effect', times: 1 });
    const silent = update({ accountDisabled: true });
    const failure = expect(silent).rejects.toThrow();
    const changed = new Promise<void>((resolve) => directory.onChange(resolve));
    await changed;
    await directory.close();
    await failure;
    await start();
  });

  it('calls the hooks around each effect, and only there', async () => {
    const order: string[] = [];
    directory.hooks.beforeEffect = ({ email }) => {
      order.push(`before ${email} ${directory.user(ADA)?.accountDisabled}`);
      return Promise.resolve();
    };
    directory.hooks.afterEffect = ({ path }) => {
      order.push(`after ${path} ${directory.user(ADA)?.accountDisabled}`);
      return Promise.resolve();
    };
    await update({});
    await update({ accountDisabled: true });
    expect(order).toEqual([`before ${ADA} false`, 'after /api/user/update-user true']);
  });
});

describe('a snapshot', () => {
  it('brings everything back', async () => {
    await update({ password: 'A-good-Passw0rd', accountDisabled: true });
    const snapshot = mimecastSnapshot.parse(JSON.parse(JSON.stringify(directory.snapshot())));
    await restart({ users: [], groups: [], snapshot });
    expect(directory.checkPassword(ADA, 'A-good-Passw0rd')).toBe(true);
    expect(directory.user(ADA)).toMatchObject({ accountDisabled: true });
    expect(directory.state().groups).toHaveLength(3);
    expect(directory.state().audit).toHaveLength(1);
  });
});
