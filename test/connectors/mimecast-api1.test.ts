import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MimecastDirectory } from 'identity-sandbox/mimecast';
import type { Command, ConnectorFailure } from '../../src/ports/connector.js';
import { API1_REGIONS, mimecastSettings } from '../../src/connectors/mimecast/settings.js';
import { sign, signatureDate } from '../../src/connectors/mimecast/signature.js';
import type { Result } from '../../src/platform/result.js';
import { Secret } from '../../src/platform/secret.js';
import { ADA, API1, API2, call, connect, KEYS, playedRuntime, startDirectory } from './mimecast-subject.js';

const handles = { emails: [ADA], employeeId: null };
const ada = { system: 'mimecast', accountId: ADA, login: ADA };
const disable: Command = { kind: 'disable_account' };

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(settings: Record<string, unknown> = {}, role?: string) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), {
    users: [{ email: ADA, name: 'Ada Example', ...(role === undefined ? {} : { role }) }],
  });
  open.push(directory);
  return { runtime, directory, connector: connect(directory.url, runtime, { ...API1, ...settings }) };
}

function failureOf<T>(result: Result<T, ConnectorFailure>): ConnectorFailure {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
}

describe('the signature of API 1.0', () => {
  it('is the one of the known example', () => {
    const signed = {
      date: 'Tue, 24 Nov 2015 12:50:11 UTC',
      requestId: '8578FCFC-A305-4D9A-99CB-F4D5ECEFE297',
      path: '/api/user/update-user',
    };
    const keys = { appKey: 'app-key-example', secretKey: 'c2VjcmV0LWtleS1ieXRlcy1mb3ItdGVzdA==' };
    expect(sign(signed, keys)).toBe('FiaOaNiQhkDdlCpyN05BD1xJqZA=');
  });

  it('has the date in the words of Mimecast', () => {
    expect(signatureDate(new Date('2015-11-24T12:50:11.900Z'))).toBe('Tue, 24 Nov 2015 12:50:11 UTC');
  });

  it('changes with everything that is signed', () => {
    const part = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(part, part, part, part, (date, requestId, path, other) => {
        fc.pre(other !== path);
        const keys = { appKey: 'k', secretKey: 'c2VjcmV0' };
        const here = sign({ date, requestId, path }, keys);
        expect(sign({ date, requestId, path: other }, keys)).not.toBe(here);
        expect(sign({ date, requestId, path }, { ...keys, appKey: 'l' })).not.toBe(here);
      }),
    );
  });
});

describe('API 1.0', () => {
  it('asks for no token, and signs each request anew', async () => {
    const { connector, directory } = await scene();
    expect(await connector.find(handles, call())).toMatchObject({ ok: true, value: { accountId: ADA } });
    expect(await connector.perform(disable, ada, call())).toMatchObject({ ok: true });
    expect(directory.user(ADA)).toMatchObject({ enabled: false });
    expect(directory.calls().map(({ path }) => path)).toEqual(['/api/user/update-user', '/api/user/update-user']);
  });

  it.each([
    ['app_id', 'another', /app_id and app_key/],
    ['app_key', 'another', /access_key, secret_key/],
    ['access_key', 'another', /access_key, secret_key/],
    ['secret_key', 'YW5vdGhlcg==', /access_key, secret_key/],
  ])('says what to look at when %s is wrong', async (key, value, mend) => {
    const { connector } = await scene({ [key]: value });
    const failure = failureOf(await connector.perform(disable, ada, call()));
    expect(failure.kind).toBe('auth');
    expect(failure.message).toMatch(mend);
    for (const secret of [KEYS.appKey, KEYS.accessKey, KEYS.secretKey]) expect(failure.message).not.toContain(secret);
  });

  it('says how to mend keys that have expired, and goes on with them once they are renewed', async () => {
    const { connector, directory } = await scene();
    directory.expireBinding(true);
    const failure = failureOf(await connector.readState(ada, call()));
    expect(failure.kind).toBe('auth');
    expect(failure.message).toMatch(/Never Expires/);
    const findings = await connector.examine(null, call());
    expect(findings).toMatchObject([
      { subject: 'reach', verdict: 'ok' },
      { subject: 'sign_in', verdict: 'misconfigured' },
      { subject: 'clock', verdict: 'ok' },
    ]);
    directory.expireBinding(false);
    expect(await connector.readState(ada, call())).toMatchObject({ ok: true });
  });

  it('is let in with a clock that is wrong, but for one that is wrong by more than an hour', async () => {
    const runtime = playedRuntime();
    let wrongBy = 16 * 60_000;
    const directory = await startDirectory(() => new Date(runtime.now().getTime() + wrongBy));
    open.push(directory);
    expect(await connect(directory.url, runtime, API1).readState(ada, call())).toMatchObject({ ok: true });
    wrongBy = 62 * 60_000;
    const failure = failureOf(await connect(directory.url, runtime, API1).readState(ada, call()));
    expect(failure).toMatchObject({ kind: 'auth', message: expect.stringContaining('clock') });
  });

  it('tries once more when the application id is refused, as Mimecast does now and then', async () => {
    const { connector, directory } = await scene();
    directory.faults.add({ type: 'fail_envelope', code: 'err_developer_key', times: 1 });
    expect(await connector.find(handles, call())).toMatchObject({ ok: true });
    directory.faults.add({ type: 'fail_envelope', code: 'err_developer_key', times: 2 });
    expect(await connector.find(handles, call())).toMatchObject({ ok: false, error: { kind: 'auth' } });
  });

  it('tells administrators, and that groups do not reach them', async () => {
    const plain = await scene();
    expect(await plain.connector.readState(ada, call())).toMatchObject({ ok: true, value: { adminRoles: [] } });
    const { connector } = await scene({}, 'Basic Administrator');
    expect(await connector.readState(ada, call())).toMatchObject({
      ok: true,
      value: { adminRoles: ['Basic Administrator'] },
    });
    const { roles } = await connector.evidence(ada, call());
    expect(roles).toMatchObject({ items: [{ title: 'Basic Administrator' }], complete: true });
    const blocked = (await connector.examine(ada, call())).filter(({ verdict }) => verdict === 'blocked');
    expect(blocked.map(({ subject }) => subject)).toEqual(['require_two_step', 'limit_login_ips']);
  });
});

describe('the settings of both versions', () => {
  it('know the address of every region', () => {
    for (const region of API1_REGIONS)
      expect(mimecastSettings.parse({ ...API1, region }).base_url).toBe(`https://${region}-api.mimecast.com`);
    expect(mimecastSettings.parse(API2).base_url).toBe('https://api.services.mimecast.com');
    expect(mimecastSettings.parse({ ...API2, region: 'us' }).base_url).toBe('https://us-api.services.mimecast.com');
    expect(mimecastSettings.parse({ ...API1, base_url: 'https://proxy.example/' }).base_url).toBe(
      'https://proxy.example',
    );
  });

  it('refuse what is half one and half the other', () => {
    const nowhere = { ...API1, region: undefined };
    for (const wrong of [
      { ...API2, app_id: 'x' },
      { ...API2, auth: 'api1', region: 'eu' },
      nowhere,
      { ...API1, region: 'mars' },
      { ...API1, secret_key: 'no base64!' },
      { ...API1, client_id: 'x' },
    ])
      expect(mimecastSettings.safeParse(wrong).success).toBe(false);
  });

  it('keep every key secret', () => {
    const text = JSON.stringify(mimecastSettings.parse({ ...API1, secret_key: new Secret(KEYS.secretKey) }));
    for (const secret of [KEYS.appKey, KEYS.accessKey, KEYS.secretKey]) expect(text).not.toContain(secret);
  });
});
