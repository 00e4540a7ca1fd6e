import type { Core } from '../../src/ports/core.js';
import type { BoundStatement } from '../../src/ports/database.js';
import { finishedAs, finishStatement, type Lease, LeaseLostError } from '../../src/outbox/outbox.js';

/** The fate of a post. */
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
 * Stores the fate of an incident's posts, and only while the claim on the work holds: a worker whose claim expired can
 * neither mark a post as its own to send nor overwrite the next worker's results. What need not be durable at once is
 * noted and written with the next mark: a post whose note is lost is found again in Slack.
 */
export class PostStatusWriter {
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

  /**
   * Writes the notes, and this. @throws LeaseLostError when another worker took over: nothing is written from then on
   */
  async write(...changes: readonly PostChange[]): Promise<void> {
    for (const change of changes) this.note(change);
    const all = this.#take();
    if (all.length === 0) return;
    const written = await this.#core.db.batch(all.map((change) => this.#statement(change)));
    if (written.some(({ rowCount }) => rowCount === 0)) throw new LeaseLostError(this.#lease.id);
    this.#tell(all);
  }

  /** Writes the notes together with the run's end. @throws LeaseLostError as `write` does */
  async end(): Promise<'done' | 'pending'> {
    const all = this.#take();
    const finish = finishStatement(this.#lease, this.#core.runtime.now());
    const written = await this.#core.db.batch([...all.map((change) => this.#statement(change)), finish]);
    const ended = finishedAs(written.at(-1));
    if (ended === 'lost') throw new LeaseLostError(this.#lease.id);
    this.#tell(all);
    return ended;
  }

  #take(): readonly PostChange[] {
    const all = [...this.#noted.values()];
    this.#noted = new Map();
    return all;
  }

  #tell(written: readonly PostChange[]): void {
    for (const { id, fresh } of written) if (fresh) this.#core.runtime.observe('post.recorded', id);
  }

  /** A statement for each post: joined with a list, Postgres would read the whole table for one post. */
  #statement({ id: post, status, channel, ts, drawn }: PostChange): BoundStatement {
    const { workspaceId, id, token } = this.#lease;
    return {
      sql: `with held as (select 1 from work where workspace_id = $1 and id = $2 and lease_token = $3 for update)
       update posts set status = $5, channel = $6, ts = $7, drawn = $8
       where workspace_id = $1 and id = $4 and exists (select 1 from held)`,
      values: [workspaceId, id, token, post, status, channel, ts, drawn],
    };
  }
}
