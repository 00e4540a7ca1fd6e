import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createFaults, type MailFault, type MailFaults } from './faults.js';
import { fail, holdsKey, readForm, readMail, type ApiAnswer, type PostedMail } from './mailgun-api.js';
import { addressOf, linksOf, storedMail, type StoredMail } from './message.js';

export type { MailFaults } from './faults.js';
export type { StoredMail } from './message.js';

export interface MailSandboxOptions {
  readonly domain: string;
  readonly apiKey: string;
  readonly clock: () => Date;
  /** On loopback; 0 (when left out) takes a free one. */
  readonly port?: number;
  /** What `snapshot()` gave. */
  readonly snapshot?: unknown;
}

/** A Mailgun that delivers into a mailbox on this machine. It sends nothing to anybody. */
export interface MailSandbox {
  /** The base url for a Mailgun client: `http://127.0.0.1:port`. */
  readonly url: string;
  /** The newest 500 mails, oldest first; those of one address when given. */
  mailbox(address?: string): readonly StoredMail[];
  readonly faults: MailFaults;
  snapshot(): unknown;
  /** Called after each mail that was taken; gives the way to stop. */
  onChange(callback: () => void): () => void;
  close(): Promise<void>;
}

const MAX_BODY = 1024 * 1024;
const MAX_MAILS = 500;
const snapshotShape = z.object({ next: z.int().min(1), mails: z.array(storedMail).max(MAX_MAILS) });

async function readAll(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) return null;
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, body }: ApiAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
}

/** The mails and who is told of them. */
function createMailbox(domain: string, clock: () => Date, snapshot: unknown) {
  const state = snapshot === undefined ? { next: 1, mails: [] } : snapshotShape.parse(snapshot);
  const watchers = new Set<() => void>();

  function deliver(mail: PostedMail): string {
    const date = clock();
    const messageId = mail.fields['h:Message-Id'] ?? `<${date.getTime()}.${state.next}@${domain}>`;
    for (const to of mail.to) {
      const { from, subject, text, html, fields } = mail;
      state.mails.push({
        id: `mail-${state.next}`,
        message_id: messageId,
        from,
        to,
        subject,
        date: date.toISOString(),
        text,
        html,
        links: linksOf(html, text),
        fields: { ...fields },
      });
      state.next += 1;
    }
    state.mails.splice(0, Math.max(0, state.mails.length - MAX_MAILS));
    for (const tell of watchers) tell();
    return messageId;
  }
  return { state, watchers, deliver };
}

function refusedBy(fault: MailFault | null): ApiAnswer | null {
  switch (fault?.type) {
    case 'http_500':
      return fail(500, 'Internal Server Error');
    case 'http_429':
      return fail(429, 'Too many requests');
    case 'http_401':
      return { status: 401, body: 'Forbidden' };
    case 'http_400':
      return fail(400, "'to' parameter is not a valid address. please check documentation");
    default:
      return null;
  }
}

/** Answers one posted message; a fault may come before or after the mail is taken. `null` cuts the connection. */
async function answerPost(
  request: IncomingMessage,
  body: Buffer,
  fault: MailFault | null,
  deliver: (mail: PostedMail) => string,
): Promise<ApiAnswer | null> {
  const refused = refusedBy(fault);
  if (refused) return refused;
  if (fault?.type === 'drop_before_accept') return null;
  const form = await readForm(request.headers['content-type'] ?? '', body);
  const read = form === null ? { refusal: fail(400, 'from parameter is missing') } : readMail(form);
  if ('refusal' in read) return read.refusal;
  const id = deliver(read.mail);
  if (fault?.type === 'slow') await sleep(fault.ms ?? 1_000, undefined, { ref: false });
  return fault?.type === 'drop_after_accept' ? null : { status: 200, body: { id, message: 'Queued. Thank you.' } };
}

/** Starts a local Mailgun: `POST /v3/{domain}/messages` as the real one answers it, and a mailbox to read. */
export async function createMailSandbox(options: MailSandboxOptions): Promise<MailSandbox> {
  const { state, watchers, deliver } = createMailbox(options.domain, options.clock, options.snapshot);
  const faults = createFaults();

  async function answer(request: IncomingMessage): Promise<ApiAnswer | null> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (request.method === 'GET' && path === '/') return { status: 200, body: 'Mailgun Magnificent API' };
    if (!holdsKey(request, options.apiKey)) return { status: 401, body: 'Forbidden' };
    const domain = /^\/v3\/([^/]+)\/messages$/.exec(path)?.[1];
    if (domain === undefined) return { status: 404, body: '404 page not found' };
    if (request.method !== 'POST') return fail(405, 'Method Not Allowed');
    if (domain !== options.domain) return fail(404, `Domain not found: ${domain}`);
    const body = await readAll(request);
    if (body === null) return fail(413, 'Request Entity Too Large');
    return answerPost(request, body, faults.take(), deliver);
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (said) => (said === null ? request.socket.destroy() : write(response, said)),
      () => request.socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The mail sandbox has no port; give it a free one.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    mailbox: (wanted) => state.mails.filter((mail) => wanted === undefined || mail.to === addressOf(wanted)),
    faults,
    snapshot: () => structuredClone(state),
    onChange(callback) {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
