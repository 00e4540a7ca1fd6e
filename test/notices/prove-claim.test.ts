import { beforeEach, describe, expect, it } from '@jest/globals';
import { noticeCard } from '../../blocks/notice-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { unansweredCard } from '../../blocks/unanswered.js';
import { type Given, typedCode } from '../../src/approvals/check-proof.js';
import { confirm, confirmable } from '../../src/approvals/confirm.js';
import { challengeOf, hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { offerPasskey, REGISTRATION, registerPasskey } from '../../src/approvals/passkey-registration.js';
import { type Person, savePerson } from '../../src/incidents/people.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { answerNotice } from '../../src/notices/answer.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { canProve, claims } from '../../src/notices/prove-claim.js';
import { shownOf } from '../../src/notices/proven.js';
import { noticesOfPost } from '../../src/notices/unanswered.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { confirmPage } from '../../src/web/passkey-views.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';

const HOSTILE = '<!channel>\n:white_check_mark: <script>alert(1)</script>';
const PAGE = { surface: 'passkey_page', correlationId: 'cor_page' };
const translator = translatorOf(withOverrides({}));

let scene: Scene;
let eli: Person;
let id: string;
let made = 0;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } }, policy: { uncoded: [] } });
  eli = await personOf(ELI);
  await enrolForCodes(scene.core, ELI);
  id = await claimed(eli);
}, 120_000);

const said = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.phrase.key);
const personOf = ({ slackUserId, email, name }: typeof ELI): Promise<Person> =>
  savePerson(scene.core, { slackUserId, email, name, title: null, manager: null, timeZone: 'UTC', standing: 'member' });

async function asked(who: Person, actor: string = HOSTILE): Promise<string> {
  const { core } = scene;
  made += 1;
  const eventId = `event_${made}`;
  const at = core.runtime.now();
  const event = {
    eventId,
    kind: 'password_reset',
    login: who.email,
    actor,
    ip: '203.0.113.7',
    occurredAt: at,
  } as const;
  await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [event], 'cor'));
  const { rows } = await core.db.query<{ id: string }>(
    'update notices set person_id = $2, asked_at = $3 where event_id = $1 returning id',
    [eventId, who.id, at],
  );
  return found(rows[0]).id;
}
const answer = (who: Person, notice: string, given: 'me' | 'not_me') =>
  answerNotice(scene.core, who, { noticeId: notice, answer: given, said: 'not me', origin: ORIGIN });

/** A notice that the person has called their own. */
async function claimed(who: Person, actor?: string): Promise<string> {
  const notice = await asked(who, actor);
  expect((await answer(who, notice, 'me')).ok).toBe(true);
  return notice;
}
const shownNow = async (one = id): Promise<string> => shownOf(await notice(one));
const prove = async (
  more: { notice?: string; actor?: string; given?: Given; shown?: string } = {},
): Promise<Result<null, Problem>> =>
  claims.prove(scene.core, {
    noticeId: more.notice ?? id,
    shown: more.shown ?? (await shownNow(more.notice)),
    actor: more.actor ?? ELI.slackUserId,
    given: more.given ?? codeNow(scene.runtime),
    origin: ORIGIN,
  });
const notice = async (one = id) => found((await noticeById(scene.core.db, scene.core.workspaceId, one)) ?? undefined);
const entries = async (action: string): Promise<readonly { incident_id: string; detail: unknown }[]> => {
  const { rows } = await scene.core.db.query<{ incident_id: string; detail: unknown }>(
    'select incident_id, detail from record_entries where action = $1 order by seq',
    [action],
  );
  return rows;
};
const countOf = async (table: string): Promise<number> =>
  (await scene.core.db.query(`select 1 from ${table}`)).rows.length;
const acts = () => Promise.all(['incidents', 'decisions', 'steps', 'tasks'].map(countOf));

describe('somebody who proves that it was them', () => {
  it('stands in the record with the code that was spent, and nothing else is done', async () => {
    const before = await acts();
    await scene.core.db.query(`delete from work where name = 'deliver_notice'`);
    expect(said(await prove())).toBe('done');
    expect(await notice()).toMatchObject({ answer: 'me', proven_with: 'totp' });
    const timeStep = Math.floor(scene.runtime.now().getTime() / 30_000);
    const detail = { notices: [id], proven: true, proof: { kind: 'totp', timeStep } };
    expect(await entries('notice.claim_proven')).toEqual([{ incident_id: WORKSPACE_CHAIN, detail }]);
    expect([await acts(), await countOf('totp_used_steps')]).toEqual([before, 1]);
    expect(await waiting(scene.core, 'deliver_notice')).toEqual([id]);
  });

  it('is told in the thread of the open incident, which stays open', async () => {
    await enrolForCodes(scene.core, ADA);
    const mine = await claimed(scene.person);
    const before = await acts();
    expect(said(await prove({ notice: mine, actor: ADA.slackUserId }))).toBe('done');
    expect((await entries('notice.claim_proven'))[0]?.incident_id).toBe(scene.incident.id);
    const lines = (await scene.said()).filter((body) => body.kind === 'line');
    expect(lines.at(-1)).toMatchObject({
      phrase: {
        key: 'timeline.claim_proven',
        values: { who: { user: ADA.slackUserId }, proof: { key: 'proof.totp' }, system: 'Okta', actor: HOSTILE },
      },
    });
    const { rows } = await scene.core.db.query('select status from incidents where id = $1', [scene.incident.id]);
    expect([rows, await acts()]).toEqual([[{ status: 'open' }], before]);
  });

  it('is told in the post of the channel that has the claim, or in the next one', async () => {
    const { core } = scene;
    expect(await waiting(core, 'tell_unanswered')).toEqual(['notices']);
    await core.db.query(`update notices set told_in = 'unp_1' where id = $1`, [id]);
    const post = async (): Promise<string> => {
      const notices = await noticesOfPost(core, 'unp_1');
      return JSON.stringify(unansweredCard(translator, notices, { title: () => 'Okta', onCall: [] }).blocks);
    };
    expect(await post()).toContain('*not proven*');
    await prove();
    expect(await waiting(core, 'redraw_unanswered')).toEqual(['unp_1']);
    const drawn = await post();
    expect(drawn).toContain('that it was them, and confirmed it with a code');
    expect(drawn).not.toContain('not proven');
    for (const part of ['<!channel>', ':white_check_mark:', '<script>']) expect(drawn).not.toContain(part);
  });

  it.each(['the same window twice', 'five at once'])('is one proof: %s', async (how) => {
    const given = codeNow(scene.runtime);
    await Promise.all(Array.from({ length: how === 'five at once' ? 5 : 1 }, () => prove({ given })));
    // Long after its code has gone from the app.
    scene.runtime.move(10 * MINUTE_MS);
    expect(said(await prove({ given }))).toBe('done');
    expect([(await entries('notice.claim_proven')).length, await countOf('totp_used_steps')]).toEqual([1, 1]);
  });

  it('may still say "not me", which opens an incident, and takes the proof back', async () => {
    await prove();
    expect(await answer(eli, id, 'not_me')).toMatchObject({ ok: true, value: { reported: { opened: true } } });
    expect(await notice()).toMatchObject({ answer: 'not_me', proven_with: null });
    scene.runtime.move(MINUTE_MS);
    expect(said(await prove())).toBe('problem.claim.reported');
    expect((await notice()).proven_with).toBeNull();
    const told = (await scene.said()).flatMap((body) => ('phrase' in body && body.phrase ? [body.phrase] : []));
    expect(told).toContainEqual(
      expect.objectContaining({
        key: 'timeline.changed_mind_proven',
        values: expect.objectContaining({ proof: { key: 'proof.totp' } }),
      }),
    );
  });

  it('proves nothing that they took back while the code was looked at', async () => {
    const { core } = scene;
    let taken = false;
    const db = Object.assign(Object.create(core.db) as typeof core.db, {
      transaction: async (work: Parameters<typeof core.db.transaction>[0]) => {
        const done = await core.db.transaction(work);
        if (!taken && (await countOf('totp_used_steps')) === 1) {
          taken = true;
          await answer(eli, id, 'not_me');
        }
        return done;
      },
    });
    const proving = {
      noticeId: id,
      shown: await shownNow(),
      actor: ELI.slackUserId,
      given: codeNow(scene.runtime),
      origin: ORIGIN,
    };
    expect(said(await claims.prove({ ...core, db }, proving))).toBe('problem.claim.reported');
    expect([taken, (await notice()).proven_with]).toEqual([true, null]);
    expect(await entries('notice.claim_proven')).toEqual([]);
  });

  it('answers first: nothing is proven that was not said, and no code is spent on it', async () => {
    const unsaid = await asked(eli);
    expect(said(await prove({ notice: unsaid }))).toBe('problem.claim.not_said');
    expect([(await notice(unsaid)).proven_with, await countOf('totp_used_steps')]).toEqual([null, 0]);
  });
});

describe('whoever holds the Slack and no code', () => {
  it.each([
    ['a wrong code', '000000', 'problem.code.wrong'],
    ['no code', '', 'problem.code.malformed'],
    ['a recovery code that nobody was given', '3-7kq2m-x9d4t', 'problem.code.wrong'],
  ])('proves nothing with %s, and the try is in the record', async (_what, code, problem) => {
    expect(said(await prove({ given: typedCode(code) }))).toBe(problem);
    expect((await notice()).proven_with).toBeNull();
    expect(await entries('notice.claim_proven')).toEqual([]);
    const detail = { action: 'prove_claim', problem: 'code_refused', said: problem };
    expect(await entries('attempt.refused')).toEqual([{ incident_id: WORKSPACE_CHAIN, detail }]);
  });

  it('is locked out after five guesses, like at any other window, and the channel is told', async () => {
    const problems: string[] = [];
    for (let tries = 0; tries < 5; tries += 1) problems.push(said(await prove({ given: typedCode('000000') })));
    expect(problems).toEqual([...Array<string>(4).fill('problem.code.wrong'), 'problem.code.locked']);
    expect(said(await prove())).toBe('problem.code.locked');
    expect((await notice()).proven_with).toBeNull();
    const { rows } = await scene.core.db.query<{ key: string }>(
      `select phrase->>'key' as key from announcements where recipient is null order by id`,
    );
    expect(rows.map(({ key }) => key)).toEqual(['announce.locked']);
  });

  it('proves nothing with a code that was spent on another notice', async () => {
    const other = await claimed(eli);
    const given = codeNow(scene.runtime);
    expect(said(await prove({ given }))).toBe('done');
    expect(said(await prove({ notice: other, given }))).toBe('problem.code.replayed');
    expect((await notice(other)).proven_with).toBeNull();
  });

  it('is recorded in the open incident, where there is one', async () => {
    await enrolForCodes(scene.core, ADA);
    const mine = await claimed(scene.person);
    await prove({ notice: mine, actor: ADA.slackUserId, given: typedCode('000000') });
    expect((await entries('decision.refused')).map((one) => one.incident_id)).toEqual([scene.incident.id]);
  });
});

describe('somebody who has neither codes nor a passkey', () => {
  it('is offered nothing, and told plainly that none is needed', async () => {
    const cem = await personOf(CEM);
    const his = await claimed(cem);
    expect([await canProve(scene.core, cem), await canProve(scene.core, null)]).toEqual([false, false]);
    const click = { noticeId: his, actor: CEM.slackUserId, origin: ORIGIN };
    expect(said(await claims.provable(scene.core, click))).toBe('problem.claim.not_enrolled');
    expect(said(await prove({ notice: his, actor: CEM.slackUserId }))).toBe('problem.claim.not_enrolled');
    expect(await entries('attempt.refused')).toHaveLength(2);
    expect([(await notice(his)).proven_with, await countOf('totp_attempts')]).toEqual([null, 0]);
  });
});

describe('a notice of somebody else', () => {
  it.each([
    ['an approver with a code', BEA],
    ['the person of another incident', ADA],
  ])('is not proven by %s: recorded, told, and no code looked at', async (_who, { slackUserId, email }) => {
    await enrolForCodes(scene.core, { slackUserId, email });
    const click = { noticeId: id, actor: slackUserId, origin: ORIGIN };
    expect(said(await claims.provable(scene.core, click))).toBe('problem.old_card');
    expect(said(await prove({ actor: slackUserId }))).toBe('problem.old_card');
    const detail = { notice: id, answer: 'proof', of: ELI.email };
    expect(await entries('notice.foreign_answer')).toEqual([
      { incident_id: WORKSPACE_CHAIN, detail },
      { incident_id: WORKSPACE_CHAIN, detail },
    ]);
    const { rows } = await scene.core.db.query(`select phrase->>'key' as key from announcements`);
    expect(rows).toEqual([{ key: 'announce.foreign_answer' }]);
    expect([(await notice()).proven_with, await countOf('totp_used_steps')]).toEqual([null, 0]);
  });

  it.each([
    ['a person whom Slack does not know', 'U0NOBODY', 'report.unknown_person'],
    ['anybody, when there is none', ELI.slackUserId, 'problem.old_card'],
  ])('is not proven by %s', async (_who, actor, problem) => {
    const gone = actor === ELI.slackUserId ? { notice: `not_${'f'.repeat(32)}`, shown: 'f'.repeat(64) } : {};
    expect(said(await prove({ actor, ...gone }))).toBe(problem);
    expect([(await notice()).proven_with, await countOf('totp_used_steps')]).toEqual([null, 0]);
  });
});

describe('a passkey', () => {
  const key = new SoftwareAuthenticator('the key of Cem');
  let his: string;
  beforeEach(async () => {
    const { core } = scene;
    const who = { userId: CEM.slackUserId, label: CEM.email };
    const token = await core.db.transaction((tx) => offerPasskey(core, tx, who, { ...ORIGIN, correlationId: 'cli' }));
    const hash = hashPageToken(token.reveal());
    const response = key.register({ challenge: challengeOf(hash, REGISTRATION) });
    expect((await registerPasskey(core, { hash, response }, PAGE)).ok).toBe(true);
    await core.db.query('delete from page_requests');
    his = await claimed(await personOf(CEM));
  });
  const later = async () => {
    const request = {
      noticeId: his,
      shown: await shownNow(his),
      actor: CEM.slackUserId,
      requestKey: 'view_cem',
      origin: ORIGIN,
    };
    const given = { kind: 'later', request: { command: 'prove_claim', ...request } } as const;
    const asked = await claims.prove(scene.core, { ...request, given });
    if (asked.ok) throw new Error('nothing may be proven before it is confirmed');
    const hash = hashPageToken(new URL(found(asked.error.link)).pathname.replace('/confirm/', ''));
    const link = await pageRequestOf(scene.core, scene.core.db, hash);
    if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
    return { hash, ...link.request };
  };

  it('proves it too, on a page that shows what it is about', async () => {
    const { hash, binding, request } = await later();
    expect((await notice(his)).proven_with).toBeNull();
    const shown = await confirmable(scene.core, request, claims);
    if (!shown.ok) throw new Error(shown.error.code);
    const say = sayPlain(withOverrides({}));
    const page = confirmPage(say, shown.value, { kind: 'authenticate', options: {}, nonce: '' }).body;
    for (const part of ['Prove that it was you', 'Okta: Password reset', '&lt;script&gt;'])
      expect(page).toContain(part);
    expect(page).not.toContain('<script>alert');
    const response = key.sign({ challenge: challengeOf(hash, binding) });
    expect(said(await confirm(scene.core, { kind: 'passkey', hash, response }, PAGE, claims))).toBe('done');
    expect((await notice(his)).proven_with).toBe('passkey');
    expect(await entries('notice.claim_proven')).toMatchObject([{ detail: { proof: { kind: 'passkey' } } }]);
  });

  it.each(['somebody else has', 'proves another notice'])('that %s is refused', async (what) => {
    const { hash, binding } = await later();
    const other = what === 'somebody else has' ? new SoftwareAuthenticator('of a thief') : key;
    const signed = what === 'somebody else has' ? binding : 'of another notice';
    const response = other.sign({ challenge: challengeOf(hash, signed) });
    expect(said(await confirm(scene.core, { kind: 'passkey', hash, response }, PAGE, claims))).toBe(
      'problem.passkey.wrong',
    );
    expect((await notice(his)).proven_with).toBeNull();
  });

  it('shows nothing any more once the person said "not me"', async () => {
    const { hash, binding, request } = await later();
    await answer(await personOf(CEM), his, 'not_me');
    expect(said(await confirmable(scene.core, request, claims))).toBe('problem.claim.reported');
    const response = key.sign({ challenge: challengeOf(hash, binding) });
    const confirmed = await confirm(scene.core, { kind: 'passkey', hash, response }, PAGE, claims);
    expect(said(confirmed)).toBe('problem.claim.reported');
    expect((await notice(his)).proven_with).toBeNull();
  });
});

describe('the card after "this was me"', () => {
  const card = async (offer?: { canProve: boolean }): Promise<string> =>
    JSON.stringify(noticeCard(translator, await notice(), 'Okta', offer));

  it('offers the proof to whoever can, and says to anybody what their word is worth', async () => {
    const [without, withCode] = [await card(), await card({ canProve: true })];
    expect([without.includes('notice_prove'), withCode.includes('notice_prove')]).toEqual([false, true]);
    for (const drawn of [without, withCode])
      for (const part of ['It does not prove that it was you', 'Not sure any more?', 'notice_not_me'])
        expect(drawn).toContain(part);
    for (const part of ['<!channel>', ':white_check_mark: <']) expect(withCode).not.toContain(part);
  });

  it('says what it was proven with, and leaves the way back', async () => {
    await prove();
    const drawn = await card({ canProve: true });
    expect(drawn).toContain('proved it with a code');
    expect([drawn.includes('notice_prove'), drawn.includes('notice_not_me')]).toEqual([false, true]);
  });
});
