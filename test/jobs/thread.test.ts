import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { createDraw } from '../../jobs/handlers/draw.js';
import { repairCards } from '../../jobs/handlers/repair-cards.js';
import { syncIncident } from '../../jobs/handlers/sync-incident.js';
import { commands } from '../../src/approvals/commands/index.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { CARD_LATE_MS } from '../../src/incidents/cardless.js';
import type { PostBody } from '../../src/incidents/post-body.js';
import { addLine, addPost } from '../../src/incidents/posts.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import { phrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce, waiting } from '../runs.js';
import { ADA, BEA, found, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));
const GONE = { kind: 'refused', detail: 'message_not_found' } as const;
const REFUSED = { kind: 'refused', detail: 'invalid_blocks' } as const;
const NOT_IN = { kind: 'unreachable', detail: 'not_in_channel' } as const;

let scene: Scene;
let slack: MemoryMessenger;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  slack = new MemoryMessenger();
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const sync = async () => {
  const { core } = scene;
  const draw = createDraw(core, translator);
  const work = { workspaceId: core.workspaceId, name: 'sync_incident', ref: scene.incident.id } as const;
  await requestWork(core.db, { ...work, correlationId: 'cor', now: core.runtime.now() });
  return runOnce(core, 'sync_incident', scene.incident.id, (run) =>
    syncIncident({ core, messenger: slack, draw }, run),
  );
};
const line = (key: string): Promise<void> =>
  addLine({ core: scene.core, tx: scene.core.db }, scene.incident.id, key, phrase('timeline.taken', { who: key }));
const post = (key: string, body: PostBody): Promise<void> =>
  addPost({ core: scene.core, tx: scene.core.db }, scene.incident.id, key, body);
const posts = async () =>
  (
    await scene.core.db.query<{ kind: string; status: string }>(
      `select body->>'kind' as kind, status from posts order by position`,
    )
  ).rows.map(({ kind, status }) => `${kind} ${status}`);
const inThread = () => slack.posted.filter(({ threadTs }) => threadTs !== null);

describe('the thread', () => {
  it('begins with the card, and its lines follow under it in order', async () => {
    await line('one');
    await line('two');
    expect(await sync()).toBe('already_finished');
    expect(slack.posted.map(({ channel, threadTs }) => [channel, threadTs])).toEqual([
      ['C0SECURITY', null],
      ['C0SECURITY', '1'],
      ['C0SECURITY', '1'],
    ]);
    expect(await posts()).toEqual(['card posted', 'line posted', 'line posted']);
    expect((await scene.core.db.query('select card_ts from incidents')).rows).toEqual([{ card_ts: '1' }]);
  });

  it('is drawn anew only where something has changed', async () => {
    await sync();
    await sync();
    expect(slack.redrawn).toEqual([]);
    await commands.take(scene.core, { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN });
    await sync();
    expect(slack.redrawn).toEqual([{ channel: 'C0SECURITY', ts: '1' }]);
  });

  it('shows a decision, its progress, its results and the tasks', async () => {
    await scene.decide('lockdown');
    for (const id of await waiting(scene.core, 'run_step')) await scene.run(id);
    await sync();
    // What still works is told when all of it has ended.
    expect((await posts()).filter((one) => one.endsWith('pending'))).toEqual(['residual pending']);
    for (let round = 0; round < 5; round += 1)
      for (const id of await waiting(scene.core, 'run_step')) await scene.run(id);
    await post('offer', {
      kind: 'offer',
      phrase: phrase('timeline.unplanned.nothing', { lines: 'x' }),
      actions: ['lockdown'],
    });
    await sync();
    const shown = (await posts()).map((one) => one.split(' ')[0]);
    expect(new Set(shown)).toEqual(new Set(['card', 'progress', 'residual', 'line', 'tasks', 'step_line', 'offer']));
    expect((await posts()).every((one) => one.endsWith('posted'))).toBe(true);
  });

  it('does not draw the progress of a decision that is not there', async () => {
    await post('lost', { kind: 'progress', decision: 'dec_nobody' });
    expect(await sync()).toBe('already_finished');
    expect(await posts()).toEqual(['card posted', 'progress pending']);
  });

  it.each([
    ['retry', 'needs_human'],
    ['tick', 'console'],
    ['undo', 'verified'],
  ] as const)('has the button %s under a step only while there is something to do', async (button, status) => {
    await scene.decide('disable_account');
    const { id } = await scene.lastStep();
    await scene.run(id);
    await post('stood', {
      kind: 'step_line',
      phrase: phrase('timeline.console_done', { who: 'x', system: 'y', action: 'z' }),
      step: id,
      button,
    });
    await set('update steps set status = $2 where id = $1', id, status);
    await sync();
    const drawn = (): string => JSON.stringify(inThread().at(-1)?.drawn.blocks);
    expect(drawn()).toContain(`step_${button}`);
    await set(`update incidents set status = 'closed'`);
    await sync();
    expect(drawn()).not.toContain(`step_${button}`);
  });

  it('attaches the picture of the sign-ins, and no line waits for it', async () => {
    const { id: accountRow } = await scene.account();
    const at = scene.runtime.now();
    scene.okta.items.sign_ins = [
      { id: 'a', title: 'Signed in', at, ip: '203.0.113.7', place: 'DE, Berlin', device: 'Mac', succeeded: true },
      { id: 'b', title: 'Signed in', at: null },
      { id: 'c', title: 'Signed in', at },
    ];
    const evidence = await scene.okta.evidence();
    await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
    await post('picture', { kind: 'sign_ins' });
    await line('after');
    slack.fail('post', { kind: 'transient', detail: 'no answer' });
    await set(`update posts set status = 'posted', channel = 'C0SECURITY', ts = '0' where body->>'kind' = 'card'`);
    await set(`update incidents set card_ts = '0'`);
    expect(await sync()).toEqual({ againInMs: 500 });
    expect(await posts()).toEqual(['card posted', 'sign_ins sending', 'line posted']);
    expect(await sync()).toBe('already_finished');
    expect(await posts()).toEqual(['card posted', 'sign_ins posted', 'line posted']);
    expect(slack.posted.at(-1)?.drawn.text).toContain('Ada');
  });

  it('says nothing of an incident that is not there', async () => {
    const { core } = scene;
    const work = { workspaceId: core.workspaceId, name: 'sync_incident', ref: 'inc_nobody' } as const;
    await requestWork(core.db, { ...work, correlationId: 'cor', now: core.runtime.now() });
    const draw = createDraw(core, translator);
    expect(
      await runOnce(core, 'sync_incident', 'inc_nobody', (run) => syncIncident({ core, messenger: slack, draw }, run)),
    ).toBe('completed');
  });

  it('shows what can be read when one post cannot', async () => {
    await line('one');
    await set(`update posts set body = '{"kind": "of a later version"}' where body->>'kind' = 'line'`);
    await line('two');
    expect(await sync()).toBe('already_finished');
    expect(inThread()).toHaveLength(1);
  });
});

describe('what Slack does not take', () => {
  it.each<[MessengerFailure, object, string]>([
    [{ kind: 'throttled', retryAfterMs: 20 }, { againInMs: 1_000 }, 'line pending'],
    [{ kind: 'throttled', retryAfterMs: 9_000 }, { againInMs: 9_000 }, 'line pending'],
    [{ kind: 'transient', detail: 'no answer' }, { againInMs: 500 }, 'line sending'],
    [NOT_IN, { againInMs: 500 }, 'line pending'],
  ])('is tried again (%j): %j, %s', async (failure, wanted, status) => {
    await sync();
    await line('one');
    slack.fail('post', failure);
    expect(await sync()).toEqual(wanted);
    expect((await posts())[1]).toBe(status);
    await sync();
    expect((await posts())[1]).toBe('line posted');
    expect(inThread()).toHaveLength(1);
  });

  it('for its blocks is said without them', async () => {
    await sync();
    await line('one');
    slack.fail('post', REFUSED);
    expect(await sync()).toBe('already_finished');
    expect(inThread().map(({ drawn }) => drawn.blocks)).toEqual([[]]);
  });

  it('at all is left out, unless it is the card', async () => {
    slack.fail('post', REFUSED, REFUSED);
    expect(await sync()).toEqual({ againInMs: 500 });
    const shown = async () => (await posts()).filter((one) => !one.startsWith('tell'));
    expect(await shown()).toEqual(['card pending']);
    await sync();
    await line('one');
    slack.fail('post', REFUSED, REFUSED);
    expect(await sync()).toBe('already_finished');
    expect(await shown()).toEqual(['card posted', 'line refused']);
  });

  it('for a change stays as it is, and a card that somebody deleted is posted anew', async () => {
    await sync();
    const change = async (failure: MessengerFailure) => {
      await set(`update incidents set owner = $1`, failure.kind === 'refused' ? failure.detail : 'U0X');
      slack.fail('update', failure);
      return sync();
    };
    expect(await change(REFUSED)).toBe('already_finished');
    expect(slack.posted).toHaveLength(1);
    expect(await change(GONE)).toBe('already_finished');
    expect(slack.posted).toHaveLength(2);
    expect((await scene.core.db.query('select card_ts from incidents')).rows).toEqual([{ card_ts: '2' }]);
    expect(await change({ kind: 'transient', detail: 'no answer' })).toEqual({ againInMs: 500 });
  });

  it('after a crash is looked for before it is posted again', async () => {
    await sync();
    await line('one');
    await line('two');
    const { rows } = await scene.core.db.query<{ id: string }>(
      `select id from posts where body->>'kind' = 'line' order by position`,
    );
    await slack.post({ channel: 'C0SECURITY', threadTs: '1' }, { text: 'drawn before', blocks: [] }, found(rows[0]).id);
    await set(`update posts set status = 'sending' where body->>'kind' = 'line'`);
    slack.fail('find', { kind: 'transient', detail: 'no answer' });
    expect(await sync()).toEqual({ againInMs: 500 });
    expect(await sync()).toBe('already_finished');
    expect(inThread()).toHaveLength(2);
    expect(found(inThread()[0]).drawn.text).not.toBe('drawn before');
  });

  it('keeps the thread that its own row tells of', async () => {
    await set(`update posts set status = 'posted', channel = 'C0SECURITY', ts = '7' where body->>'kind' = 'card'`);
    await line('one');
    await sync();
    expect((await scene.core.db.query('select card_ts from incidents')).rows).toEqual([{ card_ts: '7' }]);
    expect(inThread().map(({ threadTs }) => threadTs)).toEqual(['7']);
  });
});

describe('a channel that shows nothing', () => {
  const told = async () => (await scene.lines()).filter((key) => key.startsWith('tell.'));

  it('is told to each approver directly, once', async () => {
    slack.fail('post', NOT_IN, NOT_IN);
    await sync();
    await sync();
    expect(await told()).toEqual(['tell.unreachable', 'tell.unreachable']);
    expect(await scene.record()).toContain('channel.unreachable');
    await sync();
    expect(slack.posted.filter(({ channel }) => channel.startsWith('D'))).toHaveLength(2);
  });

  it('is told after a while when the card does not stand there for another reason, and not before', async () => {
    slack.fail('post', { kind: 'throttled', retryAfterMs: 1 }, { kind: 'throttled', retryAfterMs: 1 });
    await sync();
    expect(await told()).toEqual([]);
    scene.runtime.move(CARD_LATE_MS + 1);
    await sync();
    expect(await told()).toEqual(['tell.no_card', 'tell.no_card']);
  });

  it('is only logged where there are no approvers', async () => {
    const core = { ...scene.core, roles: { ...scene.core.roles, all: () => Promise.resolve([]) } };
    slack.fail('post', NOT_IN);
    const work = { workspaceId: core.workspaceId, name: 'sync_incident', ref: scene.incident.id } as const;
    await requestWork(core.db, { ...work, correlationId: 'cor', now: core.runtime.now() });
    const draw = createDraw(core, translator);
    await runOnce(core, 'sync_incident', scene.incident.id, (run) =>
      syncIncident({ core, messenger: slack, draw }, run),
    );
    expect(await told()).toEqual([]);
  });
});

describe('direct messages', () => {
  const tell = (user: string) =>
    post(`tell_${user}`, { kind: 'tell', user, phrase: phrase('timeline.taken', { who: user }) });

  it('wait for nobody else: whom Slack does not reach keeps no other waiting', async () => {
    await tell('U1');
    await tell('U2');
    slack.fail('openDm', { kind: 'transient', detail: 'no answer' });
    expect(await sync()).toEqual({ againInMs: 500 });
    expect(slack.posted.filter(({ channel }) => channel.startsWith('D')).map(({ channel }) => channel)).toEqual([
      'DU2',
    ]);
  });

  it('stop for all when Slack asks to wait', async () => {
    await tell('U1');
    await tell('U2');
    slack.fail('openDm', { kind: 'throttled', retryAfterMs: 4_000 });
    expect(await sync()).toEqual({ againInMs: 4_000 });
    expect(slack.posted.filter(({ channel }) => channel.startsWith('D'))).toEqual([]);
  });

  it('are given up for somebody with whom Slack opens none', async () => {
    await tell('U1');
    slack.fail('openDm', REFUSED);
    expect(await sync()).toBe('already_finished');
    expect(await posts()).toEqual(['card posted', 'tell refused']);
  });

  it('to the reporter are drawn anew where they stand', async () => {
    await post('status', { kind: 'status' });
    await sync();
    await commands.take(scene.core, { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN });
    await sync();
    expect(slack.redrawn).toContainEqual({ channel: `D${ADA.slackUserId}`, ts: expect.any(String) });
  });

  it('are sent to nobody who has no Slack', async () => {
    await post('status', { kind: 'status' });
    await set('update people set slack_user_id = null where email = $1', ADA.email);
    await sync();
    expect(await posts()).toEqual(['card posted', 'status pending']);
  });
});

describe('an open incident without its card', () => {
  it('is looked for, and its thread asked for: in another channel when one is configured now', async () => {
    expect(await repairCards(scene.core)).toBe(0);
    scene.runtime.move(CARD_LATE_MS + 1);
    expect(await repairCards(scene.core)).toBe(1);
    await set(`update incidents set channel = 'C0OLD'`);
    await set('delete from work');
    expect(await repairCards(scene.core)).toBe(1);
    expect(await waiting(scene.core, 'sync_incident')).toEqual([scene.incident.id]);
    expect((await scene.core.db.query('select channel from incidents')).rows).toEqual([{ channel: 'C0SECURITY' }]);
  });
});
