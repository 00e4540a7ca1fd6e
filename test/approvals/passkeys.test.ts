import { beforeEach, describe, expect, it } from '@jest/globals';
import { confirm, confirmable } from '../../src/approvals/confirm.js';
import { enrolledPeople, enrolOnHost, removeOnHost } from '../../src/approvals/enrolments.js';
import { challengeOf, hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { offerPasskey, REGISTRATION, registerPasskey } from '../../src/approvals/passkey-registration.js';
import { passkeysOf } from '../../src/approvals/passkeys.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { claims } from '../../src/notices/prove-claim.js';
import type { Problem } from '../../src/texts/problem.js';
import type { Result } from '../../src/platform/result.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { confirmPage } from '../../src/web/passkey-views.js';
import { ADA, BEA, CEM, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';
import { type Ceremony, SoftwareAuthenticator } from '../software-authenticator.js';

let scene: Scene;
let key: SoftwareAuthenticator;
beforeEach(async () => {
  scene = await Scene.open({ policy: { uncoded: [] } });
  key = new SoftwareAuthenticator('the key of Bea');
  expect(await register(BEA.slackUserId, key)).toBe('ok');
}, 120_000);

const said = (result: Result<unknown, Problem>): string => (result.ok ? 'ok' : result.error.phrase.key);
const say = sayPlain(withOverrides({}));
const PAGE = { surface: 'passkey_page', correlationId: 'cor_page' };
let links = 0;

/** Ids and randomness of the scene repeat, so each link gets a row of its own by its person and time. */
async function offer(userId: string): Promise<string> {
  links += 1;
  scene.runtime.move(MINUTE_MS);
  await scene.core.db.query('delete from page_requests');
  const token = await scene.core.db.transaction((tx) =>
    offerPasskey(scene.core, tx, { userId, label: userId }, { ...ORIGIN, correlationId: `cli_${links}` }),
  );
  return hashPageToken(token.reveal());
}
async function register(userId: string, one: SoftwareAuthenticator, more: Partial<Ceremony> = {}): Promise<string> {
  const hash = await offer(userId);
  const response = one.register({ challenge: challengeOf(hash, REGISTRATION), ...more });
  return said(await registerPasskey(scene.core, { hash, response }, { ...PAGE, correlationId: `page_${links}` }));
}

/** Bea submits a window without a code. @returns the link's hash, and what it is bound to */
async function submitted(): Promise<{ hash: string; binding: string }> {
  await scene.core.db.query('delete from page_requests');
  const path = await scene.confirmLater('disable_account');
  const hash = hashPageToken(path.replace('/confirm/', ''));
  const link = await pageRequestOf(scene.core, scene.core.db, hash);
  if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
  return { hash, binding: link.request.binding };
}
/** What a window is bound to that waits for its passkey. */
async function linked(ask: () => Promise<Result<unknown, Problem>>): Promise<{ hash: string; binding: string }> {
  await scene.core.db.query('delete from page_requests');
  const asked = await ask();
  if (asked.ok) throw new Error('nothing may be done before it is confirmed');
  const hash = hashPageToken(new URL(found(asked.error.link)).pathname.replace('/confirm/', ''));
  const link = await pageRequestOf(scene.core, scene.core.db, hash);
  if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
  return { hash, binding: link.request.binding };
}
const answer = (hash: string, one: SoftwareAuthenticator, ceremony: Ceremony): Promise<string> =>
  confirm(scene.core, { kind: 'passkey', hash, response: one.sign(ceremony) }, PAGE, claims).then(said);
const recorded = async (): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ action: string }>(
    'select action from record_entries where incident_id = $1 order by seq',
    [WORKSPACE_CHAIN],
  );
  return rows.map(({ action }) => action);
};

describe('a passkey', () => {
  it('is registered by a link of the host, once; it is in the record, and told to both', async () => {
    expect(await passkeysOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject([{ id: key.id, counter: 0 }]);
    expect(await recorded()).toEqual(['passkey.offered', 'passkey.registered']);
    const { rows } = await scene.core.db.query<{ key: string }>(
      `select phrase->>'key' as key from announcements order by id`,
    );
    expect(rows.map((row) => row.key)).toEqual(['announce.passkey', 'announce.passkey.you']);
    expect(await register(BEA.slackUserId, key)).toBe('problem.passkey.known');
  });

  it.each<[string, Partial<Ceremony>]>([
    ['another page', { origin: 'http://localhost:4000' }],
    ['another host', { rpId: 'evil.example' }],
    ['another link', { challenge: challengeOf('another', REGISTRATION) }],
    ['a device that asked nobody for a finger, a face or a PIN', { verified: false }],
  ])('that was made for %s is not registered, and the try is in the record', async (_what, more) => {
    const other = new SoftwareAuthenticator('another');
    expect(await register(BEA.slackUserId, other, more)).toBe('problem.passkey.wrong');
    expect(await recorded()).toContain('passkey.refused');
    expect(await passkeysOf(scene.core, scene.core.db, BEA.slackUserId)).toHaveLength(1);
  });

  it('confirms the very plan that was submitted; the decision carries it, and its step runs', async () => {
    const { hash, binding } = await submitted();
    expect(await scene.steps()).toEqual([]);
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('ok');
    const { rows } = await scene.core.db.query<{ proof: unknown }>('select proof from decisions');
    expect(rows).toEqual([{ proof: { kind: 'passkey', credential: key.id } }]);
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
    expect(await scene.record()).toContain('decision.confirmation_requested');
    expect(await passkeysOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject([{ counter: 1 }]);
  });

  it('confirms the correction of an account, and shows on its page what it signs', async () => {
    const { seen } = found(await previewLinks(scene.core, scene.incident.id, BEA.slackUserId));
    const typed = [[scene.okta.system, 'ada.admin']] satisfies [string, string][];
    const asked = {
      incidentId: scene.incident.id,
      actor: BEA.slackUserId,
      confirms: false,
      shown: seen,
      origin: ORIGIN,
    };
    const request = { ...asked, requestKey: 'view_links' };
    const { hash, binding } = await linked(() =>
      commands.correctAccounts(scene.core, {
        ...request,
        typed: new Map(typed),
        given: { kind: 'later', request: { command: 'links', ...request, typed } },
      }),
    );
    const open = await pageRequestOf(scene.core, scene.core.db, hash);
    if (open.state !== 'open' || open.request.kind !== 'confirm') throw new Error('the link leads nowhere');
    const shown = await confirmable(scene.core, open.request.request, claims);
    if (!shown.ok) throw new Error(shown.error.code);
    const { body } = confirmPage(say, shown.value, { kind: 'authenticate', options: {}, nonce: '' });
    expect(body).toContain(`from ${ADA.email} to ada.admin`);
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('ok');
    const { rows } = await scene.core.db.query('select login from account_links');
    expect(rows).toEqual([{ login: 'ada.admin' }]);
  });

  it.each<[string, (link: { hash: string; binding: string }) => Partial<Ceremony>]>([
    ['on another page', () => ({ origin: 'https://notme.evil.example' })],
    ['for another host', () => ({ rpId: 'evil.example' })],
    ['for another link', ({ binding }) => ({ challenge: challengeOf('another', binding) })],
    ['for another plan', ({ hash }) => ({ challenge: challengeOf(hash, 'a'.repeat(64)) })],
    ['without a finger, a face or a PIN', () => ({ verified: false })],
  ])('is refused when it signed %s; the refusal is in the record', async (_what, more) => {
    const link = await submitted();
    const challenge = challengeOf(link.hash, link.binding);
    expect(await answer(link.hash, key, { challenge, ...more(link) })).toBe('problem.passkey.wrong');
    expect(await scene.steps()).toEqual([]);
    expect(await scene.record()).toContain('decision.refused');
  });

  it('of another approver is refused', async () => {
    const cems = new SoftwareAuthenticator('the key of Cem');
    expect(await register(CEM.slackUserId, cems)).toBe('ok');
    const { hash, binding } = await submitted();
    expect(await answer(hash, cems, { challenge: challengeOf(hash, binding) })).toBe('problem.passkey.wrong');
  });

  it('whose counter went back is refused: it may be a copy', async () => {
    const first = await submitted();
    const challenge = challengeOf(first.hash, first.binding);
    expect(await answer(first.hash, key, { challenge, counter: 7 })).toBe('ok');
    await scene.run((await scene.lastStep()).id);
    const next = await submitted();
    const again = challengeOf(next.hash, next.binding);
    expect(await answer(next.hash, key, { challenge: again, counter: 7 })).toBe('problem.passkey.wrong');
  });

  it.each([
    ['whose counter somebody set back', 'update passkeys set counter = 0'],
    ['whose key somebody exchanged', `update passkeys set public_key = public_key || 'A'`],
    ['that somebody gave to another person', `update passkeys set user_id = '${CEM.slackUserId}'`],
  ])('in the database %s is none', async (_what, sql) => {
    const { hash, binding } = await submitted();
    await answer(hash, key, { challenge: challengeOf(hash, binding) });
    await scene.core.db.query(sql);
    for (const one of [BEA, CEM]) expect(await passkeysOf(scene.core, scene.core.db, one.slackUserId)).toEqual([]);
  });

  it('has its answer counted once: the same one again is refused', async () => {
    const { hash, binding } = await submitted();
    const response = key.sign({ challenge: challengeOf(hash, binding) });
    const send = () => confirm(scene.core, { kind: 'passkey', hash, response }, PAGE, claims).then(said);
    expect(await send()).toBe('ok');
    expect(await send()).toBe('problem.passkey.used');
    expect(await scene.steps()).toHaveLength(1);
  });

  it('comes too late after ten minutes', async () => {
    const { hash, binding } = await submitted();
    scene.runtime.move(10 * MINUTE_MS);
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('problem.passkey.expired');
  });

  it('decides nothing when the accounts were changed meanwhile: neither shown nor confirmed', async () => {
    const { hash, binding } = await submitted();
    const link = await pageRequestOf(scene.core, scene.core.db, hash);
    await scene.core.db.query(`update accounts set account_id = 'okta/dia', login = 'dia@meadow.example'`);
    if (link.state === 'open' && link.request.kind === 'confirm')
      expect(said(await confirmable(scene.core, link.request.request, claims))).toBe('problem.plan_changed');
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('problem.plan_changed');
    expect(await scene.steps()).toEqual([]);
  });

  it('is of no use for a link that somebody wrote into the database', async () => {
    const { hash, binding } = await submitted();
    await scene.core.db.query(`update page_requests set user_id = '${CEM.slackUserId}'`);
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('problem.passkey.unknown');
  });

  it('still decides while wrong codes have locked its owner', async () => {
    await scene.core.db.query(
      `insert into totp_attempts (workspace_id, user_id, failed, locked_until) values ($1, $2, 5, $3)`,
      [scene.core.workspaceId, BEA.slackUserId, new Date(scene.runtime.now().getTime() + MINUTE_MS)],
    );
    const { hash, binding } = await submitted();
    expect(await answer(hash, key, { challenge: challengeOf(hash, binding) })).toBe('ok');
  });

  it('is counted in the list, and taken back with the codes', async () => {
    const bea = { userId: BEA.slackUserId, label: BEA.email, email: BEA.email };
    const { core } = scene;
    expect(await enrolledPeople(core, core.db)).toMatchObject([
      { user_id: bea.userId, enrolled_at: null, passkeys: 1 },
    ]);
    await core.db.transaction((tx) => enrolOnHost(core, tx, bea, { ...ORIGIN, correlationId: 'cli_a' }));
    expect(await enrolledPeople(core, core.db)).toMatchObject([{ user_id: bea.userId, passkeys: 1 }]);
    await core.db.transaction((tx) => removeOnHost(core, tx, bea.userId, { ...ORIGIN, correlationId: 'cli_b' }));
    expect(await passkeysOf(core, core.db, bea.userId)).toEqual([]);
  });
});
