import { randomBytes } from 'node:crypto';

const LIFE_MS = 30 * 60 * 1000;
const USES = 5;
const KEPT = 2000;

/** What a response_url answers to. */
export interface ResponseTarget {
  readonly userId: string;
  readonly channelId: string;
  /** The message or ephemeral that was acted on. */
  readonly messageTs?: string | undefined;
  readonly ephemeral?: boolean | undefined;
}

/** Response URLs: five uses within thirty minutes. */
export class ResponseUrls {
  readonly #issued = new Map<string, { target: ResponseTarget; until: number; uses: number }>();

  constructor(
    private readonly now: () => number,
    private readonly base: () => string,
  ) {}

  issue(target: ResponseTarget): string {
    const id = randomBytes(18).toString('base64url');
    this.#issued.set(id, { target, until: this.now() + LIFE_MS, uses: 0 });
    for (const old of this.#issued.keys()) if (this.#issued.size > KEPT) this.#issued.delete(old);
    return `${this.base()}/respond/${id}`;
  }

  use(id: string): { ok: true; target: ResponseTarget } | { ok: false; error: 'expired_url' | 'used_url' | 'no_url' } {
    const issued = this.#issued.get(id);
    if (!issued) return { ok: false, error: 'no_url' };
    if (this.now() > issued.until) return { ok: false, error: 'expired_url' };
    if (issued.uses >= USES) return { ok: false, error: 'used_url' };
    issued.uses += 1;
    return { ok: true, target: issued.target };
  }
}
