import { AsyncLocalStorage } from 'node:async_hooks';
import type { BoundStatement, QueryRows, Transaction } from '../ports/database.js';

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
 * Detects whether the running code is inside `transaction(work)` of this database. Using the outer handle there would
 * wait for itself on PGlite, which has one connection (and would silently leave the transaction on Postgres): it is
 * refused.
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
 * Runs `work` between BEGIN and COMMIT on one session. `abandon` is called when even ROLLBACK failed: the session is
 * unusable. BEGIN leaves with the first statement, and COMMIT with the last ones that nobody waits for. Throws what
 * `work` threw, or that the commit did not happen.
 */
export async function inTransaction<T>(
  session: Session,
  work: (tx: Transaction) => Promise<T>,
  abandon: (error: Error) => void,
): Promise<T> {
  const sent = new Sent();
  let open = true;
  const ask = (sql: string, values?: readonly unknown[]): Promise<SessionResult> => {
    if (open) return session.query(sql, values);
    throw new Error(
      'A transaction handle was used after its transaction had ended. Await every statement inside work().',
    );
  };
  const tx: Transaction = {
    query: async <R extends object>(sql: string, values?: readonly unknown[]) => rowsOf<R>(await ask(sql, values)),
    send: (sql, values) => sent.add(ask(sql, values)),
  };
  sent.add(session.query('BEGIN'));
  try {
    const value = await work(tx);
    open = false;
    await commit(session, sent);
    return value;
  } catch (error) {
    open = false;
    await rollBack(session, abandon);
    throw error;
  }
}

/**
 * Runs all of `statements` in one transaction without waiting in between. Throws the first failure; then none of them
 * is stored.
 */
export async function inBatch(
  session: Session,
  statements: readonly BoundStatement[],
  abandon: (error: Error) => void,
): Promise<readonly SessionResult[]> {
  const sent = new Sent();
  sent.add(session.query('BEGIN'));
  const answers = statements.map(({ sql, values }) => session.query(sql, values));
  for (const answer of answers) sent.add(answer);
  try {
    await commit(session, sent);
    return await Promise.all(answers);
  } catch (error) {
    await rollBack(session, abandon);
    throw error;
  }
}

/** Statements under way that only the transaction's end waits for. */
class Sent {
  readonly #answers: Promise<unknown>[] = [];

  add(answer: Promise<unknown>): void {
    // The end fails with it; until then nobody listens, and an unheard rejection would end the process.
    answer.catch(() => undefined);
    this.#answers.push(answer);
  }

  async all(): Promise<void> {
    await Promise.all(this.#answers);
  }
}

async function commit(session: Session, sent: Sent): Promise<void> {
  const [{ command }] = await Promise.all([session.query('COMMIT'), sent.all()]);
  // A statement whose error was caught inside work() leaves the transaction aborted: COMMIT then rolls back without an error.
  if (command !== 'COMMIT') {
    throw new Error(
      'The transaction was rolled back: a statement in it failed and the failure was swallowed. Let work() throw it.',
    );
  }
}

async function rollBack(session: Session, abandon: (error: Error) => void): Promise<void> {
  await session.query('ROLLBACK').catch((cause: unknown) => {
    abandon(cause instanceof Error ? cause : new Error(String(cause)));
  });
}

/** The caller of `query<R>` vouches for the shape of its own SELECT; this is the one place where that is taken on trust. */
export function rowsOf<R>(result: SessionResult): QueryRows<R> {
  return { rows: result.rows as R[], rowCount: result.rowCount };
}
