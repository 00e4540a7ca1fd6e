import type { Voice } from '../blocks/parts.js';
import type { Core } from '../src/core.js';
import type { Messenger } from '../src/incidents/messenger.js';
import type { NoticeMailer } from '../src/notices/notice-mailer.js';
import { runStep } from './containment/run-step.js';
import { collectEvidence } from './upkeep/collect-evidence.js';
import { deliverNotice } from './upkeep/deliver-notice.js';
import { createDraw } from './upkeep/draw.js';
import { examineForSlack } from './upkeep/examine-systems.js';
import { lookAgain } from './upkeep/look-again.js';
import { readAccounts } from './upkeep/read-accounts.js';
import { syncIncident } from './upkeep/sync-incident.js';
import { watchStep } from './upkeep/watch-step.js';
import type { Handlers } from './worker.js';

export interface HandlerParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly voice: Voice;
  readonly mailer: NoticeMailer | null;
}

/** One handler for each kind of work. */
export function createHandlers({ core, messenger, voice, mailer }: HandlerParts): Handlers {
  const draw = createDraw(core, voice);
  return {
    run_step: (run) => runStep(core, run),
    collect_evidence: (run) => collectEvidence(core, run),
    examine_systems: (run) => examineForSlack(core, run),
    look_again: (run) => lookAgain(core, run),
    watch_step: (run) => watchStep(core, run),
    sync_incident: (run) => syncIncident({ core, messenger, draw }, run),
    deliver_notice: (run) => deliverNotice({ core, messenger, voice, mailer }, run),
    read_accounts: (run) => readAccounts(core, run),
  };
}
