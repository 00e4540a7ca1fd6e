import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTION_KINDS } from '../../../src/ports/connector.js';
import { Bench, type BentSubject } from './scenes.js';
import { startTape, type Tape } from './tape.js';

/** Findings that differ only in how a place was bent, as one line. */
function grouped(wrong: readonly string[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const line of wrong) {
    const [scene = '', path = '', what = '', ...problem] = line.split(' | ');
    const [place = '', how = ''] = what.split(/: (.*)/s);
    const key = [scene, path, place, problem.join(' | ').slice(0, 160)].join(' | ');
    groups.set(key, [...(groups.get(key) ?? []), how]);
  }
  return [...groups].map(([key, how]) => `${key} [${how.join('; ')}]`);
}

/** `BENT=factors` tries the scenes with that word in every place, `BENT=.` all of them; otherwise a part of the places. */
const chosen = process.env['BENT'];
const stepOf = (some = 32): number => Number(process.env['BENT_STEP'] ?? (chosen === undefined ? some : 1));

/**
 * Every answer of a system, with each of its places left out, emptied or of another type: only the detail of that one
 * thing may change, what is lost is said, and nothing is claimed that was not read.
 */
export function describeBentAnswers(
  name: string,
  subject: BentSubject,
  // `one_in`: where a system has few answers, more of their places are tried.
  { one_in: some, ...figure }: { readonly decoders: number; readonly one_in?: number },
): void {
  describe(`bent answers: ${name}`, () => {
    let tape: Tape;
    let bench: Bench;
    beforeAll(async () => {
      tape = await startTape();
      bench = new Bench(subject, tape);
      await bench.recordReads();
      for (const kind of ACTION_KINDS) await bench.recordAction(kind);
      await bench.recordReports();
    }, 60_000);
    afterAll(async () => {
      tape.close();
      await bench.close();
    });

    it('cost only the detail of that one thing, and claim nothing that was not read', async () => {
      const { wrong, decoders, mutations } = await bench.run({ only: new RegExp(chosen ?? '.'), step: stepOf(some) });
      expect(grouped(wrong)).toEqual([]);
      if (chosen !== undefined) process.stdout.write(`${name}: ${decoders} decoders, ${mutations} bent answers\n`);
      else expect({ decoders, many: mutations > 500 }).toEqual({ ...figure, many: true });
    }, 600_000);
  });
}
