import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPROVER_GROUP, CONTRACTOR } from '../../sandbox/world/people.js';
import type { SystemEvent } from '../../src/ports/connector.js';
import { openFromNotice, acknowledgeNotices } from '../../src/notices/see-to.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestTelling } from '../../src/notices/unanswered.js';
import { type Flow, PEOPLE, SECURITY_CHANNEL, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const MINUTE_MS = 60_000;

const posts = (flow: Flow) => flow.player.messages(flow.channel).filter((one) => textOf(one).includes('Was this you?'));

/** The post after those that stand there already. */
const nextPost = (flow: Flow, known: number) =>
  flow.player.until('a post of unanswered notices', () => posts(flow)[known], 60_000);

const asked = (flow: Flow, email: string) =>
  flow.player.until(`${email} to be asked`, async () => {
    const { rows } = await flow.app.core.db.query(
      'select 1 as yes from notices where login = $1 and asked_at is not null and answer is null and settled_at is null',
      [email],
    );
    return rows.length > 0;
  });

/** The home as this person sees it, once it says so; opened again each time. */
const homeSays = (flow: Flow, userId: string, part: string): Promise<string> =>
  flow.player.until(`a home that says "${part}"`, async () => {
    await flow.world.slack.act({ as: userId, do: 'home' });
    const home = JSON.stringify(flow.world.slack.state().homes[userId] ?? null);
    return home.includes(part) && home;
  });

const missingFrom = (said: string, parts: readonly string[]): string[] => parts.filter((part) => !said.includes(part));

const reset = (eventId: string, login: string, occurredAt: Date): SystemEvent => ({
  eventId,
  login,
  occurredAt,
  kind: 'password_reset',
  actor: 'evil',
  ip: '198.51.100.66',
});

describe('an unanswered notice', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  it('reaches the channel after the time of its kind, with who, what, when, from where, and the way to open an incident', async () => {
    flow.world.attack(dia.email);
    await asked(flow, dia.email);
    const early = await homeSays(flow, bea.id, 'Notices that wait for an answer* (1)');
    expect(missingFrom(early, ['Dia Rahman', 'Due <!date'])).toEqual([]);
    expect((await homeSays(flow, ada.id, 'Something happened')).includes('Notices that wait')).toBe(false);
    expect(posts(flow)).toEqual([]);

    flow.pass(16 * MINUTE_MS);
    const post = await nextPost(flow, 0);
    const said = textOf(post);
    const facts = ['Dia Rahman', 'Mimecast', 'Password reset', 'helpdesk-admin@meadow.example', '198.51.100.23'];
    expect(missingFrom(said, [...facts, 'not answered since', `<!subteam^${APPROVER_GROUP}>`])).toEqual([]);

    await flow.player.press(bea.id, flow.channel, post, 'unanswered_open');
    await flow.card('Dia Rahman');
    await flow.inChannel('opened this because a notice was not answered');
    await flow.player.until('the post to say who opened it', () =>
      posts(flow).some((one) => textOf(one).includes(`<@${bea.id}> opened incident`)),
    );
    await homeSays(flow, bea.id, 'Notices that wait for an answer:* none');
  }, 240_000);

  it('is not told when it was answered meanwhile, and a late answer is written into the post', async () => {
    const known = posts(flow).length;
    flow.world.attack(ada.email);
    flow.world.attack(cem.email);
    await Promise.all([asked(flow, ada.email), asked(flow, cem.email)]);
    const notice = await flow.told(ada.id, 'Was this you?');
    await flow.player.press(ada.id, flow.player.dmOf(ada.id) ?? '', notice, 'notice_me');
    await flow.told(ada.id, 'You said that this was you');
    // What she says of somebody else's reset is told at once; the question is not.
    const claim = await nextPost(flow, known);
    expect(textOf(claim)).not.toContain('unanswered_open');
    flow.pass(16 * MINUTE_MS);
    const post = await nextPost(flow, known + 1);
    expect(textOf(post)).toContain('Cem Aydin');
    expect(textOf(post)).not.toContain('Ada Okafor');
    const late = await flow.told(cem.id, 'Was this you?');
    await flow.player.press(cem.id, flow.player.dmOf(cem.id) ?? '', late, 'notice_me');
    await flow.player.until('the late answer in the post', () =>
      textOf(posts(flow)[known + 1] ?? {}).includes('Seen to'),
    );
    const drawn = textOf(posts(flow)[known + 1] ?? {});
    expect(missingFrom(drawn, ['Cem Aydin', 'that it was them'])).toEqual([]);
    expect(drawn).not.toContain('unanswered_open');
  }, 240_000);

  it('of a hundred at once makes one post that counts and lists them', async () => {
    const known = posts(flow).length;
    const { core } = flow.app;
    const events = Array.from({ length: 100 }, (_, i) =>
      reset(`storm ${i}`, `p${i}@meadow.example`, core.runtime.now()),
    );
    await core.db.transaction((tx) => ingestEvents({ core, tx }, 'mimecast', events, 'a-storm'));
    core.dispatch();
    flow.pass(16 * MINUTE_MS);
    const said = textOf(await nextPost(flow, known));
    expect(missingFrom(said, ['was not answered 100 times', ...events.map(({ login }) => login)])).toEqual([]);
    await flow.player.until('every notice to stand in a post', async () => {
      const { rows } = await core.db.query(
        "select 1 as left_out from notices where event_id like 'storm %' and told_in is null",
      );
      return rows.length === 0;
    });
    expect(posts(flow)).toHaveLength(known + 1);
  }, 240_000);

  it('is seen to by approvers alone, and never by the person whom it is about', async () => {
    const { core } = flow.app;
    flow.world.attack(cem.email);
    await asked(flow, cem.email);
    const { rows } = await core.db.query<{ id: string }>(
      'select id from notices where login = $1 and answer is null and settled_at is null',
      [cem.email],
    );
    for (const [actor, problem] of [
      [ada.id, 'problem.not_approver'],
      [cem.id, 'problem.own_account'],
    ] as const)
      for (const seeTo of [openFromNotice, acknowledgeNotices]) {
        const by = { actor, origin: { surface: 'button', correlationId: 'a-test' } };
        expect(await seeTo(core, rows[0]?.id ?? '', by)).toMatchObject({
          ok: false,
          error: { phrase: { key: problem } },
        });
      }
  }, 240_000);

  it('from before notices had a due time needs a human, in the channel and in App Home', async () => {
    const known = posts(flow).length;
    const { core } = flow.app;
    await core.db.query(
      `update notices set due_at = null, told_in = null where event_id = 'storm 7' and workspace_id = $1`,
      [core.workspaceId],
    );
    await requestTelling({ core, tx: core.db }, 'a-test');
    flow.pass(2 * MINUTE_MS);
    core.dispatch();
    expect(textOf(await nextPost(flow, known))).toContain('Needs a human');
    await homeSays(flow, bea.id, 'Needs a human');
  }, 240_000);

  it('by mail, of somebody without Slack, is told like any other', async () => {
    const known = posts(flow).length;
    flow.world.attack(CONTRACTOR.email);
    await asked(flow, CONTRACTOR.email);
    flow.pass(16 * MINUTE_MS);
    const post = await nextPost(flow, known);
    expect(textOf(post)).toContain(CONTRACTOR.email);
    await flow.player.press(bea.id, flow.channel, post, 'unanswered_settle');
    await flow.player.until('the post to say that it was seen to', () =>
      textOf(posts(flow)[known] ?? {}).includes(`<@${bea.id}> found nothing wrong`),
    );
  }, 240_000);
});

describe('an unanswered notice, in a channel that takes nothing', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ unansweredMinutes: { password_reset: 0.02 } });
  }, 240_000);
  afterAll(() => flow.close());

  it('is told to each approver directly, and to the channel once it takes messages again', async () => {
    const { slack } = flow.world;
    const setMembers = (change: (members: string[]) => string[]): void => {
      const snapshot = structuredClone(slack.snapshot());
      for (const channel of Object.values(snapshot.channels))
        if (channel.name === SECURITY_CHANNEL) channel.members = change(channel.members);
      slack.restore(snapshot);
    };
    setMembers((members) => members.filter((id) => id !== slack.botUserId));
    flow.world.attack(dia.email);
    for (const { id } of [bea, cem]) expect(textOf(await flow.told(id, 'has not answered'))).toContain(dia.email);
    setMembers((members) => [...members, slack.botUserId]);
    const { core } = flow.app;
    await requestTelling({ core, tx: core.db }, 'a-test');
    core.dispatch();
    expect(textOf(await nextPost(flow, 0))).toContain('Dia Rahman');
  }, 240_000);
});
