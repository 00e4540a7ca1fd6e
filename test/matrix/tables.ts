import type { Database, Queryable } from '../../src/ports/database.js';

/** How each table stands, as a digest of all of its rows. */
export type Standing = ReadonlyMap<string, string>;

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
    this.#digest = names
      .map(
        (name) =>
          `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`,
      )
      .join(' union all ');
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

  async keep(state: string): Promise<void> {
    await this.db.query(`create schema kept_${state}`);
    for (const name of this.#names) await this.db.query(`create table kept_${state}.${name} as table ${name}`);
    this.#standings.set(state, await this.standing());
  }

  /** Which tables are not as they were kept. */
  async changed(state: string): Promise<readonly string[]> {
    const [now, kept] = [await this.standing(), this.#standings.get(state)];
    if (!kept) throw new Error(`the state ${state} was not kept`);
    return this.#names.filter((name) => now.get(name) !== kept.get(name));
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
