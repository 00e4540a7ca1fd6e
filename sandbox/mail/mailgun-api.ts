import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { addressOf, isRecipient } from './message.js';

/** What the endpoint says: a JSON body, or bare text where Mailgun answers so. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>> | string;
}

/** A mail as it was posted; `to` holds bare addresses. */
export interface PostedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const fail = (status: number, message: string): ApiAnswer => ({ status, body: { message } });

/** HTTP Basic with the user `api`. Source: Mailgun's API reference, "Authentication". */
export function holdsKey(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Reads a form as Mailgun does: multipart or urlencoded. `null` when it is neither or broken. */
export async function readForm(type: string, body: Buffer): Promise<FormData | null> {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return null;
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- meant for servers on the internet; this one is on loopback, its bodies at most 1 MiB
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Checks a posted form in Mailgun's order and with Mailgun's words. */
export function readMail(form: FormData): { readonly mail: PostedMail } | { readonly refusal: ApiAnswer } {
  const all = (name: string): string[] => form.getAll(name).filter((value) => typeof value === 'string');
  const one = (name: string): string => all(name)[0] ?? '';
  const from = one('from');
  const to = all('to').flatMap((value) => value.split(','));
  if (from === '') return { refusal: fail(400, 'from parameter is missing') };
  if (!isRecipient(from))
    return { refusal: fail(400, "'from' parameter is not a valid address. please check documentation") };
  if (to.every((value) => value.trim() === '')) return { refusal: fail(400, 'to parameter is missing') };
  if (!to.every(isRecipient))
    return { refusal: fail(400, "'to' parameter is not a valid address. please check documentation") };
  if (to.length > 1000) return { refusal: fail(400, 'to parameter holds too many recipients') };
  // A form carries line ends as CR LF; a mailbox shows them as LF.
  const text = one('text').replaceAll('\r\n', '\n');
  const html = one('html').replaceAll('\r\n', '\n');
  if (text === '' && html === '')
    return { refusal: fail(400, "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified") };
  const fields = Object.fromEntries(
    [...form.entries()].flatMap(([name, value]) =>
      /^[hov]:/.test(name) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
  return { mail: { from, to: to.map(addressOf), subject: one('subject'), text, html, fields } };
}
