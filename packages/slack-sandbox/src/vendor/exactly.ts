import type { Given } from '../json.js';

/**
 * Holds what is answered and sent to Slack's published types, key by key and at every depth. TypeScript itself notices
 * an excess key only in a literal that is written in place, and forgets it behind a spread or a variable.
 *
 * `Misfit` is a union of sentences, one for each place that does not fit, and `never` when all fits. The local identity
 * systems have the same: the packages are published separately and know nothing of each other.
 */

type Plain = string | number | boolean | bigint | null | undefined;

type RequiredKey<V> = {
  [K in keyof V]-?: string extends K ? never : Partial<Pick<V, K>> extends Pick<V, K> ? never : K;
}[keyof V];

type InObject<V, O, Path extends string> =
  | {
      [K in keyof O & string]-?: K extends keyof V
        ? Misfit<V[K], O[K], `${Path}.${K}`>
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

/** The members of an enum are texts on the wire. */
type Text<V> = V extends string ? `${V}` : never;

type IsAny<T> = 0 extends 1 & T ? true : false;
type Objects<V> = Exclude<V, Plain | readonly unknown[]>;
type IsGiven<O> = Exclude<keyof Given, string | number> extends keyof O ? true : false;

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
            ? O extends V | Text<V>
              ? never
              : `${Path}: ${O & (string | number | boolean | null | undefined)} is not the vendor's`
            : O extends readonly (infer OurItem)[]
              ? [Extract<V, readonly unknown[]>] extends [readonly (infer Item)[]]
                ? Misfit<Item, OurItem, `${Path}[]`>
                : `${Path}: the vendor has no list`
              : [Objects<V>] extends [never]
                ? `${Path}: the vendor has no object`
                : IsGiven<O> extends true
                  ? never
                  : InSome<Objects<V>, O, Path>;

/** `unknown` when all fits, so that `O & Exactly<V, O>` is `O`; else an object that nothing is, with the reasons. */
export type Exactly<V, O> = [Misfit<V, O>] extends [never] ? unknown : { readonly misfit: Misfit<V, O> };

/** The argument has to be `never`: `export type Checks = [None<Misfit<...>>, ...]`. */
export type None<T extends never> = T;
