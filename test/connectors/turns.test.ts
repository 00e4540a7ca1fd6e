import { describe, expect, it } from '@jest/globals';
import { createTurns } from '../../src/connectors/kit/turns.js';

/** Work that ends when it is told to. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, { readonly end: () => void; readonly fail: (why: Error) => void }>();
  const of = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, { end: () => resolve(name), fail: reject });
    });
  };
  return {
    begun,
    of,
    end: (name: string) => ends.get(name)?.end(),
    fail: (name: string) => ends.get(name)?.fail(new Error(name)),
  };
}

describe('turns', () => {
  it('begin in the order they came, no more at once than are let', async () => {
    const turn = createTurns(2);
    const { begun, of, end } = work();
    const all = ['a', 'b', 'c', 'd'].map((name) => turn(of(name)));
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await all[1];
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    await all[0];
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    end('c');
    end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('go on after one that failed', async () => {
    const turn = createTurns();
    const { begun, of, end, fail } = work();
    const [first, second] = [turn(of('a')), turn(of('b'))];
    fail('a');
    await expect(first).rejects.toThrow('a');
    expect(begun).toEqual(['a', 'b']);
    end('b');
    expect(await second).toBe('b');
  });
});
