import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import { ADA, API_TOKEN, playedRuntime, startDirectory } from '../../connectors/okta-subject.js';

const runtime = playedRuntime();
let directory: OktaDirectory;
beforeEach(async () => {
  directory = await startDirectory(() => runtime.now());
});
afterEach(() => directory.close());

async function ask(method: string, path: string, json?: unknown, token = API_TOKEN) {
  const answer = await fetch(`${directory.url}${path}`, {
    method,
    headers: { authorization: `SSWS ${token}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    body: json === undefined ? null : JSON.stringify(json),
  });
  const text = await answer.text();
  const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, headers: answer.headers, body };
}

describe('the local Okta org', () => {
  it.each([
    ['GET', '/api/v1/nothing', 404, 'E0000008'],
    ['PATCH', '/api/v1/zones', 405, 'E0000022'],
    ['GET', '/api/v1/users/00uNobody', 404, 'E0000007'],
    ['GET', '/api/v1/users?search=profile.email%20eq', 400, 'E0000031'],
    ['GET', '/api/v1/logs?limit=5000', 400, 'E0000001'],
    ['GET', '/api/v1/logs?since=yesterday', 400, 'E0000030'],
    ['GET', '/api/v1/logs?after=made-up', 400, 'E0000001'],
    ['POST', `/api/v1/users/${ADA}/lifecycle/unsuspend`, 400, 'E0000001'],
    ['POST', `/api/v1/users/${ADA}/lifecycle/unlock`, 403, 'E0000032'],
  ])('answers %s %s with %i %s', async (method, path, status, code) => {
    expect(await ask(method, path)).toMatchObject({
      status,
      body: { errorCode: code, errorCauses: expect.any(Array) },
    });
  });

  it('knows its token, and nobody else', async () => {
    const refused = await ask('GET', `/api/v1/users/${ADA}`, undefined, 'wrong');
    expect(refused).toMatchObject({ status: 401, body: { errorCode: 'E0000011' } });
    expect((await ask('GET', '/api/v1/users/me')).status).toBe(200);
    expect((await ask('GET', '/api/v1/users/ada')).status).toBe(200);
  });

  it('tells the rate with the instant in seconds', async () => {
    directory.faults.add({ type: 'throttle', times: 1, ms: 30_000 });
    const { status, headers } = await ask('GET', '/api/v1/zones');
    expect([status, headers.get('x-rate-limit-remaining')]).toEqual([429, '0']);
    expect(Number(headers.get('x-rate-limit-reset'))).toBe(runtime.now().getTime() / 1000 + 30);
  });

  it('suspends from ACTIVE alone, and a set password makes an expired account active', async () => {
    const lifecycle = (verb: string) => ask('POST', `/api/v1/users/${ADA}/lifecycle/${verb}`);
    expect((await lifecycle('expire_password')).status).toBe(200);
    const refused = await lifecycle('suspend');
    expect(refused.body?.['errorCauses']).toEqual([{ errorSummary: 'Cannot suspend a user that is not active' }]);
    const set = { credentials: { password: { value: 'Another-Passw0rd-1' } } };
    expect(await ask('POST', `/api/v1/users/${ADA}`, set)).toMatchObject({ status: 200, body: { status: 'ACTIVE' } });
    expect((await lifecycle('suspend')).status).toBe(200);
    expect(await ask('POST', `/api/v1/users/${ADA}`, set)).toMatchObject({
      status: 403,
      body: { errorCode: 'E0000038' },
    });
  });

  it('never hands a password out, in an answer or in its journal', async () => {
    const set = { credentials: { password: { value: 'Another-Passw0rd-1' } } };
    const { body } = await ask('POST', `/api/v1/users/${ADA}`, set);
    expect(JSON.stringify([body, directory.calls(), directory.state()])).not.toContain('Another-Passw0rd-1');
  });

  it('keeps everything over a restart', async () => {
    directory.intrude(ADA, { ip: '198.51.100.66', country: 'Brazil' });
    const view = directory.state();
    const restore = directory.snapshot();
    await directory.close();
    directory = await startDirectory(() => runtime.now(), { users: [], groups: [], restore });
    expect(directory.state()).toEqual(view);
    expect(directory.user(ADA)).toMatchObject({ sessions: 2, secondEmail: expect.stringContaining('collect@') });
  });

  it('tells its listeners of every change', () => {
    let told = 0;
    const stop = directory.onChange(() => (told += 1));
    directory.resetByAttacker(ADA, 'mallory@example.com', '198.51.100.66', 'Mallorys-Passw0rd');
    expect(told).toBeGreaterThan(0);
    expect(directory.checkPassword(ADA, 'Mallorys-Passw0rd')).toBe(true);
    stop();
    const before = told;
    directory.setStatus(ADA, 'LOCKED_OUT');
    expect(told).toBe(before);
  });
});
