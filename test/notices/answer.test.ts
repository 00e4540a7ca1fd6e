import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { answerNotice, claimByMail, lookAtMailedNotice, reportByMail } from '../../src/notices/answer.js';
import { clearRefused, mailTroubles, saveRefused, untoldTrouble } from '../../src/notices/refused-mail.js';
import { openFromNotice, acknowledgeNotices } from '../../src/notices/see-to.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestWhatIsDue, unansweredNotices, whatIsNext } from '../../src/notices/unanswered.js';
import { type Person, savePerson } from '../../src/incidents/people.js';
import type { Result } from '../../src/platform/result.js';
import type { SystemEvent } from '../../src/ports/connector.js';
import { issueReportToken } from '../../src/reports/tokens.js';
import type { Problem } from '../../src/texts/problem.js';
import { waiting } from '../runs.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
let made = 0;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);
const personOf = ({ slackUserId, email, name }: typeof ELI): Promise<Person> =>
  savePerson(scene.core, { slackUserId, email, name, title: null, manager: null, timeZone: 'UTC', standing: 'member' });

/** A notice that was asked of somebody, as it is once it is delivered. */
async function asked(who: Person | null, more: Partial<SystemEvent> = {}): Promise<string> {
  const { core } = scene;
  made += 1;
  const event: SystemEvent = {
    eventId: `event_${made}`,
    kind: 'password_reset',
    login: who?.email ?? 'nobody@meadow.example',
    actor: 'helpdesk@meadow.example',
    ip: '203.0.113.7',
    occurredAt: core.runtime.now(),
    ...more,
  };
  // A sign-in is told when another address was known before.
  const before = { ...event, eventId: `before_${made}`, ip: '198.51.100.1' };
  const events = event.kind === 'sign_in' ? [before, event] : [event];
  await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', events, 'cor'));
  const { rows } = await core.db.query<{ id: string }>('select id from notices where event_id = $1', [event.eventId]);
  const { id } = found(rows[0]);
  await set('update notices set person_id = $2, asked_at = $3 where id = $1', id, who?.id ?? null, core.runtime.now());
  return id;
}
const notice = async (id: string) =>
  found(
    (
      await scene.core.db.query<{
        answer: string | null;
        tells: boolean;
        settled_by: string | null;
        incident_id: string | null;
      }>('select answer, tells, settled_by, incident_id from notices where id = $1', [id])
    ).rows[0],
  );
const incidents = async (): Promise<number> => (await scene.core.db.query('select 1 from incidents')).rows.length;

describe('the button under a notice', () => {
  let eli: Person;
  let id: string;
  beforeEach(async () => {
    eli = await personOf(ELI);
    id = await asked(eli);
  });
  const answer = (given: 'me' | 'not_me', person = eli) =>
    answerNotice(scene.core, person, { noticeId: id, answer: given, said: 'not me', origin: ORIGIN });

  it('"not me" opens an incident, once', async () => {
    const before = await incidents();
    expect(await answer('not_me')).toMatchObject({ ok: true, value: { reported: { opened: true } } });
    expect(codeOf(await answer('not_me'))).toBe('wrong_state');
    expect(codeOf(await answer('me'))).toBe('wrong_state');
    expect([await incidents(), (await notice(id)).answer]).toEqual([before + 1, 'not_me']);
  });

  it('"me" opens none, may be followed by "not me", and is said once', async () => {
    expect(await answer('me')).toMatchObject({ ok: true, value: { reported: null } });
    expect(codeOf(await answer('me'))).toBe('wrong_state');
    expect(codeOf(await answer('not_me'))).toBe('done');
  });

  it.each<[string, Partial<SystemEvent>, boolean]>([
    ['somebody else did', {}, true],
    ['nobody is named for', { actor: null }, true],
    ['the person did by the login', { actor: ELI.email.toUpperCase() }, false],
    ['is a sign-in', { kind: 'sign_in', actor: 'somebody' }, false],
  ])('"me" on what %s is told to the channel: %s', async (_what, more, tells) => {
    id = await asked(eli, more);
    await answer('me');
    expect((await notice(id)).tells).toBe(tells);
  });

  it('"me" on what somebody else did stands in the record of the open incident', async () => {
    const { rows } = await scene.core.db.query<{ id: string }>('select id from people where email = $1', [ADA.email]);
    const ada = { ...eli, id: found(rows[0]).id, email: ADA.email, slack_user_id: ADA.slackUserId };
    id = await asked(ada);
    await answer('me', ada);
    expect(await scene.record()).toContain('notice.claimed');
  });

  it('"me" is a claim: recorded each time as not proven, also with no incident, and it closes nothing', async () => {
    id = await asked(eli, { kind: 'sign_in', actor: 'somebody' });
    await answer('me');
    const { rows } = await scene.core.db.query(
      "select incident_id, detail from record_entries where action = 'notice.claimed'",
    );
    expect(rows).toEqual([{ incident_id: 'workspace', detail: { notices: [id], proven: false } }]);
  });

  it('"me" is told as a claim in the thread of an open incident, which stays open', async () => {
    await answer('not_me');
    id = await asked(eli, { actor: eli.email });
    await answer('me');
    const lines = (await scene.said()).filter(
      (body) => 'phrase' in body && body.phrase?.key === 'timeline.notice_claimed',
    );
    expect(lines).toMatchObject([{ phrase: { values: { who: { user: ELI.slackUserId }, system: 'Okta' } } }]);
    const { rows } = await scene.core.db.query('select status from incidents where person_id = $1', [eli.id]);
    expect(rows).toEqual([{ status: 'open' }]);
  });

  it.each(['me', 'not_me'] as const)(
    'pressed by somebody else (%s) is in the record and in the channel',
    async (given) => {
      expect(codeOf(await answer(given, await personOf(CEM)))).toBe('outdated');
      const { rows } = await scene.core.db.query(
        "select actor_id, detail from record_entries where action = 'notice.foreign_answer'",
      );
      expect(rows).toEqual([{ actor_id: CEM.slackUserId, detail: { notice: id, answer: given, of: ELI.email } }]);
      const told = await scene.core.db.query('select recipient, phrase from announcements');
      expect(told.rows).toMatchObject([{ recipient: null, phrase: { key: 'announce.foreign_answer' } }]);
      expect((await notice(id)).answer).toBeNull();
    },
  );

  it('is not answered by somebody else, nor when there is no such notice', async () => {
    expect(codeOf(await answer('not_me', await personOf(CEM)))).toBe('outdated');
    id = 'not_nobody';
    expect(codeOf(await answer('not_me'))).toBe('outdated');
  });

  it('has the post drawn anew in which it stands', async () => {
    await set(`update notices set told_in = 'unp_1' where id = $1`, id);
    await answer('not_me');
    expect(await waiting(scene.core, 'redraw_unanswered')).toEqual(['unp_1']);
  });
});

describe('the mailed link', () => {
  let id: string;
  let token: string;
  beforeEach(async () => {
    const { core } = scene;
    id = await asked(null);
    token = (await core.db.transaction((tx) => issueReportToken(core, tx, id))).token.reveal();
  });
  const report = (): ReturnType<typeof reportByMail> =>
    reportByMail(scene.core, token, { said: ({ login }) => `not ${login}`, origin: ORIGIN });

  it('shows what it is about, reports once, and is used up then', async () => {
    expect(await lookAtMailedNotice(scene.core, token)).toMatchObject({ state: 'open', person: null });
    expect(await report()).toMatchObject({ state: 'reported', reported: { opened: true } });
    expect((await notice(id)).answer).toBe('not_me');
    expect(await report()).toEqual({ state: 'used' });
    expect(await lookAtMailedNotice(scene.core, token)).toEqual({ state: 'used' });
  });

  it('reports for the person whom the notice was for', async () => {
    const eli = await personOf(ELI);
    await set('update notices set person_id = $2 where id = $1', id, eli.id);
    expect(await lookAtMailedNotice(scene.core, token)).toMatchObject({ person: { id: eli.id } });
    await report();
    const { rows } = await scene.core.db.query('select person_id from incidents where person_id = $1', [eli.id]);
    expect(rows).toHaveLength(1);
  });

  const claim = () => claimByMail(scene.core, token, { ...ORIGIN, surface: 'mail', ip: '192.0.2.7' });
  const claims = async () =>
    (
      await scene.core.db.query(
        "select incident_id, actor_id, detail, from_ip as ip from record_entries where action = 'notice.claimed'",
      )
    ).rows;

  it('notes "this was me" once, as a claim that is not proven, and is not used up', async () => {
    expect([await claim(), await claim()]).toEqual([{ state: 'claimed' }, { state: 'claimed' }]);
    expect(await notice(id)).toMatchObject({ answer: 'me' });
    const detail = { notices: [id], proven: false };
    const login = 'nobody@meadow.example';
    expect(await claims()).toEqual([{ incident_id: WORKSPACE_CHAIN, actor_id: login, detail, ip: '192.0.2.7' }]);
    expect(await lookAtMailedNotice(scene.core, token)).toMatchObject({ state: 'open', notice: { answer: 'me' } });
  });

  it('of ten "this was me" at once notes one', async () => {
    await Promise.all(Array.from({ length: 10 }, claim));
    expect(await claims()).toHaveLength(1);
  });

  it.each([
    ['somebody else did', 'password_reset', 'helpdesk@meadow.example'],
    ['is a sign-in', 'sign_in', 'somebody'],
    ['the person did by the login', 'password_reset', 'nobody@meadow.example'],
  ])('tells "this was me" to the channel, on what %s: the thief may be in the mailbox', async (_what, kind, actor) => {
    await set('update notices set kind = $2, actor = $3 where id = $1', id, kind, actor);
    await claim();
    expect((await notice(id)).tells).toBe(true);
    expect(await waiting(scene.core, 'tell_unanswered')).toEqual(['notices']);
  });

  it('tells "this was me" in the thread of the open incident, which stays open', async () => {
    await set('update notices set person_id = $2 where id = $1', id, scene.person.id);
    await claim();
    expect(await claims()).toMatchObject([{ incident_id: scene.incident.id }]);
    const lines = (await scene.said()).filter((body) => body.kind === 'line');
    const who = { user: ADA.slackUserId };
    expect(lines).toMatchObject([{ phrase: { key: 'timeline.notice_claimed_mail', values: { who } } }]);
    const { rows } = await scene.core.db.query('select status from incidents where id = $1', [scene.incident.id]);
    expect(rows).toEqual([{ status: 'open' }]);
  });

  it('reports after "this was me", and refuses "this was me" after a report', async () => {
    await claim();
    expect(await report()).toMatchObject({ state: 'reported', reported: { opened: true } });
    expect([(await notice(id)).answer, await claim()]).toEqual(['not_me', { state: 'already_reported' }]);
    expect([(await notice(id)).answer, (await claims()).length]).toEqual(['not_me', 1]);
  });

  it('refuses "this was me" also when it was reported in another way', async () => {
    await set(`update notices set answer = 'not_me' where id = $1`, id);
    expect(await claim()).toEqual({ state: 'already_reported' });
  });

  it('carries the same token in a second mail', async () => {
    const { core } = scene;
    const again = await core.db.transaction((tx) => issueReportToken(core, tx, id));
    expect(again.token.reveal()).toBe(token);
  });

  it('is good for seven days', async () => {
    scene.runtime.move(7 * DAY_MS - 1);
    expect(await lookAtMailedNotice(scene.core, token)).toMatchObject({ state: 'open' });
    scene.runtime.move(1);
    expect([await lookAtMailedNotice(scene.core, token), await report(), await claim()]).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'expired' })),
    );
  });

  it('that nobody issued says so', async () => {
    token = 'guessed';
    expect([await lookAtMailedNotice(scene.core, token), await report(), await claim()]).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'unknown' })),
    );
  });
});

describe('an approver who sees to a notice', () => {
  const by = (actor = BEA.slackUserId) => ({ actor, origin: ORIGIN });

  it('opens an incident from it, with all that waits for this person', async () => {
    const eli = await personOf(ELI);
    const [one, other] = [await asked(eli), await asked(eli, { actor: null, ip: null, kind: 'two_step_changed' })];
    const opened = await openFromNotice(scene.core, one, by());
    expect(opened).toMatchObject({ ok: true, value: expect.stringMatching(/^N-/) });
    for (const id of [one, other])
      expect(await notice(id)).toMatchObject({
        settled_by: BEA.slackUserId,
        tells: false,
        incident_id: expect.any(String),
      });
    expect(codeOf(await openFromNotice(scene.core, other, by()))).toBe('done');
  });

  it('says that nothing is wrong: it waits no longer, and the channel hears of it', async () => {
    const id = await asked(await personOf(ELI));
    expect(codeOf(await acknowledgeNotices(scene.core, id, by()))).toBe('done');
    expect(await notice(id)).toMatchObject({ settled_by: BEA.slackUserId, tells: true, incident_id: null });
    expect(await waiting(scene.core, 'tell_unanswered')).toEqual(['notices']);
    expect(codeOf(await acknowledgeNotices(scene.core, id, by()))).toBe('done');
    // No incident is open in which it could stand.
    const { rows } = await scene.core.db.query(
      `select actor_id, detail->'notices'->>0 as notice from record_entries where incident_id = $1 and action = 'notice.settled'`,
      [WORKSPACE_CHAIN],
    );
    expect(rows).toEqual([{ actor_id: BEA.slackUserId, notice: id }]);
  });

  it('does so for somebody whom only the login tells, and in the record of an open incident', async () => {
    const id = await asked(null, { login: ADA.email });
    expect(codeOf(await acknowledgeNotices(scene.core, id, by()))).toBe('done');
    expect(await scene.record()).toContain('notice.settled');
  });

  it.each([
    ['outdated', () => Promise.resolve('not_nobody'), BEA.slackUserId],
    ['not_an_approver', async () => asked(await personOf(ELI)), ELI.slackUserId],
    ['own_account', async () => asked(await personOf(BEA)), BEA.slackUserId],
  ] as const)('is refused: %s', async (code, prepare, actor) => {
    const id = await prepare();
    expect(codeOf(await acknowledgeNotices(scene.core, id, by(actor)))).toBe(code);
    expect(codeOf(await openFromNotice(scene.core, id, by(actor)))).toBe(code);
  });
});

describe('what waits for an answer', () => {
  it('is listed with the oldest due first, and due when its time is over', async () => {
    const { core } = scene;
    const eli = await personOf(ELI);
    const late = await asked(eli);
    scene.runtime.move(MINUTE_MS);
    await asked(eli);
    expect((await unansweredNotices(core)).map(({ id }) => id)[0]).toBe(late);
    const isDue = () => core.db.transaction((tx) => requestWhatIsDue({ core, tx }, 'cor'));
    expect(await isDue()).toBe(false);
    scene.runtime.move(14 * MINUTE_MS);
    expect(await isDue()).toBe(true);
    expect((await whatIsNext(core, core.db)).last).toBeNull();
  });
});

describe('a mail that is refused', () => {
  const refuse = (id: string, kind: 'auth' | 'rejected' | 'transient' | 'throttled' | 'unconfigured') =>
    scene.core.db.transaction((tx) =>
      saveRefused({ core: scene.core, tx }, id, { kind, message: `it is ${kind}` }, 'cor'),
    );
  const due = async (id: string) =>
    (await scene.core.db.query<{ due_at: Date }>('select due_at from notices where id = $1', [id])).rows[0]?.due_at;

  it.each([
    ['auth', true],
    ['unconfigured', true],
    ['rejected', true],
    ['transient', false],
    ['throttled', false],
  ] as const)('for good or for a while (%s): the notice is due at once: %s', async (kind, atOnce) => {
    const id = await asked(null);
    const before = await due(id);
    await refuse(id, kind);
    expect(await due(id)).toEqual(atOnce ? scene.runtime.now() : before);
    expect(await mailTroubles(scene.core)).toMatchObject([{ notices: 1, problem: `it is ${kind}` }]);
  });

  it('is one trouble for all of a kind, told once, and over with the last of them', async () => {
    const { core } = scene;
    const ids = [await asked(null), await asked(null, { login: 'other@meadow.example' })];
    for (const id of ids) await refuse(id, 'auth');
    const kind = found((await mailTroubles(core))[0]).kind;
    expect(await waiting(core, 'tell_mail_trouble')).toEqual([kind]);
    expect(await untoldTrouble(core, kind)).not.toBeNull();
    for (const id of ids) await core.db.transaction((tx) => clearRefused({ core, tx }, id));
    await core.db.transaction((tx) => clearRefused({ core, tx }, found(ids[0])));
    expect([await mailTroubles(core), await untoldTrouble(core, kind)]).toEqual([[], null]);
  });
});
