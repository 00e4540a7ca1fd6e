import { beforeEach, describe, expect, it } from '@jest/globals';
import { codeNow, enrolForCodes } from '../codes.js';
import { translatorOf } from '../../blocks/parts.js';
import { createHandlers } from '../../jobs/handlers/index.js';
import { announce } from '../../src/approvals/announce.js';
import { commands } from '../../src/approvals/commands/index.js';
import { waitForAccounts } from '../../src/approvals/waiting-windows.js';
import { requestDailyCheckpoint } from '../../src/audit/request-checkpoint.js';
import { askDoctor } from '../../src/doctor/from-slack.js';
import type { MailedNotice, MailProblem, NoticeMailer } from '../../src/notices/notice-mailer.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { withhold } from '../../src/incidents/limits.js';
import { LeaseLostError, requestWork, type WorkName } from '../../src/outbox/outbox.js';
import { ok, type Result } from '../../src/platform/result.js';
import type { SystemEvent } from '../../src/ports/connector.js';
import { phrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { claim, everything, runOnce, takeOver, waiting } from '../runs.js';
import { savePerson } from '../../src/incidents/people.js';
import { requestRemembering } from '../../src/incidents/request-remembering.js';
import { ADA, BEA, CEM, ELI, found, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));

let scene: Scene;
let slack: MemoryMessenger;
let mails: MailedNotice[];
let mailSays: Result<null, MailProblem>;
beforeEach(async () => {
  const twoApprovers = { actions: ['quarantine'], targets: [], expireMs: 3_600_000, remindMs: 600_000 } as const;
  scene = await Scene.open({ policy: { watchMinutes: [5, 15], twoApprovers } });
  slack = new MemoryMessenger();
  mails = [];
  mailSays = ok(null);
}, 120_000);

const mailer: NoticeMailer = {
  send: (mail) => {
    mails.push(mail);
    return Promise.resolve(mailSays);
  },
  ping: () => Promise.resolve(),
};
const handlers = () => createHandlers({ core: scene.core, messenger: slack, translator, mailer });
const run = (name: WorkName, ref: string) => runOnce(scene.core, name, ref, handlers()[name]);

const event = (login: string): SystemEvent => ({
  eventId: `event of ${login}`,
  kind: 'password_reset',
  login,
  actor: 'helpdesk',
  occurredAt: scene.runtime.now(),
  ip: null,
});
const reported = (login: string): Promise<number> =>
  scene.core.db.transaction((tx) =>
    ingestEvents({ core: scene.core, tx }, 'okta', [{ ...event(login), kind: 'reported' }], 'cor_poll'),
  );
const notice = async (login: string): Promise<string> => {
  await scene.core.db.transaction((tx) => ingestEvents({ core: scene.core, tx }, 'okta', [event(login)], 'cor_poll'));
  return found((await waiting(scene.core, 'deliver_notice')).at(-1));
};
const ask = (name: WorkName, ref: string): Promise<void> =>
  requestWork(scene.core.db, {
    workspaceId: scene.core.workspaceId,
    name,
    ref,
    correlationId: 'cor',
    now: scene.runtime.now(),
  });

/** Of one who signs first, or breaks the glass. */
async function graveDecision(breakGlass: string): Promise<void> {
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
  await scene.decide('quarantine', { given: codeNow(scene.runtime), breakGlass });
}

/** Brings about that there is something to do for a kind of work. @returns what it is about */
const PREPARE: Readonly<Record<WorkName, () => Promise<string>>> = {
  run_step: async () => {
    await scene.decide('disable_account');
    return (await scene.lastStep()).id;
  },
  sync_incident: async () => {
    await ask('sync_incident', scene.incident.id);
    return scene.incident.id;
  },
  deliver_notice: () => notice(BEA.email),
  take_report: async () => {
    await reported(BEA.email);
    return found((await waiting(scene.core, 'take_report'))[0]);
  },
  tell_unanswered: async () => {
    await notice(BEA.email);
    scene.runtime.move(16 * 60_000);
    return found((await waiting(scene.core, 'tell_unanswered'))[0]);
  },
  redraw_unanswered: async () => {
    const ref = await PREPARE.tell_unanswered();
    await run('tell_unanswered', ref);
    const { rows } = await scene.core.db.query<{ id: string }>('select id from unanswered_posts');
    await ask('redraw_unanswered', found(rows[0]).id);
    return found(rows[0]).id;
  },
  check_channel: async () => {
    await ask('check_channel', 'C0SECURITY');
    slack.fail('standing', { kind: 'unreachable', detail: 'shared_outside' });
    return 'C0SECURITY';
  },
  tell_withheld: async () => {
    const { core, incident } = scene;
    const withheld = {
      incidentId: incident.id,
      actor: ADA.slackUserId,
      what: 'messages',
      correlationId: 'cor',
    } as const;
    await withhold({ core, tx: core.db }, withheld);
    scene.runtime.move(62 * 60_000);
    return found((await waiting(core, 'tell_withheld'))[0]);
  },
  tell_mail_trouble: async () => {
    const id = await notice('nobody@meadow.example');
    mailSays = { ok: false, error: { kind: 'auth', message: 'Renew the key.' } };
    await run('deliver_notice', id);
    return found((await waiting(scene.core, 'tell_mail_trouble'))[0]);
  },
  read_accounts: () => Promise.resolve(scene.incident.id),
  show_lockdown: async () => {
    await scene.core.db.query('delete from accounts');
    const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
    await waitForAccounts(scene.core, { ...clicked, viewId: 'V1', reason: 'not hers' });
    await run('read_accounts', scene.incident.id);
    return found((await waiting(scene.core, 'show_lockdown'))[0]);
  },
  collect_evidence: async () => {
    await ask('collect_evidence', scene.incident.id);
    return scene.incident.id;
  },
  watch_step: async () => {
    const step = await PREPARE.run_step();
    await scene.run(step);
    scene.okta.setEnabled(found((await scene.account()).accountId), true);
    scene.runtime.move(6 * 60_000);
    return step;
  },
  examine_systems: () => askDoctor(scene.core, { actor: BEA.slackUserId, viewId: 'V1', correlationId: 'cor' }),
  rescan: async () => {
    await ask('rescan', scene.incident.id);
    return scene.incident.id;
  },
  call_again: () => {
    scene.runtime.move(scene.core.policy.onCall.againMs);
    return Promise.resolve(scene.incident.id);
  },
  announce: async () => {
    const { core } = scene;
    await announce(
      core,
      core.db,
      { key: 'a_1', to: null, phrase: phrase('announce.locked.you', { until: 'noon' }) },
      'cor',
    );
    return 'a_1';
  },
  mind_waiting: async () => {
    await graveDecision('');
    scene.runtime.move(11 * 60_000);
    return found((await waiting(scene.core, 'mind_waiting'))[0]);
  },
  mind_review: async () => {
    await graveDecision('nobody else is awake at this hour');
    return found((await waiting(scene.core, 'mind_review'))[0]);
  },
  remember_accounts: async () => {
    await savePerson(scene.core, { ...ELI, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
    scene.okta.add(ELI.email);
    await requestRemembering(scene.core);
    return found((await waiting(scene.core, 'remember_accounts'))[0]);
  },
  post_checkpoint: async () => {
    await requestDailyCheckpoint(scene.core);
    return found((await waiting(scene.core, 'post_checkpoint'))[0]);
  },
};
const NAMES = Object.keys(PREPARE) as WorkName[];

/** What the directory says of a person is stored whoever asks: it is no result of a run. */
const DIRECTORY = ['people', 'earlier_addresses'];
const traces = async (): Promise<string> =>
  JSON.stringify([await everything(scene.core, ...DIRECTORY), slack.posted, slack.redrawn, slack.filled, mails.length]);

describe.each(NAMES)('a worker of %s', (name) => {
  it('stores, posts and sends nothing once another worker has taken over', async () => {
    const claimed = await claim(scene.core, name, await PREPARE[name]());
    await takeOver(scene.core, claimed);
    const before = await traces();
    await expect(handlers()[name](claimed)).rejects.toBeInstanceOf(LeaseLostError);
    expect(await traces()).toBe(before);
  });

  it('leaves a trace while its claim holds', async () => {
    const claimed = await claim(scene.core, name, await PREPARE[name]());
    const before = await traces();
    await handlers()[name](claimed);
    expect(await traces()).not.toBe(before);
  });
});

describe('a notice', () => {
  it('is told once in a direct message, and redrawn from then on', async () => {
    const id = await notice(BEA.email);
    expect(await run('deliver_notice', id)).toBe('completed');
    expect(slack.posted.map(({ channel, postId }) => [channel, postId])).toEqual([[`D${BEA.slackUserId}`, id]]);
    await ask('deliver_notice', id);
    expect(await run('deliver_notice', id)).toBe('completed');
    expect([slack.posted.length, slack.redrawn.length]).toEqual([1, 1]);
  });

  it('that may have been posted before a crash is looked for before it is posted again', async () => {
    const id = await notice(BEA.email);
    const first = await claim(scene.core, 'deliver_notice', id);
    await slack.post({ channel: `D${BEA.slackUserId}`, threadTs: null }, { text: '', blocks: [] }, id);
    await handlers().deliver_notice({ ...first, work: { ...first.work, attempt: 2 } });
    expect(slack.posted).toHaveLength(1);
    const { rows } = await scene.core.db.query('select message_ts from notices');
    expect(rows).toEqual([{ message_ts: '1' }]);
  });

  it('to somebody without Slack is mailed once, with a link', async () => {
    const id = await notice('nobody@meadow.example');
    expect(await run('deliver_notice', id)).toBe('completed');
    await ask('deliver_notice', id);
    expect(await run('deliver_notice', id)).toBe('completed');
    expect(mails.map(({ to }) => to)).toEqual(['nobody@meadow.example']);
  });

  it.each([
    [{ kind: 'throttled', retryAfterMs: 4_000 }, { againInMs: 4_000 }, 0],
    [{ kind: 'transient', detail: 'no answer' }, { againInMs: 500 }, 0],
    [{ kind: 'refused', detail: 'user_disabled' }, 'completed', 1],
    [{ kind: 'unreachable', detail: 'restricted' }, 'completed', 1],
  ] as const)('that Slack does not take (%j): %j, mails: %i', async (failure, wanted, mailed) => {
    const id = await notice(BEA.email);
    slack.fail('openDm', failure);
    expect(await run('deliver_notice', id)).toEqual(wanted);
    expect(mails).toHaveLength(mailed);
  });

  it.each([
    ['transient', 15_000],
    ['auth', 15_000],
    ['throttled', 60_000],
  ] as const)('whose mail is refused (%s) is kept and tried again in %i ms', async (kind, againInMs) => {
    const id = await notice('nobody@meadow.example');
    mailSays = {
      ok: false,
      error: { kind, message: 'why', ...(kind === 'throttled' ? { retryAfterMs: 60_000 } : {}) },
    };
    expect(await run('deliver_notice', id)).toEqual({ againInMs });
    const { rows } = await scene.core.db.query('select mailed_to, mail_problem from notices');
    expect(rows).toEqual([{ mailed_to: null, mail_problem: 'why' }]);
  });

  it('is not mailed any more after a week', async () => {
    const id = await notice('nobody@meadow.example');
    scene.runtime.move(8 * 24 * 3_600_000);
    expect(await run('deliver_notice', id)).toBe('completed');
    expect(mails).toEqual([]);
  });
});

describe('the accounts of an incident', () => {
  it('are read, stored and told, and their evidence is asked for', async () => {
    await scene.core.db.query('delete from accounts');
    expect(await run('read_accounts', scene.incident.id)).toBe('completed');
    expect(await scene.account()).toMatchObject({ system: 'okta', state: { enabled: true }, problem: null });
    expect(await scene.lines()).toContain('timeline.accounts');
    expect(await waiting(scene.core, 'collect_evidence')).toEqual([scene.incident.id]);
  });

  it.each([
    ['throttled', { kind: 'throttled', message: 'later', retryAfterMs: 1 }, { againInMs: 500 }],
    ['permission', { kind: 'permission', message: 'not allowed' }, 'completed'],
    ['ambiguous', { kind: 'ambiguous', message: 'two', candidates: ['a', 'b'] }, 'completed'],
  ] as const)(
    'that cannot be read (%s) are looked up again, or told with the problem',
    async (_kind, failure, wanted) => {
      scene.okta.fail('find', failure);
      expect(await run('read_accounts', scene.incident.id)).toEqual(wanted);
      expect((await scene.account()).problem).toContain(failure.kind === 'ambiguous' ? 'a, b' : failure.message);
    },
  );

  it('of an incident that was closed while they were read are not stored', async () => {
    await scene.core.db.query('delete from accounts');
    const claimed = await claim(scene.core, 'read_accounts', scene.incident.id);
    await scene.core.db.query(`update incidents set status = 'closed'`);
    expect(await handlers().read_accounts(claimed)).toBe('completed');
    expect((await scene.core.db.query('select 1 from accounts')).rows).toEqual([]);
    expect(await scene.lines()).toEqual([]);
  });
});

describe('an incident that nobody takes', () => {
  it('is called out once more, and told to the approvers directly after as long again', async () => {
    await PREPARE.call_again();
    expect(await run('call_again', scene.incident.id)).toEqual({ againInMs: 600_000 });
    await ask('call_again', scene.incident.id);
    scene.runtime.move(300_000);
    expect(await run('call_again', scene.incident.id)).toEqual({ againInMs: 300_000 });
    await ask('call_again', scene.incident.id);
    scene.runtime.move(300_000);
    expect(await run('call_again', scene.incident.id)).toBe('completed');
    expect(await scene.lines()).toEqual([
      'timeline.called_again',
      'tell.untaken',
      'tell.untaken',
      'timeline.approvers_called',
    ]);
  });

  it.each(['taken', 'decided', 'closed'])('is not called out when it was %s', async (how) => {
    if (how === 'taken')
      await commands.take(scene.core, { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN });
    if (how === 'decided') await scene.decide('disable_account');
    if (how === 'closed') await scene.core.db.query(`update incidents set status = 'closed'`);
    await PREPARE.call_again();
    expect(await run('call_again', scene.incident.id)).toBe('completed');
    expect(await scene.lines()).not.toContain('timeline.called_again');
  });
});

describe('a change that was proven', () => {
  it('and was undone elsewhere is told, and opens a closed incident again', async () => {
    const step = await PREPARE.watch_step();
    await scene.core.db.query(`update incidents set status = 'closed', outcome = 'compromised'`);
    expect(await run('watch_step', step)).toBe('completed');
    expect(await scene.lines()).toEqual(expect.arrayContaining(['timeline.undone_elsewhere', 'timeline.reopened']));
    expect(await scene.record()).toEqual(expect.arrayContaining(['step.undone_elsewhere', 'incident.reopened']));
  });

  it('and holds is looked at again at its next time, and then no more', async () => {
    const step = await PREPARE.run_step();
    await scene.run(step);
    scene.runtime.move(5 * 60_000);
    expect(await run('watch_step', step)).toEqual({ againInMs: 10 * 60_000 });
    await ask('watch_step', step);
    scene.runtime.move(10 * 60_000);
    expect(await run('watch_step', step)).toBe('completed');
    expect((await scene.lastStep()).watched).toBe(2);
  });

  it.each([
    [{ kind: 'transient', message: 'down' }, { againInMs: 500 }, 0],
    [{ kind: 'permission', message: 'no' }, { againInMs: 540_000 }, 1],
  ] as const)('and cannot be read (%j): %j', async (failure, wanted, watched) => {
    const step = await PREPARE.watch_step();
    scene.okta.fail('readBack', failure);
    expect(await run('watch_step', step)).toEqual(wanted);
    expect((await scene.lastStep()).watched).toBe(watched);
  });

  it('is not watched once a later decision has the word', async () => {
    const step = await PREPARE.watch_step();
    await scene.decide('enable_account', { override: 'she is here' });
    expect(await run('watch_step', step)).toBe('completed');
    expect(await scene.lines()).not.toContain('timeline.undone_elsewhere');
  });
});
