import type { z } from 'zod';

/** Within a `.catch` nothing that is missing makes the reading fail. */
type Lenient<T> =
  | (T extends readonly (infer Item)[]
      ? Lenient<Item>[]
      : T extends object
        ? { [K in keyof T as string extends K ? never : K]: Lenient<T[K]> }
        : T)
  | null
  | undefined;

/**
 * What a schema takes without failing. `z.input` does not tell that `.catch` takes what is not told as well, and that a
 * list read item by item (`readable` in `src/slack/lenient.ts`) passes over the items that it cannot read.
 */
export type ReadBy<S> =
  S extends z.ZodCatch<infer Inner>
    ? Lenient<ReadBy<Inner>>
    : S extends z.ZodNullable<infer Inner>
      ? ReadBy<Inner> | null
      : S extends z.ZodOptional<infer Inner> | z.ZodDefault<infer Inner>
        ? ReadBy<Inner> | undefined
        : S extends z.ZodObject<infer Shape, z.core.$ZodObjectConfig>
          ? { [K in keyof Shape]: ReadBy<Shape[K]> }
          : S extends z.ZodArray<infer Item>
            ? ReadBy<Item>[]
            : S extends z.ZodRecord<z.core.$ZodRecordKey, infer Value>
              ? Record<string, ReadBy<Value>>
              : S extends z.ZodPipe<z.ZodArray<z.ZodUnknown>, z.ZodTransform<infer Readable>>
                ? Lenient<Readable>
                : S extends z.ZodPipe<infer From, infer To>
                  ? From extends z.core.$ZodTransform
                    ? ReadBy<To>
                    : ReadBy<From>
                  : S extends z.ZodType
                    ? z.input<S>
                    : never;
