import { afterEach, describe, expect, it } from '@jest/globals';
import { createMailSandbox, type MailSandbox } from '../../../sandbox/mail/index.js';
import { NOON } from '../../mail/example.js';

let sandbox: MailSandbox;
afterEach(() => sandbox.close());

const start = async (snapshot?: unknown): Promise<MailSandbox> =>
  (sandbox = await createMailSandbox({ domain: 'mg.example.com', apiKey: 'key-1', clock: () => NOON, snapshot }));

function post(fields: Record<string, string>, over: { key?: string; path?: string; method?: string } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const authorization = `Basic ${Buffer.from(`api:${over.key ?? 'key-1'}`).toString('base64')}`;
  return fetch(`${sandbox.url}${over.path ?? '/v3/mg.example.com/messages'}`, {
    method: over.method ?? 'POST',
    headers: { authorization },
    ...(over.method === 'GET' ? {} : { body }),
  });
}

const whole = {
  from: 'a@mg.example.com',
  to: 'Ada <ADA@example.com>',
  subject: 's',
  text: 'see https://x.example/1 now',
};

describe('the mail sandbox', () => {
  it('takes a mail and shows it', async () => {
    await start();
    let told = 0;
    const stop = sandbox.onChange(() => (told += 1));
    const answer = await post(whole);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ message: 'Queued. Thank you.' });
    expect(sandbox.mailbox('ada@example.com')).toMatchObject([
      { id: 'mail-1', to: 'ada@example.com', links: [{ url: 'https://x.example/1' }], date: NOON.toISOString() },
    ]);
    expect(sandbox.mailbox('eve@example.com')).toHaveLength(0);
    stop();
    await post(whole);
    expect(told).toBe(1);
  });

  it.each([
    ['a wrong key', whole, { key: 'key-2' }, '401 Forbidden'],
    [
      'another domain',
      whole,
      { path: '/v3/other.example/messages' },
      '404 {"message":"Domain not found: other.example"}',
    ],
    ['another path', whole, { path: '/v4/x' }, '404 404 page not found'],
    ['another method', whole, { method: 'GET' }, '405 {"message":"Method Not Allowed"}'],
    ['no sender', { ...whole, from: '' }, {}, '400 {"message":"from parameter is missing"}'],
    ['no recipient', { ...whole, to: '' }, {}, '400 {"message":"to parameter is missing"}'],
    [
      'a wrong recipient',
      { ...whole, to: 'ada' },
      {},
      `400 {"message":"'to' parameter is not a valid address. please check documentation"}`,
    ],
    [
      'no body',
      { ...whole, text: '' },
      {},
      `400 {"message":"Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified"}`,
    ],
  ])('refuses %s as Mailgun does', async (_what, fields, over, said) => {
    await start();
    const answer = await post(fields, over);
    expect(`${answer.status} ${await answer.text()}`).toBe(said);
    expect(sandbox.mailbox()).toHaveLength(0);
  });

  it('breaks as it is told, so many times', async () => {
    await start();
    sandbox.faults.add({ type: 'http_429', times: 2 });
    sandbox.faults.add({ type: 'drop_after_accept', times: 1 });
    expect([(await post(whole)).status, (await post(whole)).status]).toEqual([429, 429]);
    await expect(post(whole)).rejects.toThrow();
    expect(sandbox.mailbox()).toHaveLength(1);
    sandbox.faults.add({ type: 'http_500', times: 9 });
    sandbox.faults.clear();
    expect((await post(whole)).status).toBe(200);
  });

  it('comes back from its snapshot', async () => {
    await start();
    await post(whole);
    const kept: unknown = JSON.parse(JSON.stringify(sandbox.snapshot()));
    await sandbox.close();
    await start(kept);
    await post(whole);
    expect(sandbox.mailbox().map((mail) => mail.id)).toEqual(['mail-1', 'mail-2']);
  });
});
