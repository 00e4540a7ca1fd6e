import type { Database, Queryable } from '../../src/ports/database.js';

/** How each table stands, as a digest of all of its rows. */
export type Standing = ReadonlyMap<string, string>;

const digestOf = (name: string): string =>
  `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`;

/**
 * The store's states, kept beside it in a schema of their own: one state is put back without a restart, and only in the
 * tables that have changed.
 */
export class Tables {
  readonly #names: readonly string[];
  readonly #digest: string;
  readonly #standings = new Map<string, Standing>();

  private constructor(
    private readonly db: Database,
    names: readonly string[],
  ) {
    this.#names = names;
    this.#digest = names.map(digestOf).join(' union all ');
  }

  static async of(db: Database): Promise<Tables> {
    const { rows } = await db.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() and tablename <> 'migrations' order by 1`,
    );
    return new Tables(
      db,
      rows.map(({ name }) => name),
    );
  }

  async standing(): Promise<Standing> {
    const { rows } = await this.db.query<{ name: string; digest: string }>(this.#digest);
    return new Map(rows.map(({ name, digest }) => [name, digest]));
  }

  /** How they were kept, but for some tables that stand as they do now: something was prepared in them. */
  async keptBut(state: string, prepared: readonly string[]): Promise<Standing> {
    if (prepared.length === 0) return this.#keptAs(state);
    const now = await this.db.query<{ name: string; digest: string }>(prepared.map(digestOf).join(' union all '));
    return new Map([...this.#keptAs(state), ...now.rows.map(({ name, digest }) => [name, digest] as const)]);
  }

  #keptAs(state: string): Standing {
    const kept = this.#standings.get(state);
    if (!kept) throw new Error(`the state ${state} was not kept`);
    return kept;
  }

  async keep(state: string): Promise<void> {
    await this.db.query(`create schema kept_${state}`);
    for (const name of this.#names) await this.db.query(`create table kept_${state}.${name} as table ${name}`);
    this.#standings.set(state, await this.standing());
  }

  /** Which tables are not as they were. */
  async changed(before: Standing): Promise<readonly string[]> {
    const now = await this.standing();
    return this.#names.filter((name) => now.get(name) !== before.get(name));
  }

  /** How many rows of each table are not as they were kept: new ones, and ones that are gone or were written anew. */
  async counted(state: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rowsOf = (name: string): string => `select t::text from ${name} t`;
    const counts = new Map<string, number>();
    for (const name of names) {
      const { rows } = await this.db.query<{ count: number }>(
        `select count(*)::int as count from (${rowsOf(name)} except all ${rowsOf(`kept_${state}.${name}`)}) changed`,
      );
      counts.set(name, rows[0]?.count ?? 0);
    }
    return counts;
  }

  async restore(state: string, names: readonly string[] = this.#names): Promise<void> {
    if (names.length === 0) return;
    await this.#refill(names, (tx, name) => tx.query(`insert into ${name} select * from kept_${state}.${name}`));
  }

  /** Rows that were replaced are still in their tables, and are read past; nobody else clears them away here. */
  async tidy(): Promise<void> {
    await this.db.query('vacuum');
  }

  async empty(): Promise<void> {
    await this.#refill(this.#names, () => Promise.resolve());
  }

  async #refill(names: readonly string[], fill: (tx: Queryable, name: string) => Promise<unknown>): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The record refuses to be emptied, by triggers; and no order of the tables has to be kept.
      await tx.query(`set local session_replication_role = 'replica'`);
      for (const name of names) await tx.query(`delete from ${name}`);
      for (const name of names) await fill(tx, name);
    });
  }
}
