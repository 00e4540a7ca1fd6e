import { z } from 'zod';
import { canonicalJson } from '../../platform/canonical.js';
import type { EvidenceItem } from '../../ports/connector.js';
import { joined } from '../kit/evidence.js';
import { isSame } from '../kit/find.js';
import { savedJson, word } from './shapes.js';

const line = z.string().optional();
const whether = z.boolean().optional();

/** What an undo writes again. A mail server's password is never shown, so an address with a server of its own is not. */
const writable = z.object({
  displayName: line,
  replyToAddress: line,
  signature: line,
  treatAsAlias: whether,
  /** Only `true` may be written (reference of `SendAs`). */
  isDefault: whether.transform((is) => is || undefined),
});
const savedSendAs = writable.extend({ sendAsEmail: z.string(), ownServer: z.literal(true).optional() });
export const savedAddress = savedJson.pipe(savedSendAs);

/**
 * `users.settings.sendAs`: an address that the person sends as. The primary one is among them, and cannot be deleted;
 * the rest was added, and mail is sent as it although the account has no such address.
 */
export const sendAs = z
  .looseObject({
    sendAsEmail: z.string().min(3),
    /** Only the primary one has it. */
    isPrimary: z.boolean().nullable().catch(null).default(false),
    verificationStatus: word,
    /** Its own server for outgoing mail, which reads along. */
    smtpMsa: z.unknown().optional(),
  })
  .transform((row) => ({
    email: row.sendAsEmail,
    isPrimary: row.isPrimary,
    status: row.verificationStatus,
    host: row.smtpMsa === undefined || row.smtpMsa === null ? null : hostOf(row.smtpMsa),
    /** `null`: it cannot be read. */
    written: writable.safeParse(row).data ?? null,
  }));
export type SendAs = z.output<typeof sendAs>;

const hostOf = (server: unknown): string => z.object({ host: z.string() }).safeParse(server).data?.host ?? '';

export const isOwn = ({ email, isPrimary }: SendAs, owner: string): boolean =>
  isPrimary === true || isSame(email, owner);

export const sendAsItem = ({ email, status, host, written }: SendAs): EvidenceItem => ({
  id: `send_as:${email}`,
  title: `Send mail as ${email}`,
  at: null,
  // Whoever answers such mail answers there.
  givesMailTo: [written?.replyToAddress || email],
  detail: joined([
    status,
    written?.isDefault === true ? 'the default' : null,
    host === null ? null : `through a server of its own ${host}`.trim(),
  ]),
});

/** Where replies to the person's own mail go, when elsewhere; `null`: it cannot be read. */
export function repliesOf(own: SendAs | undefined, owner: string): string | null {
  if (own === undefined) return '';
  if (own.written === null) return null;
  const { replyToAddress = '' } = own.written;
  if (replyToAddress === '' || isSame(replyToAddress, owner)) return '';
  return /.@./.test(replyToAddress) ? replyToAddress : null;
}

/** By contents: what is made again is unconfirmed for a while. `null`: not all of it can be read. */
export const textOfSendAs = ({ email, host, written }: SendAs): string | null =>
  written === null
    ? null
    : canonicalJson({
        sendAsEmail: email,
        ...Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined && value !== '')),
        ...(host === null ? {} : { ownServer: true as const }),
      });
