import type { Word } from './sayings.js';

/** What the thread says of a step, beside what is so. */
export interface Compared {
  /** `null`: nothing. */
  readonly said: Word | null;
  /** Whether the step has ended; one that waits for others need not be spoken of. */
  readonly finished: boolean;
  /** `null`: the directory shows nothing of the kind. */
  readonly isSo: boolean | null;
  /** Whether it was so before anything was decided: then it proves no deed. */
  readonly wasSo: boolean;
}

/** The sentence about a lie, or about what could not be judged; `null` when thread and directory agree. */
export function lieIn({ said, finished, isSo, wasSo }: Compared): string | null {
  switch (said) {
    case 'console':
      // A person is asked to do it by hand: nothing is claimed.
      return null;
    case 'verified':
    case 'accepted':
      if (isSo === null) return `is ${said} in the thread, and the directory shows nothing that the drill could check`;
      return isSo ? null : `is ${said} in the thread, and in the directory it is not so`;
    case 'needs_human':
    case 'retrying':
      return isSo === true && !wasSo ? 'has not worked according to the thread, and in the directory it is done' : null;
    case null:
      return finished ? 'has ended, and the thread says nothing of it' : null;
    case 'undone':
      return 'was undone elsewhere according to the thread, and nobody undid it';
  }
}
