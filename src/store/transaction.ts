import { AsyncLocalStorage } from 'node:async_hooks';
import type { Queryable, QueryRows } from './database.js';

/** One connection of a database, used by one piece of work at a time. */
export interface Session {
  /** With values one statement, without values one or more; the rows are those of the last. `command` is its tag, e.g. `COMMIT`. */
  query(sql: string, values?: readonly unknown[]): Promise<SessionResult>;
}

export interface SessionResult {
  readonly rows: unknown[];
  readonly rowCount: number;
  readonly command: string;
}

/**
 * Knows whether the running code stands inside `transaction(work)` of this database. Using the outer handle there waits
 * for itself on PGlite, which has one connection (and would silently leave the transaction on Postgres): it is refused.
 */
export class TransactionScope {
  readonly #scope = new AsyncLocalStorage<{ open: boolean }>();

  assertOutside(): void {
    if (this.#scope.getStore()?.open === true) {
      throw new Error(
        'The database was used inside one of its own transactions. Pass the transaction handle (tx) that work() received down to this call.',
      );
    }
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const scope = { open: true };
    try {
      return await this.#scope.run(scope, work);
    } finally {
      scope.open = false;
    }
  }
}

/**
 * Runs `work` between BEGIN and COMMIT on one session. `abandon` is told when even ROLLBACK failed: the session is unusable.
 * Throws what `work` threw, or that the commit did not happen.
 */
export async function inTransaction<T>(
  session: Session,
  work: (tx: Queryable) => Promise<T>,
  abandon: (error: Error) => void,
): Promise<T> {
  let open = true;
  const tx: Queryable = {
    query: async <R extends object>(sql: string, values?: readonly unknown[]) => {
      if (!open)
        throw new Error(
          'A transaction handle was used after its transaction had ended. Await every statement inside work().',
        );
      return rowsOf<R>(await session.query(sql, values));
    },
  };
  await session.query('BEGIN');
  try {
    const value = await work(tx);
    open = false;
    // A statement whose error was caught inside work() leaves the transaction aborted: COMMIT then rolls back without an error.
    const { command } = await session.query('COMMIT');
    if (command !== 'COMMIT') {
      throw new Error(
        'The transaction was rolled back: a statement in it failed and the failure was swallowed. Let work() throw it.',
      );
    }
    return value;
  } catch (error) {
    open = false;
    await session.query('ROLLBACK').catch((cause: unknown) => {
      abandon(cause instanceof Error ? cause : new Error(String(cause)));
    });
    throw error;
  }
}

/** The caller of `query<R>` vouches for the shape of its own SELECT; this is the one place where that is taken on trust. */
export function rowsOf<R>(result: SessionResult): QueryRows<R> {
  return { rows: result.rows as R[], rowCount: result.rowCount };
}
