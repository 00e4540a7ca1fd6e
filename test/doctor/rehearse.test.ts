import { describe, expect, it } from '@jest/globals';
import { rehearse, reversibleIn } from '../../src/doctor/rehearse.js';
import { rehearseAction, staysChanged, worked } from '../../src/doctor/rehearse-action.js';
import { type ActionKind, type ConnectorFailure } from '../../src/ports/connector.js';
import { MemoryConnector, type MemoryOptions } from '../memory-connector.js';
import { playedRuntime } from '../played-runtime.js';

const LOGIN = 'test@meadow.example';
const refused = (kind: 'permission' | 'unknown_outcome' | 'conflict', retryAfterMs?: number): ConnectorFailure => ({
  kind,
  message: `it is ${kind}`,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const locked = (retryAfterMs: number): ConnectorFailure => ({ kind: 'transient', message: 'locked', retryAfterMs });

function stage(options: MemoryOptions = {}) {
  const system = new MemoryConnector('okta', options);
  const account = system.add(LOGIN);
  const waited: number[] = [];
  const runtime = playedRuntime();
  const call = { signal: new AbortController().signal, correlationId: 'cor_rehearsal' };
  const wait = (ms: number): Promise<void> => Promise.resolve(void waited.push(ms));
  const shared = { call, runtime, wait };
  const one = (kind: ActionKind = 'disable_account') =>
    rehearseAction({ connector: system, account, ...shared }, { kind } as never);
  return { system, account, waited, shared, one, isEnabled: () => system.isEnabled(account.accountId) };
}

describe('one action on a test account', () => {
  it('is done, read back, and taken back at once', async () => {
    const { system, one, isEnabled, waited } = stage();
    const { row, sent } = await one();
    expect(row).toMatchObject({ result: 'shown', undone: 'yes', left: [], login: LOGIN });
    expect(sent?.before).toEqual({ disable_account: false });
    expect([isEnabled(), waited]).toEqual([true, []]);
    const order = ['capture', 'perform', 'readBack', 'restore', 'capture'];
    expect(system.asked).toEqual(order.map((method) => `${method} disable_account`));
  });

  it.each([
    ['a permission', refused('permission'), 'failed', 'not_needed'],
    ['a conflict', refused('conflict'), 'failed', 'not_needed'],
    ['a lost answer', refused('unknown_outcome'), 'not_shown', 'yes'],
  ] as const)('that ends with %s is told so, and nothing stays', async (_what, failure, result, undone) => {
    const { system, one, isEnabled } = stage();
    system.fail('perform', failure);
    expect((await one()).row).toMatchObject({ result, undone, left: [] });
    expect(isEnabled()).toBe(true);
  });

  it('that was carried out though its answer was lost is taken back', async () => {
    const { system, account, one, isEnabled } = stage();
    system.fail('perform', refused('unknown_outcome'));
    system.verdicts.push('holds');
    const ended = one();
    system.setEnabled(account.accountId, false);
    const { row } = await ended;
    expect(row.undone === 'yes' || row.undone === 'not_needed').toBe(true);
    expect([isEnabled(), staysChanged(row)]).toEqual([row.undone === 'yes', false]);
  });

  it('waits as long as the system asks, and sends it again', async () => {
    const { system, one, waited } = stage();
    system.fail('perform', locked(7_000), { kind: 'throttled', message: 'later', retryAfterMs: 9_000 });
    system.fail('restore', locked(3_000));
    expect((await one()).row).toMatchObject({ result: 'shown', undone: 'yes' });
    expect(waited).toEqual([7_000, 9_000, 3_000]);
  });

  it('that is shown late is read until it is shown', async () => {
    const { system, one, waited } = stage();
    system.verdicts.push('does_not_hold', 'cannot_tell');
    expect((await one()).row).toMatchObject({ result: 'shown', undone: 'yes' });
    expect(waited).toEqual([1_000, 2_000]);
  });

  it.each([
    ['cannot_tell', 'accepted', true],
    ['does_not_hold', 'not_shown', false],
  ] as const)('whose read-back stays at %s is %s', async (verdict, result, good) => {
    const { system, one } = stage();
    system.verdicts.push(...Array<typeof verdict>(6).fill(verdict));
    const { row } = await one();
    expect(row).toMatchObject({ result, undone: 'yes' });
    expect(worked(row)).toBe(good);
  });

  it('whose effect is not shown is accepted, read once, and taken back', async () => {
    const { system, one } = stage();
    system.effectUnseen = true;
    expect((await one()).row).toMatchObject({ result: 'accepted', detail: 'it is in place', undone: 'yes' });
    expect(system.asked.filter((asked) => asked.startsWith('readBack'))).toHaveLength(1);
  });

  it('is not sent when what it would change cannot be read', async () => {
    const { system, one, isEnabled } = stage();
    system.fail('capture', refused('permission'));
    expect((await one()).row).toMatchObject({ result: 'not_tried', undone: 'not_needed' });
    expect([isEnabled(), system.asked]).toEqual([true, ['capture disable_account']]);
  });

  it('is not sent when its undo cannot restore everything', async () => {
    const { system, one, isEnabled } = stage();
    const asked = Object.assign(system, { cannotRestore: () => 'Its owner has to confirm it again.' });
    expect((await one()).row).toMatchObject({
      result: 'not_tried',
      detail: 'Its owner has to confirm it again.',
      undone: 'not_needed',
    });
    expect([isEnabled(), asked.asked]).toEqual([true, ['capture disable_account']]);
  });

  it('that was so already is not taken back', async () => {
    const { system, account, one, isEnabled } = stage();
    system.setEnabled(account.accountId, false);
    const { row, sent } = await one();
    expect(row).toMatchObject({ result: 'nothing_to_do', undone: 'not_needed' });
    expect([isEnabled(), sent, worked(row)]).toEqual([false, null, true]);
  });

  it('that cannot be taken back is named, with what it was and what it is', async () => {
    const { system, one, isEnabled } = stage();
    system.fail('restore', ...Array<ConnectorFailure>(6).fill(refused('permission')));
    const { row } = await one();
    expect(row).toMatchObject({
      result: 'shown',
      undone: 'no',
      left: [{ name: 'disable_account', expected: false, found: true }],
    });
    expect([isEnabled(), staysChanged(row)]).toEqual([false, true]);
  });

  it('whose present cannot be read afterwards is never told as taken back', async () => {
    const { system, one } = stage();
    const answers = one();
    system.fail('capture', ...Array<ConnectorFailure>(6).fill(refused('permission')));
    const { row } = await answers;
    expect(row.undone).toBe('cannot_tell');
    expect(row.left).toMatchObject([{ name: 'disable_account', expected: false }]);
    expect(staysChanged(row)).toBe(true);
  });
});

describe('a rehearsal', () => {
  const CONSOLE = { capabilities: { quarantine: { route: 'console' }, require_two_step: { undo: null } } } as const;

  it('does every action that the system does and takes back, and no other', async () => {
    const { system, account, shared, isEnabled } = stage(CONSOLE);
    const rows = await rehearse([{ connector: system, account }], {
      ...shared,
      stopping: () => false,
      onRow: () => undefined,
    });
    expect(rows.map(({ action }) => action)).toEqual(reversibleIn(system));
    expect(rows.map(({ action }) => action)).not.toEqual(expect.arrayContaining(['quarantine']));
    expect(rows.map(({ action }) => action)).not.toEqual(expect.arrayContaining(['require_two_step']));
    expect(rows.filter(staysChanged)).toEqual([]);
    expect(isEnabled()).toBe(true);
  });

  it('begins nothing more when it is to stop, and has taken back what it began', async () => {
    const { system, account, shared, isEnabled } = stage();
    const done: string[] = [];
    const rows = await rehearse([{ connector: system, account }], {
      ...shared,
      stopping: () => done.length === 3,
      onRow: ({ action }) => void done.push(action),
    });
    expect(rows.map(({ action }) => action)).toEqual(done);
    expect(rows).toHaveLength(3);
    expect([rows.filter(staysChanged), isEnabled()]).toEqual([[], true]);
  });

  it('looks once more at its end, and takes back again what a late system shows then', async () => {
    const { system, account, shared, isEnabled } = stage();
    const rows = await rehearse([{ connector: system, account }], {
      ...shared,
      stopping: () => false,
      onRow({ action }) {
        if (action === 'disable_account') system.setEnabled(account.accountId, false);
      },
    });
    expect(isEnabled()).toBe(true);
    expect(rows.filter(staysChanged)).toEqual([]);
  });
});
