/** What the drivers make of each type of Postgres: src/store/values.ts, src/store/pglite.ts and src/store/postgres.ts. */
export interface DriverTypes {
  readonly bool: boolean;
  readonly int4: number;
  /** A string from 2^53 on. */
  readonly int8: number | string;
  readonly text: string;
  readonly json: unknown;
  readonly jsonb: unknown;
  readonly timestamptz: Date;
}

/** What may be bound to a parameter of each type: `boundValue` in src/store/values.ts. */
export interface BoundTypes {
  readonly bool: boolean | null;
  readonly int4: number | null;
  readonly int8: number | null;
  readonly text: string | null;
  readonly _text: readonly string[];
  readonly json: string | null;
  readonly jsonb: string | null;
  readonly timestamptz: Date | null;
}
