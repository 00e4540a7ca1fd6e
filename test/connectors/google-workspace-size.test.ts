import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { call, connect, playedRuntime } from './google-workspace-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ada = { system: 'google_workspace', accountId: '101', login: 'ada@example.com' };
const NOW = '2026-03-02T08:59:30.000Z';
const DIRECTORY = '/admin/directory/v1';
const GMAIL = '/gmail/v1/users/me/settings';
const LOG = '/admin/reports/v1/activity/users/all/applications/login';
const MANY = 1000;

const many = <T>(row: (at: number) => T, length = MANY): readonly T[] => Array.from({ length }, (_none, at) => row(at));

/** What Google holds, list by list; those of the first kind come in pages, the others whole. */
const PAGED: Readonly<Record<string, readonly [string, readonly unknown[]]>> = {
  [`${DIRECTORY}/customer/my_customer/devices/mobile`]: [
    'mobiledevices',
    many((at) => ({ resourceId: `d${at}`, status: 'APPROVED', email: ['ada@example.com'], model: `Phone ${at}` })),
  ],
  [LOG]: [
    'items',
    many((at) => ({
      id: { time: NOW, uniqueQualifier: String(at), applicationName: 'login' },
      actor: { email: `p${at}@example.com` },
      events: [{ name: 'login_success' }],
    })),
  ],
};
const SCOPES = many((at) => `https://www.googleapis.com/auth/a-scope-with-a-long-name-${at}`, 40);
const WHOLE: Readonly<Record<string, unknown>> = {
  [`${DIRECTORY}/users/101`]: { id: '101', primaryEmail: 'ada@example.com' },
  [`${DIRECTORY}/users/101/tokens`]: {
    kind: 'admin#directory#tokenList',
    items: many((at) => ({ clientId: `c${at}`, displayText: `App ${at}`, scopes: SCOPES })),
  },
  [`${GMAIL}/autoForwarding`]: { enabled: false },
  [`${GMAIL}/sendAs`]: { sendAs: [{ sendAsEmail: 'ada@example.com', isPrimary: true }] },
  [`${GMAIL}/filters`]: {
    filter: many((at) => ({ id: `f${at}`, criteria: { query: 'x'.repeat(1500) }, action: { addLabelIds: ['TRASH'] } })),
  },
};

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

async function google(): Promise<{ connector: Connector; calls: readonly string[] }> {
  const stub = await startStub((asked): StubAnswer => {
    if (asked.endsWith('/token')) return { body: { access_token: 't', expires_in: 3600 } };
    const [path = '', query = ''] = asked.slice(asked.indexOf(' ') + 1).split('?');
    if (!asked.startsWith('GET ')) return { status: 204, body: null };
    const paged = PAGED[path];
    if (paged === undefined) return { body: WHOLE[path] ?? { kind: 'admin#list' } };
    const [key, rows] = paged;
    const asking = new URLSearchParams(query);
    const from = Number(asking.get('pageToken') ?? 0);
    const to = from + Number(asking.get('maxResults'));
    const next = to < rows.length ? { nextPageToken: String(to) } : {};
    return { body: { kind: 'admin#list', [key]: rows.slice(from, to), ...next } };
  });
  stubs.push(stub);
  const connector = connect(stub.url, playedRuntime(), { login_range_groups: [], deadline_ms: 20_000 });
  return { connector, calls: stub.calls };
}

describe('an account of a thousand things', () => {
  it('shows the newest hundred of them, and says that there are more', async () => {
    const { connector } = await google();
    const { grants, mail_rules: rules, devices } = await connector.evidence(ada, call());
    for (const section of [grants, rules, devices])
      expect('items' in section && [section.items.length, section.complete]).toEqual([100, false]);
  });

  it.each<[string, Command, number]>([
    ['grants', { kind: 'revoke_grants', items: 'all' }, MANY],
    ['filters', { kind: 'disable_mail_rules', items: 'all' }, MANY],
    // More devices of one person than are read at once.
    ['devices', { kind: 'block_devices', items: 'all' }, 500],
  ])('is rid of its %s, one by one', async (_what, command, sent) => {
    const { connector, calls } = await google();
    const before = await connector.capture(command, ada, call());
    expect(before).toMatchObject({ ok: true });
    expect(await connector.perform(command, ada, call())).toMatchObject({ ok: true });
    expect(calls.filter((one) => !one.startsWith('GET ') && !one.endsWith('/token'))).toHaveLength(sent);
  });

  it('is not told as rid of them where more are there than are read', async () => {
    const { connector } = await google();
    const command: Command = { kind: 'block_devices', items: ['d900'] };
    expect(await connector.readBack(command, ada, new Date(NOW), call())).toMatchObject({
      value: { verdict: 'cannot_tell' },
    });
  });
});

it('a thousand sign-ins of one second all become events, and the cursor moves on', async () => {
  const { connector } = await google();
  const polled = await connector.events?.poll(null, call());
  if (polled?.ok !== true) throw new Error('the log was not polled');
  expect(polled.value.events).toHaveLength(MANY);
  expect(new Set(polled.value.events.map(({ login }) => login)).size).toBe(MANY);
  expect(polled.value.cursor).not.toBe('');
});
