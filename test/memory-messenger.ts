import type { ModalView } from '@slack/types';
import { ok, type Result } from '../src/platform/result.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../src/ports/messenger.js';

export interface Posted extends Placed {
  readonly threadTs: string | null;
  readonly postId: string;
  drawn: Drawn;
}

type Method = 'standing' | 'post' | 'update' | 'fill' | 'find' | 'openDm';

/** A Slack that keeps its messages in memory, and fails as often as it is told to. */
export class MemoryMessenger implements Messenger {
  readonly posted: Posted[] = [];
  readonly redrawn: Placed[] = [];
  readonly filled: { readonly viewId: string; readonly view: ModalView }[] = [];
  readonly #failures = new Map<Method, MessengerFailure[]>();

  fail(method: Method, ...failures: readonly MessengerFailure[]): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), ...failures]);
  }

  post(to: { channel: string; threadTs: string | null }, drawn: Drawn, postId: string) {
    return this.#answer('post', (): Placed => {
      const placed = { channel: to.channel, ts: String(this.posted.length + 1) };
      this.posted.push({ ...placed, threadTs: to.threadTs, postId, drawn });
      return placed;
    });
  }

  async attach(
    to: { channel: string; threadTs: string | null },
    { title, alt }: { readonly title: string; readonly alt: string },
    postId: string,
  ): Promise<Result<null, MessengerFailure>> {
    const posted = await this.post(to, { text: `${title}: ${alt}`, blocks: [] }, postId);
    return posted.ok ? ok(null) : posted;
  }

  update(placed: Placed, drawn: Drawn): Promise<Result<null, MessengerFailure>> {
    return this.#answer('update', () => {
      this.redrawn.push(placed);
      const found = this.posted.find(({ channel, ts }) => channel === placed.channel && ts === placed.ts);
      if (found) found.drawn = drawn;
      return null;
    });
  }

  find({ channel }: { readonly channel: string }, postId: string): Promise<Result<Placed | null, MessengerFailure>> {
    return this.#answer('find', () => {
      const found = this.posted.find((one) => one.postId === postId && one.channel === channel);
      return found ? { channel: found.channel, ts: found.ts } : null;
    });
  }

  standing(): Promise<Result<null, MessengerFailure>> {
    return this.#answer('standing', () => null);
  }

  fill(viewId: string, view: ModalView): Promise<Result<null, MessengerFailure>> {
    return this.#answer('fill', () => {
      this.filled.push({ viewId, view });
      return null;
    });
  }

  openDm(slackUserId: string): Promise<Result<string, MessengerFailure>> {
    return this.#answer('openDm', () => `D${slackUserId}`);
  }

  #answer<T>(method: Method, answer: () => T): Promise<Result<T, MessengerFailure>> {
    const failure = this.#failures.get(method)?.shift();
    return Promise.resolve(failure ? { ok: false, error: failure } : ok(answer()));
  }
}
