import { expect, it } from '@jest/globals';
import type { Receipt } from '../../src/ports/connector.js';
import { err, ok } from '../../src/platform/result.js';
import { changed, native, type Reading } from '../../src/connectors/kit/action.js';
import { unseen } from '../../src/connectors/kit/effect.js';
import { rangesAction, type Membership } from '../../src/connectors/kit/groups.js';

const PREPARED = [
  { group: 'office', ranges: ['203.0.113.0/24'] },
  { group: 'home', ranges: ['198.51.100.0/24'] },
  { group: 'deleted', ranges: ['192.0.2.0/24'] },
];

it('changes only the groups that need it where one call tells of all, so that a broken one stops nothing', async () => {
  const sent: string[] = [];
  const change = (what: string) => (group: string) => {
    sent.push(`${what} ${group}`);
    const gone = err({ kind: 'not_found', message: 'There is no such group.' } as const);
    return Promise.resolve(group === 'deleted' ? gone : ok<Receipt>(changed()));
  };
  const told = new Map<string, Membership>([
    ['office', 'outside'],
    ['home', 'inside'],
    ['deleted', 'outside'],
  ]);
  const limit = rangesAction<Reading>(
    PREPARED,
    {
      groups: {
        atOnce: true,
        memberships: () => Promise.resolve(ok(told)),
        join: change('join'),
        leave: change('leave'),
      },
      words: { unprepared: '', notShown: '', inside: () => '', outside: () => '' },
      effect: () => unseen(''),
    },
    { can: native() },
  );
  const outcome = await limit.perform({
    account: { system: 'acme', accountId: '1', login: 'ada@acme.example' },
    call: { signal: new AbortController().signal, correlationId: 'c' },
    command: { kind: 'limit_login_ips', ranges: ['203.0.113.0/24'] },
  });
  expect(outcome.ok).toBe(true);
  expect(sent).toEqual(['join office', 'leave home']);
});
