import { lockdownModal } from '../../blocks/modals/lockdown.js';
import type { Translator } from '../../blocks/parts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { endWaiting, waitingWindow } from '../../src/approvals/waiting-windows.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger } from '../../src/ports/messenger.js';
import type { Outcome, Run } from '../worker.js';
import { fillWindow } from './fill-window.js';

/** Shows a lockdown in the window that waited for the accounts to be looked up. */
export async function showLockdown(
  parts: { readonly core: Core; readonly messenger: Messenger; readonly translator: Translator },
  run: Run,
): Promise<Outcome> {
  const { core, translator } = parts;
  // Under the claim: the preview records a refusal.
  const window = await run.commit((tx) => waitingWindow(core, tx, run.work.ref));
  if (!window) return 'completed';
  const preview = await previewDecision(core, { ...window, repeated: true }, 'lockdown');
  const outcome = await fillWindow(parts, run, window, lockdownModal(translator, preview, window.reason));
  if (outcome === 'completed') await run.commit((tx) => endWaiting(core, tx, window.viewId));
  return outcome;
}
