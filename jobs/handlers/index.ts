import type { Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger } from '../../src/ports/messenger.js';
import type { NoticeMailer } from '../../src/notices/notice-mailer.js';
import { runStep } from '../run-step/run-step.js';
import { tellAnnouncement } from './announce.js';
import { callAgain } from './call-again.js';
import { checkChannel } from './check-channel.js';
import { collectEvidence } from './collect-evidence.js';
import { deliverNotice } from './deliver-notice.js';
import { createDraw } from './draw.js';
import { examineForSlack } from './examine-systems.js';
import { mindReview } from './mind-review.js';
import { mindWaiting } from './mind-waiting.js';
import { rememberAccounts } from './remember-accounts.js';
import { rescan } from './rescan.js';
import { postCheckpoint } from './post-checkpoint.js';
import { readAccounts } from './read-accounts.js';
import { showLockdown } from './show-lockdown.js';
import { syncIncident } from './sync-incident.js';
import { takeReportElsewhere } from './take-report.js';
import { tellMailTrouble } from './tell-mail-trouble.js';
import { tellWithheld } from './tell-withheld.js';
import { redrawUnanswered, tellUnanswered } from './tell-unanswered.js';
import { watchStep } from './watch-step.js';
import { whileHeld } from './while-held.js';
import type { Handlers, Run } from '../worker.js';

export interface HandlerParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
  readonly mailer: NoticeMailer | null;
}

/** One handler for each kind of work. */
export function createHandlers({ core, messenger, translator, mailer }: HandlerParts): Handlers {
  const draw = createDraw(core, translator);
  const heldBy = ({ lease }: Run): Messenger => whileHeld(messenger, core.db, lease);
  return {
    run_step: (run) => runStep(core, run),
    collect_evidence: (run) => collectEvidence(core, run),
    examine_systems: (run) => examineForSlack({ core, messenger: heldBy(run), translator, mailer }, run),
    rescan: (run) => rescan(core, run),
    call_again: (run) => callAgain(core, run),
    watch_step: (run) => watchStep(core, run),
    sync_incident: (run) => syncIncident({ core, messenger: heldBy(run), draw }, run),
    tell_unanswered: (run) => tellUnanswered({ core, messenger: heldBy(run), translator }, run),
    redraw_unanswered: (run) => redrawUnanswered({ core, messenger: heldBy(run), translator }, run),
    tell_mail_trouble: (run) => tellMailTrouble({ core, messenger: heldBy(run), translator }, run),
    take_report: (run) => takeReportElsewhere(core, run),
    deliver_notice: (run) => deliverNotice({ core, messenger: heldBy(run), translator, mailer }, run),
    post_checkpoint: (run) => postCheckpoint({ core, messenger: heldBy(run), translator }, run),
    announce: (run) => tellAnnouncement({ core, messenger: heldBy(run), translator }, run),
    mind_waiting: (run) => mindWaiting(core, run),
    mind_review: (run) => mindReview(core, run),
    check_channel: (run) => checkChannel({ core, messenger: heldBy(run), translator }, run),
    tell_withheld: (run) => tellWithheld(core, run),
    show_lockdown: (run) => showLockdown({ core, messenger: heldBy(run), translator }, run),
    remember_accounts: (run) => rememberAccounts(core, run),
    read_accounts: (run) => readAccounts(core, run),
  };
}
