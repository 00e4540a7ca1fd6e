import { afterEach, beforeEach } from '@jest/globals';
import {
  createMimecastDirectory,
  type MimecastDirectory,
  type MimecastDirectoryOptions,
} from '../src/mimecast/directory.js';

export const ADA = 'ada@example.com';
const START = new Date('2026-03-02T09:00:00.000Z').getTime();

export interface Envelope {
  meta: { status: number; pagination?: { next?: string; totalCount: number } };
  data: Record<string, unknown>[];
  fail: { code?: string; key?: unknown; errors?: { code: string; field?: string; message: string }[] }[];
}

export const codeOf = ({ fail: [first] }: Envelope) => first?.errors?.[0]?.code ?? first?.code;

export const credentials = { grant_type: 'client_credentials', client_id: 'id-1', client_secret: 'secret-1' };

let at = START;
export let directory: MimecastDirectory;
export let token = '';

export const now = (): number => at;
export const pass = (ms: number): void => void (at += ms);

export const form = (fields: Record<string, string>) =>
  fetch(`${directory.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });

/** Starts a directory, and signs in to it. */
export async function start(more: Partial<MimecastDirectoryOptions> = {}): Promise<void> {
  directory = await createMimecastDirectory({
    users: [{ email: ADA, name: 'Ada Example', password: 'The-0ld-password' }],
    groups: [{ name: 'two' }, { name: 'Two more' }, { name: 'two', source: 'ldap' }],
    clientId: 'id-1',
    clientSecret: 'secret-1',
    clock: () => new Date(at),
    ...more,
  });
  const body: unknown = await (await form(credentials)).json();
  token = (body as { access_token: string }).access_token;
}

export async function restart(more: Partial<MimecastDirectoryOptions>): Promise<void> {
  await directory.close();
  await start(more);
}

export async function post(
  path: string,
  item: unknown,
  more: { token?: string; type?: string; raw?: string; page?: Record<string, unknown> } = {},
) {
  const response = await fetch(`${directory.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${more.token ?? token}`, 'content-type': more.type ?? 'application/json' },
    body: more.raw ?? JSON.stringify({ ...(more.page && { meta: { pagination: more.page } }), data: [item] }),
  });
  const body = (await response.json()) as Envelope;
  return { status: response.status, headers: response.headers, body, code: codeOf(body) };
}

export const update = (item: Record<string, unknown>) => post('/api/user/update-user', { emailAddress: ADA, ...item });

/** Before each test of the file a directory starts anew. */
export function withMimecast(): void {
  beforeEach(() => {
    at = START;
    return start();
  });
  afterEach(() => directory.close());
}
