import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { tellAnnouncement } from '../../jobs/handlers/announce.js';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { approvableBy, askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { verifyCode } from '../../src/approvals/step-up.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import type { Core } from '../../src/ports/core.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { createPasskeyPage } from '../../src/web/passkey-page.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { rolesOf } from '../roles.js';
import { runOnce, waiting } from '../runs.js';
import { BEA, CEM, ELI, found, incidentAbout, MINUTE_MS, Scene } from '../scene.js';
import { ask, nonceIn, start } from './start.js';

const texts = withOverrides({});
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);

let scene: Scene;
let core: Core;
let approvers: readonly string[];
let slack: MemoryMessenger;
let server: Awaited<ReturnType<typeof start>>;
let clicks = 0;
const origin = () => {
  clicks += 1;
  return { surface: 'button', correlationId: `cor_${clicks}` };
};

/** Bea is an approver, and Cem the administrator who is enrolled on the host. */
beforeEach(async () => {
  scene = await Scene.open({ people: [BEA, CEM, ELI], policy: { uncoded: [] } });
  approvers = [BEA.slackUserId];
  const roles = () =>
    rolesOf({
      approver: { users: approvers, userGroups: [] },
      administrator: { users: [CEM.slackUserId], userGroups: [] },
    });
  core = {
    ...scene.core,
    get roles() {
      return roles();
    },
  };
  await enrolForCodes(core, CEM);
  slack = new MemoryMessenger();
  server = await start({ passkeys: (parts) => createPasskeyPage({ ...parts, core, say: sayPlain(texts) }) });
}, 120_000);
afterEach(() => server.close());

const asks = async (actor = BEA.slackUserId): Promise<string> =>
  codeOf(await askEnrolment(core, { actor, origin: origin() }));
const approves = async (actor = CEM.slackUserId, given = codeNow(scene.runtime)): Promise<string> =>
  codeOf(
    await commands.approveEnrolment(core, {
      enrolled: BEA.slackUserId,
      actor,
      given,
      requestKey: `view_${clicks}`,
      origin: origin(),
    }),
  );
/** Everything that waits to be told is told. */
async function tell(): Promise<void> {
  const parts = { core, messenger: slack, translator: translatorOf(texts) };
  for (const ref of await waiting(core, 'announce'))
    await runOnce(core, 'announce', ref, (run) => tellAnnouncement(parts, run));
}
const shown = (): string => JSON.stringify(slack.posted);
const linkNow = async (): Promise<string | undefined> => {
  await tell();
  return /http:\/\/[^|"<>]+(\/enrol\/[\w-]{43})/.exec(shown())?.[1];
};
const press = (path: string, body: string, headers: Record<string, string> = {}) =>
  ask(server.url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ nonce: nonceIn(body), response: '' }).toString(),
  });
const recorded = async (): Promise<readonly string[]> => {
  const { rows } = await core.db.query<{ action: string }>(
    'select action from record_entries where incident_id = $1 order by seq',
    [WORKSPACE_CHAIN],
  );
  return rows.map(({ action }) => action);
};
const seeds = async () => (await core.db.query('select user_id from totp_enrolments order by 1')).rows;

describe('enrolling oneself on the page', () => {
  it('takes another administrator with a code; the page shows QR code, secret and recovery codes once', async () => {
    expect(await asks()).toBe('done');
    expect(await linkNow()).toBeUndefined();
    expect(shown()).toContain('Approve enrolment');
    expect(await approves()).toBe('done');
    const path = found(await linkNow());
    const page = await ask(server.url, path);
    expect(page.status).toBe(200);
    // Nothing is made by looking: Slack itself may open the link for a preview.
    expect(await seeds()).toEqual([{ user_id: CEM.slackUserId }]);
    const done = await press(path, page.body);
    expect(done.status).toBe(200);
    expect(done.headers['cache-control']).toBe('no-store');
    const secret = found(/<code>((?:[A-Z2-7]{1,4} ?){5,})<\/code>/.exec(done.body)?.[1]).replaceAll(' ', '');
    expect(done.body.match(/<li><code>/g)).toHaveLength(10);
    // Nobody scans the screen of the phone in their hand.
    expect(done.body).toMatch(/<a href="otpauth:\/\/totp\/[^"]+">/);
    const code = generateSync({ secret, epoch: scene.runtime.now().getTime() / 1000 });
    const check = { ...core, database: core.db, userId: BEA.slackUserId, code, binding: 'a'.repeat(64) };
    expect((await verifyCode(check)).ok).toBe(true);
    expect((await ask(server.url, path)).status).toBe(410);
    expect((await press(path, page.body)).status).toBe(410);
    expect(await recorded()).toEqual(['enrolment.asked', 'enrolment.approved', 'approver.enrolled', 'page.refused']);
    await tell();
    expect(shown()).toContain('enrolled an authenticator app on the page');
    expect(shown()).not.toContain(secret);
  });

  it('can be used by phone, keyboard and screen reader: a viewport, one heading, a named picture, and the secret as text', async () => {
    await asks();
    await approves();
    const path = found(await linkNow());
    const page = await ask(server.url, path);
    expect(page.body).toMatch(/<button type="submit">Show my code<\/button>/);
    const { body } = await press(path, page.body);
    for (const one of [page.body, body]) {
      expect(one).toContain('width=device-width');
      expect(one.match(/<h1/g)).toHaveLength(1);
      expect(one).not.toMatch(/<script|style="|tabindex/);
    }
    expect(body).toMatch(/<div class="qr" role="img" aria-label="QR code[^"]+">\s*<svg/);
    expect(body).toContain('.qr svg{display:block;width:100%;max-width:18rem');
  });

  it('is approved by nobody but another administrator, who gives a code', async () => {
    await asks();
    expect(await approves(BEA.slackUserId)).toBe('not_in_role');
    expect(await approves(ELI.slackUserId)).toBe('not_in_role');
    expect(await approves(CEM.slackUserId, typedCode('000000'))).toBe('code_refused');
    expect(await asks(CEM.slackUserId)).toBe('done');
    const own = { enrolled: CEM.slackUserId, actor: CEM.slackUserId, origin: origin() };
    expect(codeOf(await approvableBy(core, own))).toBe('own_account');
    expect(await linkNow()).toBeUndefined();
    expect(await recorded()).toContain('attempt.refused');
  });

  it('is asked for by those who decide, once at a time, and approved only while it is asked for', async () => {
    expect(await approves()).toBe('wrong_state');
    expect(await asks(ELI.slackUserId)).toBe('not_in_role');
    expect(await asks()).toBe('done');
    expect(await asks()).toBe('wrong_state');
    expect(await approves()).toBe('done');
    scene.runtime.move(MINUTE_MS);
    expect(await approves()).toBe('wrong_state');
    expect(await asks()).toBe('done');
    scene.runtime.move(61 * MINUTE_MS);
    expect(await approves()).toBe('wrong_state');
  });

  it('comes too late after ten minutes, and the message shows the link no more', async () => {
    await asks();
    await approves();
    const path = found(await linkNow());
    scene.runtime.move(11 * MINUTE_MS);
    expect((await ask(server.url, path)).status).toBe(410);
    slack.redrawn.length = 0;
    await tell();
    expect(JSON.stringify(slack.redrawn)).not.toContain('/enrol/');
    expect(await recorded()).toContain('page.refused');
  });

  it('is refused to whoever is in no role any more, or has an open incident about themselves', async () => {
    await asks();
    await approves();
    const path = found(await linkNow());
    const page = await ask(server.url, path);
    approvers = [];
    expect((await press(path, page.body)).status).toBe(403);
    approvers = [BEA.slackUserId];
    const { person } = await incidentAbout(core, BEA);
    await core.db.query(
      `insert into reports (workspace_id, id, incident_id, reporter, surface, said, source_key, reported_at)
       select workspace_id, 'rep_1', id, $1, 'dm', 'not me', 'rep_1', $2 from incidents where person_id = $3`,
      [BEA.slackUserId, scene.runtime.now(), person.id],
    );
    expect((await press(path, page.body)).status).toBe(403);
    expect(await seeds()).toEqual([{ user_id: CEM.slackUserId }]);
    expect(await recorded()).toContain('page.refused');
  });

  it('shows the link to nobody who reads the database, and takes none from there', async () => {
    await asks();
    await approves();
    const path = found(await linkNow());
    const { rows } = await core.db.query('select * from announcements');
    expect(JSON.stringify(rows)).not.toContain(path.replace('/enrol/', ''));
    await core.db.query(`update page_requests set user_id = $1`, [ELI.slackUserId]);
    expect((await ask(server.url, path)).status).toBe(404);
  });

  it('takes no press from another site', async () => {
    await asks();
    await approves();
    const path = found(await linkNow());
    const page = await ask(server.url, path);
    expect((await press(path, page.body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await seeds()).toEqual([{ user_id: CEM.slackUserId }]);
  });
});
