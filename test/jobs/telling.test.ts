import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { deliverNotice } from '../../jobs/handlers/deliver-notice.js';
import { postCheckpoint } from '../../jobs/handlers/post-checkpoint.js';
import { readAccounts } from '../../jobs/handlers/read-accounts.js';
import { tellMailTrouble } from '../../jobs/handlers/tell-mail-trouble.js';
import { redrawUnanswered, tellUnanswered } from '../../jobs/handlers/tell-unanswered.js';
import { createWaitingTeller } from '../../jobs/handlers/tell-waiting.js';
import { watchStep } from '../../jobs/handlers/watch-step.js';
import type { Outcome, Run } from '../../jobs/worker.js';
import { requestDailyCheckpoint } from '../../src/audit/request-checkpoint.js';
import { CARD_LATE_MS } from '../../src/incidents/cardless.js';
import type { NoticeMailer } from '../../src/notices/notice-mailer.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { acknowledgeNotices } from '../../src/notices/see-to.js';
import { requestWork, type WorkName } from '../../src/outbox/outbox.js';
import { ok } from '../../src/platform/result.js';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import type { SystemEvent } from '../../src/ports/connector.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));
const NOT_IN = { kind: 'unreachable', detail: 'not_in_channel' } as const;
const REFUSED = { kind: 'refused', detail: 'invalid_blocks' } as const;
const DOWN = { kind: 'transient', detail: 'no answer' } as const;

let scene: Scene;
let slack: MemoryMessenger;
let made = 0;
const identifiers = new Map([[ELI.email, { aliases: ['eli.alias'], logins: { okta: 'eli.admin' }, employeeId: '9' }]]);
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } }, policy: { identifiers, watchMinutes: [5, 15] } });
  slack = new MemoryMessenger();
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const mailer: NoticeMailer = { send: () => Promise.resolve(ok(null)), ping: () => Promise.resolve() };
const parts = () => ({ core: scene.core, messenger: slack, translator });
async function run(name: WorkName, ref: string, handle: (one: Run) => Promise<Outcome>): Promise<Outcome> {
  const { core } = scene;
  const work = { workspaceId: core.workspaceId, name, ref, correlationId: 'cor' } as const;
  await requestWork(core.db, { ...work, now: core.runtime.now() });
  return runOnce(core, name, ref, handle);
}
const notice = async (login: string = ELI.email): Promise<string> => {
  made += 1;
  const event: SystemEvent = {
    eventId: `event_${made}`,
    kind: 'password_reset',
    login,
    actor: 'helpdesk',
    ip: null,
    occurredAt: scene.runtime.now(),
  };
  await scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'okta', [event], 'cor'));
  const { rows } = await scene.core.db.query<{ id: string }>('select id from notices where event_id = $1', [
    event.eventId,
  ]);
  return found(rows[0]).id;
};
const inChannel = () => slack.posted.filter(({ channel }) => channel === 'C0SECURITY');
const direct = () => slack.posted.filter(({ channel }) => channel.startsWith('D')).map(({ channel }) => channel);

describe('notices that nobody answered', () => {
  const tell = (): Promise<Outcome> => run('tell_unanswered', 'notices', (one) => tellUnanswered(parts(), one));
  const redraw = (id: string): Promise<Outcome> =>
    run('redraw_unanswered', id, (one) => redrawUnanswered(parts(), one));
  const fail = (...failures: readonly MessengerFailure[]): void => slack.fail('post', ...failures);
  const post = async () =>
    found(
      (await scene.core.db.query<{ id: string; ts: string | null }>('select id, ts from unanswered_posts')).rows[0],
    );

  it('are told in one post when they are due, and what comes soon after waits for the next', async () => {
    await notice();
    expect(await tell()).toEqual({ againInMs: 15 * MINUTE_MS });
    scene.runtime.move(15 * MINUTE_MS);
    await notice('other@meadow.example');
    expect(await tell()).toEqual({ againInMs: 15 * MINUTE_MS });
    expect(inChannel()).toHaveLength(1);
    expect((await post()).ts).toBe('1');
  });

  it('are told to the approvers directly while the channel does not take them, each once, never about themselves', async () => {
    const id = await notice(BEA.email);
    await run('deliver_notice', id, (one) => deliverNotice({ ...parts(), mailer }, one));
    scene.runtime.move(15 * MINUTE_MS);
    fail(NOT_IN);
    expect(await tell()).toEqual({ againInMs: 30_000 });
    fail(NOT_IN);
    await tell();
    expect(direct().filter((channel) => channel !== `D${BEA.slackUserId}`)).toEqual([`D${CEM.slackUserId}`]);
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(NOT_IN);
    await tell();
    expect(direct().filter((channel) => channel === `D${CEM.slackUserId}`)).toHaveLength(2);
    await tell();
    expect(inChannel()).toHaveLength(1);
  });

  it('wait for a passing trouble before anybody is told directly', async () => {
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(DOWN);
    expect(await tell()).toEqual({ againInMs: 500 });
    expect(direct()).toEqual([]);
    scene.runtime.move(CARD_LATE_MS + 1);
    fail({ kind: 'throttled', retryAfterMs: 20 });
    expect(await tell()).toEqual({ againInMs: 1_000 });
    expect(direct()).toHaveLength(2);
  });

  it('are told to whom Slack reaches, and to the others with the next try', async () => {
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(NOT_IN);
    slack.fail('openDm', DOWN);
    await tell();
    expect(direct()).toEqual([`D${CEM.slackUserId}`]);
    fail(NOT_IN);
    await tell();
    expect(direct()).toEqual([`D${CEM.slackUserId}`, `D${BEA.slackUserId}`]);
    await set(`update direct_tellings set told = '{"${BEA.slackUserId}": "never", "${CEM.slackUserId}": 7}'`);
    slack.fail('openDm', REFUSED);
    fail(NOT_IN);
    await tell();
    const { rows } = await scene.core.db.query<{ told: Record<string, unknown> }>('select told from direct_tellings');
    // Who is not in it as it should be is told again; what stands there already is found by its id.
    expect(Object.values(found(rows[0]).told)).toEqual(Array(2).fill(scene.runtime.now().toISOString()));
    expect(direct()).toHaveLength(2);
  });

  it('are only logged where there are no approvers', async () => {
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(NOT_IN);
    const core = { ...scene.core, roles: { ...scene.core.roles, all: () => Promise.resolve([]) } };
    await run('tell_unanswered', 'notices', (one) => tellUnanswered({ ...parts(), core }, one));
    expect(direct()).toEqual([]);
  });

  it('are not told when everybody answered before the post was sent', async () => {
    const id = await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(DOWN);
    await tell();
    await set(`update notices set answer = 'me' where id = $1`, id);
    expect(await tell()).toBe('completed');
    expect(inChannel()).toEqual([]);
    expect((await scene.core.db.query('select 1 from unanswered_posts')).rows).toEqual([]);
  });

  it('stand in a post that is found again after a crash, and drawn anew', async () => {
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(DOWN);
    await tell();
    await slack.post({ channel: 'C0SECURITY', threadTs: null }, { text: 'before', blocks: [] }, (await post()).id);
    await tell();
    expect(inChannel()).toHaveLength(1);
    expect(await waiting(scene.core, 'redraw_unanswered')).toEqual([(await post()).id]);
  });

  it('keep their words when Slack refuses the blocks', async () => {
    await notice();
    scene.runtime.move(15 * MINUTE_MS);
    fail(REFUSED);
    await tell();
    expect(inChannel().map(({ drawn }) => drawn.blocks)).toEqual([[]]);
  });

  it.each([
    [null, 'completed'],
    [REFUSED, 'completed'],
    [DOWN, { againInMs: 500 }],
    [NOT_IN, { againInMs: 30_000 }],
  ] as const)('are drawn anew where somebody saw to them (%j): %j', async (failure, wanted) => {
    const id = await notice();
    scene.runtime.move(15 * MINUTE_MS);
    await tell();
    await acknowledgeNotices(scene.core, id, { actor: BEA.slackUserId, origin: ORIGIN });
    if (failure) slack.fail('update', failure);
    expect(await redraw((await post()).id)).toEqual(wanted);
    expect(await redraw('unp_nobody')).toBe('completed');
  });
});

describe('mail that is refused', () => {
  const trouble = async (): Promise<string> => {
    const id = await notice('guest@meadow.example');
    const refusing: NoticeMailer = {
      ...mailer,
      send: () => Promise.resolve({ ok: false, error: { kind: 'auth', message: 'Renew the key.' } }),
    };
    await run('deliver_notice', id, (one) => deliverNotice({ ...parts(), mailer: refusing }, one));
    return found((await waiting(scene.core, 'tell_mail_trouble'))[0]);
  };
  const tell = (kind: string): Promise<Outcome> =>
    run('tell_mail_trouble', kind, (one) => tellMailTrouble(parts(), one));

  it('is told to the channel once', async () => {
    const kind = await trouble();
    expect([await tell(kind), await tell(kind), await tell('passing')]).toEqual(Array(3).fill('completed'));
    expect(inChannel()).toHaveLength(1);
  });

  it('is told to the approvers directly, once, while the channel does not take it', async () => {
    const kind = await trouble();
    slack.fail('post', NOT_IN);
    expect(await tell(kind)).toEqual({ againInMs: 30_000 });
    slack.fail('post', NOT_IN);
    await tell(kind);
    expect(direct()).toHaveLength(2);
  });
});

describe('a notice to deliver', () => {
  const deliver = (id: string, by: NoticeMailer | null = mailer): Promise<Outcome> =>
    run('deliver_notice', id, (one) => deliverNotice({ ...parts(), mailer: by }, one));

  it.each(['eli.alias', 'eli.admin', 'ELI.ADMIN'])('goes to whom the login %s belongs', async (login) => {
    expect(await deliver(await notice(login))).toBe('completed');
    expect(direct()).toEqual([`D${ELI.slackUserId}`]);
  });

  it('that is not there is nothing to do', async () => {
    expect(await deliver('not_nobody')).toBe('completed');
  });

  it('is kept while no mail is configured', async () => {
    expect(await deliver(await notice('guest@meadow.example'), null)).toEqual({ againInMs: expect.any(Number) });
    expect(await waiting(scene.core, 'tell_mail_trouble')).toHaveLength(1);
  });

  it.each([
    [DOWN, { againInMs: 500 }],
    [REFUSED, 'completed'],
  ] as const)('that stands in Slack is drawn anew (%j): %j', async (failure, wanted) => {
    const id = await notice();
    await deliver(id);
    slack.fail('update', failure);
    expect(await deliver(id)).toEqual(wanted);
  });
});

describe('what waits for a queue that takes nothing', () => {
  it('is told to its thread once in a time without a queue', async () => {
    const tell = createWaitingTeller(parts());
    await scene.decide('disable_account');
    await set(`update incidents set card_ts = '1'`);
    await tell('refused');
    expect(slack.posted).toEqual([]);
    scene.runtime.move(6_000);
    slack.fail('find', DOWN);
    await tell('refused');
    slack.fail('post', DOWN);
    await tell('refused');
    await tell('refused');
    await tell('refused');
    expect(slack.posted).toHaveLength(1);
    await tell(null);
    await tell('refused again');
    expect(slack.posted).toHaveLength(1);
  });
});

describe('a checkpoint of the record', () => {
  const post = (): Promise<Outcome> => run('post_checkpoint', 'record', (one) => postCheckpoint(parts(), one));

  it('is posted when the channel has not seen it for a day', async () => {
    expect([await post(), await post()]).toEqual(['completed', 'completed']);
    expect(inChannel()).toHaveLength(1);
    scene.runtime.move(DAY_MS + 1);
    expect(await post()).toBe('completed');
    expect(inChannel()).toHaveLength(2);
  });

  it('is asked for once a day, and not while one is asked for', async () => {
    const asked = async (): Promise<number> => {
      await requestDailyCheckpoint(scene.core);
      return (await waiting(scene.core, 'post_checkpoint')).length;
    };
    expect([await asked(), await asked()]).toEqual([1, 1]);
    await post();
    expect(await asked()).toBe(0);
  });

  it.each<[MessengerFailure, Outcome, number]>([
    [{ kind: 'throttled', retryAfterMs: 4_000 }, { againInMs: 4_000 }, 0],
    [DOWN, { againInMs: 500 }, 0],
    [NOT_IN, { againInMs: 10 * MINUTE_MS }, 2],
  ])('that the channel does not take is tried again (%j): %j, told directly to %i', async (failure, wanted, told) => {
    slack.fail('post', failure);
    expect(await post()).toEqual(wanted);
    expect(direct()).toHaveLength(told);
    slack.fail('post', failure);
    await post();
    expect(direct()).toHaveLength(told);
    expect(await post()).toBe('completed');
    expect(inChannel()).toHaveLength(1);
  });

  it('is not made of a record that was changed: that is said once a day', async () => {
    await post();
    await scene.core.db.transaction(async (tx) => {
      await tx.query(`set local session_replication_role = 'replica'`);
      await tx.query(`update record_leaves set hash = repeat('0', 64)`);
    });
    expect([await post(), await post()]).toEqual(['completed', 'completed']);
    expect(inChannel()).toHaveLength(2);
    slack.fail('post', DOWN);
    scene.runtime.move(DAY_MS);
    expect(await post()).toEqual({ againInMs: 500 });
  });
});

describe('the accounts of an incident', () => {
  const read = (): Promise<Outcome> => run('read_accounts', scene.incident.id, (one) => readAccounts(scene.core, one));

  it('are sought by what an approver named, by nothing where there is none, and by the logins of others', async () => {
    const link = (login: string) =>
      set(
        `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', $3, 'U', $4, $5)`,
        scene.core.workspaceId,
        scene.person.id,
        login,
        scene.runtime.now(),
        scene.incident.id,
      );
    await set('delete from accounts');
    await link('');
    expect(await read()).toBe('completed');
    expect(await scene.account()).toMatchObject({ accountId: null, problem: expect.stringContaining('approver') });
    await set('delete from account_links');
    await link('ada.admin');
    scene.okta.add('ada.admin');
    await read();
    expect(await scene.account()).toMatchObject({ login: 'ada.admin' });
  });

  it('that only an unverified address names are shown, and left to an approver', async () => {
    await set('delete from accounts');
    const candidates = [`${ADA.email} (00u2)`];
    scene.okta.fail('find', { kind: 'ambiguous', unverified: true, message: 'not verified', candidates });
    expect(await read()).toBe('completed');
    expect(await scene.account()).toMatchObject({
      accountId: null,
      problem: expect.stringMatching(/has not verified \(ada@meadow\.example \(00u2\)\); not taken/),
    });
  });

  it('whose state cannot be read are known all the same', async () => {
    scene.okta.fail('readState', { kind: 'permission', message: 'not allowed' });
    await read();
    expect(await scene.account()).toMatchObject({ login: ADA.email, state: null, problem: 'not allowed' });
  });

  it('that were corrected while they were read are not kept', async () => {
    const work = { workspaceId: scene.core.workspaceId, name: 'read_accounts', ref: scene.incident.id } as const;
    await requestWork(scene.core.db, { ...work, correlationId: 'cor', now: scene.runtime.now() });
    await set('delete from accounts');
    const find = scene.okta.find.bind(scene.okta);
    scene.okta.find = async (...asked) => {
      await set(
        `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', 'x', 'U', $3, $4)`,
        scene.core.workspaceId,
        scene.person.id,
        scene.runtime.now(),
        scene.incident.id,
      );
      return find(...asked);
    };
    await runOnce(scene.core, 'read_accounts', scene.incident.id, (one) => readAccounts(scene.core, one));
    expect((await scene.core.db.query('select 1 from accounts')).rows).toEqual([]);
  });

  it('of an incident that is not there are nothing to read', async () => {
    expect(await run('read_accounts', 'inc_nobody', (one) => readAccounts(scene.core, one))).toBe('completed');
  });
});

describe('the watch', () => {
  it.each([
    ['a step that is not there', ''],
    ['a step without its account', 'delete from accounts'],
    ['a system that is not connected', `update steps set system = 'gone'`],
    ['an account that is not known any more', 'update accounts set account_id = null, login = null'],
  ])('has nothing to look at for %s', async (_what, change) => {
    await scene.decide('disable_account');
    const { id } = await scene.lastStep();
    await scene.run(id);
    if (change !== '') await set(change);
    const ref = change === '' ? 'stp_nobody' : id;
    expect(await run('watch_step', ref, (one) => watchStep(scene.core, one))).toBe('completed');
    expect(await scene.lines()).not.toContain('timeline.undone_elsewhere');
  });
});
