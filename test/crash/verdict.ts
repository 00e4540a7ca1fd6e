import type { MortalApp } from './mortal-app.js';
import { cardOf, until } from './people.js';
import type { Story } from './plan.js';
import type { Town, Townsman } from './town.js';

/** Effects in the identity system that a decision must have, each once. */
const EFFECTS = {
  lockdown: ['add_group_member', 'disable_account', 'reset_password'],
  disable_account: ['disable_account'],
  reset_password: ['reset_password'],
} as const;

const STEPS = { lockdown: 4, disable_account: 1, reset_password: 1 } as const;

/** Resolves when nothing is left to do now: no open work (but for a later look at what was proven, and a call that is not due), no unfinished step, no post that waits. */
export async function untilQuiet(app: MortalApp, seconds?: number): Promise<void> {
  let last: unknown = null;
  try {
    await until(
      'quiet',
      async () => {
        const { rows } = await app.db.query<{ work: number; steps: number; posts: number }>(
          `select (select count(*)::int from work where status <> 'done' and (name not in ('watch_step', 'rescan', 'call_again', 'tell_unanswered', 'tell_mail_trouble') or run_after <= now())) as work,
           (select count(*)::int from steps where finished_at is null) as steps,
           (select count(*)::int from posts where status in ('pending', 'sending')) as posts`,
        );
        last = rows[0];
        return rows[0]?.work === 0 && rows[0].steps === 0 && rows[0].posts === 0 ? true : null;
      },
      seconds,
    );
  } catch (error) {
    const { rows } = await app.db.query(
      `select id, status, attempt, run_after, lease_until from work where status <> 'done'`,
    );
    throw new Error(`something is stuck: ${JSON.stringify(last)} ${JSON.stringify(rows)}`, { cause: error });
  }
}

interface Stored {
  readonly incident: string;
  readonly key: string;
  readonly post: string;
  readonly kind: string;
  readonly status: string;
  readonly ts: string | null;
}

type Message = Readonly<Record<string, unknown>> & {
  readonly ts: string;
  readonly text: string;
  readonly user: string;
};

const postIdOf = (message: Message): string | null => {
  const metadata = message['metadata'] as { event_payload?: { post_id?: string } } | undefined;
  return metadata?.event_payload?.post_id ?? null;
};

const wordsOf = (message: Message): string => `${message.text} ${JSON.stringify(message['blocks'] ?? [])}`;

/** Everything that is wrong after a round; empty when each thing happened once and is told once. */
export async function findFaults(town: Town, app: MortalApp, person: Townsman, story: Story): Promise<string[]> {
  const faults: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      faults.push(`${what}: found ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  };
  const attacked = story.begins === 'notice' ? ['attacker_reset'] : [];
  const effects = town.mimecast.effects().filter(({ email }) => email === person.email);
  expect('effects', effects.map(({ kind }) => kind).sort(), [...attacked, ...EFFECTS[story.decides]].sort());

  const { rows: posts } = await app.db.query<Stored>(
    `select i.id as incident, p.post_key as key, p.id as post, p.body ->> 'kind' as kind, p.status, p.ts
     from posts p join incidents i on i.id = p.incident_id join people q on q.id = i.person_id where q.email = $1`,
    [person.email],
  );
  expect('incidents', new Set(posts.map(({ incident }) => incident)).size, 1);
  await checkSteps(app, person, story, expect);
  const kinds = (kind: string): number => posts.filter((post) => post.kind === kind).length;
  expect('cards', kinds('card'), 1);
  expect('status messages', kinds('status'), 1);
  expect('results', posts.filter(({ key }) => key.includes('_result_')).length, STEPS[story.decides]);
  checkSlack(town, person, posts, { notices: attacked.length, expect });
  return faults;
}

type Expect = (what: string, found: unknown, wanted: unknown) => void;

async function checkSteps(app: MortalApp, person: Townsman, story: Story, expect: Expect): Promise<void> {
  const { rows } = await app.db.query<{ action: string; status: string; first_sent_at: Date | null }>(
    `select s.action, s.status, s.first_sent_at from steps s join incidents i on i.id = s.incident_id
     join people q on q.id = i.person_id where q.email = $1 and s.finished_at is not null`,
    [person.email],
  );
  expect('steps', rows.length, STEPS[story.decides]);
  for (const { action, status } of rows) {
    const wanted = { revoke_sessions: 'console', require_two_step: 'accepted' }[action] ?? 'verified';
    expect(`the step ${action}`, status, wanted);
  }
}

const UNDONE = [': running', ': queued', 'waiting for the step before', 'trying again'];

/** What the store says was posted stands in Slack once, and the app has said nothing else there. */
function checkSlack(
  town: Town,
  person: Townsman,
  posts: readonly Stored[],
  { notices, expect }: { notices: number; expect: Expect },
): void {
  const { messages, channels } = town.slack.state();
  const card = cardOf(town, person);
  const thread = (messages[town.securityChannel] ?? []).filter(
    (one) => one.ts === card?.ts || one['thread_ts'] === card?.ts,
  );
  const dm = channels.find((channel) => channel.is_im && channel.user === person.id)?.id ?? '';
  const told = (messages[dm] ?? []).filter((one) => one.user === town.slack.botUserId);
  const cards = (messages[town.securityChannel] ?? []).filter(
    (one) => (one['thread_ts'] === undefined || one['thread_ts'] === one.ts) && one.text.includes(person.name),
  );
  expect('cards in the channel', cards.length, 1);
  const seen = [...thread, ...told].map(postIdOf);
  for (const post of posts) {
    const times = seen.filter((id) => id === post.post).length;
    expect(`"${post.key}" (${post.status}) in Slack`, times, 1);
  }
  const texts = told.map(({ text }) => text);
  expect(`messages to the person (${texts.join(' | ')})`, told.length, 1 + notices);
  expect('messages in the thread', thread.length, posts.filter(({ kind }) => kind !== 'status').length);
  const stale = thread.filter(
    (one) => UNDONE.some((words) => wordsOf(one).includes(words)) && !wordsOf(one).includes('has not worked yet'),
  );
  expect(
    'messages that tell of a past state',
    stale.map(({ text }) => text),
    [],
  );
}
