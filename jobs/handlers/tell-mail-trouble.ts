import { mailTroubleCard } from '../../blocks/mail-trouble.js';
import type { Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger } from '../../src/ports/messenger.js';
import { mailTroubles, saveTold, untoldTrouble } from '../../src/notices/refused-mail.js';
import type { Outcome, Run } from '../worker.js';
import { retryMs, sayOnce } from './say-once.js';
import { tellDirectly } from './tell-directly.js';

/** Tells the security channel, once for each kind of failure, that people without Slack are not being asked. */
export async function tellMailTrouble(
  parts: { readonly core: Core; readonly messenger: Messenger; readonly translator: Translator },
  run: Run,
): Promise<Outcome> {
  const { core, translator } = parts;
  const untold = await untoldTrouble(core, run.work.ref);
  const trouble = (await mailTroubles(core)).find(({ kind }) => kind === run.work.ref);
  if (!untold || !trouble) return 'completed';
  const drawn = mailTroubleCard(translator, trouble);
  const said = await sayOnce(parts, core.policy.securityChannel, drawn, {
    id: untold.id,
    since: untold.began_at,
    maybeSent: run.work.attempt > 1,
  });
  if (said.ok) {
    await run.commit((tx) => saveTold({ core, tx }, untold.id));
    return 'completed';
  }
  core.log.warn({ kind: trouble.kind, failure: said.error }, 'the channel could not be told of refused mail yet');
  await tellDirectly(parts, run.commit, {
    id: untold.id,
    failure: said.error,
    asOf: core.runtime.now(),
    draw: (_, told) => (told === null ? drawn : null),
  });
  return { againInMs: retryMs(core, said.error, run.work.attempt) };
}
