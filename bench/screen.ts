import { z } from 'zod';
import type { SlackSandbox } from 'slack-sandbox';
import { CHANNEL_ID, namedIn } from './company.js';

/** What can be waited for, of one person. */
export type Sight = 'card' | 'accounts' | 'result' | 'effect';

const posted = z.object({
  args: z.object({ channel: z.string(), text: z.string().default(''), thread_ts: z.string().optional() }),
  answer: z.object({ ts: z.string() }),
});

const RESULT = /\* (?:verified|accepted) at |^Done for /;
const FAILED = /needs a human|has not worked yet|is a manual step/;
const WAIT_MS = 60_000;

const key = (sight: Sight, person: number): string => `${sight} ${person}`;

/**
 * Sees what appears in the security channel, from the simulator's journal: cheap enough not to be measured itself.
 * Times are of `performance.now()` in the simulators' process, which also sends the clicks.
 */
export class Screen {
  readonly #slack: SlackSandbox;
  readonly #seen = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();
  readonly #threads = new Map<string, number>();
  #cursor = 0;
  #scheduled = false;
  #lastChange = performance.now();
  #problem: string | null = null;

  constructor(slack: SlackSandbox) {
    this.#slack = slack;
    slack.onChange(() => {
      this.#lastChange = performance.now();
      if (this.#scheduled) return;
      this.#scheduled = true;
      // The call that made the change enters the journal right after it.
      setImmediate(() => {
        this.#scheduled = false;
        this.#read();
      });
    });
  }

  saw(sight: Sight, person: number): void {
    const name = key(sight, person);
    if (this.#seen.has(name)) return;
    const at = performance.now();
    this.#seen.set(name, at);
    this.#waiting.get(name)?.(at);
    this.#waiting.delete(name);
  }

  /** When it was seen first. @throws when it does not come within a minute */
  async until(sight: Sight, person: number): Promise<number> {
    const name = key(sight, person);
    const before = this.#seen.get(name);
    if (before !== undefined) return before;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(name);
        reject(new Error(`${name} did not come within ${WAIT_MS / 1000} s. ${this.#problem ?? ''}`));
      }, WAIT_MS);
      this.#waiting.set(name, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  /** The message that holds a person's card. */
  cardOf(person: number): string {
    for (const [ts, index] of this.#threads) if (index === person) return ts;
    throw new Error(`no card of person ${person} was seen`);
  }

  /** Waits until nothing has changed for a while, so that one operation's last words do not fall into the next. */
  async quiet(ms: number): Promise<void> {
    for (let round = 0; round < 2000; round += 1) {
      const left = this.#lastChange + ms - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, left)));
    }
    throw new Error('the workspace does not come to rest');
  }

  #read(): void {
    for (const entry of this.#slack.journal(this.#cursor)) {
      this.#cursor = entry.seq;
      if (entry.kind !== 'api_call' || entry.name !== 'chat.postMessage' || entry.status !== 'ok') continue;
      const read = posted.safeParse(entry.detail);
      if (read.success && read.data.args.channel === CHANNEL_ID) this.#place(read.data.args, read.data.answer.ts);
    }
  }

  #place({ text, thread_ts: thread }: { text: string; thread_ts?: string | undefined }, ts: string): void {
    const person = thread === undefined ? namedIn(text) : (this.#threads.get(thread) ?? null);
    if (person === null) return;
    if (thread === undefined && !RESULT.test(text)) {
      this.#threads.set(ts, person);
      this.saw('card', person);
    }
    if (text.startsWith(':mag:')) this.saw('accounts', person);
    if (RESULT.test(text)) this.saw('result', person);
    if (FAILED.test(text)) this.#problem = `Person ${person}: ${text}`;
  }
}
