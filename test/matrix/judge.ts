import type { Seen } from './drive.js';
import type { Expected } from './expected.js';

export interface Verdict {
  /** Changed though nobody may. */
  readonly forbidden: readonly string[];
  /** Not changed though it must. */
  readonly missing: readonly string[];
  /** Refused, and nothing in the record says who tried it. */
  readonly unrecorded: boolean;
}

/** A refusal stands once in each place: the incident, and the one about whoever tried. */
const isTwice = (refusals: readonly string[]): boolean => new Set(refusals).size < refusals.length;

export function judge(expected: Exclude<Expected, { kind: 'impossible' }>, { changed, refusals }: Seen): Verdict {
  if (expected.kind === 'refused' || expected.kind === 'looked')
    return {
      forbidden: [
        ...changed.filter((table) => !expected.may.includes(table)),
        ...(isTwice(refusals) ? ['a second entry of one refusal'] : []),
      ],
      missing: [],
      unrecorded: expected.kind === 'refused' && refusals.length === 0,
    };
  return {
    forbidden: changed.filter((table) => !expected.may.includes(table)),
    missing: [
      ...expected.must.filter((table) => !changed.includes(table)),
      // Allowed, and yet in the record as refused.
      ...(refusals.length > 0 ? ['no refusal'] : []),
    ],
    unrecorded: false,
  };
}
