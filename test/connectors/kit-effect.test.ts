import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../src/platform/result.js';
import type { ConnectorFailure } from '../../src/ports/connector.js';
import { changed, native, UNTOLD, type Action, type Reading, type Task } from '../../src/connectors/kit/action.js';
import { blockListAction } from '../../src/connectors/kit/block-list.js';
import { acts, idle, unseen, type Effect } from '../../src/connectors/kit/effect.js';
import {
  flaggedFacts,
  memberAction,
  rangesAction,
  type Groups,
  type Membership,
} from '../../src/connectors/kit/groups.js';
import { isWithin } from '../../src/connectors/kit/ranges.js';

const RANGES = ['203.0.113.0/24'];
const target = {
  account: { system: 'acme', accountId: '1', login: 'ada@acme.example' },
  call: { signal: new AbortController().signal, correlationId: 'c' },
};
const reading = (loginRanges: readonly string[] | null): Reading => ({
  state: { ...UNTOLD, loginRanges, readAt: new Date(0) },
});
const groupsWith = (found: Membership): Groups => ({
  memberships: (names) => Promise.resolve(ok(new Map(names.map((name) => [name, found])))),
  join: () => Promise.resolve(ok(changed())),
  leave: () => Promise.resolve(ok(changed())),
});
const can = native();

type Reads = () => Effect | Promise<{ readonly ok: false; readonly error: ConnectorFailure }>;
interface Played {
  readonly found: Membership;
  readonly effect: Reads;
}

const quarantine = ({ found, effect }: Played) =>
  memberAction<'quarantine', Reading>(
    ['q'],
    {
      groups: groupsWith(found),
      words: { inside: () => 'It is in q.', outside: () => 'It is not in q.', unknown: () => 'Nobody tells.' },
      effect,
    },
    { can },
  );
const limit = ({ effect }: Played) =>
  rangesAction<Reading>(
    [{ group: 'office', ranges: RANGES }],
    {
      groups: groupsWith('inside'),
      words: { unprepared: '', notShown: 'Not shown.', inside: () => 'It is in q.', outside: () => 'It is not in q.' },
      effect,
    },
    { can },
  );
const block = ({ found, effect }: Played) =>
  blockListAction<Reading>(
    {
      read: () =>
        Promise.resolve(ok({ ranges: found === 'inside' ? RANGES : [], write: () => Promise.resolve(ok(changed())) })),
      words: { inside: () => 'It is in q.', outside: () => 'It is not in q.' },
      facts: flaggedFacts((one) => one),
      effect,
    },
    { can },
  );

async function judged<K extends 'quarantine' | 'limit_login_ips' | 'block_address'>(
  action: Action<K, Reading>,
  command: Task<K>['command'],
  found: Membership,
) {
  const shown = found === 'inside' ? RANGES : [];
  const verdict = await action.judge({ ...target, command }, { reading: reading(shown), since: new Date(0) });
  return 'verdict' in verdict ? ok(verdict) : verdict;
}

const KINDS = {
  'a group': (played: Played) => judged(quarantine(played), { kind: 'quarantine' }, played.found),
  'login ranges': (played: Played) => judged(limit(played), { kind: 'limit_login_ips', ranges: RANGES }, played.found),
  'a list of addresses': (played: Played) =>
    judged(block(played), { kind: 'block_address', ranges: RANGES }, played.found),
} as const;

describe.each(Object.entries(KINDS))('the effect of %s', (_title, judge) => {
  it.each([
    [
      'read and in force',
      acts('a policy blocks it'),
      { verdict: 'holds', observed: 'It is in q; a policy blocks it.' },
    ],
    [
      'read and not in force',
      idle('but no policy blocks it'),
      { verdict: 'does_not_hold', observed: 'It is in q; but no policy blocks it.' },
    ],
    [
      'not read',
      unseen('that a policy blocks it could not be read'),
      { verdict: 'cannot_tell', inPlace: true, observed: 'It is in q; that a policy blocks it could not be read.' },
    ],
  ])('is told beside the membership: %s', async (_how, effect, value) => {
    expect(await judge({ found: 'inside', effect: () => effect })).toEqual({ ok: true, value });
  });

  it('is not asked for where the account is not even in it', async () => {
    const asked: string[] = [];
    const effect = () => {
      asked.push('effect');
      return acts('');
    };
    expect(await judge({ found: 'outside', effect })).toMatchObject({ value: { verdict: 'does_not_hold' } });
    expect(asked).toEqual([]);
  });

  it('that a broken system does not show is asked for again', async () => {
    const broken = err<ConnectorFailure>({ kind: 'transient', message: 'It is down.' });
    expect(await judge({ found: 'inside', effect: () => Promise.resolve(broken) })).toEqual(broken);
  });
});

it.each([
  ['203.0.113.7', true],
  ['203.0.113.0/24', true],
  ['203.0.113.0/25', true],
  ['203.0.112.0/23', false],
  ['198.51.100.7/32', false],
  ['::ffff:203.0.113.7', true],
  ['2001:db8::/48', true],
  ['2001:db9::/48', false],
  ['nonsense', false],
])('%s lies in the ranges: %s', (one, wanted) => {
  expect(isWithin(one, ['203.0.113.0/24', '2001:db8::/32'])).toBe(wanted);
});
