import { z } from 'zod';
import { Secret } from '../platform/secret.js';
import { mailbox } from './address.js';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);
/** Whether a host is this machine: only there may credentials travel unencrypted. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host.toLowerCase());

const secret = z.instanceof(Secret, { error: 'is missing or not a secret' });
const deadline = z.int().min(100).max(120_000).default(15_000);
const REGIONS: Readonly<Record<string, string>> = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' };

const mailgunUrl = z.string().transform((value, context) => {
  const known = REGIONS[value.toLowerCase()];
  if (known !== undefined) return known;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname)))
    return value.replace(/\/+$/, '');
  context.addIssue({
    code: 'custom',
    message: 'is not an https address; write us, eu, https://api.mailgun.net or https://api.eu.mailgun.net',
  });
  return z.NEVER;
});

/** Mailgun over its HTTP API. `url` is `us`, `eu` or an address; a key of the other region gets a 401. */
export const mailgunSettings = z.strictObject({
  transport: z.literal('mailgun'),
  domain: z
    .string()
    .regex(
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i,
      'is not a domain; write it as mg.example.com',
    ),
  api_key: secret,
  url: mailgunUrl.default('https://api.mailgun.net'),
  from: mailbox,
  /** Milliseconds before an unanswered request is given up. */
  deadline_ms: deadline,
});
export type MailgunSettings = z.infer<typeof mailgunSettings>;

/**
 * Plain SMTP: either `url` (`smtps://user:password@host:465`) or `host` and its companions. TLS is required, except on
 * loopback.
 */
export const smtpSettings = z
  .strictObject({
    transport: z.literal('smtp'),
    url: secret.optional(),
    host: z.string().min(1).max(253).optional(),
    port: z.int().min(1).max(65_535).optional(),
    /** `true`: TLS from the first byte (465). `false`: STARTTLS, required (587). */
    secure: z.boolean().optional(),
    user: z.string().min(1).optional(),
    password: secret.optional(),
    from: mailbox,
    deadline_ms: deadline,
  })
  .refine((value) => (value.url === undefined) !== (value.host === undefined), {
    path: ['host'],
    error: 'Give either url or host, not both and not neither',
  })
  .refine((value) => (value.user === undefined) === (value.password === undefined), {
    path: ['password'],
    error: 'user and password belong together; give both or neither',
  })
  .refine((value) => value.url === undefined || smtpUrl(value.url) !== null, {
    path: ['url'],
    error: 'is not an SMTP address; write smtps://user:password@host:465 or smtp://user:password@host:587',
  });
export type SmtpSettings = z.infer<typeof smtpSettings>;

export const mailSettings = z.discriminatedUnion('transport', [mailgunSettings, smtpSettings]);
export type MailSettings = z.infer<typeof mailSettings>;

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: Secret | null;
}

function smtpUrl(secretUrl: Secret): SmtpServer | null {
  const text = secretUrl.reveal();
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if ((url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '' || url.search !== '') return null;
  const secure = url.protocol === 'smtps:';
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      user: url.username === '' ? null : decodeURIComponent(url.username),
      password: url.password === '' ? null : new Secret(decodeURIComponent(url.password)),
    };
  } catch (error) {
    // A stray % in the password: it cannot be decoded, so the address is refused as a whole.
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Where to connect, from either notation. The settings were checked, so this finds a host. */
export function smtpServer(settings: SmtpSettings): SmtpServer {
  const fromUrl = settings.url === undefined ? null : smtpUrl(settings.url);
  if (fromUrl !== null) return fromUrl;
  if (settings.host === undefined) throw new Error('The SMTP settings name no server; give url or host.');
  const secure = settings.secure ?? settings.port === 465;
  return {
    host: settings.host,
    port: settings.port ?? (secure ? 465 : 587),
    secure,
    user: settings.user ?? null,
    password: settings.password ?? null,
  };
}
