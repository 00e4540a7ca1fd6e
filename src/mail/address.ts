import { z } from 'zod';

/** A mailbox as a header names it: `name` is empty when there is only an address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

// eslint-disable-next-line no-control-regex -- control characters are just what must not get into a header
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/** Whether a text could break a header: CR, LF, NUL and the other control and line characters. */
export const breaksHeader = (text: string): boolean => CONTROL.test(text);

/** One bare address (`ada@example.com`): no name, no list, no control characters, at most 254 characters (RFC 5321). */
export const emailAddress = z.email('is not one plain e-mail address; write it as name@example.com').max(254);

/** Parses `ada@example.com` or `Security <security@example.com>`; quotes around the name are dropped. */
export const mailbox = z.string().transform((text, context): Mailbox => {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text);
  const parsed = emailAddress.safeParse(named?.[2] ?? text.trim());
  if (breaksHeader(text) || !parsed.success) {
    context.addIssue({
      code: 'custom',
      message: 'is not a sender; write it as security@example.com or Security <security@example.com>',
    });
    return z.NEVER;
  }
  return { name: named?.[1] ?? '', address: parsed.data };
});

/** The mailbox as a header value, the name quoted (RFC 5322). */
export function sayMailbox({ name, address }: Mailbox): string {
  if (name === '') return address;
  return `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}

/** The part after the `@`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
