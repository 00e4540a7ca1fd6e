import { describe, expect, it } from '@jest/globals';
import { findRecently } from '../../src/approvals/recent-finds.js';
import type { Connector, PersonIdentifiers } from '../../src/ports/connector.js';
import { err, ok } from '../../src/platform/result.js';

type Answer = Awaited<ReturnType<Connector['find']>>;

const ACCOUNT = { system: 'okta', accountId: '00u1', login: 'ada@meadow.example' };
const NOBODY: Answer = err({ kind: 'not_found', message: 'nobody has this address' });
const TROUBLE: Answer = err({ kind: 'transient', message: 'a gateway was away' });

/** A system that gives these answers in turn, and a clock that the test moves. */
function opened(...answers: readonly Answer[]) {
  const asked: string[] = [];
  const guarded: boolean[] = [];
  let minute = 0;
  const connector = {
    find: ({ emails, employeeId, unverifiedToo }: PersonIdentifiers) => {
      guarded.push(unverifiedToo === true);
      asked.push([...emails, ...(employeeId === null ? [] : [employeeId])].join(' '));
      return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1]!);
    },
  } as unknown as Connector;
  const core = { runtime: { now: () => new Date(minute * 60_000) } } as Parameters<typeof findRecently>[0];
  const call = { signal: AbortSignal.timeout(10_000), correlationId: 'test' };
  return {
    asked,
    guarded,
    wait: (minutes: number) => (minute += minutes),
    find: (address: string, employeeId: string | null = null) =>
      findRecently(core, { emails: [address], employeeId }, { connector, call }),
  };
}

describe('where an address leads', () => {
  it('is asked once for all steps of a lockdown', async () => {
    const { asked, find } = opened(ok(ACCOUNT));
    for (let step = 0; step < 12; step += 1)
      expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'one', accountId: '00u1' }));
    expect(asked).toEqual(['glass@meadow.example']);
  });

  it('is asked also of accounts whose address is not verified: a guard sees rather too much', async () => {
    const { guarded, find } = opened(ok(ACCOUNT));
    await find('glass@meadow.example');
    expect(guarded).toEqual([true]);
  });

  it('is asked again after a minute: an address may be given to somebody else', async () => {
    const { find, wait } = opened(NOBODY, ok(ACCOUNT));
    expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'none' }));
    wait(0.5);
    expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'none' }));
    wait(0.5);
    expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'one', accountId: '00u1' }));
  });

  it('is asked again after a failure, which says nothing about the address', async () => {
    const { find } = opened(TROUBLE, ok(ACCOUNT));
    expect(await find('glass@meadow.example')).toMatchObject({ ok: false });
    expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'one', accountId: '00u1' }));
  });

  it('is asked for the personnel number too, and is another question without it', async () => {
    const { asked, find } = opened(NOBODY, ok(ACCOUNT));
    expect(await find('glass@meadow.example')).toEqual(ok({ kind: 'none' }));
    expect(await find('glass@meadow.example', '4711')).toEqual(ok({ kind: 'one', accountId: '00u1' }));
    expect(asked).toEqual(['glass@meadow.example', 'glass@meadow.example 4711']);
  });
});
