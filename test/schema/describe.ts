import { createGenerator, type GenerateResult, type ResolvedTarget } from '@ts-safeql/generate';
import postgres from 'postgres';
import { migratedDatabase } from './migrated.js';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly nullable: boolean;
}

/** One column of an answer. */
export interface ResultColumn {
  readonly name: string;
  /** The type in Postgres: `int4`, `timestamptz`, `_text`. */
  readonly type: string;
  /** The column of a table that it is; `null` for what is computed. */
  readonly origin: Column | null;
  /** `unknown`: it cannot be told from the statement and the schema. */
  readonly nullable: boolean | 'unknown';
}

export interface Described {
  readonly columns: readonly ResultColumn[];
  /** The types of `$1`, `$2` and so on. */
  readonly parameters: readonly string[];
}

export interface Describer {
  /** What Postgres says of a statement without running it. @throws with its message when it refuses the statement */
  describe(text: string): Promise<Described>;
  close(): Promise<void>;
}

/**
 * Names and types come from Postgres itself (Parse and Describe of its protocol); whether a column can be null, which the
 * protocol does not tell, from SafeQL's reading of the statement.
 */
export async function createDescriber(): Promise<Describer> {
  const database = await migratedDatabase();
  const sql = postgres({ ...database.address, max: 1, fetch_types: false });
  const [types, columns] = await Promise.all([typesOf(sql), columnsOf(sql)]);
  const { generate } = createGenerator();
  return {
    describe: async (text) => {
      const result = await generate({
        sql,
        query: { text, sourcemaps: [] },
        cacheKey: 'schema',
        cacheMetadata: true,
        fieldTransform: undefined,
      });
      if (result._tag === 'Left') throw new Error(result.left.message);
      return described(result.right, types, columns);
    },
    close: async () => {
      await sql.end();
      await database.close();
    },
  };
}

/** By the table's and the column's number. */
type Columns = ReadonlyMap<string, Column>;

async function typesOf(sql: postgres.Sql): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<{ oid: number; typname: string }[]>`select oid::int, typname from pg_type`;
  return new Map(rows.map(({ oid, typname }) => [oid, typname]));
}

async function columnsOf(sql: postgres.Sql): Promise<Columns> {
  const rows = await sql<(Column & { place: string })[]>`
    select attrelid || '/' || attnum as place, relname as table, attname as column, not attnotnull as nullable
    from pg_attribute join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace`;
  return new Map(rows.map(({ place, ...column }) => [place, column]));
}

const hasNull = (target: ResolvedTarget): boolean =>
  target.kind === 'union' ? target.value.some(hasNull) : target.kind === 'type' && target.value === 'null';

function described(
  { stmt, output, unknownColumns, query }: GenerateResult,
  types: ReadonlyMap<number, string>,
  columns: Columns,
): Described {
  const nullable = new Map(output?.value.map(([name, target]) => [name, hasNull(target)]));
  const typeName = (oid: number): string => types.get(oid) ?? `type ${String(oid)}`;
  // SafeQL gives up on what `returning` names, but without a join it is the row as it is stored.
  const storedRow = /\breturning\b/i.test(query.text) && !/\bjoin\b/i.test(query.text);
  return {
    parameters: stmt.types.map(typeName),
    columns: stmt.columns.map(({ name, type, table, number }) => {
      const origin = columns.get(`${String(table)}/${String(number)}`) ?? null;
      const given = unknownColumns.includes(name) ? undefined : nullable.get(name);
      const stored = storedRow && origin ? origin.nullable : 'unknown';
      return { name, type: typeName(type), origin, nullable: given ?? stored };
    }),
  };
}
