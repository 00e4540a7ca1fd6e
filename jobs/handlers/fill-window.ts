import type { ModalView } from '@slack/types';
import type { Core } from '../../src/ports/core.js';
import type { Messenger } from '../../src/ports/messenger.js';
import type { Outcome, Run } from '../worker.js';
import { retryMs } from './say-once.js';

/** Whoever looks at a window that says "one moment" has closed it by then, or asked again. */
export const WAITS_AT_MOST_MS = 60 * 60_000;

export interface Window {
  readonly viewId: string;
  readonly openedAt: Date;
}

/** Fills a window that waits, again while Slack may take it later. One that was closed meanwhile needs nothing more. */
export async function fillWindow(
  { core, messenger }: { readonly core: Core; readonly messenger: Messenger },
  run: Run,
  { viewId, openedAt }: Window,
  view: ModalView,
): Promise<Outcome> {
  const filled = await messenger.fill(viewId, view);
  if (filled.ok) return 'completed';
  const failure = filled.error;
  if (failure.kind === 'refused' && failure.detail === 'not_found') {
    core.log.info({ view: viewId }, 'a window was closed before it could be filled');
    return 'completed';
  }
  const waitedMs = core.runtime.now().getTime() - openedAt.getTime();
  if (failure.kind === 'refused' || waitedMs > WAITS_AT_MOST_MS) {
    core.log.error({ view: viewId, failure }, 'Slack did not take what a window was to show; it stays as it is');
    return 'completed';
  }
  return { againInMs: retryMs(core, failure, run.work.attempt) };
}
