import { createHash } from 'node:crypto';
import type { Moment } from '../../src/platform/runtime.js';
import type { KillPoint } from './wire.js';

/** How the incident begins, and what is decided. */
export interface Story {
  readonly name: string;
  readonly begins: 'notice' | 'words';
  readonly decides: 'lockdown' | 'disable_account' | 'reset_password';
  /** How often each moment comes at least when nothing goes wrong. */
  readonly moments: Readonly<Record<Moment, number>>;
}

export const STORIES: readonly Story[] = [
  {
    name: 'words, lockdown',
    begins: 'words',
    decides: 'lockdown',
    moments: {
      'decision.committed': 1,
      'outbox.enqueued': 8,
      'job.claimed': 8,
      'connector.before_call': 3,
      'connector.after_call': 3,
      'connector.recorded': 4,
      'post.before_call': 9,
      'post.after_call': 9,
      'post.recorded': 9,
    },
  },
  {
    name: 'notice, disable',
    begins: 'notice',
    decides: 'disable_account',
    moments: {
      'decision.committed': 1,
      'outbox.enqueued': 6,
      'job.claimed': 6,
      'connector.before_call': 1,
      'connector.after_call': 1,
      'connector.recorded': 1,
      'post.before_call': 7,
      'post.after_call': 7,
      'post.recorded': 6,
    },
  },
  {
    name: 'words, reset',
    begins: 'words',
    decides: 'reset_password',
    moments: {
      'decision.committed': 1,
      'outbox.enqueued': 5,
      'job.claimed': 5,
      'connector.before_call': 1,
      'connector.after_call': 1,
      'connector.recorded': 1,
      'post.before_call': 6,
      'post.after_call': 6,
      'post.recorded': 6,
    },
  },
];

/** What is played in one round, and where it is cut off: all of it follows from the seed and the round's number. */
export interface RoundPlan {
  readonly story: Story;
  readonly kills: readonly KillPoint[];
}

/** Numbers from 0 up to 1 that follow from a text. */
function numbers(text: string): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return (
      createHash('sha256')
        .update(`${text}/${String(drawn)}`)
        .digest()
        .readUInt32BE(0) /
      2 ** 32
    );
  };
}

function pick<T>(list: readonly T[], share: number): T {
  return list[Math.floor(share * list.length)]!;
}

export function planRound(seed: string, index: number): RoundPlan {
  const next = numbers(`${seed}/${String(index)}`);
  const story = pick(STORIES, next());
  const moments = Object.keys(story.moments) as Moment[];
  const moment = pick(moments, next());
  const first = { moment, nth: 1 + Math.floor(next() * story.moments[moment]) };
  // In every second round the process that mends it dies as well.
  const again = next() < 1 / 2 ? [{ moment: 'job.claimed' as const, nth: 1 + Math.floor(next() * 2) }] : [];
  return { story, kills: [first, ...again] };
}

export const sayPlan = ({ story, kills }: RoundPlan): string =>
  `${story.name}; killed at ${kills.map(({ moment, nth }) => `${moment} #${String(nth)}`).join(', then ')}`;
