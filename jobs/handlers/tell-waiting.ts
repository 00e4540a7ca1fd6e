import * as z from 'zod';
import { sections, type Translator } from '../../blocks/parts.js';
import { list, phrase, sayPhrase } from '../../src/texts/phrase.js';
import { ACTION_KINDS, type ActionKind } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { readEach } from '../../src/platform/read-each.js';
import type { Drawn, Messenger } from '../../src/ports/messenger.js';

/**
 * A decision whose steps no worker has received for this long is waiting: with a working queue it takes milliseconds.
 */
const LATE_MS = 5_000;
const AT_MOST = 20;

interface Waiting {
  readonly decision_id: string;
  readonly decided_at: Date;
  readonly card_ts: string;
  readonly actions: readonly ActionKind[];
}

const action = z.enum(ACTION_KINDS);

async function waitingFor(core: Core): Promise<readonly Waiting[]> {
  const { rows } = await core.db.query<Omit<Waiting, 'actions'> & { readonly actions: unknown }>(
    `select d.id as decision_id, d.decided_at, i.card_ts, jsonb_agg(distinct s.action) as actions
     from work w
     join steps s on s.workspace_id = w.workspace_id and s.id = w.ref
     join decisions d on d.workspace_id = s.workspace_id and d.id = s.decision_id
     join incidents i on i.workspace_id = s.workspace_id and i.id = s.incident_id
     where w.workspace_id = $1 and w.name = 'run_step' and w.status = 'pending' and w.run_after < $2
       and i.card_ts is not null and i.channel = $3 and i.status = 'open'
     group by d.id, d.decided_at, i.card_ts order by d.decided_at limit ${AT_MOST}`,
    [core.workspaceId, new Date(core.runtime.now().getTime() - LATE_MS), core.policy.securityChannel],
  );
  return rows.map((row) => ({
    ...row,
    actions: readEach(action, row.actions, (entry) =>
      core.log.error({ decision: row.decision_id, entry }, 'an action that waits is not known to this version'),
    ),
  }));
}

function draw({ say, plain }: Translator, actions: readonly ActionKind[], why: string): Drawn {
  const named = list(
    actions.map((action) => phrase(`action.${action}`)),
    ', ',
  );
  const said = phrase('tell.queue_refuses', { actions: named, why });
  return { text: sayPhrase(plain, said), blocks: sections([sayPhrase(say, said)]) };
}

/**
 * While the queue accepts nothing, posts in the threads whose decisions wait for it: directly, because an outbox line
 * would wait as well. Each decision is reported once per queue outage, after a search for an earlier post.
 */
export function createWaitingTeller(parts: {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}): (refusal: string | null) => Promise<void> {
  const { core, messenger, translator } = parts;
  const told = new Set<string>();

  async function tell(one: Waiting, why: string): Promise<void> {
    const id = `${one.decision_id}_waits`;
    const to = { channel: core.policy.securityChannel, threadTs: one.card_ts };
    const found = await messenger.find(to, id, one.decided_at);
    if (found.ok && found.value === null) {
      const posted = await messenger.post(to, draw(translator, one.actions, why), id);
      if (!posted.ok) {
        core.log.warn({ decision: one.decision_id, failure: posted.error }, 'a thread could not be told what waits');
        return;
      }
    }
    if (found.ok) told.add(one.decision_id);
  }

  return async (refusal) => {
    if (refusal === null) {
      told.clear();
      return;
    }
    for (const one of await waitingFor(core)) if (!told.has(one.decision_id)) await tell(one, refusal);
  };
}
