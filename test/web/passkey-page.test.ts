import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { challengeOf, hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { offerPasskey, REGISTRATION } from '../../src/approvals/passkey-registration.js';
import { passkeysOf } from '../../src/approvals/passkeys.js';
import { savePerson } from '../../src/incidents/people.js';
import { noticeById } from '../../src/notices/notice.js';
import { claims } from '../../src/notices/prove-claim.js';
import { shownOf } from '../../src/notices/proven.js';
import { err } from '../../src/platform/result.js';
import type { Core } from '../../src/ports/core.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { createPasskeyPage } from '../../src/web/passkey-page.js';
import { BEA, DAY_MS, found, ORIGIN, Scene } from '../scene.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';
import { ask, nonceIn, start } from './start.js';

let scene: Scene;
let server: Awaited<ReturnType<typeof start>>;
const serve = (core: Core) =>
  start({ passkeys: (parts) => createPasskeyPage({ ...parts, core, say: sayPlain(withOverrides({})) }) });
beforeEach(async () => {
  scene = await Scene.open({ policy: { uncoded: [] } });
  server = await serve(scene.core);
}, 120_000);
afterEach(() => server.close());

const offered = async (): Promise<string> => {
  const who = { userId: BEA.slackUserId, label: BEA.email };
  const token = await scene.core.db.transaction((tx) => offerPasskey(scene.core, tx, who, ORIGIN));
  return token.reveal();
};
const refusals = async () => {
  const { rows } = await scene.core.db.query<{ actor_id: string; why: string }>(
    `select actor_id, detail->>'why' as why from record_entries where action = 'page.refused' order by seq`,
  );
  return rows;
};
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(server.url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const registered = async (key: SoftwareAuthenticator): Promise<string> => {
  const token = await offered();
  const page = await ask(server.url, `/enrol/${token}`);
  const response = key.register({ challenge: challengeOf(hashPageToken(token), REGISTRATION) });
  const made = await post(`/enrol/${token}`, { nonce: nonceIn(page.body), response: JSON.stringify(response) });
  await scene.core.db.query('delete from page_requests');
  return made.body;
};
const submitted = async (): Promise<{ path: string; challenge: string }> => {
  const path = await scene.confirmLater('disable_account', '<b>seen</b> in a list');
  const hash = hashPageToken(path.replace('/confirm/', ''));
  const link = await pageRequestOf(scene.core, scene.core.db, hash);
  if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
  return { path, challenge: challengeOf(hash, link.request.binding) };
};

describe('the passkey page', () => {
  it('registers a passkey, and runs no script but its own two', async () => {
    const key = new SoftwareAuthenticator('key');
    expect(await registered(key)).toContain('The passkey is registered');
    expect(await passkeysOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject([{ id: key.id }]);
    const page = await ask(server.url, `/enrol/${await offered()}`);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.headers['cache-control']).toBe('no-store');
    const scripts = [...page.body.matchAll(/<script([^>]*)>/g)].map(
      ([, inside]) => /src="([^"]+)"/.exec(inside ?? '')?.[1],
    );
    expect(scripts).toEqual(['/passkey/simplewebauthn.js', '/passkey/page.js']);
    for (const path of scripts) {
      const script = await ask(server.url, found(path));
      expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
      expect(script.body.length).toBeGreaterThan(100);
    }
  });

  it('shows the plan with every text as text, and decides by the passkey', async () => {
    const key = new SoftwareAuthenticator('key');
    await registered(key);
    const { path, challenge } = await submitted();
    const page = await ask(server.url, path);
    expect(page.status).toBe(200);
    for (const part of ['Ada Okafor', 'ada@meadow.example', 'Disable', '&lt;b&gt;seen&lt;/b&gt; in a list'])
      expect(page.body).toContain(part);
    const response = JSON.stringify(key.sign({ challenge }));
    const done = await post(path, { nonce: nonceIn(page.body), response });
    expect(done.body).toContain('Confirmed');
    expect(await scene.steps()).toHaveLength(1);
    expect((await ask(server.url, path)).status).toBe(410);
  });

  it('proves that it was them, and says what that is worth', async () => {
    const { core } = scene;
    const key = new SoftwareAuthenticator('key');
    await registered(key);
    const bea = { ...BEA, title: null, manager: null, timeZone: 'UTC', standing: 'member' } as const;
    const noticeId = `not_${'0'.repeat(32)}`;
    await core.db.query(
      `insert into notices (workspace_id, id, system, event_id, kind, login, actor, occurred_at, noticed_at, person_id, answer)
       values ($1, $2, 'okta', 'e1', 'password_reset', $3, '<b>helpdesk</b>', $4, $4, $5, 'me')`,
      [core.workspaceId, noticeId, BEA.email, core.runtime.now(), (await savePerson(core, bea)).id],
    );
    const shown = shownOf(found((await noticeById(core.db, core.workspaceId, noticeId)) ?? undefined));
    const request = { noticeId, shown, actor: BEA.slackUserId, requestKey: 'view_1', origin: ORIGIN };
    const given = { kind: 'later', request: { command: 'prove_claim', ...request } } as const;
    const asked = await claims.prove(core, { ...request, given });
    const path = asked.ok ? '' : new URL(found(asked.error.link)).pathname;
    const page = await ask(server.url, path);
    for (const part of ['Prove that it was you', '&lt;b&gt;helpdesk&lt;/b&gt;', 'Did somebody ask you for this?'])
      expect(page.body).toContain(part);
    const hash = hashPageToken(path.replace('/confirm/', ''));
    const link = await pageRequestOf(core, core.db, hash);
    if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
    const response = JSON.stringify(key.sign({ challenge: challengeOf(hash, link.request.binding) }));
    const done = await post(path, { nonce: nonceIn(page.body), response });
    expect([done.status, done.body.includes('no incident was closed')]).toEqual([200, true]);
    const { rows } = await core.db.query('select proven_with from notices');
    expect(rows).toEqual([{ proven_with: 'passkey' }]);
    expect((await ask(server.url, path)).status).toBe(410);
  });

  it('shows of a lockdown what is planned, and not what would need ranges that nobody entered', async () => {
    const path = await scene.confirmLater('lockdown');
    const { body } = await ask(server.url, path);
    expect(body).toContain('<li>Reset password</li>');
    expect(body).not.toContain('Limit login IPs');
  });

  it.each<[string, number, (page: string) => [Record<string, string>, Record<string, string>?]]>([
    [
      'from another site',
      403,
      (page) => [{ nonce: nonceIn(page), response: '{}' }, { 'sec-fetch-site': 'cross-site' }],
    ],
    [
      'from another origin',
      403,
      (page) => [{ nonce: nonceIn(page), response: '{}' }, { origin: 'https://evil.example' }],
    ],
    ['without what the page gave', 403, () => [{ nonce: 'x', response: '{}' }]],
    ['with fields of another form', 400, (page) => [{ nonce: nonceIn(page), answer: 'me' }]],
    ['with no JSON', 400, (page) => [{ nonce: nonceIn(page), response: '{' }]],
    ['with no answer of a passkey', 400, (page) => [{ nonce: nonceIn(page), response: '{"id":"x"}' }]],
  ])('takes nothing that comes %s', async (_what, status, make) => {
    await registered(new SoftwareAuthenticator('key'));
    const { path } = await submitted();
    const page = await ask(server.url, path);
    const [fields, headers] = make(page.body);
    expect((await post(path, fields, headers)).status).toBe(status);
    expect(await scene.steps()).toEqual([]);
    // Once for each link and reason, however often it is sent.
    await post(path, fields, headers);
    expect(await refusals()).toHaveLength(1);
  });

  it('records that a link was spent, or too old, once each and for its person; nothing for a link that was guessed', async () => {
    const key = new SoftwareAuthenticator('key');
    await registered(key);
    const { path, challenge } = await submitted();
    const page = await ask(server.url, path);
    await post(path, { nonce: nonceIn(page.body), response: JSON.stringify(key.sign({ challenge })) });
    for (const times of [1, 2]) expect((await ask(server.url, path)).status + times).toBe(410 + times);
    expect(await refusals()).toEqual([{ actor_id: BEA.slackUserId, why: 'used' }]);
    await scene.core.db.query('update page_requests set used_at = null');
    scene.runtime.move(DAY_MS);
    for (const times of [1, 2]) expect((await ask(server.url, path)).status + times).toBe(410 + times);
    expect((await refusals()).at(-1)).toEqual({ actor_id: BEA.slackUserId, why: 'expired' });
    for (const guess of ['a', 'b', 'c']) await ask(server.url, `/confirm/${guess.repeat(43)}`);
    await scene.core.db.query(`update page_requests set user_id = 'U0OTHER'`);
    expect((await ask(server.url, path)).status).toBe(404);
    expect(await refusals()).toHaveLength(2);
  });

  it('knows no link but its own', async () => {
    for (const path of ['/confirm/x', `/confirm/${'a'.repeat(43)}`, `/enrol/${'a'.repeat(43)}`])
      expect((await ask(server.url, path)).status).toBe(404);
  });

  it('says why there are no passkeys at an IP address', async () => {
    const token = await offered();
    await server.close();
    server = await serve({ ...scene.core, party: () => err('address') });
    const page = await ask(server.url, `/enrol/${token}`);
    expect(page.status).toBe(503);
    expect(page.body).toContain('none for an IP address');
  });
});
