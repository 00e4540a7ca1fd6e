/**
 * Microsoft publishes no types for Active Directory. This is its schema as [MS-ADA1] to [MS-ADA3] document it
 * (`active-directory-schema.ts`), asked: is there such an attribute, in which form does it come, what may be written.
 */
import type { ROOT_DSE, SCHEMA } from './active-directory-schema.js';

export type Schema = typeof SCHEMA;
export type RootDse = typeof ROOT_DSE;
type Name = keyof Schema;
type With<Trait> = { [N in Name]: Schema[N] extends Trait ? N : never }[Name];

/** Attributes of a user, and of what is derived from it: computers and accounts of services. */
export type OfUser = With<{ on: 'user' | 'any' }>;
export type OfGroup = With<{ on: 'group' | 'any' }>;
/** What is only written, a password, is never shown. */
export type Readable = Pick<Schema, With<{ access: 'read' | 'write' }>>;
type Writable = With<{ access: 'write' | 'write only' }>;
/** Those of which every controller knows when they were last written (`replPropertyMetaData`). */
export type Stamped = Exclude<Name, With<{ local: true }>>;

/** How one value comes over LDAP ([MS-ADTS] 3.1.1.2.2.2). */
interface Forms {
  '2.5.5.1': 'text';
  '2.5.5.2': 'text';
  '2.5.5.7': 'text';
  '2.5.5.9': 'integer';
  '2.5.5.10': 'bytes';
  '2.5.5.11': 'time';
  '2.5.5.12': 'text';
  '2.5.5.15': 'bytes';
  '2.5.5.16': 'large';
  '2.5.5.17': 'bytes';
}
interface Several {
  text: 'texts';
  bytes: 'allBytes';
}
interface Attribute {
  readonly syntax: keyof Forms;
  readonly single: boolean;
}
type FormOf<A extends Attribute> = A['single'] extends true
  ? Forms[A['syntax']]
  : Several[Forms[A['syntax']] & keyof Several];

/** Where the form in which an attribute is read is not the one in which it comes. */
export type Misread<All, Ours> = {
  [N in keyof Ours & string]: N extends keyof All
    ? All[N] extends Attribute
      ? Ours[N] extends FormOf<All[N]>
        ? never
        : `${N}: it comes as ${FormOf<All[N]>}`
      : never
    : `${N}: there is nothing to read of this name`;
}[keyof Ours & string];

/** Only 0 ends a lock; 0 and -1 are all that can be written as the time of a password ([MS-SAMR] 3.1.1.6). */
interface Restricted {
  lockoutTime: '0';
  pwdLastSet: '0' | '-1';
}
interface Values {
  text: string;
  texts: string;
  integer: number;
  large: string;
  time: string;
  bytes: Uint8Array;
  allBytes: Uint8Array;
}
type ValueOf<N extends Name> = N extends keyof Restricted ? Restricted[N] : Values[FormOf<Schema[N]>];

/** Where a change of an object that has these attributes is not one that a controller takes. */
export type Unwritable<Class extends Name, Change> = {
  [N in keyof Change & string]: N extends Class & Writable
    ? Change[N] extends ValueOf<N>
      ? never
      : `${N}: no such value can be written`
    : `${N}: it cannot be written`;
}[keyof Change & string];
