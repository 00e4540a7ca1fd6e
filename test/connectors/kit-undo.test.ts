import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { err, ok } from '../../src/platform/result.js';
import {
  changed,
  FOREIGN_FACTS,
  native,
  type Answer,
  type Reading,
  type Target,
} from '../../src/connectors/kit/action.js';
import { segment } from '../../src/connectors/http/path.js';
import { blockListAction } from '../../src/connectors/kit/block-list.js';
import { undoOfFlags } from '../../src/connectors/kit/flags.js';
import { listedFacts, memberAction } from '../../src/connectors/kit/groups.js';
import { everyItemAction, itemAction, type ItemKind } from '../../src/connectors/kit/items.js';
import { undoOfList } from '../../src/connectors/kit/undo-list.js';
import type { ConnectorFailure, Receipt } from '../../src/ports/connector.js';

const target: Target = {
  account: { system: 'toy', accountId: '1', login: 'ada' },
  call: { signal: new AbortController().signal, correlationId: 'test-1' },
};
const busy: ConnectorFailure = { kind: 'throttled', message: 'Too many calls; wait.', retryAfterMs: 1000 };
const away: ConnectorFailure = { kind: 'transient', message: 'It is away; try again.' };

/** The first call works, the second fails. */
function failsLater(failure: ConnectorFailure): () => Answer<Receipt> {
  let calls = 0;
  return () => Promise.resolve(++calls === 1 ? ok(changed()) : err(failure));
}

it.each([[busy], [away]])(
  'a command that fails after a part of it was done is read back first: $kind',
  async (failure) => {
    const task = { ...target, command: { kind: 'quarantine' } as const };
    const join = failsLater(failure);
    const groups = { join, leave: join, memberships: () => Promise.resolve(ok(new Map())) };
    const words = { inside: () => '', outside: () => '', unknown: () => '' };
    const joining = memberAction<'quarantine', never>(['a', 'b'], { groups, words }, { can: native() });
    expect(await joining.perform(task)).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
    const removing = everyItemAction<'quarantine', never, string>(
      {
        words: { nothingLeft: 'Nothing.', unread: 'Not all.' },
        list: () => Promise.resolve(ok({ items: ['a', 'b'], complete: true })),
        id: (item) => item,
        title: (item) => item,
        change: failsLater(failure),
      },
      { can: native() },
    );
    expect(await removing.perform(task)).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
  },
);

it('an undo of flags sets back what differs, and nothing that was not told', async () => {
  const sent: unknown[] = [];
  const undo = undoOfFlags<'disable_account', 'on' | 'pop' | 'smtp'>(['on', 'pop', 'smtp'], {
    read: () => Promise.resolve(ok({ on: false, pop: true, smtp: false })),
    set: (flags) => Promise.resolve((sent.push([...flags]), ok(changed()))),
  });
  const task = { ...target, command: { kind: 'disable_account' } as const };
  expect(await undo.capture(task)).toEqual(ok({ on: false, pop: true, smtp: false }));
  expect(await undo.restore(task, { on: true, pop: null, smtp: false })).toEqual(ok(changed()));
  expect(await undo.restore(task, { on: false })).toMatchObject({ value: { alreadyDone: true } });
  expect(await undo.restore(task, { on: 'yes' })).toEqual(err(FOREIGN_FACTS));
  expect(sent).toEqual([[['on', true]]]);
});

it('an undo of a list gives back what is missing, each as often as it was there', async () => {
  const given: string[] = [];
  const undo = undoOfList<'remove_admin_roles', string>('roles', z.string(), {
    list: () => Promise.resolve(ok(['USER_ADMIN', 'HELP_DESK'])),
    give: (role) => Promise.resolve((given.push(role), ok(changed()))),
  });
  const task = { ...target, command: { kind: 'remove_admin_roles' } as const };
  expect(await undo.capture(task)).toEqual(ok({ roles: ['HELP_DESK', 'USER_ADMIN'] }));
  expect(await undo.restore(task, { roles: ['USER_ADMIN', 'USER_ADMIN', 'APP_ADMIN'] })).toEqual(ok(changed()));
  expect(given).toEqual(['USER_ADMIN', 'APP_ADMIN']);
  expect(await undo.restore(task, { roles: ['HELP_DESK'] })).toMatchObject({ value: { alreadyDone: true } });
  expect(await undo.restore(task, {})).toEqual(err(FOREIGN_FACTS));
});

it.each([
  ['a/b?c', 'a%2Fb%3Fc'],
  ['.', '_'],
  ['..', '_'],
  ['', '_'],
])('a part of a path never navigates: %j', (text, part) => {
  expect(segment(text)).toBe(part);
});

type Device = { readonly id: string; readonly status: 'open' | 'blocked' | 'odd' };

/** Phones that are blocked; of `odd` ones the system does not tell whether they are. */
function phones(devices: readonly Device[], sent: string[]): ItemKind<Device> {
  return {
    words: { nothingLeft: 'All are blocked.', unread: 'Not all are shown; look there.' },
    list: () => Promise.resolve(ok({ items: devices, complete: true })),
    id: ({ id }) => id,
    title: ({ id }) => id,
    harmless: ({ status }) => (status === 'odd' ? null : status === 'blocked'),
    change: ({ id }) => Promise.resolve((sent.push(id), ok(changed()))),
    undo: {
      fact: ({ status }) => status,
      putBack: ({ id }, present) =>
        present === undefined
          ? Promise.resolve(err({ kind: 'conflict', message: `${id} is gone; look for it.` }))
          : Promise.resolve((sent.push(id), ok(changed()))),
    },
  };
}

const blocking = { ...target, command: { kind: 'block_devices', items: 'all' } as const };

const reading: Reading = {
  state: {
    enabled: null,
    locked: null,
    mustChangePassword: null,
    passwordChangedAt: null,
    twoStepRequired: null,
    loginRanges: null,
    protectedBecause: null,
    authority: null,
    adminRoles: null,
    use: null,
    readAt: new Date(0),
  },
};

it('an item whose state is not told is changed, and proves nothing', async () => {
  const sent: string[] = [];
  const devices: readonly Device[] = [
    { id: 'a', status: 'blocked' },
    { id: 'b', status: 'odd' },
  ];
  const action = itemAction<'block_devices', Reading, Device>(phones(devices, sent), { can: native() });
  expect(await action.perform(blocking)).toEqual(ok(changed()));
  expect(sent).toEqual(['b']);
  expect(await action.judge(blocking, { reading, since: new Date(0) })).toMatchObject({
    value: { verdict: 'cannot_tell' },
  });
});

it('an item that cannot be put back holds up none of the others, and is told', async () => {
  const sent: string[] = [];
  const action = itemAction<'block_devices', Reading, Device>(phones([{ id: 'b', status: 'blocked' }], sent), {
    can: native(),
  });
  const restored = await action.undo?.restore(blocking, { a: 'open', b: 'open' });
  expect(restored).toMatchObject({ error: { kind: 'conflict', message: 'a is gone; look for it.' } });
  expect(sent).toEqual(['b']);
});

it('an undo of blocked addresses takes away what the command added, and nothing by facts of another action', async () => {
  const sent: unknown[] = [];
  const write = (change: unknown) => Promise.resolve((sent.push(change), ok(changed())));
  const ranges = ['192.0.2.1/32', '198.51.100.7/32'];
  const words = { inside: () => '', outside: () => '' };
  const read = () => Promise.resolve(ok({ ranges, complete: true, write }));
  const { undo } = blockListAction<never>({ read, words, facts: listedFacts('blocked') }, { can: native() });
  const task = { ...target, command: { kind: 'block_address', ranges: ['192.0.2.1', '198.51.100.7'] } as const };
  expect(await undo?.restore(task, { groups: [] })).toEqual(err(FOREIGN_FACTS));
  expect(await undo?.restore(task, { blocked: ['192.0.2.1/32'] })).toEqual(ok(changed()));
  expect(sent).toEqual([{ add: [], remove: ['198.51.100.7/32'] }]);
});
