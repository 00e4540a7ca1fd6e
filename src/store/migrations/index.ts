import { journey } from './0001-journey.js';
import { record } from './0002-record.js';
import { stepUp } from './0003-step-up.js';
import { lookUps } from './0004-look-ups.js';
import { containment } from './0005-containment.js';
import { tasks } from './0006-tasks.js';
import { examinations } from './0007-examinations.js';
import { load } from './0008-load.js';
import { workers } from './0009-workers.js';
import { retiredAccounts } from './0010-retired-accounts.js';
import { selectiveFirst } from './0011-selective-first.js';
import { laterLooks } from './0012-later-looks.js';
import { erasedPasswords } from './0013-erased-passwords.js';
import { probes } from './0014-probes.js';
import { histories } from './0015-histories.js';
import { checkpoints } from './0016-checkpoints.js';
import { authenticatedDecisions } from './0017-authenticated-decisions.js';
import { leafIndexes } from './0018-leaf-indexes.js';
import { unplanned } from './0019-unplanned.js';
import { hearing } from './0020-hearing.js';
import { unansweredNotices } from './0021-unanswered-notices.js';
import { refusedMail } from './0022-refused-mail.js';
import { toldSettlements } from './0023-told-settlements.js';
import { begunSteps } from './0024-begun-steps.js';
import { directTellings } from './0025-direct-tellings.js';
import { earlierAddresses } from './0026-earlier-addresses.js';
import { unreadColumns } from './0027-unread-columns.js';
import { fieldWords } from './0028-field-words.js';
import { waitingExaminations } from './0029-waiting-examinations.js';
import { waitingWindows } from './0030-waiting-windows.js';
import { proofs } from './0031-proofs.js';
import { withstandingCodes } from './0032-withstanding-codes.js';
import { passkeys } from './0033-passkeys.js';
import { twoApprovers } from './0034-two-approvers.js';
import { confirmedLinks } from './0035-confirmed-links.js';
import { knownAccounts } from './0036-known-accounts.js';
import { limits } from './0037-limits.js';
import { provenClaims } from './0038-proven-claims.js';
import { reportsElsewhere } from './0039-reports-elsewhere.js';

/** Every migration in order. A landed one is never changed: add the next number. */
export const migrations = [
  journey,
  record,
  stepUp,
  lookUps,
  containment,
  tasks,
  examinations,
  load,
  workers,
  retiredAccounts,
  selectiveFirst,
  laterLooks,
  erasedPasswords,
  probes,
  histories,
  checkpoints,
  authenticatedDecisions,
  leafIndexes,
  unplanned,
  hearing,
  unansweredNotices,
  refusedMail,
  toldSettlements,
  begunSteps,
  directTellings,
  earlierAddresses,
  unreadColumns,
  fieldWords,
  waitingExaminations,
  waitingWindows,
  proofs,
  withstandingCodes,
  passkeys,
  twoApprovers,
  confirmedLinks,
  knownAccounts,
  limits,
  provenClaims,
  reportsElsewhere,
] as const;
