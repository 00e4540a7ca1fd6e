/**
 * Holds a shape of ours to a vendor's published type, key by key and at every depth. TypeScript itself notices an
 * excess key only in a literal that is written in place, and forgets it behind a spread or a variable.
 *
 * `Misfit` and `Unread` are unions of sentences, one for each place that does not fit, and `never` when all fits: the
 * compiler then prints what is wrong.
 */

type Plain = string | number | boolean | bigint | null | undefined;

/** Belongs to the protocol around the types, not to them: OData JSON Format 4.01, section 4.6. */
type Annotation = `@odata.${string}` | `${string}@odata.${string}`;

type RequiredKey<V> = {
  [K in keyof V]-?: string extends K ? never : Partial<Pick<V, K>> extends Pick<V, K> ? never : K;
}[keyof V];

type InObject<V, O, Path extends string> =
  | {
      [K in keyof O & string]-?: K extends keyof V
        ? Misfit<V[K], O[K], `${Path}.${K}`>
        : K extends Annotation
          ? never
          : `${Path}.${K}: the vendor has no such key`;
    }[keyof O & string]
  | `${Path}.${Exclude<RequiredKey<V>, keyof O> & string}: the vendor always has it`;

/** An object has to fit one member of a union, not all. */
type InSome<V, O, Path extends string> = true extends (
  V extends object ? ([InObject<V, O, Path>] extends [never] ? true : never) : never
)
  ? never
  : V extends object
    ? InObject<V, O, Path>
    : never;

type IsAny<T> = 0 extends 1 & T ? true : false;
type Objects<V> = Exclude<V, Plain | readonly unknown[]>;

/** Where what we say or send (`O`) is not what the vendor has. */
export type Misfit<V, O, Path extends string = ''> =
  IsAny<O> extends true
    ? `${Path}: ours has no type`
    : IsAny<V> extends true
      ? never
      : unknown extends O
        ? `${Path}: ours has no type`
        : unknown extends V
          ? `${Path}: the vendor's type is not named`
          : O extends Plain
            ? O extends V
              ? never
              : `${Path}: ${O & (string | number | boolean | null | undefined)} is not the vendor's`
            : O extends readonly (infer OurItem)[]
              ? [Extract<V, readonly unknown[]>] extends [readonly (infer Item)[]]
                ? Misfit<Item, OurItem, `${Path}[]`>
                : `${Path}: the vendor has no list`
              : [Objects<V>] extends [never]
                ? `${Path}: the vendor has no object`
                : InSome<Objects<V>, O, Path>;

/** `unknown` when all fits, so that `O & Exactly<V, O>` is `O`; else an object that nothing is, with the reasons. */
export type Exactly<V, O> = [Misfit<V, O>] extends [never] ? unknown : { readonly misfit: Misfit<V, O> };

/**
 * Where a reader that takes `I` does not fit what the vendor may send (`V`): a key that does not exist, or a value that
 * would be refused. A missing key is no misfit: vendors call nearly every key optional, and readers decide themselves
 * what they cannot do without.
 */
export type Unread<V, I, Path extends string = ''> = unknown extends I | (IsAny<V> extends true ? unknown : never)
  ? never
  : V extends undefined
    ? never
    : V extends Plain
      ? V extends I
        ? never
        : `${Path}: ${V & (string | number | boolean | null)} is not read`
      : V extends readonly (infer Item)[]
        ? [Extract<I, readonly unknown[]>] extends [never]
          ? `${Path}: a list is not read`
          : [Extract<I, readonly unknown[]>] extends [readonly (infer OurItem)[]]
            ? Unread<Item, OurItem, `${Path}[]`>
            : never
        : [Objects<I>] extends [never]
          ? `${Path}: an object is not read`
          : UnreadKeys<V, Objects<I>, Path>;

type UnreadKeys<V, I, Path extends string> = {
  [K in keyof I & string]-?: K extends keyof V
    ? Unread<V[K], I[K], `${Path}.${K}`>
    : K extends Annotation
      ? never
      : `${Path}.${K}: the vendor has no such key`;
}[keyof I & string];

/** The argument has to be `never`: `export type Checks = [None<Misfit<...>>, ...]`. */
export type None<T extends never> = T;
