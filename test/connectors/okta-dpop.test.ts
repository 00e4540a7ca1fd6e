import { createHash, createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import { claimsOf, signedJwt } from '../../src/connectors/http/jwt.js';
import { createDpop, type Prover } from '../../src/connectors/http/dpop.js';
import { startStub } from './stub-vendor.js';
import {
  ADA,
  call,
  CLIENT_ID,
  connectApp,
  DPOP_APP,
  KEYS,
  playedRuntime,
  refOf,
  startDirectory,
} from './okta-subject.js';

const TOKEN_PATH = '/oauth2/v1/token';
const DAY_MS = 86_400_000;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(runtime = playedRuntime()): Promise<OktaDirectory> {
  const directory = await startDirectory(() => runtime.now(), { app: DPOP_APP });
  open.push(() => directory.close());
  return directory;
}

describe('a service app that demands DPoP', () => {
  it('is served: the nonce that is asked for is taken, and every call is proven', async () => {
    const runtime = playedRuntime();
    const directory = await start(runtime);
    const okta = connectApp(directory.url, runtime);
    const account = await refOf(okta, ADA);
    expect(await okta.perform({ kind: 'disable_account' }, account, call())).toMatchObject({ ok: true });
    expect(directory.user(ADA)?.status).toBe('SUSPENDED');
    const tokens = directory.calls().filter(({ path }) => path === TOKEN_PATH);
    expect(tokens.map(({ status }) => status)).toEqual([400, 200]);
    const others = directory.calls().filter(({ path }) => path !== TOKEN_PATH);
    expect(others.filter(({ status }) => status === 400)).toEqual([]);
  });

  it('is served after its nonce has ended', async () => {
    const runtime = playedRuntime();
    const directory = await start(runtime);
    const okta = connectApp(directory.url, runtime);
    await refOf(okta, ADA);
    runtime.advance(4 * DAY_MS);
    expect((await refOf(okta, ADA)).login).toBe(ADA);
    const tokens = directory.calls().filter(({ path }) => path === TOKEN_PATH);
    expect(tokens.map(({ status }) => status)).toEqual([400, 200, 400, 200]);
  });

  it('is served by a machine whose clock is wrong', async () => {
    const theirs = playedRuntime('2026-03-02T09:00:00.000Z');
    const directory = await start(theirs);
    const okta = connectApp(directory.url, playedRuntime('2026-03-02T09:20:00.000Z'));
    expect((await refOf(okta, ADA)).login).toBe(ADA);
  });

  it('is examined as any other', async () => {
    const runtime = playedRuntime();
    const directory = await start(runtime);
    const findings = await connectApp(directory.url, runtime).examine(null, call());
    expect(findings.find(({ subject }) => subject === 'sign_in')).toMatchObject({ verdict: 'ok' });
  });
});

describe("the org's checks of a proof, over HTTP", () => {
  const runtime = playedRuntime();

  async function tokenFor(directory: OktaDirectory, dpop: string | null) {
    const iat = Math.floor(runtime.now().getTime() / 1000);
    const url = `${directory.url}${TOKEN_PATH}`;
    const claims = { iss: CLIENT_ID, sub: CLIENT_ID, aud: url, iat, exp: iat + 300, jti: runtime.newId('jti') };
    const key = createPrivateKey(KEYS.rsa.private);
    const assertion = signedJwt({ alg: 'RS256' }, claims, (input) => sign('sha256', input, key));
    const answer = await fetch(url, {
      method: 'POST',
      headers: dpop === null ? {} : { dpop },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'okta.users.read',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    const body = (await answer.json()) as Record<string, string>;
    return { status: answer.status, body, headers: answer.headers };
  }
  const proven = (directory: OktaDirectory, method = 'POST', path = TOKEN_PATH) => ({
    method,
    url: `${directory.url}${path}`,
    now: runtime.now(),
  });

  /** A token, and the prover whose key it is bound to, with its nonce learnt. */
  async function bound(directory: OktaDirectory): Promise<{ token: string; forTokens: Prover; forCalls: Prover }> {
    const { forTokens, forCalls } = createDpop(runtime);
    const first = await tokenFor(directory, forTokens.prove(proven(directory)));
    expect(first).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    forTokens.asksAgain({ ...first, requestId: null, retryAfterMs: null, quote: (text) => text });
    const { body } = await tokenFor(directory, forTokens.prove(proven(directory)));
    expect(body['token_type']).toBe('DPoP');
    return { token: body['access_token'] ?? '', forTokens, forCalls };
  }

  it('gives no token without a proof, with an unknown nonce, or for one that was used', async () => {
    const directory = await start(runtime);
    expect(await tokenFor(directory, null)).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    const { forTokens } = await bound(directory);
    const proof = forTokens.prove(proven(directory));
    expect(await tokenFor(directory, proof)).toMatchObject({ status: 200 });
    expect(await tokenFor(directory, proof)).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    const { forTokens: stranger } = createDpop(runtime);
    const headers = new Headers({ 'dpop-nonce': 'made-up' });
    const refusal = { status: 400, headers, body: { error: 'use_dpop_nonce' }, requestId: null, retryAfterMs: null };
    expect(stranger.asksAgain({ ...refusal, quote: (text) => text })).toBe(true);
    const guessed = await tokenFor(directory, stranger.prove(proven(directory)));
    expect(guessed).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    expect(guessed.headers.get('dpop-nonce')).toMatch(/./);
  });

  it('opens nothing to a token without its proof, without its hash, with another key, or for another call', async () => {
    const directory = await start(runtime);
    const { token, forCalls } = await bound(directory);
    const path = '/api/v1/users';
    const get = async (scheme: string, dpop: string): Promise<number> => {
      const answer = await fetch(`${directory.url}${path}`, { headers: { authorization: `${scheme} ${token}`, dpop } });
      await answer.text();
      return answer.status;
    };
    const here = proven(directory, 'GET', path);
    expect(await get('Bearer', '')).toBe(400);
    expect(await get('DPoP', '')).toBe(400);
    expect(await get('DPoP', forCalls.prove(here))).toBe(400);
    expect(await get('DPoP', createDpop(runtime).forCalls.prove({ ...here, token }))).toBe(400);
    expect(await get('DPoP', forCalls.prove({ ...here, token, method: 'POST' }))).toBe(400);
    const good = forCalls.prove({ ...here, token });
    expect(await get('DPoP', good)).toBe(200);
    expect(await get('DPoP', good)).toBe(400);
  });
});

it('a token that is refused for the clock, and then for the nonce, is asked for a third time', async () => {
  const at = new Date('2026-03-02T09:20:00.000Z');
  const answers = [
    { status: 401, headers: { date: at.toUTCString() }, body: { error: 'invalid_client' } },
    { status: 400, headers: { date: at.toUTCString(), 'dpop-nonce': 'n-1' }, body: { error: 'use_dpop_nonce' } },
    { body: { access_token: 'tok', token_type: 'DPoP', scope: 'okta.users.read' } },
  ];
  const stub = await startStub((asked) => (asked.startsWith('POST') ? answers.shift() : undefined));
  open.push(() => {
    stub.close();
    return Promise.resolve();
  });
  const okta = connectApp(stub.url, playedRuntime());
  expect((await okta.health(call()))[0]).toMatchObject({ ok: true });
  expect(stub.calls.filter((asked) => asked.startsWith('POST'))).toHaveLength(3);
});

it('two calls that are refused at once for want of a nonce are both sent again', () => {
  const { forCalls } = createDpop(playedRuntime());
  const headers = new Headers({ 'dpop-nonce': 'n-1' });
  const refused = { status: 400, headers, body: { error: 'use_dpop_nonce' }, requestId: null, retryAfterMs: null };
  const answer = { ...refused, quote: (text: string) => text };
  expect([forCalls.asksAgain(answer), forCalls.asksAgain(answer)]).toEqual([true, true]);
});

describe('a resource that asks for a nonce, or refuses', () => {
  async function org(
    answer: (request: IncomingMessage) => { status: number; headers?: Record<string, string> } | null,
  ) {
    const proofs: Record<string, unknown>[] = [];
    const server: Server = createServer((request, response) => {
      request.resume();
      const isToken = request.url === TOKEN_PATH;
      if (!isToken) proofs.push({ ...(claimsOf(String(request.headers['dpop'])) as object), url: request.url });
      const other = isToken ? null : answer(request);
      const { status, headers = {} } = other ?? { status: 200 };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      const granted = { access_token: 'tok', token_type: 'DPoP', expires_in: 3600, scope: 'okta.users.manage' };
      response.end(other !== null ? undefined : JSON.stringify(isToken ? granted : []));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { okta: connectApp(`http://127.0.0.1:${address.port}`, playedRuntime()), proofs };
  }
  const ACCOUNT = { system: 'okta', accountId: '00uX', login: ADA };
  const isSession = (url = ''): boolean => url.includes('/sessions');

  it('gets the same change once more, with the nonce and another proof', async () => {
    let asked = 0;
    const { okta, proofs } = await org(({ url }) => {
      if (!isSession(url)) return null;
      asked += 1;
      const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n-1' };
      return asked === 1 ? { status: 401, headers } : { status: 204 };
    });
    expect(await okta.perform({ kind: 'revoke_sessions' }, ACCOUNT, call())).toMatchObject({ ok: true });
    const sent = proofs.filter(({ url }) => isSession(String(url)));
    expect(sent.map(({ nonce }) => nonce)).toEqual([undefined, 'n-1']);
    expect(new Set(sent.map(({ jti }) => jti)).size).toBe(2);
    expect(sent[0]).toMatchObject({ htm: 'DELETE', ath: createHash('sha256').update('tok').digest('base64url') });
    expect(String(sent[0]?.['htu'])).not.toContain('?');
  });

  it('is not asked for ever', async () => {
    const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n-1' };
    const { okta, proofs } = await org(({ url }) => (isSession(url) ? { status: 401, headers } : null));
    const done = await okta.perform({ kind: 'revoke_sessions' }, ACCOUNT, call());
    expect(done).toMatchObject({ ok: false, error: { kind: 'auth', message: expect.stringContaining('DPoP') } });
    expect(proofs.filter(({ url }) => isSession(String(url))).length).toBeLessThan(5);
  });
});
