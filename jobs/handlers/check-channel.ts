import type { Translator } from '../../blocks/parts.js';
import { lineCard } from '../../blocks/status-card.js';
import { notme } from '../../src/incidents/audit-event.js';
import { appendWorkspaceEvent } from '../../src/incidents/workspace-event.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger, MessengerFailure } from '../../src/ports/messenger.js';
import { phrase } from '../../src/texts/phrase.js';
import type { Outcome, Run } from '../worker.js';
import { endOutage, isOut, tellDirectly } from './tell-directly.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}

/** Of the channel itself, beside those of the messages that it does not take. */
const OUTAGE = 'security_channel';

/**
 * Looks whether the security channel may still be posted in. When it may not, because it was shared, made public,
 * archived or deleted, each approver is told at once, once, whether or not there is something to post.
 */
export async function checkChannel(parts: Parts, run: Run): Promise<Outcome> {
  const { core, messenger } = parts;
  const standing = await messenger.standing(core.policy.securityChannel);
  if (standing.ok) await run.commit((tx) => endOutage({ core, tx }, OUTAGE));
  else if (standing.error.kind === 'unreachable') await tell(parts, run, standing.error);
  return 'completed';
}

type Unreachable = Extract<MessengerFailure, { kind: 'unreachable' }>;

async function tell(parts: Parts, run: Run, failure: Unreachable): Promise<void> {
  const { core, translator } = parts;
  const { securityChannel: channel } = core.policy;
  if (!(await isOut(core, OUTAGE)))
    await run.commit((tx) =>
      appendWorkspaceEvent(core, tx, {
        actor: notme('worker'),
        action: 'channel.unreachable',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { channel, why: failure.detail },
      }),
    );
  const drawn = lineCard(translator, phrase('tell.channel', { channel }));
  await tellDirectly(parts, (work) => run.commit(work), {
    id: OUTAGE,
    failure,
    asOf: core.runtime.now(),
    draw: (_, told) => (told === null ? drawn : null),
  });
}
