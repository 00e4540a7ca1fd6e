import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import { EventEmitter } from 'node:events';
import type { PgliteLink } from '../../src/store/connection.js';
import { rowsOf, type Session } from '../../src/store/transaction.js';

/** BullMQ's SQL begins with a comment. */
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*\n)*/;
const LISTEN = /^LISTEN\s+([a-z_]+)\s*;?\s*$/i;
const BEGIN = /^BEGIN\b/i;
const END = /^(?:COMMIT|ROLLBACK)\b/i;

/** PGlite's one connection in the form of the `pg` pool that BullMQ's Postgres backend expects. */
export class PglitePool extends EventEmitter implements PgPool {
  /** BullMQ looks here to make sure that a lost connection would be noticed; in process there is none to lose. */
  readonly options = { keepAlive: true };
  readonly #link: PgliteLink;
  readonly #schema: string;

  constructor(link: PgliteLink, schema: string) {
    super();
    this.#link = link;
    this.#schema = schema;
  }

  async query<R>(text: string, params: readonly unknown[] = []): Promise<PgQueryResult<R>> {
    const { session, release } = await this.#link.hold(this.#schema);
    try {
      return rowsOf<R>(await session.query(text, params));
    } finally {
      release();
    }
  }

  connect(): Promise<PgPoolClient> {
    return Promise.resolve(new PgliteClient(this.#link, this.#schema));
  }

  /** The database belongs to the store, which closes it. */
  end(): Promise<void> {
    return Promise.resolve();
  }
}

/** Occupies the connection only from BEGIN to COMMIT: BullMQ keeps one client for good, to LISTEN on. */
class PgliteClient extends EventEmitter implements PgPoolClient {
  readonly #link: PgliteLink;
  readonly #schema: string;
  readonly #unlisten: (() => Promise<void>)[] = [];
  #held: { session: Session; release: () => void } | null = null;

  constructor(link: PgliteLink, schema: string) {
    super();
    this.#link = link;
    this.#schema = schema;
  }

  async query<R>(text: string, params: readonly unknown[] = []): Promise<PgQueryResult<R>> {
    const statement = text.replace(LEADING_COMMENTS, '');
    const channel = LISTEN.exec(statement)?.[1];
    if (channel !== undefined) {
      this.#unlisten.push(
        await this.#link.listen(channel, (payload) => this.emit('notification', { channel, payload })),
      );
      return { rows: [], rowCount: 0 };
    }
    const held = this.#held ?? (await this.#link.hold(this.#schema));
    if (BEGIN.test(statement)) this.#held = held;
    try {
      return rowsOf<R>(await held.session.query(text, params));
    } finally {
      if (END.test(statement)) this.#held = null;
      if (this.#held === null) held.release();
    }
  }

  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) void held.session.query('ROLLBACK').finally(held.release);
    for (const unlisten of this.#unlisten.splice(0)) unlisten().catch((error: unknown) => this.emit('error', error));
  }
}
