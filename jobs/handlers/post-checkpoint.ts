import type { Translator } from '../../blocks/parts.js';
import { lineCard } from '../../blocks/status-card.js';
import { type Phrase, phrase } from '../../src/texts/phrase.js';
import { shortForm } from '../../src/audit/checkpoint-file.js';
import { RecordChangedError, takeCheckpoint, type TreeHead } from '../../src/audit/checkpoint.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger, MessengerFailure } from '../../src/ports/messenger.js';
import type { Within } from '../../src/incidents/posts.js';
import type { Commit } from '../../src/outbox/outbox.js';
import { backoffMs } from '../backoff.js';
import type { Outcome, Run } from '../worker.js';
import { sayOnce } from './say-once.js';
import { endOutage, tellDirectly } from './tell-directly.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}

const DAY_MS = 24 * 3600 * 1000;
/** Somebody has to act in Slack before a retry is worthwhile. */
const LATER_MS = 10 * 60_000;

/**
 * Posts what the channel has not seen, or has not seen for a day: an attacker with the database cannot rewrite Slack.
 */
export async function postCheckpoint(parts: Parts, run: Run): Promise<Outcome> {
  const { core } = parts;
  const now = core.runtime.now();
  const day = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const name = (what: string): string => `${what}_${day.toISOString().slice(0, 10)}`;
  try {
    const head = await run.commit((tx) => takeCheckpoint(tx, core.workspaceId, now));
    if (!(await isNews(core, head))) return 'completed';
    const post = { id: name(`checkpoint_${head.size}`), since: day, look: run.work.attempt > 1 };
    const again = await postOnce(parts, run.commit, post, phrase('checkpoint.posted', { head: shortForm(head) }));
    return again ? waitAfter(core, run, again) : await run.commit((tx) => notePosted({ core, tx }, head));
  } catch (error) {
    if (!(error instanceof RecordChangedError)) throw error;
    core.log.error({ err: error }, 'the record does not fit its last checkpoint; none was made');
    // Once a day, until somebody has looked.
    const post = { id: name('record_changed'), since: day, look: true };
    const again = await postOnce(parts, run.commit, post, phrase('checkpoint.changed', { what: error.what }));
    return again ? waitAfter(core, run, again) : 'completed';
  }
}

async function isNews(core: Core, { size }: TreeHead): Promise<boolean> {
  if (size === 0) return false;
  const { rows } = await core.db.query(
    'select 1 from record_checkpoints where workspace_id = $1 and size >= $2 and posted_at > $3 limit 1',
    [core.workspaceId, size, new Date(core.runtime.now().getTime() - DAY_MS)],
  );
  return rows.length === 0;
}

async function notePosted({ core, tx }: Within, { size }: TreeHead): Promise<Outcome> {
  await tx.query('update record_checkpoints set posted_at = $3 where workspace_id = $1 and size = $2', [
    core.workspaceId,
    size,
    core.runtime.now(),
  ]);
  return 'completed';
}

/** `null` when it was posted in the channel, else why not; the approvers then get a direct message. */
async function postOnce(
  parts: Parts,
  commit: Commit,
  { id, since, look }: { id: string; since: Date; look: boolean },
  line: Phrase,
): Promise<MessengerFailure | null> {
  const drawn = lineCard(parts.translator, line);
  const said = await sayOnce(parts, parts.core.policy.securityChannel, drawn, { id, since, maybeSent: look });
  // The record grows, and each try has another checkpoint: one outage is still reported only once.
  const outage = line.key;
  if (said.ok) {
    await commit((tx) => endOutage({ core: parts.core, tx }, outage));
    return null;
  }
  await tellDirectly(parts, commit, {
    id: outage,
    failure: said.error,
    asOf: parts.core.runtime.now(),
    draw: (_, told) => (told === null ? drawn : null),
  });
  return said.error;
}

function waitAfter(core: Core, run: Run, failure: MessengerFailure): Outcome {
  if (failure.kind === 'throttled') return { againInMs: failure.retryAfterMs };
  if (failure.kind === 'transient') return { againInMs: backoffMs(run.work.attempt, core.runtime) };
  core.log.error({ failure }, 'a checkpoint of the record could not be posted; it is tried again');
  return { againInMs: LATER_MS };
}
