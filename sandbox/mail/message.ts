import { z } from 'zod';

export interface MailLink {
  readonly label: string;
  readonly url: string;
}

/** One mail as it lies in the mailbox. */
export const storedMail = z.object({
  /** The mailbox's own number, so that a mail that came twice is seen twice. */
  id: z.string(),
  message_id: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  /** ISO 8601, UTC. */
  date: z.string(),
  text: z.string(),
  html: z.string(),
  links: z.array(z.object({ label: z.string(), url: z.string() })),
  /** Custom headers (`h:`) and variables (`v:`) and options (`o:`) as they were sent. */
  fields: z.record(z.string(), z.string()),
});
export type StoredMail = z.infer<typeof storedMail>;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** The links that a reader of the mail can press: the anchors of its HTML, else the addresses in its text. */
export function linksOf(html: string, text: string): MailLink[] {
  const anchors = [...html.matchAll(/<a\s[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi)].map(
    ([, url = '', label = '']) => ({
      url: decode(url),
      label: decode(label.replace(/<[^>]*>/g, '')).trim(),
    }),
  );
  if (anchors.length > 0) return anchors;
  return [...text.matchAll(/https?:\/\/[^\s<>"]+/g)].map(([url]) => ({ url, label: url }));
}

/** The bare address of a recipient as it is written in a `to` field. */
export const addressOf = (recipient: string): string =>
  (/<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase();

/** Whether Mailgun would take this as a recipient: `ada@example.com` or `Ada <ada@example.com>`. */
export const isRecipient = (recipient: string): boolean => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(addressOf(recipient));
