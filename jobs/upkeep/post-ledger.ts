import type { Core } from '../../src/core.js';
import { type Lease, LeaseLostError } from '../outbox.js';

/** What became of a post. */
export interface PostChange {
  readonly id: string;
  readonly status: 'pending' | 'sending' | 'posted' | 'refused';
  readonly channel: string | null;
  readonly ts: string | null;
  /** Hash of what was drawn last. */
  readonly drawn: string | null;
  /** It was posted just now. */
  readonly fresh?: true;
}

/**
 * Writes what becomes of an incident's posts, and only while the claim on the work holds: a worker whose claim ran out
 * can neither mark a post as its own to send nor overwrite what the next worker wrote. What need not be durable at once is
 * noted and written with the next mark: a post whose note is lost is found again in Slack.
 */
export class PostLedger {
  readonly #core: Core;
  readonly #lease: Lease;
  /** By post: only its last change counts. */
  #noted = new Map<string, PostChange>();

  constructor(core: Core, lease: Lease) {
    this.#core = core;
    this.#lease = lease;
  }

  note(change: PostChange): void {
    this.#noted.set(change.id, change);
  }

  /** Writes what is noted, and this. @throws LeaseLostError when another worker took over: nothing is written from then on */
  async write(...changes: readonly PostChange[]): Promise<void> {
    for (const change of changes) this.note(change);
    const all = [...this.#noted.values()];
    if (all.length === 0) return;
    this.#noted = new Map();
    const written = await Promise.all(all.map((change) => this.#writeOne(change)));
    if (written.includes(0)) throw new LeaseLostError(this.#lease.id);
    for (const { id: post, fresh } of all) if (fresh) this.#core.runtime.observe('post.recorded', post);
  }
  /** A statement for each post, all in one packet: joined with a list, Postgres would read the whole table for one post. */
  async #writeOne({ id: post, status, channel, ts, drawn }: PostChange): Promise<number> {
    const { workspaceId, id, token } = this.#lease;
    const { rowCount } = await this.#core.db.query(
      `with held as (select 1 from work where workspace_id = $1 and id = $2 and lease_token = $3 for update)
       update posts set status = $5, channel = $6, ts = $7, drawn = $8
       where workspace_id = $1 and id = $4 and exists (select 1 from held)`,
      [workspaceId, id, token, post, status, channel, ts, drawn],
    );
    return rowCount;
  }
}
